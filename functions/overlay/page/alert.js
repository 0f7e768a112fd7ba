// How an alert looks: a badge in the colour of its kind, its line with the places dressed, and the
// words of whoever it tells of. Names and amounts are text and nothing else.
import { soundOf } from "./files.js";
import { icon, image, made } from "./source.js";

const HEADS = {
  alert: "Alert",
  follow: "New follower",
  sub: "New subscriber",
  resub: "Subscribed again",
  gift: "Gifted",
  cheer: "Cheer",
  raid: "Raid",
  donation: "Donation",
  join: "Welcome",
  boost: "Boost",
};
const PLACE = /\{(name|amount|tier|message|s)\}/;
const USUAL_RANK = 5;

export function dressAlert(card, push) {
  if (!push.own_style) card.classList.add(`is-${push.alert}`);
  const badge = made("span", "badge");
  badge.append(icon(push.alert === "alert" ? "horn" : push.alert));
  if (push.image) badge.append(pictureOf(push.image, badge));
  const words = made("div", "words");
  words.append(made("p", "head", headOf(push)));
  if (push.line) words.append(...lineOf(push));
  else words.append(...namesOf(push));
  card.append(badge, words);
  if (push.sound) card.append(soundOf(push.sound));
}

// In place of the sign once it is there, as wide and high as it is: nothing of it is cut off.
function pictureOf(address, badge) {
  const picture = image(address, "picture");
  picture.onload = () => {
    const { naturalWidth: width, naturalHeight: height } = picture;
    if (!width || !height) return;
    badge.style.setProperty("--ratio", width / height);
    badge.classList.add("has-picture");
  };
  return picture;
}

// What comes first, of all that waits on this source; of the same rank what came first.
export const rank = (push) => push.priority ?? USUAL_RANK;

// Ten gifts of one person are one alert, as long as it waits. Names are no persons: whom the house
// knows it says, and of whom it knows nobody each is another.
export function mergeGifts(waiting, push) {
  const isSame = waiting.alert === "gift" && push.alert === "gift" && waiting.name === push.name
    && waiting.of === push.of;
  if (!isSame || !push.name || push.of === "" || waiting.isReplayed || waiting.line !== push.line) return false;
  waiting.amount = String((Number(waiting.amount) || 1) + (Number(push.amount) || 1));
  waiting.text = ""; // it tells of the first of them alone
  (waiting.merged ??= []).push(push);
  return true;
}

function headOf(push) {
  return [HEADS[push.alert], push.tier, push.platform].filter(Boolean).join(" · ");
}

// What the house makes of an event: a line with places, as its community words it.
function lineOf(push) {
  const title = made("h1", "title line");
  const parts = push.line.split(PLACE); // a text, a place, a text …
  title.append(...parts.map((part, at) => (at % 2 ? placed(part, push) : part)));
  title.dir = "auto";
  const isSaid = push.line.includes("{message}") || !push.text;
  return isSaid ? [title] : [title, made("p", "text", push.text)];
}

function placed(name, push) {
  if (name === "s") return push.amount === "1" ? "" : "s";
  const value = name === "message" ? push.text : push[name];
  return value ? made("bdi", name, name === "amount" ? figures(value) : value) : "";
}

// What a module answers: a name and an amount, and what it says beside.
function namesOf(push) {
  const title = made("h1", "title", push.name || push.text);
  if (push.amount) title.append(made("span", "amount", amountOf(push)));
  return push.name && push.text ? [title, made("p", "text", push.text)] : [title];
}

function amountOf(push) {
  return push.alert === "gift" || push.alert === "cheer" ? `× ${push.amount}` : push.amount;
}

function figures(value) {
  return /^\d{4,12}$/.test(value) ? Number(value).toLocaleString("en") : value;
}
