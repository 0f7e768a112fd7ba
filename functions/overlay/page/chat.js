// One chat of all platforms. Lines come in frames of the socket, and with the state where one was
// missed; each has a number, and what was deleted where it was written goes here too.
import { made, now, stage } from "./source.js";
import { BADGES, SIGNS } from "./signs.js";

const MOST_LINES = 12;
const LINE_MS = 90_000;
const FADE_MS = 400;
const EMOTES = {
  twitch: (id) => `https://static-cdn.jtvnw.net/emoticons/v2/${id}/default/dark/2.0`,
  discord: (id) => `https://cdn.discordapp.com/emojis/${id}.webp?size=64&quality=lossless`,
};
const ID = /^[\w-]{1,64}$/;
const SVG = "http://www.w3.org/2000/svg";
const shown = new Map();
const resized = new ResizeObserver(() => setTimeout(trim)); // not within, as it resizes the box
let box = null;
let last = 0;

// What the road carries beside pushes: it asks `query()`, and hands on what comes.
export const chat = {
  query: () => `&chat=${last}`,

  // Of the state; nothing is said of it while nobody knows.
  state(told) {
    if (told === null) clear();
    else if (told) take(told.entries);
  },

  // Whether nothing is missing before it.
  frame(told) {
    if (told.after > last) return false;
    take(told.entries);
    return true;
  },

  clear,

  // Others are shown from now on, or none.
  anew() {
    clear();
    last = 0;
  },
};

function take(entries) {
  for (const entry of entries) {
    if (entry.c <= last) continue;
    last = entry.c;
    if (entry.gone) entry.gone.forEach((number) => drop(number));
    else add(entry);
  }
}

// What was changed where it was written stands where it stood, by the number that it had first.
function add(entry) {
  const number = entry.was ?? entry.c;
  const left = entry.at * 1000 + LINE_MS - now();
  if (left <= 0) return;
  box ??= opened();
  const line = lineOf(entry, number);
  const before = shown.get(number);
  if (before) line.className = before.className;
  box.insertBefore(line, before ?? behind(number));
  drop(number);
  shown.set(number, line);
  line.dir = getComputedStyle(line.querySelector(".chat-words")).direction; // as one reads it
  resized.observe(line);
  trim();
  if (before) return;
  void line.offsetWidth;
  line.classList.add("is-shown");
  setTimeout(() => fade(number), Math.min(left, LINE_MS));
}

const numberOf = (line) => Number(line.dataset.c);
const behind = (number) => [...box.children].find((line) => numberOf(line) > number) ?? null;

// Whatever has no room goes, the oldest first: not a part of a line is cut off. The newest stays.
function trim() {
  while (shown.size > MOST_LINES || (shown.size > 1 && isCut())) {
    drop(numberOf(box.firstElementChild));
  }
  box.classList.toggle("is-cut", shown.size > 0 && isCut());
}

function isCut() {
  const [first, room] = [box.firstElementChild, box].map((one) => one.getBoundingClientRect());
  return first.top < room.top - 0.5; // half a pixel is drawn nowhere
}

function opened() {
  const list = made("section", "chat");
  list.setAttribute("aria-label", "Chat");
  stage.append(list);
  resized.observe(list);
  return list;
}

// What was deleted is gone at once; what is old goes softly.
function drop(number) {
  const line = shown.get(number);
  if (!line) return;
  resized.unobserve(line);
  line.remove();
  shown.delete(number);
}

function fade(number) {
  shown.get(number)?.classList.remove("is-shown");
  setTimeout(() => drop(number), FADE_MS);
}

function clear() {
  [...shown.keys()].forEach(drop);
}

function lineOf(entry, number) {
  const line = made("p", `chat-line is-${entry.platform}`);
  line.dataset.c = number;
  line.append(sign(SIGNS[entry.platform], "chat-sign"));
  entry.badges.filter((one) => BADGES[one]).forEach((one) => {
    line.append(sign(BADGES[one], `chat-badge is-${one}`));
  });
  const name = made("bdi", "chat-name", entry.name);
  name.style.setProperty("--name", entry.color);
  const words = made("bdi", "chat-words");
  words.dir = "auto";
  words.append(...entry.parts.map(part));
  line.append(name, " ", words);
  return line;
}

function part([kind, ...told]) {
  if (kind === "text") return document.createTextNode(told[0]);
  const [platform, id, name] = told;
  return EMOTES[platform] && ID.test(id) ? emote(EMOTES[platform](id), name) : name;
}

// Its name stands there where the picture does not come.
function emote(address, name) {
  const picture = document.createElement("img");
  picture.className = "chat-emote";
  picture.alt = name;
  picture.referrerPolicy = "no-referrer";
  picture.onerror = () => picture.replaceWith(name);
  picture.src = address;
  return picture;
}

function sign(drawn, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", name);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", drawn?.name ?? "");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", drawn?.path ?? "");
  svg.append(path);
  return svg;
}
