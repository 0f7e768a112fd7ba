// The last that happened, the newest above. The house tells all of them with the state, and each
// that comes later is added as it comes.
import { stand } from "./corner.js";
import { beside, icon, made, onEvents } from "./source.js";

const SAID = {
  follow: () => "follows",
  sub: (event) => event.tier || "sub",
  resub: (event) => counted(event.amount, "month"),
  gift: (event) => counted(event.amount || "1", "sub"),
  cheer: (event) => counted(event.amount, "bit"),
  raid: (event) => (event.amount ? `raids with ${figures(event.amount)}` : "raids"),
  donation: (event) => event.amount,
  join: () => "is here",
  boost: () => "boosts",
};
let list = null;
let most = 0;
let newest = 0;

onEvents((told) => {
  remove();
  if (!told) return;
  most = told.lines;
  list = made("section", "events");
  list.setAttribute("aria-label", "Last events");
  stand(list);
  told.entries.toReversed().forEach(addEvent);
});

export function addEvent(event) {
  if (!list || event.n <= newest) return;
  newest = event.n;
  list.prepend(lineOf(event));
  while (list.children.length > most) list.lastElementChild.remove();
}

function lineOf(event) {
  const line = made("p", `event is-${event.alert}`);
  line.dataset.n = event.n;
  line.dataset.of = event.of;
  line.append(icon(event.alert), made("bdi", "event-name", event.name));
  line.append(made("bdi", "event-said", SAID[event.alert]?.(event)));
  return line;
}

function counted(amount, what) {
  return amount ? `${figures(amount)} ${what}${amount === "1" ? "" : "s"}` : what;
}

function figures(value) {
  return /^\d{4,12}$/.test(value) ? Number(value).toLocaleString("en") : value;
}

function remove() {
  list?.remove();
  list = null;
  newest = 0;
}

// What came before it; the list itself stays, and is filled again by what comes next.
beside(({ n = Infinity } = {}) => {
  for (const line of [...(list?.children ?? [])]) if (Number(line.dataset.n) < n) line.remove();
}, ({ of }) => {
  for (const line of [...(list?.children ?? [])]) if (line.dataset.of === of) line.remove();
});
