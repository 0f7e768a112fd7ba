// The small "why" under every line of a person.

import { ask, isAtEnd, make, toEnd } from "./dom.js";

let count = 0;

export function whyButton(eventId) {
  count += 1;
  const told = make("div", { className: "told", id: `why-${count}`, hidden: "" });
  const button = make("button", {
    type: "button",
    className: "why",
    text: "why",
    "aria-expanded": "false",
    "aria-controls": told.id,
    "aria-label": "Why did the bot do this?",
  });
  button.addEventListener("click", () => toggle(button, told, eventId));
  return [button, told];
}

async function toggle(button, told, eventId) {
  const opens = told.hidden;
  const panel = told.closest(".transcript");
  const stays = isAtEnd(panel);
  told.hidden = !opens;
  button.setAttribute("aria-expanded", String(opens));
  if (!opens) return;
  told.replaceChildren(make("p", { className: "quiet", text: "Looking it up…" }));
  told.replaceChildren(...(await sentences(eventId)));
  if (stays) toEnd(panel);
  told.scrollIntoView({ block: "nearest" });
}

async function sentences(eventId) {
  try {
    const told = await ask(`/playground/why?event_id=${encodeURIComponent(eventId)}`);
    const lines = told.sentences.map((text) => make("p", { text }));
    return told.hint ? [...lines, make("p", { className: "hint", text: told.hint })] : lines;
  } catch {
    return [make("p", { text: "The house does not answer. Is it still running?" })];
  }
}
