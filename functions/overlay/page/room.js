// Room on a stage of any size: what hangs from the upper edge stands beside the corner where the two
// would lie upon each other; the chat stays below it, and stands above the corner where it has
// no room beside it.
import { corner } from "./corner.js";
import { stage } from "./source.js";

const GAP = 8;
let card = null;

// The one that is shown now; null when it is gone.
export function makeRoom(shown) {
  if (card) watched.unobserve(card);
  card = shown;
  if (card) watched.observe(card);
  settle();
}

// By their places, as a streamer's own style sheet may have moved them.
function settle() {
  tell("--corner-height", corner.childElementCount ? corner.offsetHeight : 0);
  card?.classList.remove("is-beside");
  if (card && isUpon(card, corner)) card.classList.add("is-beside");
  tell("--card-bottom", card ? card.offsetTop + card.offsetHeight : 0);
}

// To style sheets, in pixels; what is told already is not told again.
function tell(name, pixels) {
  if (stage.style.getPropertyValue(name) !== `${pixels}px`) {
    stage.style.setProperty(name, `${pixels}px`);
  }
}

function isUpon(one, other) {
  if (!other.offsetHeight) return false;
  const [width, height] = [[one, other, "offsetLeft", "offsetWidth"], [one, other, "offsetTop", "offsetHeight"]]
    .map(([a, b, at, size]) => a[at] < b[at] + b[size] + GAP && b[at] < a[at] + a[size] + GAP);
  return width && height;
}

const watched = new ResizeObserver(() => setTimeout(settle)); // not within, as it resizes the card
watched.observe(corner);
watched.observe(stage);
