// "Break it": each entry says in one sentence what happened and what should be seen.

import { ask } from "./dom.js";
import { nameOf } from "./people.js";
import { tick } from "./tries.js";

const entries = [...document.querySelectorAll("[data-break]")];
const lastLines = new Map(); // platform -> the last line somebody said there

export function noticeLine(item) {
  if (item.kind === "line") lastLines.set(item.platform, item);
}

export async function offerBreaks() {
  const offered = (await ask("/playground/breakers")).breakers;
  for (const entry of entries) {
    const name = entry.dataset.break;
    entry.hidden = !(name in HERE) && !offered.includes(name);
    entry.querySelector("button").addEventListener("click", () => run(entry, HERE[name]));
  }
}

const HERE = { repeat, forge };

async function run(entry, here) {
  const button = entry.querySelector("button");
  const outcome = entry.querySelector(".outcome");
  button.disabled = true;
  outcome.textContent = "…";
  try {
    outcome.textContent = await (here ? here() : elsewhere(entry.dataset.break));
    tick("bravery");
  } catch (error) {
    outcome.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

async function repeat() {
  const line = newest(["discord", "twitch", "slack"]);
  if (!line) throw new Error("Say something first: there is nothing to repeat.");
  await ask("/stand-ins/break", { on: line.platform, what: "repeat", event_id: line.event_id });
  return `${told(line)} was delivered again. The same event came twice; you still see one answer.`;
}

async function forge() {
  // Chat lines of Discord come over a connection that the bot opened: they carry no signature.
  const line = newest(["twitch", "slack"]);
  if (!line) throw new Error("Say something on Twitch or Slack first: then there is a letter to forge.");
  const body = { on: line.platform, what: "forge", event_id: line.event_id };
  const landed = await ask("/stand-ins/break", body);
  return landed.accepted
    ? `${told(line)} came with a forged signature and was taken. That should never happen.`
    : `${told(line)} came with a forged signature and was refused (${landed.status}). Nothing appears.`;
}

function newest(platforms) {
  const lines = platforms.map((platform) => lastLines.get(platform)).filter(Boolean);
  return lines.sort((one, other) => other.n - one.n)[0];
}

async function elsewhere(name) {
  return (await ask(`/playground/breakers/${name}`, {})).sentence;
}

const told = (line) => `“${short(line.text)}” by ${nameOf(line.who)} on ${titled(line.platform)}`;
const titled = (word) => word.charAt(0).toUpperCase() + word.slice(1);
const short = (text) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
