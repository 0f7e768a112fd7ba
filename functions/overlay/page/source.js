// What all three sources have in common: the road, what they remember, and what the house says of
// the stage as a whole.
import { ICONS } from "./icons.js";
import { Memory } from "./memory.js";
import "./obs.js";
import { Clock, Road } from "./road.js";
import { Turns } from "./turns.js";

export const stage = document.getElementById("stage");
const clock = new Clock();
const memory = new Memory();
const all = [];
const told = { goals: [], events: [], dark: [] };

export function turns(options) {
  const made = new Turns({ ...options, clock, memory });
  all.push(made);
  return made;
}

// What stands beside the turns: it is cleared with them.
export const beside = (clear, forget = () => {}) => all.push({ ...QUIET, clear, forget });

// Whoever shows them is told of goals with whatever comes, and of the last events with the state.
export const onGoals = (show) => told.goals.push(show);
export const onEvents = (show) => told.events.push(show);

// While it is dark nothing is seen, and whoever is told of it sees to it that nothing is heard.
export const onDark = (show) => told.dark.push(show);
export const isDark = () => document.body.classList.contains("is-dark");

function darken(dark) {
  document.body.classList.toggle("is-dark", dark);
  told.dark.forEach((one) => one(dark));
}

const QUIET = { skip() {}, pause() {}, replay() {} };

const DEEDS = {
  nothing: () => {},
  count: () => {},
  clear: (push) => all.forEach((one) => one.clear(push)),
  forget: (push) => all.forEach((one) => one.forget(push)),
  look: () => renew(document.getElementById("look")),
  skip: () => all.forEach((one) => one.skip()),
  pause: () => all.forEach((one) => one.pause(true)),
  resume: () => all.forEach((one) => one.pause(false)),
  replay: () => all.forEach((one) => one.replay()),
  blackout: () => darken(true),
  light: () => darken(false),
};
// The community looks otherwise now: the sheet is asked for again, and stays until that is there.
function renew(sheet) {
  const next = sheet.cloneNode();
  next.href = `${sheet.href.split("?")[0]}?${Date.now()}`;
  next.onload = () => sheet.remove();
  next.onerror = () => next.remove();
  sheet.after(next);
}

const DONE_ONCE = new Set(["skip", "replay"]); // a page that is loaded again did them already

export function begin(take, chat) {
  const road = new Road((push) => {
    if (push.goals) told.goals.forEach((one) => one(push.goals));
    if (push.events !== undefined) told.events.forEach((one) => one(push.events));
    if (push.kind === "events") return road.wake();
    if (push.kind === "chat") return void (chat?.anew(), road.wake());
    if (push.kind === "clear") chat?.clear();
    const deed = DEEDS[push.kind];
    if (!deed) return void take(push);
    if (DONE_ONCE.has(push.kind) && memory.hasEnded(push)) return;
    if (DONE_ONCE.has(push.kind)) memory.end(push);
    deed(push);
  }, clock, chat);
  void road.begin();
}

// An element with a class and a text; words of people are text and nothing else.
export function made(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  if (text) element.textContent = text;
  if (text) element.dir = "auto"; // words from right to left, and signs that turn what follows
  return element;
}

// What stands there already is not drawn anew.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A file of the house is at the host of files, where it has one; all else is where it says.
export function placed(address) {
  const { files } = document.documentElement.dataset;
  return files && address.startsWith("/files/") ? files + address.slice("/files".length) : address;
}

export function image(address, name) {
  const picture = made("img", name);
  picture.alt = "";
  picture.referrerPolicy = "no-referrer";
  picture.onerror = () => picture.remove();
  picture.src = placed(address);
  return picture;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

// Puts it on the stage so that it moves in: laid out first, then shown.
export function enter(element, push) {
  element.classList.add("card", push.style);
  element.dataset.theme = push.theme;
  element.dataset.n = push.n;
  stage.append(element);
  void element.offsetWidth;
  element.classList.add("is-shown");
  return element;
}

export const now = () => clock.now();
