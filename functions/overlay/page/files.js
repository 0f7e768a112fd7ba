// Pictures and sounds of a community, each for its time: general.js puts them among the others.
import { image, made, placed } from "./source.js";

// What is read of it where nothing is seen.
const unseen = (text) => made("span", "unseen", text);

// As long as it stands there it is heard.
export function soundOf(address) {
  const sound = made("audio", "file");
  sound.src = placed(address);
  sound.autoplay = true;
  sound.play().catch(() => {}); // OBS plays at once; other browsers want a press of a key first
  return sound;
}

export const FILES = {
  image(push, card) {
    card.append(image(push.file, "file"), unseen("Picture"));
  },

  sound(push, card) {
    card.append(soundOf(push.file), unseen("Sound"));
  },
};
