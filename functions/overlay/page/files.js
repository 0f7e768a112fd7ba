// Pictures and sounds of a community, each for its time: general.js puts them among the others.
import { image, isDark, made, onDark, placed } from "./source.js";

// What is read of it where nothing is seen.
const unseen = (text) => made("span", "unseen", text);

// As long as it stands there it is heard.
export function soundOf(address) {
  const sound = made("audio", "file");
  sound.src = placed(address);
  sound.muted = isDark();
  sound.autoplay = true;
  sound.play().catch(() => { refused = sound; });
  return sound;
}

onDark((dark) => document.querySelectorAll("audio").forEach((sound) => { sound.muted = dark; }));

// OBS plays at once. Other browsers want a key or a click in the page first: then the last one is
// heard, if it still stands there.
let refused = null;

for (const press of ["pointerup", "keydown"]) addEventListener(press, () => {
  if (refused?.isConnected) refused.play().catch(() => {});
  refused = null;
});

export const FILES = {
  image(push, card) {
    card.append(image(push.file, "file"), unseen("Picture"));
  },

  sound(push, card) {
    card.append(soundOf(push.file), unseen("Sound"));
  },
};
