// The road of pushes to this page. The socket opens first and what arrives is held, the state is
// asked, and all of it is applied in order; a gap is asked about. Without a socket it polls.
const base = location.pathname.replace(/\/$/, "");
const POLL_MS = 1000;
const WATCH_MS = 60_000; // a look beside an open socket: a lost frame is found by then
const ALIVE_MS = 25_000; // API Gateway cuts a socket that says nothing for ten minutes
const ANSWER_MS = 10_000; // a function that begins takes some of it
const OPENING_MS = 3000;
const MOST_WAIT_MS = 60_000;
const MOST_POLL_WAIT_MS = 10_000;
const MOST_AT_ONCE = 100; // that many in one state: there may be more

const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
const jitter = (ms) => ms * (0.7 + 0.6 * Math.random());

// Quick at first; after many failures anywhere within a minute, so that not all come at once.
export const waitAfter = (failures, most = MOST_WAIT_MS) =>
  Math.random() * Math.min(most, 500 * 2 ** Math.min(failures, 10));

export class Road {
  // `take(push)` is called once a push, in order, `clock` learns the server's time. `beside` is
  // asked what else the state is to tell, and gets that, and frames that are no pushes.
  constructor(take, clock, beside) {
    this.take = take;
    this.beside = beside;
    this.clock = clock;
    this.last = 0;
    this.held = [];
    this.asking = false;
    this.askAgain = false;
    this.isGone = false;
    this.isOpen = false;
    this.isWoken = false;
    this.stopResting = () => {};
  }

  async begin() {
    const opening = new Promise((done) => { this.opened = done; });
    void this.keepSocket();
    await Promise.race([opening, sleep(OPENING_MS)]);
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    addEventListener("online", () => this.wake());
    void this.keepAsking();
  }

  async keepAsking() {
    for (let failures = 0; ; ) {
      this.isWoken = false;
      const found = await this.catchUp();
      failures = found ? 0 : failures + 1;
      const most = this.isGone ? MOST_WAIT_MS : MOST_POLL_WAIT_MS;
      const usual = this.isOpen ? WATCH_MS : POLL_MS;
      await this.rest(found ? jitter(usual) : POLL_MS / 2 + waitAfter(failures, most));
    }
  }

  // Until then, or until somebody wakes it, who may have done so while it asked.
  rest(ms) {
    return new Promise((done) => {
      const timer = setTimeout(done, this.isWoken ? 0 : ms);
      this.stopResting = () => { clearTimeout(timer); done(); };
    });
  }

  wake() {
    this.isWoken = true;
    this.stopResting();
  }

  // Whether the state was told. Whoever asks meanwhile is answered by the same round.
  async catchUp() {
    this.askAgain = true;
    if (this.asking) return true;
    this.asking = true;
    try {
      while (this.askAgain) {
        this.askAgain = false;
        await this.askOnce();
      }
      return true;
    } catch {
      return false;
    } finally {
      this.asking = false;
      this.applyHeld();
    }
  }

  async askOnce() {
    const asked = Date.now();
    const held = new Set(this.held);
    const more = this.beside?.query() ?? "";
    const answer = await fetch(`${base}/state?after=${this.last}${more}`, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(10_000),
    });
    this.isGone = answer.status === 404;
    if (!answer.ok) throw new Error(`state ${answer.status}`);
    const state = await answer.json();
    this.clock.learn(state.now, asked, Date.now());
    this.beside?.state(state.chat);
    this.held = this.held.filter((push) => !held.has(push)); // in the state, or never pushed here
    if (state.last < this.last) {
      this.last = 0; // another database: its numbers begin anew
      this.askAgain = true;
      return;
    }
    const { goals, events } = state;
    if (goals) this.give({ kind: "count", goals, events });
    state.pushes.forEach((push) => this.give(push));
    this.last = state.last;
    if (state.pushes.length >= MOST_AT_ONCE) this.askAgain = true;
  }

  applyHeld() {
    const held = this.held.sort((one, other) => one.n - other.n);
    this.held = [];
    held.forEach((push) => this.arrived(push));
  }

  arrived(push) {
    if (push.n <= this.last) return;
    const isNext = push.before ? push.before <= this.last : push.n === this.last + 1;
    if (this.asking || !isNext) {
      this.held.push(push);
      if (!this.asking) this.wake();
      return;
    }
    this.last = push.n;
    this.give(push);
  }

  // What cannot be shown stops nothing of what comes behind it.
  give(push) {
    try {
      this.take(push);
    } catch (error) {
      console.warn("not shown", push.n, error);
    }
  }

  // This address is good no more, and shows nothing. It is looked for seldom, as the new one of
  // the same OBS counts with it.
  leave() {
    this.isGone = true;
    this.give({ kind: "clear" });
  }

  async keepSocket() {
    for (let failures = 0; ; failures += 1) {
      const lived = await this.oneSocket();
      if (lived > 10_000) failures = 0;
      await sleep(this.isGone ? jitter(MOST_WAIT_MS) : waitAfter(failures));
    }
  }

  // How long it was open, in ms.
  oneSocket() {
    return new Promise((done) => {
      let since = 0;
      const socket = open();
      const closed = () => {
        if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
        clearTimeout(this.beat);
        this.isOpen = false;
        this.opened();
        if (since) this.wake(); // it polls from now on
        done(since ? Date.now() - since : 0);
      };
      if (!socket) return void closed();
      socket.onopen = () => {
        since = Date.now();
        this.isOpen = true;
        this.opened();
        this.wake();
        this.isAlive(socket, closed);
      };
      socket.onmessage = (message) => {
        this.isAlive(socket, closed);
        this.read(message.data);
      };
      socket.onclose = closed;
    });
  }

  // After a while of silence a word, and soon after it an answer: a router that lost its power
  // closes nothing, and a socket through it looks open for minutes.
  isAlive(socket, closed) {
    clearTimeout(this.beat);
    this.beat = setTimeout(() => {
      socket.send("ping");
      this.beat = setTimeout(() => { socket.close(); closed(); }, ANSWER_MS);
    }, jitter(ALIVE_MS));
  }

  read(text) {
    try {
      const frame = JSON.parse(text);
      if (Number.isInteger(frame.n)) this.arrived(frame);
      else if (frame.kind === "ask") this.wake(); // it was too long for a frame
      else if (frame.kind === "chat" && this.beside?.frame(frame) === false) this.wake();
      else if (frame.kind === "closed" && frame.why === "rotated") this.leave();
    } catch {
      // a keep-alive, or nothing that is for us
    }
  }
}

function open() {
  try {
    return new WebSocket(socketAddress());
  } catch {
    return null;
  }
}

// At this page's own address, or where the house says that it has its sockets: there are no paths.
function socketAddress() {
  const { socket } = document.documentElement.dataset;
  if (socket) {
    const [token, source] = base.split("/").slice(-2);
    return `${socket}?${new URLSearchParams({ token, source })}`;
  }
  const address = new URL(location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  return address;
}

// The server's time, in ms: what is shown ends when it should on a machine whose clock is wrong.
export class Clock {
  constructor() {
    this.ahead = 0;
  }

  learn(now, asked, answered) {
    this.ahead = now * 1000 - (asked + answered) / 2;
  }

  now() {
    return Date.now() + this.ahead;
  }
}
