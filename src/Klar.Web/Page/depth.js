// A stack's depth in one picture: projections, and sections across the slices.
import { pageOf, Picture } from "./samples.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./pages.js").Depth} Depth */

const KEPT = 12, FLATTEST = 4;

/** @type {Map<string, Promise<Picture>>} */
const kept = new Map();

/**
 * All slices put together.
 * @param {FileInfo} file
 * @param {number[]} pages of the depth
 * @param {Exclude<Depth, "slice">} depth
 * @param {{ x: number, y: number }} spot through which a section goes
 * @returns {Promise<Picture>}
 */
export function depthOf(file, pages, depth, spot) {
  const key = [file.id, depth, pages.join("."), depth === "xz" ? spot.y : depth === "yz" ? spot.x : ""].join("/"),
    known = kept.get(key);
  if (known) return known;
  const made = Promise.all(pages.map(one => pageOf(file, one))).then(slices =>
    depth === "xz" || depth === "yz" ? section(slices, depth, spot) : projection(slices, depth));
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  if (kept.size > KEPT) kept.delete([...kept.keys()][0]);
  return made;
}

/**
 * @param {Picture[]} slices
 * @param {"max" | "mean" | "sd"} kind
 */
function projection(slices, kind) {
  const { width, height, channels } = slices[0], size = slices[0].data.length, n = slices.length;
  const to = kind === "max" ? slices[0].data.slice() : new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let [most, sum, squares] = [-Infinity, 0, 0];
    const first = slices[0].data[i];
    for (const { data } of slices) {
      const off = data[i] - first;
      most = Math.max(most, data[i]);
      sum += off;
      squares += off * off;
    }
    to[i] =
      kind === "max"
        ? most
        : kind === "mean"
          ? first + sum / n
          : Math.sqrt(Math.max(0, squares - (sum * sum) / n) / Math.max(1, n - 1));
  }
  return new Picture(width, height, channels, to);
}

/**
 * Slices are repeated so that a shallow stack is not a line.
 * @param {Picture[]} slices
 * @param {"xz" | "yz"} kind
 * @param {{ x: number, y: number }} spot
 */
function section(slices, kind, { x, y }) {
  const { width, height, channels } = slices[0], length = kind === "xz" ? width : height;
  const times = Math.max(1, Math.round(length / FLATTEST / slices.length)), rows = slices.length * times;
  const [column, row] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  const to =
    slices[0].data instanceof Float32Array
      ? new Float32Array(length * rows * channels)
      : slices[0].data instanceof Uint8Array
        ? new Uint8Array(length * rows * channels)
        : new Uint16Array(length * rows * channels);
  for (let c = 0; c < channels; c++) {
    for (let z = 0; z < rows; z++) {
      const { data } = slices[Math.floor(z / times)];
      for (let i = 0; i < length; i++) {
        to[(c * rows + z) * length + i] =
          data[c * width * height + (kind === "xz" ? row * width + i : i * width + column)];
      }
    }
  }
  return new Picture(length, rows, channels, to);
}
