// One platform's column: its rooms, what stands in them, and the input below.

import { ask, isAtEnd, isAway, make, toEnd } from "./dom.js";
import { BOT, PEOPLE, avatar, nameOf, onSpeaker, shade, speaker } from "./people.js";
import { drawn } from "./dress.js";
import { Offers } from "./offers.js";
import { Typed, keepTyped } from "./typed.js";
import { whyButton } from "./why.js";
import { clock, readable } from "./wording.js";

const CHIPS = ["!help", "!quote", "#roll 2d6", "!remind 1m stretch"];
const MOST_LINES = 300;

const LOOKS = {
  discord: {
    title: "Discord",
    rooms: ["general", "moderators"],
    button: "Send",
    input: (room) => `Message #${room}`,
    gone: "removed by a moderator",
    direct: "Direct message",
    badges: { bot: "APP", max: "mod", olga: "owner" },
  },
  twitch: {
    title: "Twitch",
    rooms: ["waddlebot"],
    button: "Chat",
    input: () => "Send a message",
    gone: "message deleted by a moderator",
    direct: "Whisper",
    badges: { bot: "bot", max: "mod", olga: "host" },
  },
  slack: {
    title: "Slack",
    rooms: ["general", "moderators"],
    button: "Send",
    input: (room) => `Message #${room}`,
    gone: "This message was deleted.",
    direct: "Direct message",
    badges: { bot: "APP" },
  },
};

const DOINGS = {
  announcement: (item) => `Announcement: ${item.text}`,
  ban: (item) => `${nameOf(item.to)} was banned. ${item.text}`,
  failed: (item) => item.text,
  form: (item) => `A form opened for ${nameOf(item.to || "")}: ${item.text}`,
  kick: (item) => `${nameOf(item.to)} was removed. ${item.text}`,
  shoutout: (item) => `Shout-out to ${item.text}`,
  thinking: () => "WaddleBot is thinking…",
  timeout: (item) => `${nameOf(item.to)} has a time-out. ${item.text}`,
  unban: (item) => `${nameOf(item.to)} may come back.`,
  warn: (item) => `${nameOf(item.to)} was warned. ${item.text}`,
};

export class Chat {
  // `places` are those of the stand-ins; the first of a name is the community's own.
  // `closed` is the sentence why nobody speaks here, if so.
  constructor(section, places, closed) {
    this.platform = section.dataset.platform;
    this.look = LOOKS[this.platform];
    section.append(document.querySelector("#chat-template").content.cloneNode(true));
    section.querySelector("h2").textContent = this.look.title;
    this.section = section;
    this.closed = closed;
    this.form = section.querySelector("form");
    this.input = section.querySelector("input");
    this.trouble = section.querySelector(".trouble");
    this.offers = new Offers(this.platform, this.form, this.input);
    this.typed = new Typed(this.input);
    this.rooms = this.look.rooms.map((name) => this.#room(name, places));
    this.#tabs();
    this.#chips();
    this.#listen();
    this.enter(this.rooms[0]);
    this.startOver();
    if (closed) this.#close(closed);
  }

  #close(sentence) {
    this.trouble.textContent = sentence;
    for (const control of this.form.querySelectorAll("input, button")) control.disabled = true;
  }

  startOver() {
    this.messages = new Map();
    this.events = new Map();
    for (const room of this.rooms) room.lines.replaceChildren();
  }

  enter(room) {
    this.current = room;
    for (const other of this.rooms) {
      other.panel.hidden = other !== room;
      other.tab?.setAttribute("aria-selected", String(other === room));
      if (other.tab) other.tab.tabIndex = other === room ? 0 : -1;
    }
    room.tab?.classList.remove("unread");
    toEnd(room.panel);
    this.#label();
  }

  async say(text) {
    this.trouble.textContent = "";
    const line = { as: speaker(), on: this.platform, channel: this.current.channel, text };
    try {
      const landed = await ask("/stand-ins/says", line);
      if (!landed.accepted) this.trouble.textContent = landed.why;
    } catch (error) {
      // What was typed is not lost with the house, nor with anything else.
      if (!this.input.value) this.input.value = text;
      this.trouble.textContent = isAway(error)
        ? "The house does not answer; your line is still here. Start it with make run, then send it."
        : `That did not get through: ${error.message}`;
    }
  }

  holds(item) {
    return Boolean(this.#roomOf(item));
  }

  show(item, isNew) {
    const room = this.#roomOf(item);
    if (!room) return;
    const stays = isAtEnd(room.panel);
    if (isNew) room.lines.setAttribute("aria-live", "polite");
    this.#place(item, room);
    while (room.lines.childElementCount > MOST_LINES) room.lines.firstElementChild.remove();
    if (stays) toEnd(room.panel);
    if (room !== this.current && isNew) room.tab?.classList.add("unread");
  }

  #place(item, room) {
    const standing = this.messages.get(item.message_id);
    if (item.kind === "deleted") this.#strike(standing);
    else if (item.kind === "edited") edit(standing, item);
    else if (item.kind === "reaction") react(standing, item);
    else if (item.kind in DOINGS) room.lines.append(this.#doing(item));
    else room.lines.append(this.#line(item));
  }

  #line(item) {
    const line = make("article", { className: `line from-${shade(item.who)} is-${item.kind}` });
    const about = this.events.get(item.in_reply_to);
    about?.thinking?.remove();
    if (about) line.append(this.#reference(about, item));
    const text = make("div", { className: "text" });
    text.append(...shown(item));
    const words = make("div", { className: "words" }, this.#head(item), text);
    if (item.kind === "private") words.append(this.#onlyFor(item));
    line.append(avatar(item.who), words);
    if (item.kind === "line") {
      const [button, told] = whyButton(item.event_id);
      words.firstElementChild.append(button);
      words.append(told);
      this.events.set(item.event_id, { who: item.who, text: item.text });
    }
    if (item.message_id) this.messages.set(item.message_id, line);
    return line;
  }

  #head(item) {
    const badge = this.look.badges[shade(item.who)];
    const head = make("header", { className: "head" });
    if (badge) head.append(make("span", { className: `badge badge-${badge}`, text: badge }));
    head.append(
      make("span", { className: "name", text: nameOf(item.who) }),
      make("time", { text: clock(item.at), datetime: item.at }),
    );
    return head;
  }

  #reference(about, item) {
    const how = { inline: "used", ephemeral: "used" }[item.shown_as] || "";
    const who = make("span", { className: `name from-${shade(about.who)}` });
    who.textContent = nameOf(about.who);
    return make("p", { className: "reference" }, who, make("span", { text: ` ${how} ${about.text}` }));
  }

  #onlyFor(item) {
    const who = item.to ? nameOf(item.to) : "the person asked";
    const direct = item.shown_as === "private" ? `${this.look.direct} · only` : "Only";
    return make("p", { className: "only", text: `${direct} ${who} sees this` });
  }

  #doing(item) {
    const doing = make("p", { className: `doing is-${item.kind}`, text: DOINGS[item.kind](item) });
    const about = this.events.get(item.in_reply_to);
    if (item.kind === "thinking" && about) about.thinking = doing;
    return doing;
  }

  #strike(line) {
    if (!line || line.classList.contains("is-gone")) return;
    line.classList.add("is-gone");
    const gone = make("p", { className: "gone", text: this.look.gone });
    line.querySelector(".text").after(gone);
  }

  #roomOf(item) {
    if (item.platform !== this.platform) return undefined;
    if (item.channel_name === "direct message") return this.rooms[0];
    return this.rooms.find((room) => room.channel === item.channel);
  }

  #room(name, places) {
    const place = places.find((p) => p.platform === this.platform && p.name === name);
    const lines = make("div", { className: "lines", role: "log", "aria-live": "off" });
    const panel = make("div", { className: "transcript", tabindex: "0" }, lines);
    panel.id = `${this.platform}-${name}`;
    panel.setAttribute("aria-label", `${this.look.title}, ${name}`);
    this.section.querySelector(".transcripts").append(panel);
    return { name, channel: place?.channel, lines, panel };
  }

  #tabs() {
    const list = this.section.querySelector(".rooms");
    if (this.rooms.length === 1) {
      list.removeAttribute("role");
      list.append(make("span", { className: "room", text: "Stream chat" }));
      this.rooms[0].panel.setAttribute("role", "region");
      return;
    }
    list.setAttribute("aria-label", `${this.look.title} channels`);
    for (const room of this.rooms) list.append(this.#tab(room));
    list.addEventListener("keydown", (press) => this.#walk(press));
  }

  #tab(room) {
    room.tab = make("button", { type: "button", role: "tab", className: "room" });
    room.tab.textContent = `# ${room.name}`;
    room.tab.setAttribute("aria-controls", room.panel.id);
    room.tab.addEventListener("click", () => this.enter(room));
    room.panel.setAttribute("role", "tabpanel");
    return room.tab;
  }

  #walk(press) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[press.key];
    if (!step) return;
    const count = this.rooms.length;
    const next = this.rooms[(this.rooms.indexOf(this.current) + step + count) % count];
    this.enter(next);
    next.tab.focus();
  }

  #chips() {
    const chips = CHIPS.map((text) => {
      const chip = make("button", { type: "button", className: "chip", text });
      chip.addEventListener("click", () => this.say(text));
      return chip;
    });
    this.section.querySelector(".chips").append(...chips);
  }

  #listen() {
    this.form.querySelector("button[type=submit]").textContent = this.look.button;
    this.form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      const text = this.input.value.trim();
      this.input.value = "";
      this.offers.close();
      this.typed.startOver();
      if (!text) return;
      keepTyped(text);
      this.say(text);
    });
    this.input.addEventListener("keydown", (press) => {
      if (press.isComposing || press.ctrlKey || press.altKey || press.metaKey || press.shiftKey) return;
      if (this.offers.takes(press.key) || this.typed.takes(press.key)) press.preventDefault();
    });
    onSpeaker((login) => {
      this.form.querySelector(".box .avatar").replaceWith(avatar(login));
      if (this.current) this.#label();
    });
  }

  #label() {
    const text = this.look.input(this.current.name);
    this.input.placeholder = text;
    this.input.setAttribute("aria-label", `${text} on ${this.look.title}, as ${nameOf(speaker())}`);
  }
}

export const isOfBot = (item) => item.who === BOT;
export const isOfPerson = (item) => item.kind === "line" && item.who in PEOPLE;

function edit(line, item) {
  const text = line?.querySelector(".text");
  text?.replaceChildren(...shown(item), make("small", { text: " (edited)" }));
}

function react(line, item) {
  line?.querySelector(".words").append(make("span", { className: "reaction", text: item.text }));
}

const shown = (item) => (item.dress ? drawn(item) : withCode(readable(item)));

// Only `code` is made visible; every other mark stays as it was written.
function withCode(text) {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, position) => (position % 2 ? make("code", { text: part }) : part));
}
