// The values under the cross.
import { numberText } from "./dom.js";
/** @typedef {import("./viewer.js").Shown} Shown */

const NOTHING = "\u00a0"; // a line stays a line

/** @param {Shown | null} shown @param {import("./view.js").Point | null} cross */
export function readoutOf(shown, cross) {
  const [x, y] = [Math.floor(cross?.x ?? -1), Math.floor(cross?.y ?? -1)];
  const layer = shown?.layers[shown.active], first = layer?.first.at(x, y);
  if (!shown || !layer || !first) return NOTHING;
  const second = layer.second?.at(x, y), off = shown.uncertainty?.at(x, y);
  const text = (/** @type {number[]} */ values) => values.map(numberText).join(" ");
  const parts = [`x ${x}, y ${y}`, `${shown.firstName} ${text(first)}`];
  if (second) {
    parts.push(`${shown.secondName} ${text(second)}`, `difference ${text(first.map((value, c) => value - second[c]))}`);
  }
  if (off) parts.push(`may be off by ${text(off)}`);
  return parts.join(" · ");
}
