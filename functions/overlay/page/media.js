// What plays now stands in its corner, and the newest is right; clips have the middle, one by one.
import { playIn } from "./players.js";
import { begin, enter, icon, image, isDark, made, now, onDark, say, turns } from "./source.js";

class Player {
  stop = () => {};
  mayPlay = false;

  show(push, begun) {
    Object.assign(this, { push, begun });
    this.card = made("section", push.music ? "song" : "clip");
    this.bar = made("span", "bar");
    this.time = made("span", "time");
    this.card.append(this.art(push), this.words(push));
    if (push.duration) this.card.append(this.track());
    if (push.next.length) this.card.append(next(push.next));
    this.mayPlay = Boolean(push.player) && !push.paused;
    this.play();
    enter(this.card, push);
    this.tick();
    if (push.duration) this.timer = setInterval(() => this.tick(), 1000);
  }

  // From where it is by now; what is dark is played by nobody, as it would be heard.
  play() {
    this.stop();
    if (!this.mayPlay || isDark()) return;
    const { push } = this;
    const from = Math.floor(this.played());
    const ended = () => this.turns.skip();
    const refused = () => { this.mayPlay = false; };
    this.stop = playIn(this.card, push, from, { ended, refused });
  }

  hide() {
    clearInterval(this.timer);
    this.mayPlay = false;
    this.stop();
    this.card.classList.remove("is-shown");
  }

  gone() {
    this.card.remove();
  }

  art(push) {
    const frame = made("span", "art");
    frame.append(icon(push.music ? "music" : "film"));
    if (push.art) frame.append(image(push.art, "cover"));
    return frame;
  }

  words(push) {
    const words = made("div", "words");
    const service = [push.paused ? "Paused" : "", push.service].filter(Boolean).join(" · ");
    const by = push.requested_by && `for ${push.requested_by}`;
    words.append(
      made("p", "service", [service, by].filter(Boolean).join(" · ")),
      made("p", "title", push.title || push.url || "Untitled"),
      made("p", "artist", [push.artist, push.album].filter(Boolean).join(" · ")),
    );
    if (!push.music && push.url && push.title) words.append(made("p", "url", push.url));
    return words;
  }

  track() {
    const track = made("div", "track");
    const groove = made("span", "groove");
    groove.append(this.bar);
    track.append(groove, this.time);
    return track;
  }

  // Seconds by now. A song began when it was told of, a clip with its turn; what is paused stays.
  played() {
    const { push, begun } = this;
    return push.progress + (push.paused ? 0 : Math.max(0, now() - begun) / 1000);
  }

  tick() {
    const { push } = this;
    const at = Math.min(this.played(), push.duration);
    this.bar.style.transform = `scaleX(${push.duration ? at / push.duration : 0})`;
    say(this.time, `${clockOf(at)} / ${clockOf(push.duration)}`);
  }
}

function clockOf(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function next(songs) {
  const list = made("ol", "next");
  const names = songs.map((song) => [song.title, song.artist].filter(Boolean).join(" · "));
  list.append(...names.map((name) => made("li", "", name)));
  return list;
}

function played(player, options) {
  onDark(() => player.play());
  player.turns = turns({
    ...options,
    show: (push, begun) => player.show(push, begun),
    hide: () => player.hide(),
    gone: () => player.gone(),
  });
  return player.turns;
}

const songs = played(new Player(), { from: (push) => push.at * 1000, onlyNewest: true });
const clips = played(new Player(), {});

begin((push) => (push.music ? songs : clips).add(push));
