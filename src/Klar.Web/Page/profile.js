// Grey levels along a line.
import { numberText } from "./dom.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */

/**
 * Samples a picture along a line, a step a pixel, between the four nearest; the mean over the colours.
 * @param {Picture} picture
 * @param {Point} from
 * @param {Point} to
 * @returns {(number | null)[]}
 */
export function along(picture, from, to) {
  const steps = Math.max(1, Math.round(Math.hypot(to.x - from.x, to.y - from.y)));
  return Array.from({ length: steps + 1 }, (_, i) => {
    const [x, y] = [from.x + ((to.x - from.x) * i) / steps - 0.5, from.y + ((to.y - from.y) * i) / steps - 0.5], [left, top] = [Math.floor(x), Math.floor(y)];
    let [sum, weights] = [0, 0];
    for (const [column, row] of [[left, top], [left + 1, top], [left, top + 1], [left + 1, top + 1]]) {
      const values = picture.at(column, row), weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
      if (values && weight > 0) {
        sum += (weight * values.reduce((all, value) => all + value, 0)) / values.length;
        weights += weight;
      }
    }
    return weights > 0 ? sum / weights : null;
  });
}

/**
 * Draws profiles and says in words what they span.
 * @param {HTMLCanvasElement} canvas
 * @param {{ name: string, values: (number | null)[] }[]} lines
 * @returns {string}
 */
export function plot(canvas, lines) {
  const pen = canvas.getContext("2d"), style = getComputedStyle(canvas), { width, height } = canvas, margin = 4;
  const all = lines.flatMap(line => line.values).filter(value => value !== null), least = Math.min(...all), most = Math.max(...all);
  if (!pen || all.length === 0) return "";
  pen.clearRect(0, 0, width, height);
  lines.forEach(({ values }, i) => {
    pen.strokeStyle = style.getPropertyValue(i === 0 ? "--quiet" : "--accent");
    pen.lineWidth = i === 0 ? 1.5 : 2.5;
    pen.beginPath();
    values.forEach((value, at) => value !== null && pen.lineTo((at / Math.max(1, values.length - 1)) * width, height - margin - ((value - least) / (most - least || 1)) * (height - 2 * margin)));
    pen.stroke();
  });
  return `${lines[0].values.length} pixels; ${lines.map(({ name, values }) => {
    const known = values.filter(value => value !== null);
    return known.length > 0 ? `${name} ${numberText(Math.min(...known))} to ${numberText(Math.max(...known))}` : `${name}: nothing`;
  }).join(", ")}`;
}
