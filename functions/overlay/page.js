// Asks every second for what is new, and shows it line by line. Words are text and nothing else.
const ASK_MS = 1000;
const ASK_AGAIN_MS = 5000;
const FADE_MS = 400;
const PIXELS_PER_SECOND = 50;
const LONGEST_QUEUE = 100;
const STYLES = ["info", "success", "warning", "urgent"];

const ticker = document.getElementById("ticker");
const line = document.getElementById("line");
const queue = [];
let last = 0;
let isShowing = false;

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

async function ask() {
  const address = `${location.pathname}/state?after=${last}`;
  const answer = await fetch(address, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`state ${answer.status}`);
  const state = await answer.json();
  last = state.last;
  state.pushes.forEach(enqueue);
}

// What comes first waits for the line that is shown, and for nothing else.
function enqueue(push) {
  const behind = queue.findIndex((other) => !other.first);
  if (push.first && behind >= 0) queue.splice(behind, 0, push);
  else queue.push(push);
  if (queue.length > LONGEST_QUEUE) queue.shift();
  if (!isShowing) void showAll();
}

async function showAll() {
  isShowing = true;
  while (queue.length) await show(queue.shift());
  isShowing = false;
}

async function show(push) {
  line.getAnimations().forEach((animation) => animation.cancel());
  line.textContent = push.text;
  ticker.classList.remove(...STYLES);
  ticker.classList.add(push.style);
  ticker.hidden = false;
  await sleep(30); // let the browser lay it out hidden, so that it slides in
  ticker.classList.add("shown");
  const scroll = scrolled();
  await sleep(Math.max(push.seconds * 1000, scroll));
  ticker.classList.remove("shown");
  await sleep(FADE_MS);
  ticker.hidden = true;
}

// A line wider than its window moves to its end; returns how long that takes.
function scrolled() {
  const hidden = line.scrollWidth - line.parentElement.clientWidth;
  if (hidden <= 0) return 0;
  const ms = (hidden / PIXELS_PER_SECOND) * 1000;
  const moves = [{ transform: "none" }, { transform: `translateX(${-hidden}px)` }];
  line.animate(moves, { delay: 1500, duration: ms, fill: "forwards" });
  return ms + 3000;
}

async function run() {
  for (;;) {
    try {
      await ask();
      await sleep(ASK_MS);
    } catch {
      await sleep(ASK_AGAIN_MS);
    }
  }
}

void run();
