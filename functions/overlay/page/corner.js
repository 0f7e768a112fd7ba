// What stands for long has one corner, one below the other, so that nothing covers another.
import { made, stage } from "./source.js";

export const corner = made("aside", "corner");
stage.append(corner);

// In its place: `first` above what is there.
export function stand(element, { first = false } = {}) {
  if (first) corner.prepend(element);
  else corner.append(element);
}
