// How far the community is: a bar a goal, as the house counts them.
import { stand } from "./corner.js";
import { made, onGoals } from "./source.js";

const USUAL = {
  follows: "New followers",
  subs: "Subs",
  bits: "Bits",
  raids: "Raids",
  members: "New members",
  boosts: "Boosts",
};
const bars = new Map();

onGoals((goals) => {
  for (const [what, bar] of bars) if (!goals.some((one) => one.what === what)) remove(what, bar);
  goals.forEach((goal) => draw(bars.get(goal.what) ?? add(goal.what), goal));
});

function add(what) {
  const card = made("section", "goal");
  const bar = { card, title: made("p", "goal-title"), count: made("p", "count") };
  bar.filled = made("span", "bar");
  const groove = made("span", "groove");
  groove.append(bar.filled);
  card.append(bar.title, bar.count, groove);
  bars.set(what, bar);
  stand(card);
  return bar;
}

function draw(bar, goal) {
  bar.title.textContent = goal.title || USUAL[goal.what] || goal.what;
  bar.title.dir = "auto";
  const [count, target] = [goal.count, goal.target].map((one) => one.toLocaleString("en"));
  bar.count.textContent = `${count} / ${target}`;
  bar.filled.style.transform = `scaleX(${Math.min(1, goal.count / goal.target)})`;
  bar.card.classList.toggle("is-reached", goal.count >= goal.target);
}

function remove(what, bar) {
  bar.card.remove();
  bars.delete(what);
}
