// One after another: what is shown stays for its time, by the clock on the wall, as a hidden page
// draws nothing. What comes first is next and interrupts nobody.
const FADE_MS = 350;
const LONGEST_QUEUE = 100;
const LONGEST_TIMER_MS = 30_000;
const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));

export class Turns {
  // `show(push, begun)` puts it on the stage and may tell how many ms it needs; `hide()` begins to
  // take it away, `gone()` has it gone. `isBefore(one, other)` orders what waits, `merge(waiting,
  // push)` may make one of two, `from(push)` is when it begins where that is not now. With
  // `onlyNewest` what came before is over with the next one.
  constructor(options) {
    const usual = { isBefore: () => false, merge: () => false, from: () => undefined };
    Object.assign(this, usual, options);
    this.queue = [];
    this.current = null;
    this.latest = null;
    this.isPaused = false;
    this.isRunning = false;
    this.wake = () => {};
  }

  add(push) {
    if (this.onlyNewest) this.giveWay();
    if (this.memory.hasEnded(push) || this.isOver(push)) return;
    if (this.queue.some((waiting) => this.merge(waiting, push))) return;
    const at = this.queue.findIndex((waiting) => this.comesBefore(push, waiting));
    this.queue.splice(at < 0 ? this.queue.length : at, 0, push);
    if (this.queue.length > LONGEST_QUEUE) this.end(this.queue.pop()); // the last in turn
    this.wake();
    void this.run();
  }

  // What was being shown when the page was loaded again goes on first.
  comesBefore(push, waiting) {
    const [isBegun, other] = [push, waiting].map((one) => this.memory.begunAt(one) !== undefined);
    return isBegun === other ? this.isBefore(push, waiting) : isBegun;
  }

  isOver(push) {
    const begun = this.memory.begunAt(push);
    if (begun === undefined) return push.until * 1000 <= this.clock.now();
    return push.seconds > 0 && begun + push.seconds * 1000 <= this.clock.now();
  }

  skip() {
    if (this.current) this.current.isSkipped = true;
    this.wake();
  }

  // What stands, unless it is held, and what waits.
  giveWay() {
    this.drop((waiting) => !(this.isPaused && this.goesOn(waiting)));
    if (!this.isPaused) this.skip();
  }

  // Whoever clears wants nobody to see it: it does not come once more either.
  clear() {
    this.drop(() => true);
    this.latest = null;
    if (this.current) this.current.isCleared = true;
    this.skip();
  }

  drop(isMeant) {
    const meant = this.queue.filter(isMeant);
    this.queue = this.queue.filter((push) => !meant.includes(push));
    meant.forEach((push) => this.end(push));
  }

  // Of whom nothing is to be seen any more: not now, not later, and not once more.
  forget({ of }) {
    this.drop((push) => push.of === of);
    if (this.latest?.of === of) this.latest = null;
    if (this.current?.of !== of) return;
    this.current.isForgotten = true;
    this.skip();
  }

  pause(isPaused) {
    this.isPaused = isPaused;
    if (isPaused) return;
    const newest = this.onlyNewest ? this.queue.pop() : null;
    if (newest) this.giveWay();
    if (newest) this.queue.push(newest);
    this.wake(); // what stands until the next one comes gives way now
    void this.run();
  }

  // The last one that had its time; what is shown now is not interrupted.
  replay() {
    if (!this.latest) return;
    this.queue.unshift({ ...this.latest, isReplayed: true, isSkipped: false });
    void this.run();
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    await null; // all that came together is in its order first
    while (this.mayGoOn()) await this.oneOf(this.queue.shift());
    this.isRunning = false;
  }

  mayGoOn() {
    const [next] = this.queue;
    return next !== undefined && (!this.isPaused || this.goesOn(next));
  }

  // It stood there when the page was loaded again: what is held back is what waits.
  goesOn(push) {
    return !push.isReplayed && this.memory.begunAt(push) !== undefined;
  }

  // What cannot be shown stops nothing of what waits behind it.
  async oneOf(push) {
    try {
      await this.one(push);
    } catch (error) {
      console.warn("not shown", push.n, error);
      this.current = null;
      this.end(push);
    }
  }

  async one(push) {
    if (!push.isReplayed && this.isOver(push)) return this.end(push);
    const before = push.isReplayed ? undefined : this.memory.begunAt(push);
    const begun = before ?? this.from(push) ?? this.clock.now();
    this.current = push;
    if (before === undefined) this.begin(push, begun);
    const needs = this.show(push, begun) ?? 0;
    if (before === undefined) this.tell(push);
    const ends = push.seconds ? begun + Math.max(push.seconds * 1000, needs) : Infinity;
    await this.until(push, ends);
    this.latest = push.isForgotten || push.isCleared ? null : push;
    this.hide();
    if (!push.isForgotten) await sleep(FADE_MS);
    this.gone();
    this.current = null;
    this.end(push);
  }

  begin(push, at) {
    [push, ...(push.merged ?? [])].forEach((one) => this.memory.begin(one, at));
  }

  // Whoever dresses the page may hear it; nothing here listens.
  tell(push) {
    const numbers = [push, ...(push.merged ?? [])].map((one) => one.n);
    dispatchEvent(new CustomEvent("overlay:begun", { detail: numbers }));
  }

  end(push) {
    [push, ...(push.merged ?? [])].forEach((one) => this.memory.end(one));
  }

  async until(push, ends) {
    while (!push.isSkipped && this.clock.now() < ends) {
      if (ends === Infinity && this.queue.length && !this.isPaused) return; // held, it stays
      const left = Math.min(ends - this.clock.now(), LONGEST_TIMER_MS);
      await new Promise((done) => {
        const timer = setTimeout(done, left);
        this.wake = () => { clearTimeout(timer); done(); };
      });
    }
  }
}
