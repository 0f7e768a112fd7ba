// What this page has begun and ended, kept over a reload: nothing is shown twice, and what was
// being shown goes on. Without storage it is remembered as long as the page lives.
const MOST = 500;
const KEY = `waddlebot:${location.pathname}`;
// An overlay may reload itself and find its database begun anew: numbers alone are no names.
const nameOf = (push) => `${push.n}:${push.at}`;

export class Memory {
  constructor() {
    this.turns = new Map(read());
  }

  // When it began, in ms of the server's time; undefined where it did not.
  begunAt(push) {
    return this.turns.get(nameOf(push))?.begun;
  }

  hasEnded(push) {
    return this.turns.get(nameOf(push))?.ended === true;
  }

  begin(push, at) {
    this.write(push, { begun: at });
  }

  end(push) {
    this.write(push, { begun: this.begunAt(push) ?? 0, ended: true });
  }

  write(push, turn) {
    this.turns.delete(nameOf(push));
    this.turns.set(nameOf(push), turn);
    for (const oldest of this.turns.keys()) {
      if (this.turns.size <= MOST) break;
      this.turns.delete(oldest);
    }
    try {
      localStorage.setItem(KEY, JSON.stringify([...this.turns]));
    } catch {
      // full, or not allowed here
    }
  }
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return kept.filter(([name, turn]) => typeof name === "string" && typeof turn === "object");
  } catch {
    return [];
  }
}
