// Lines, one after another: by priority, then by age; an urgent one is next.
import { begin, enter, made, turns } from "./source.js";

const PIXELS_PER_SECOND = 50;
const READ_MS = 1500;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");
const rank = (push) => (push.style === "urgent" ? 0 : push.priority);
let card = null;

const lines = turns({
  isBefore: (one, other) => rank(one) < rank(other),
  show(push) {
    card = made("section", "ticker");
    const line = made("span", "line", push.text);
    line.id = "line";
    const window_ = made("span", "window");
    window_.append(line);
    card.append(made("span", "mark"), window_);
    enter(card, push);
    return scrolled(line);
  },
  hide: () => card.classList.remove("is-shown"),
  gone: () => card.remove(),
});

// A line wider than its window moves to its end; returns how long that takes.
function scrolled(line) {
  const window_ = line.parentElement;
  window_.dir = getComputedStyle(line).direction; // it begins, and is cut, where one reads on
  const hidden = line.scrollWidth - window_.clientWidth;
  const way = window_.dir === "rtl" ? hidden : -hidden;
  if (hidden <= 0 || isStill.matches) return 0;
  const ms = (hidden / PIXELS_PER_SECOND) * 1000;
  const moves = [{ transform: "none" }, { transform: `translateX(${way}px)` }];
  line.animate(moves, { delay: READ_MS, duration: ms, fill: "forwards" });
  return ms + 2 * READ_MS;
}

begin((push) => lines.add(push));
