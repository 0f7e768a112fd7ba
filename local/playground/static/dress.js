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
  const { content, embeds = [], blocks = [], components = [], choices = [] } = item.dress;
  const said = content ? [make("p", { text: readableOn(item.platform, content) })] : [];
  const drawnBlock = (one) => (one.type === "actions" ? below(one.elements, item) : block(one));
  const rows = components.map((row) => below(row.components, item));
  const found = choices.length ? [listed(choices, item)] : [];
  return [...said, ...embeds.map(embed), ...blocks.map(drawnBlock), ...rows, ...found];
}

// What stands below a message: whoever is in front of the page presses it as the person they are.
function below(elements, item) {
  if (elements[0]?.type === "external_select") return finder(elements[0], item);
  const offered = elements.flatMap((one) =>
    one.options
      ? one.options.map((option) => ["select_menu", wordOf(option)])
      : [["button_click", wordOf(one)]],
  );
  return make("p", {}, ...offered.map(([type, label]) => pressable({ type, label }, label, item)));
}

// What is typed into it is asked of the house when it is entered; what is found comes as a list.
function finder({ placeholder }, item) {
  const words = { placeholder: placeholder.text, "aria-label": placeholder.text };
  const input = make("input", { type: "search", className: "finder", ...words });
  input.addEventListener("change", () =>
    happens({ type: "autocomplete", typed: input.value }, item, input),
  );
  return make("p", {}, input);
}

// Discord's client puts what is taken into the box; on Slack that sends it.
function listed(choices, item) {
  const isSent = item.platform === "slack";
  const drawnChoice = ({ name, value }) =>
    isSent ? pressable({ type: "select_menu", taken: value }, name, item) : make("span", { text: name });
  return make("p", {}, ...choices.map(drawnChoice));
}

const wordOf = ({ label, text }) => label ?? text.text;

function pressable(deed, label, item) {
  const button = make("button", { type: "button", text: label });
  button.addEventListener("click", () => happens(deed, item, button));
  return button;
}

const happens = (deed, { platform, channel }, pressed) =>
  ask("/stand-ins/happens", { as: speaker(), on: platform, channel, ...deed }).catch((error) =>
    pressed.setAttribute("title", error.message),
  );

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
