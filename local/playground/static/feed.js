// Everything people would see, as it happens, from the stand-ins.

import { ask } from "./dom.js";

const SHOWN_ON_LOAD = 300;
const FAR_AHEAD = 1e12;

// `show(item, isNew)` gets each item once; `startOver()` comes before items of a restarted house.
export async function follow(show, startOver) {
  const last = await lastNumber();
  open(Math.max(0, last - SHOWN_ON_LOAD), last, show, startOver);
}

function open(after, newAfter, show, startOver) {
  let seen = after;
  const source = new EventSource(`/stand-ins/feed?after=${after}`);
  source.addEventListener("message", (message) => {
    const item = JSON.parse(message.data);
    seen = item.n;
    show(item, item.n > newAfter);
  });
  source.addEventListener("open", async () => {
    // A restarted house counts from one again and would never reach the number we wait for.
    if (seen > after && (await lastNumber()) < seen) {
      source.close();
      startOver();
      open(0, 0, show, startOver);
    }
  });
}

async function lastNumber() {
  return (await ask(`/stand-ins/replies?after=${FAR_AHEAD}`)).last;
}
