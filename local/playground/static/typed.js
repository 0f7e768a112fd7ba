// What was typed before, in any chat: arrow up brings it back, arrow down leads forward again.

import { recall, remember } from "./dom.js";

const MOST = 50;
const lines = recall("typed", []);

export function keepTyped(text) {
  if (lines.at(-1) !== text) lines.push(text);
  if (lines.length > MOST) lines.shift();
  remember("typed", lines);
}

export class Typed {
  constructor(input) {
    this.input = input;
    this.startOver();
    input.addEventListener("input", () => this.startOver());
  }

  startOver() {
    this.back = 0;
    this.draft = "";
  }

  // True where the key led somewhere.
  takes(key) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[key];
    const back = this.back + by;
    if (!by || back < 0 || back > lines.length) return false;
    if (this.back === 0) this.draft = this.input.value;
    this.back = back;
    this.input.value = back ? lines.at(-back) : this.draft;
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    return true;
  }
}
