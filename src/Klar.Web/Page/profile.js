// Grey levels along a line.
import { numberText, themed } from "./dom.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {{ name: string, values: (number | null)[] }} Line */

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
    const [x, y] = [from.x + ((to.x - from.x) * i) / steps - 0.5, from.y + ((to.y - from.y) * i) / steps - 0.5],
      [left, top] = [Math.floor(x), Math.floor(y)];
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

const LEFT = 56, BOTTOM = 20, TOP = 6, RIGHT = 8, TICKS = 4;

/**
 * Draws profiles with their axes and says in words what they span.
 * @param {HTMLCanvasElement} canvas
 * @param {Line[]} lines
 * @param {number} length in pixels
 * @param {number | null} pixelSize in micrometres
 * @returns {string}
 */
export function plot(canvas, lines, length, pixelSize) {
  const all = lines.flatMap(line => line.values).filter(value => value !== null), pen = canvas.getContext("2d");
  if (!pen || all.length === 0) return "";
  const ratio = devicePixelRatio || 1, [width, height] = [canvas.clientWidth || 600, canvas.clientHeight || 130];
  const least = Math.min(...all), most = Math.max(...all);
  const colour = (/** @type {string} */ name) => themed(canvas, name);
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  pen.scale(ratio, ratio);
  const x = (/** @type {number} */ share) => LEFT + share * (width - LEFT - RIGHT);
  const y = (/** @type {number} */ value) =>
    height - BOTTOM - ((value - least) / (most - least || 1)) * (height - BOTTOM - TOP);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = colour("--quiet");
  pen.strokeStyle = colour("--line");
  for (let i = 0; i <= TICKS; i++) {
    const share = i / TICKS, value = least + share * (most - least), far = share * length * (pixelSize ?? 1);
    pen.textAlign = "right";
    pen.fillText(numberText(Number(value.toPrecision(4))), LEFT - 6, y(value) + 4);
    pen.textAlign = i === 0 ? "left" : i === TICKS ? "right" : "center";
    pen.fillText(
      `${numberText(Number(far.toPrecision(3)))}${i === TICKS ? (pixelSize ? " µm" : " px") : ""}`,
      x(share),
      height - 4,
    );
    pen.strokeRect(LEFT, y(value), width - LEFT - RIGHT, 0);
  }
  lines.forEach(({ values }, i) => {
    pen.strokeStyle = colour(i === 0 && lines.length > 1 ? "--quiet" : "--accent");
    pen.lineWidth = i === 0 ? 1 : 2;
    pen.beginPath();
    values.forEach((value, at) => value !== null && pen.lineTo(x(at / Math.max(1, values.length - 1)), y(value)));
    pen.stroke();
  });
  return `${lines[0].values.length} pixels; ${lines
    .map(({ name, values }) => {
      const known = values.filter(value => value !== null);
      return known.length > 0
        ? `${name} ${numberText(Math.min(...known))} to ${numberText(Math.max(...known))}`
        : `${name}: nothing`;
    })
    .join(", ")}`;
}

/**
 * The same as a table.
 * @param {Line[]} lines
 * @param {number} length in pixels
 * @param {number | null} pixelSize in micrometres
 */
export function csvOf(lines, length, pixelSize) {
  const steps = lines[0].values.length - 1,
    head = [pixelSize ? "micrometres" : "pixels", ...lines.map(line => `"${line.name.replaceAll('"', "'")}"`)];
  const rows = lines[0].values.map((_, i) => [
    ((i / Math.max(1, steps)) * length * (pixelSize ?? 1)).toPrecision(6),
    ...lines.map(line => line.values[i] ?? ""),
  ]);
  return [head, ...rows].map(row => row.join(",")).join("\n") + "\n";
}
