// What the platforms draw of an embed and of blocks; whatever stands in them stays text.

import { make } from "./dom.js";
import { readableOn } from "./wording.js";

// A mark that was escaped is none.
const BOLD = {
  discord: /((?:\\.|[^\\])*?)(?:\*\*((?:\\.|[^*\\])+)\*\*|$)/gsy,
  slack: /(.*?)(?:(?<![^\s])\*(\S[^*\n]*)\*(?![^\s])|$)/gsy,
};

export function drawn(item) {
  const { content, embeds = [], blocks = [] } = item.dress;
  const said = content ? [make("p", { text: readableOn(item.platform, content) })] : [];
  return [...said, ...embeds.map(embed), ...blocks.map(block)];
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
