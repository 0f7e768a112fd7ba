// What the platforms draw of an embed and of blocks; whatever stands in them stays text.

import { ask, make } from "./dom.js";
import { speaker } from "./people.js";
import { readableOn } from "./wording.js";

// A mark that was escaped is none.
const BOLD = {
  discord: /((?:\\.|[^\\])*?)(?:\*\*((?:\\.|[^*\\])+)\*\*|$)/gsy,
  slack: /(.*?)(?:(?<![^\s])\*(\S[^*\n]*)\*(?![^\s])|$)/gsy,
};

export function drawn(item) {
  const { content, embeds = [], blocks = [], components = [] } = item.dress;
  const said = content ? [make("p", { text: readableOn(item.platform, content) })] : [];
  const drawnBlock = (one) => (one.type === "actions" ? below(one.elements, item) : block(one));
  const rows = components.map((row) => below(row.components, item));
  return [...said, ...embeds.map(embed), ...blocks.map(drawnBlock), ...rows];
}

// What stands below a message: whoever is in front of the page presses it as the person they are.
function below(elements, item) {
  const offered = elements.flatMap((one) =>
    one.options
      ? one.options.map((option) => ["select_menu", wordOf(option)])
      : [["button_click", wordOf(one)]],
  );
  return make("p", {}, ...offered.map(([type, label]) => pressable(type, label, item)));
}

const wordOf = ({ label, text }) => label ?? text.text;

function pressable(type, label, { platform, channel }) {
  const button = make("button", { type: "button", text: label });
  button.addEventListener("click", () =>
    ask("/stand-ins/happens", { as: speaker(), on: platform, channel, type, label }).catch(
      (error) => button.setAttribute("title", error.message),
    ),
  );
  return button;
}

function embed({ title, description, footer }) {
  const card = make("section", { className: "embed" });
  if (title) card.append(make("h3", { text: readableOn("discord", title) }));
  if (description) card.append(make("p", {}, ...marked("discord", description)));
  if (footer?.text) card.append(make("small", { text: footer.text }));
  return card;
}

function block(one) {
  if (one.type === "header") return make("h3", { text: one.text.text });
  if (one.type === "section") return make("p", {}, ...marked("slack", one.text?.text || ""));
  if (one.type === "context") {
    const words = (one.elements || []).flatMap((element) => marked("slack", element.text || ""));
    return make("small", {}, ...words);
  }
  return make("hr", {});
}

function marked(platform, text) {
  return [...text.matchAll(BOLD[platform])].flatMap(([, before, bold]) => [
    readableOn(platform, before),
    ...(bold ? [make("b", { text: readableOn(platform, bold) })] : []),
  ]);
}
