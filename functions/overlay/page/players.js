// The platforms' own visible players, in a card. One that refuses, or says nothing for ten seconds,
// is taken away again: title, art and address stand there by themselves.
import { image, made } from "./source.js";

const { youtube, twitch } = document.documentElement.dataset;
const SILENT_MS = 10_000;
const ASK_MS = 250;
const ENDED = 0;
const ALIVE = new Set([1, 3]); // it plays, or waits for its network
const checked = window.trustedTypes?.createPolicy("players", { createScriptURL: known });

function known(address) {
  if (![youtube, twitch].includes(new URL(address).origin)) throw new TypeError("no player of ours");
  return address;
}

// What plays `push` at the top of this card, in place of what did, `from` so many seconds on; it
// tells `ended()` where it says so, and `refused()` where it does not play.
export function playIn(card, push, from, { ended, refused }) {
  card.querySelector(".screen")?.remove();
  const screen = made("div", "screen");
  if (push.art) screen.append(image(push.art, "cover"));
  card.classList.add("has-player");
  card.prepend(screen);
  let stops = () => {};
  const silent = setTimeout(refuse, SILENT_MS);
  function stop() {
    clearTimeout(silent);
    stops();
    stops = () => {};
  }
  function refuse() {
    stop();
    screen.remove();
    card.classList.remove("has-player");
    refused();
  }
  function alive() {
    clearTimeout(silent);
    screen.classList.add("is-playing");
  }
  const hears = { alive, refuse, ended };
  stops = push.player === "youtube" ? video(screen, push, from, hears) : clip(screen, push, hears);
  return stop;
}

// It speaks JSON with whoever says that it listens (YouTube's own iframe_api does the same), and
// tells what it does and why it does not.
function video(screen, push, from, { alive, refuse, ended }) {
  const frame = made("iframe", "player");
  const asked = { autoplay: 1, enablejsapi: 1, playsinline: 1, rel: 0, origin: location.origin };
  frame.src = `${youtube}/embed/${push.video}?${new URLSearchParams({ ...asked, start: from })}`;
  frame.allow = "autoplay; encrypted-media";
  frame.title = push.title || "Video";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
  const word = JSON.stringify({ event: "listening", id: push.n, channel: "widget" });
  // To whoever is there: a page of an error has no origin to name, and there is nothing to hide.
  const asking = setInterval(() => frame.contentWindow?.postMessage(word, "*"), ASK_MS);
  function heard({ source, origin, data }) {
    if (source !== frame.contentWindow || origin !== youtube) return;
    clearInterval(asking);
    const { error, state } = read(data);
    if (error !== undefined) refuse();
    else if (ALIVE.has(state)) alive();
    else if (state === ENDED) ended();
  }
  addEventListener("message", heard);
  screen.append(frame);
  return () => {
    clearInterval(asking);
    removeEventListener("message", heard);
    frame.remove();
  };
}

function read(data) {
  try {
    const { event, info } = JSON.parse(data);
    if (event === "onError") return { error: info };
    return { state: event === "onStateChange" ? info : info?.playerState };
  } catch {
    return {};
  }
}

// A clip's player says nothing, and begins at its beginning. An object tells whether its page came, and an iframe does not: for
// that one a page of an error is as good as any.
function clip(screen, push, { alive, refuse }) {
  const frame = made("object", "player");
  const asked = { clip: push.video, parent: location.hostname, autoplay: true, muted: false };
  const address = `${twitch}/embed?${new URLSearchParams(asked)}`;
  frame.type = "text/html";
  frame.title = push.title || "Clip";
  frame.onload = alive;
  frame.onerror = refuse;
  frame.data = checked ? checked.createScriptURL(address) : address;
  screen.append(frame);
  return () => frame.remove();
}
