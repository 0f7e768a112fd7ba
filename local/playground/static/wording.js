// Platform markup as the platform shows it, still as plain text.

const SLACK_ESCAPES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

// Each reader sees their own time, as on the platforms.
const moment = (seconds) =>
  new Date(seconds * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

const READERS = {
  discord: (text) =>
    text
      .replace(/<t:(\d+)(?::\w)?>/g, (_, seconds) => moment(seconds))
      .replace(/\\([\\*_~`|>#@[\]-])/g, "$1"),
  slack: (text) =>
    text
      .replace(/<!date\^(\d+)\^[^|>]*(?:\|[^>]*)?>/g, (_, seconds) => moment(seconds))
      .replace(/<[#@!][^|>]*\|([^>]+)>/g, "$1")
      .replace(/<(https?:[^|>]+)\|([^>]+)>/g, "$2")
      .replace(/<(https?:[^|>]+)>/g, "$1")
      .replace(/&(lt|gt|amp);/g, (escape) => SLACK_ESCAPES[escape]),
  twitch: (text) => text,
};

export const readableOn = (platform, text) => READERS[platform](text);
export const readable = (item) =>
  item.kind === "line" ? item.text : readableOn(item.platform, item.text);

export function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
