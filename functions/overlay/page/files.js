// Pictures and sounds of a community, each for its time: general.js puts them among the others.
import { image, made } from "./source.js";

// What is read of it where nothing is seen.
const unseen = (text) => made("span", "unseen", text);

export const FILES = {
  image(push, card) {
    card.append(image(push.file, "file"), unseen("Picture"));
  },

  sound(push, card) {
    const sound = made("audio", "file");
    sound.src = push.file;
    sound.autoplay = true;
    // OBS plays at once; other browsers want a press of a key first.
    sound.play().catch(() => {});
    card.append(sound, unseen("Sound"));
  },
};
