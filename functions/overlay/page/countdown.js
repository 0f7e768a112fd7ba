// How long it is until something begins; the newest is right, and 0 seconds take it away.
import { stand } from "./corner.js";
import { beside, made, now, say } from "./source.js";

const AFTER_MS = 5000; // it stands at nothing so long
let shown = null;

export function countDown(push) {
  stop();
  const ends = (push.at + push.seconds) * 1000;
  if (!push.seconds || now() > ends + AFTER_MS) return;
  const card = made("section", "countdown");
  const clock = made("p", "clock");
  card.append(made("p", "countdown-title", push.text), clock);
  shown = { card, timer: setInterval(tick, 250) };
  function tick() {
    const left = ends - now();
    if (left < -AFTER_MS) stop();
    else say(clock, clockOf(Math.max(0, Math.ceil(left / 1000))));
  }
  tick();
  stand(card, { first: true });
}

function stop() {
  if (!shown) return;
  clearInterval(shown.timer);
  shown.card.remove();
  shown = null;
}

export function clockOf(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

beside(stop);
