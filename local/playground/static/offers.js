// The list of commands that opens over an input while somebody types one.

import { ask, make } from "./dom.js";

const SLASH = "/waddlebot ";
// Twitch has no commands of bots behind a slash.
const KNOWS_SLASH = new Set(["discord", "slack"]);

const commands = ask("/playground/commands").then(
  (told) => told.commands,
  () => [],
);

export class Offers {
  // `input` becomes a combobox; the list goes into `form`, just above the box.
  constructor(platform, form, input) {
    this.platform = platform;
    this.input = input;
    this.list = make("ul", { className: "offers", role: "listbox", hidden: "" });
    this.list.id = `${platform}-offers`;
    this.list.setAttribute("aria-label", "Commands");
    form.prepend(this.list);
    this.#dress();
    input.addEventListener("input", () => this.#look());
    input.addEventListener("blur", () => this.close());
    // The input keeps the focus while the list is used.
    this.list.addEventListener("mousedown", (press) => press.preventDefault());
  }

  get isOpen() {
    return !this.list.hidden;
  }

  // True where the key was meant for the list.
  takes(key) {
    if (!this.isOpen) return false;
    if (key === "ArrowDown" || key === "ArrowUp") this.#step(key === "ArrowDown" ? 1 : -1);
    else if (key === "Escape") this.close();
    else if (key === "Enter" && this.chosen) this.#accept(this.chosen);
    else if (key === "Tab" && this.chosen) this.#accept(this.chosen);
    else return false;
    return true;
  }

  close() {
    this.list.hidden = true;
    this.#choose(undefined);
    this.input.setAttribute("aria-expanded", "false");
  }

  #dress() {
    const says = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(says)) this.input.setAttribute(name, value);
    this.input.setAttribute("aria-controls", this.list.id);
  }

  async #look() {
    const found = this.#fitting(await commands, this.input.value.toLowerCase());
    this.list.replaceChildren(...found.map((command, number) => this.#option(command, number)));
    this.#choose(undefined);
    this.list.hidden = found.length === 0;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
  }

  #fitting(all, typed) {
    if (typed.startsWith("/") && KNOWS_SLASH.has(this.platform)) {
      const rest = SLASH.startsWith(typed) ? "" : typed.slice(SLASH.length);
      const fits = SLASH.startsWith(typed) || typed.startsWith(SLASH);
      return fits ? begun(all, rest).map((one) => ({ ...one, first: SLASH })) : [];
    }
    const sign = typed.charAt(0);
    const ours = sign && all.filter((one) => one.prefix === sign);
    return ours ? begun(ours, typed.slice(1)).map((one) => ({ ...one, first: sign })) : [];
  }

  #option(command, number) {
    const words = `${command.first}${command.path}`;
    const option = make(
      "li",
      { role: "option", id: `${this.list.id}-${number}`, "aria-selected": "false" },
      make("b", { text: words }),
      make("span", { className: "arguments", text: command.arguments && ` ${command.arguments}` }),
      make("small", { text: `${command.summary} For ${command.who}.` }),
    );
    option.dataset.words = command.arguments ? `${words} ` : words;
    option.addEventListener("click", () => this.#accept(option));
    return option;
  }

  #step(by) {
    const options = [...this.list.children];
    const from = this.chosen ? options.indexOf(this.chosen) : by > 0 ? -1 : options.length;
    this.#choose(options[(from + by + options.length) % options.length]);
  }

  #choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #accept(option) {
    this.input.value = option.dataset.words;
    this.close();
    this.input.focus();
  }
}

const begun = (all, words) => all.filter((one) => one.path.startsWith(words));
