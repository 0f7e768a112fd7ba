// What is hard to hit: each visible thing to press that is smaller than asked.
(least) => {
  const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option], [role=tab]';
  const inSentence = (one) => one.matches('p a') && one.parentElement.textContent.trim() !== one.textContent.trim();
  return [...document.querySelectorAll(pressed)]
    .filter((one) => one.checkVisibility() && !inSentence(one) && !one.matches('.skip'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width < least - 0.01 || box.height < least - 0.01)
    .map(([one, box]) => `${box.width.toFixed(1)} x ${box.height.toFixed(1)}: ${(one.getAttribute('aria-label') || one.textContent).trim().slice(0, 40)} <${one.tagName.toLowerCase()} class="${one.className}">`);
}
