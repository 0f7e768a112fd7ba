// "Five things to try": ticks itself off from what appears in the feed.

import { recall, remember } from "./dom.js";
import { isOfBot, isOfPerson } from "./chat.js";
import { speakAs } from "./people.js";

const ASKED = {
  help: /^[!#]help\b/i,
  quote: /^[!#](quote|mem\w* quote)\b/i,
  roll: /^[!#]roll\b/i,
};
const ADDS = /^[!#](addquote|mem\w* add quote)\b/i;
const REMINDS = /^[!#](?:mem\w* )?remind \S+ (.+)/i;

const card = document.querySelector("#tries");
const again = document.querySelector("#tries-again");
const steps = [...card.querySelectorAll("[data-try]")];
const done = new Set(recall("done", []));
const pending = new Map(); // room -> the step that its next answer ticks
const awaited = new Set(); // words of reminders that were set
const keepers = new Set(); // who tried !addquote

export function offer(say) {
  for (const button of card.querySelectorAll("[data-say]")) {
    button.addEventListener("click", () => {
      if (button.dataset.as) speakAs(button.dataset.as);
      say(button.dataset.say);
    });
  }
  document.querySelector("#tries-close").addEventListener("click", () => dismiss(true));
  again.addEventListener("click", () => dismiss(false));
  draw();
}

// What happened before this page was opened was somebody else's doing.
export function notice(item, isNew) {
  if (!isNew) return;
  if (isOfPerson(item)) noticeLine(item);
  else if (isOfBot(item)) noticeAnswer(item);
}

export function tick(step) {
  done.add(step);
  remember("done", [...done]);
  draw();
}

function noticeLine(item) {
  const asked = Object.keys(ASKED).find((step) => ASKED[step].test(item.text));
  if (asked) pending.set(roomOf(item), asked);
  if (ADDS.test(item.text)) {
    keepers.add(item.who);
    if (keepers.has("ana") && item.who !== "ana") pending.set(roomOf(item), "addquote");
  }
  const reminder = REMINDS.exec(item.text);
  if (reminder) awaited.add(reminder[1].trim());
}

function noticeAnswer(item) {
  const step = pending.get(roomOf(item));
  if (step) tick(step);
  pending.delete(roomOf(item));
  if ([...awaited].some((words) => item.text.includes(words))) tick("bravery");
}

const roomOf = (item) => item.entity_id;

function dismiss(away) {
  remember("dismissed", away);
  draw();
  (away ? again : document.querySelector("#tries-close")).focus();
}

function draw() {
  const away = recall("dismissed", false);
  card.hidden = away;
  again.hidden = !away;
  document.body.classList.toggle("without-tries", away);
  for (const step of steps) step.classList.toggle("is-done", done.has(step.dataset.try));
  for (const step of steps) {
    const title = step.querySelector("h3");
    if (done.has(step.dataset.try)) title.setAttribute("aria-label", `${title.textContent}, done`);
  }
  const count = steps.filter((step) => done.has(step.dataset.try)).length;
  const all = count === steps.length ? "All five. You know your way round." : `${count} of 5`;
  document.querySelector("#tries-count").textContent = all;
}
