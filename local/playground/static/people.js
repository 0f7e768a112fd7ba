// Who is speaking, and how everybody is called.

import { make, recall, remember } from "./dom.js";

export const PEOPLE = {
  ana: { name: "Ana", role: "viewer" },
  max: { name: "Max", role: "moderator" },
  olga: { name: "Olga", role: "owner" },
};
export const BOT = "WaddleBot";

const radios = [...document.querySelectorAll("input[name=person]")];
const watchers = [];

export const speaker = () => radios.find((radio) => radio.checked).value;
export const nameOf = (login) =>
  login === BOT ? BOT : PEOPLE[login]?.name || login.charAt(0).toUpperCase() + login.slice(1);

export function onSpeaker(watcher) {
  watchers.push(watcher);
  watcher(speaker());
}

export function speakAs(login) {
  radios.find((radio) => radio.value === login).checked = true;
  changed();
}

export function avatar(login) {
  if (login === BOT) {
    const picture = { className: "avatar", src: "/playground/waddlebot.svg", alt: "" };
    return make("img", picture);
  }
  return make("span", {
    className: `avatar person-${shade(login)}`,
    text: nameOf(login).charAt(0),
    "aria-hidden": "true",
  });
}

export function shade(login) {
  if (login === BOT) return "bot";
  if (login in PEOPLE) return login;
  const sum = [...login].reduce((total, letter) => total + letter.codePointAt(0), 0);
  return `other${sum % 4}`;
}

function changed() {
  remember("speaker", speaker());
  for (const watcher of watchers) watcher(speaker());
}

const before = radios.find((radio) => radio.value === recall("speaker", "ana"));
if (before) before.checked = true;
for (const radio of radios) radio.addEventListener("change", changed);
