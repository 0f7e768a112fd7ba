// What people vote on, a bar an option: the newest of an id is right, and stands in its place.
import { stand } from "./corner.js";
import { clockOf } from "./countdown.js";
import { beside, made, now, say } from "./source.js";

const AFTER_MS = 15_000; // the result stands so long
const MOST = 2;
const polls = new Map();

export function showPoll(push) {
  const ends = endOf(push);
  if (!push.options.length || now() > ends + AFTER_MS) return remove(push.poll);
  const poll = polls.get(push.poll) ?? add(push.poll);
  poll.ends = ends;
  poll.isTimed = Boolean(push.ends);
  poll.title.textContent = push.text;
  poll.title.dir = "auto";
  drawOptions(poll, push.options);
  tick(push.poll);
}

function endOf(push) {
  if (push.ends) return push.ends * 1000;
  return push.seconds ? (push.at + push.seconds) * 1000 : push.until * 1000;
}

function add(id) {
  if (polls.size >= MOST) remove(polls.keys().next().value);
  const card = made("section", "poll");
  const poll = { card, title: made("p", "poll-title"), left: made("p", "poll-left") };
  poll.options = made("ol", "poll-options");
  poll.timer = setInterval(() => tick(id), 250);
  card.append(poll.title, poll.left, poll.options);
  polls.set(id, poll);
  stand(card, { first: true });
  return poll;
}

function drawOptions(poll, options) {
  const all = options.reduce((sum, one) => sum + one.votes, 0);
  const most = Math.max(...options.map((one) => one.votes));
  while (poll.options.children.length > options.length) poll.options.lastElementChild.remove();
  options.forEach((option, at) => {
    const line = poll.options.children[at] ?? poll.options.appendChild(emptyOption());
    const [label, count, groove] = line.children;
    const share = all ? option.votes / all : 0;
    label.textContent = option.label;
    count.textContent = `${Math.round(100 * share)} % · ${option.votes.toLocaleString("en")}`;
    groove.firstElementChild.style.transform = `scaleX(${share})`;
    line.classList.toggle("is-first", option.votes > 0 && option.votes === most);
  });
}

function emptyOption() {
  const line = made("li", "poll-option");
  const [label, groove] = [made("bdi", "poll-label"), made("span", "groove")];
  label.dir = "auto";
  groove.append(made("span", "bar"));
  line.append(label, made("span", "poll-count"), groove);
  return line;
}

function tick(id) {
  const poll = polls.get(id);
  const left = poll.ends - now();
  if (left < -AFTER_MS) return remove(id);
  poll.card.classList.toggle("is-closed", left <= 0);
  const said = left > 0 ? clockOf(Math.ceil(left / 1000)) : "Closed";
  say(poll.left, poll.isTimed ? said : "");
}

function remove(id) {
  const poll = polls.get(id);
  if (!poll) return;
  clearInterval(poll.timer);
  poll.card.remove();
  polls.delete(id);
}

beside(() => [...polls.keys()].forEach(remove));
