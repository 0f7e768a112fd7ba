// Alerts, announcements, texts, forms and HTML of modules, one after another.
import { dressAlert, mergeGifts, rank } from "./alert.js";
import { chat } from "./chat.js";
import { countDown } from "./countdown.js";
import { addEvent } from "./events.js";
import { FILES } from "./files.js";
import "./goal.js";
import { showPoll } from "./poll.js";
import { makeRoom } from "./room.js";
import { begin, enter, icon, made, turns } from "./source.js";

const base = location.pathname.replace(/\/$/, "");
// A frame without scripts and of no origin; what stands in it was cleaned by the server.
const framed = window.trustedTypes?.createPolicy("framed", { createHTML: (html) => html });
let card = null;

const KINDS = {
  ...FILES,

  text(push) {
    card.append(made("p", "text", push.text));
  },

  announcement(push) {
    card.append(icon("horn"), made("h1", "title", push.title || "Announcement"));
    card.append(made("p", "text", push.text));
  },

  alert: (push) => dressAlert(card, push),

  form(push) {
    card.append(icon("form"), made("h1", "title", push.title || "Form"));
    if (push.text) card.append(made("p", "text", push.text));
    const fields = made("ul", "fields");
    fields.append(...push.fields.map(field));
    card.append(fields);
    if (push.address) card.append(made("p", "address", push.address.replace(/^https:\/\//, "")));
  },

  html(push) {
    const frame = made("iframe", "framed");
    frame.setAttribute("sandbox", "");
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.title = "What a module shows";
    if (push.html_at) void load(frame, `${base}/${push.html_at}`);
    else frame.srcdoc = framed ? framed.createHTML(page(push)) : page(push);
    card.append(frame);
  },
};

function field(one) {
  const item = made("li", `field is-${/^\w+$/.test(one.type) ? one.type : "text"}`, one.label);
  if (one.required) item.append(made("span", "required", "needed"));
  return item;
}

// As functions/overlay/framed.py words it for HTML that has an address.
function page(push) {
  const sheets = ["theme.css", "framed.css", "look.css"].map(
    (name) => `<link rel="stylesheet" href="${location.origin}${base}/${name}">`,
  );
  const own = location.origin;
  const policy = `default-src 'none'; img-src https:; style-src ${own}; font-src ${own}`;
  const head = `<meta http-equiv="content-security-policy" content="${policy}">${sheets.join("")}`;
  return `<!doctype html><html data-theme="${push.theme}">${head}<body>${push.html ?? ""}`;
}

// Asked for first: an error of the house is nothing for viewers.
async function load(frame, address) {
  for (let tries = 1; tries === 1 || frame.isConnected; tries += 1) {
    const answer = await fetch(address, { credentials: "omit" }).catch(() => null);
    if (answer?.ok) frame.src = address;
    if (answer?.ok || answer?.status === 404) return;
    await new Promise((wake) => setTimeout(wake, 1000 * tries));
  }
}

// Over all of the picture, as their modules mean them.
const SPREAD = new Set(["html", "image", "sound"]);

const cards = turns({
  show(push) {
    card = made("section", push.kind);
    (KINDS[push.kind] ?? KINDS.text)(push, card);
    enter(card, push);
    if (!SPREAD.has(push.kind)) makeRoom(card);
  },
  hide: () => card.classList.remove("is-shown"),
  gone() {
    makeRoom(null);
    card.remove();
  },
  merge: mergeGifts,
  isBefore: (one, other) => rank(one) < rank(other),
});

// What stands beside the turns of all others.
const BESIDE = { countdown: countDown, poll: showPoll };

begin((push) => {
  if (BESIDE[push.kind]) return void BESIDE[push.kind](push);
  if (push.listed) addEvent(push);
  cards.add(push);
}, chat);
