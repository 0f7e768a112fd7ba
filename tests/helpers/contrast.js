// What is hard to read: each visible text with less contrast than asked, and how much it has.
(least) => {
  const rgba = (text) => {
    const mixed = text.match(/color\(srgb ([^)]+)\)/);
    if (mixed) {
      const [r, g, b, a = 1] = mixed[1].split(/[ /]+/).map(Number);
      return [255 * r, 255 * g, 255 * b, a];
    }
    const found = text.match(/rgba?\(([^)]+)\)/);
    if (!found) return text === 'transparent' ? [0, 0, 0, 0] : unreadable(text);
    const [r, g, b, a = 1] = found[1].split(/[ ,/]+/).map(Number);
    return [r, g, b, a];
  };
  const unreadable = (text) => { throw new Error(`a colour that this test cannot read: ${text}`); };
  const over = (top, below) => top.slice(0, 3).map((one, i) => one * top[3] + below[i] * (1 - top[3]));
  const ancestors = (element) => {
    const all = [];
    for (let one = element; one; one = one.parentElement) all.push(one);
    return all;
  };
  const base = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  const ground = (element) => ancestors(element).reverse().reduce((below, one) => {
    const style = getComputedStyle(one), colour = rgba(style.backgroundColor);
    return over([...colour.slice(0, 3), colour[3] * Number(style.opacity)], below);
  }, base);
  const opacity = (element) => ancestors(element).reduce((all, one) => all * Number(getComputedStyle(one).opacity), 1);
  const light = (colour) => {
    const [r, g, b] = colour.map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const told = new Set();
  const judge = (element, colour, text) => {
    const below = ground(element), [r, g, b, a] = rgba(colour);
    const found = contrast(over([r, g, b, a * opacity(element)], below), below);
    if (found < least) told.add(`${found.toFixed(2)}: ${text.trim().slice(0, 50)} <${element.tagName.toLowerCase()} class="${element.className}">`);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    count += 1;
    judge(element, getComputedStyle(element).color, node.data);
  }
  for (const input of document.querySelectorAll('input[placeholder]')) {
    if (input.checkVisibility()) judge(input, getComputedStyle(input, '::placeholder').color, input.placeholder);
  }
  if (!count) throw new Error('no text was seen');
  return [...told];
}
