// The page: three chats that follow one feed.

import { noticeLine, offerBreaks } from "./breaks.js";
import { Chat } from "./chat.js";
import { ask } from "./dom.js";
import { follow } from "./feed.js";
import "./jumps.js";
import { notice, offer } from "./tries.js";

const { places, closed } = await ask("/stand-ins/places");
const chats = [...document.querySelectorAll(".chat")].map(
  (section) => new Chat(section, places, closed[section.dataset.platform]),
);
let lastUsed = chats.find((chat) => !chat.closed) || chats[0];

for (const chat of chats) {
  chat.section.addEventListener("focusin", () => {
    lastUsed = chat;
  });
}

offer((text) => lastUsed.say(text));
await offerBreaks();
await follow(
  (item, isNew) => {
    for (const chat of chats) chat.show(item, isNew);
    if (chats.some((chat) => chat.holds(item))) noticeLine(item);
    notice(item, isNew);
  },
  () => chats.forEach((chat) => chat.startOver()),
);
document.body.classList.add("is-ready");
