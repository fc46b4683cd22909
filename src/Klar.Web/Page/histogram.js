// The histogram of the pictures, with black and white as two handles.
import { themed } from "./dom.js";
/** @typedef {import("./samples.js").Picture} Picture */

const MOST_BINS = 256, HANDLE = 9;

/**
 * How many samples lie in each of equal bins. Of whole numbers each bin takes as many levels as any other: else it
 * looks like a comb.
 * @param {Picture} picture
 * @param {[number, number]} span
 * @param {number} [bins] at most
 * @returns {{ counts: number[], least: number, width: number }}
 */
export function count(picture, [least, most], bins = MOST_BINS) {
  const isWhole = !(picture.data instanceof Float32Array), end = picture.width * picture.height * picture.shown;
  const width = isWhole ? Math.ceil((most - least + 1) / bins) : (most - least || 1) / (bins - 1e-6);
  const counts = new Array(isWhole ? Math.ceil((most - least + 1) / width) : bins).fill(0);
  for (let i = 0; i < end; i++) {
    const bin = Math.floor((picture.data[i] - least) / width);
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
  return { counts, least, width };
}

/** Draws on a canvas, in the screen's own pixels. */
export class Histogram {
  isLog = true;
  /** @type {WeakMap<Picture, { span: string, of: ReturnType<typeof count> }>} */
  #known = new WeakMap();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  #canvas;

  /**
   * @param {Picture[]} pictures the last one as a line, one before it as an area
   * @param {[number, number]} span
   * @param {number} black
   * @param {number} white
   */
  draw(pictures, span, black, white) {
    const canvas = this.#canvas,
      ratio = devicePixelRatio || 1,
      pen = canvas.getContext("2d");
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map(side =>
      Math.max(1, Math.round(side * ratio)),
    );
    if (!pen) return;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const colour = (/** @type {string} */ name) => themed(canvas, name);
    const at = (/** @type {number} */ level) => ((level - span[0]) / (span[1] - span[0])) * width;
    pen.clearRect(0, 0, width, height);
    pictures.forEach((picture, i) => {
      const { counts, least, width: wide } = this.#count(picture, span), top = this.#high(Math.max(...counts));
      pen.fillStyle = pen.strokeStyle = colour(i === 0 && pictures.length > 1 ? "--quiet" : "--accent");
      pen.globalAlpha = i === 0 ? 0.55 : 1;
      pen.beginPath();
      pen.moveTo(0, height);
      counts.forEach((n, bin) => {
        const y = height - (this.#high(n) / (top || 1)) * (height - 6 * ratio);
        pen.lineTo(at(least + bin * wide), y);
        pen.lineTo(at(least + (bin + 1) * wide), y);
      });
      pen.lineTo(width, height);
      if (i === 0) pen.fill();
      pen.lineWidth = 1.5 * ratio;
      pen.stroke();
    });
    pen.globalAlpha = 1;
    for (const [level, isBlack] of /** @type {[number, boolean][]} */ ([[black, true], [white, false]])) {
      const x = Math.min(width - ratio, Math.max(ratio, at(level))), side = (isBlack ? 1 : -1) * HANDLE * ratio;
      pen.fillStyle = colour("--ink");
      pen.fillRect(x - ratio / 2, 0, 1.5 * ratio, height);
      pen.beginPath();
      pen.moveTo(x, height);
      pen.lineTo(x + side, height);
      pen.lineTo(x, height - HANDLE * 1.4 * ratio);
      pen.fill();
    }
  }

  /** @param {number} n */
  #high(n) {
    return this.isLog ? Math.log1p(n) : n;
  }

  /** @param {Picture} picture @param {[number, number]} span */
  #count(picture, span) {
    const key = span.join(), known = this.#known.get(picture);
    if (known?.span === key) return known.of;
    const of = count(picture, span);
    this.#known.set(picture, { span: key, of });
    return of;
  }
}
