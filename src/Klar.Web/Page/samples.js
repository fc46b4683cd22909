// Pages of files as arrays of samples, in the file's own grey levels.
import * as api from "./api.js";

/** @typedef {Uint8Array | Uint16Array | Float32Array} Samples */

/** A picture, or a part of one: channel after channel, row after row. */
export class Picture {
  /** @type {[number, number] | null} */
  #range = null;

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} channels
   * @param {Samples} data
   * @param {number} [x] where it lies in the whole
   * @param {number} [y]
   */
  constructor(width, height, channels, data, x = 0, y = 0) {
    if (data.length !== width * height * channels)
      throw new Error(`a picture of ${width} x ${height} x ${channels} came with ${data.length} samples`);
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = data;
    this.x = x;
    this.y = y;
  }

  /** Channels that are shown: one, or red, green and blue. */
  get shown() {
    return this.channels >= 3 ? 3 : 1;
  }

  /**
   * A pixel of the whole; nothing outside of this picture.
   * @param {number} x
   * @param {number} y
   * @returns {number[] | null}
   */
  at(x, y) {
    const [column, row] = [x - this.x, y - this.y];
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return null;
    return Array.from({ length: this.shown }, (_, c) => this.data[(c * this.height + row) * this.width + column]);
  }

  /** The least and the greatest finite sample. */
  get range() {
    if (!this.#range) {
      let [least, most] = [Infinity, -Infinity];
      for (const value of this.data) {
        if (value < least && value > -Infinity) least = value;
        if (value > most && value < Infinity) most = value;
      }
      this.#range = least <= most ? [least, most] : [0, 1];
    }
    return this.#range;
  }
}

/**
 * @param {string} sampleType
 * @param {ArrayBuffer} buffer
 * @returns {Samples}
 */
function typed(sampleType, buffer) {
  return sampleType === "uint8"
    ? new Uint8Array(buffer)
    : sampleType === "uint16"
      ? new Uint16Array(buffer)
      : new Float32Array(buffer);
}

const MOST_KEPT = 512 * 2 ** 20;

/** @type {Map<string, { picture: Promise<Picture>, bytes: number }>} */
const kept = new Map();

/**
 * A page of a file; the last half gigabyte of pages is kept.
 * @param {api.FileInfo} file
 * @param {number} page
 * @returns {Promise<Picture>}
 */
export function pageOf(file, page) {
  const image = file.image;
  if (!image) return Promise.reject(new Error(file.failure ?? `${file.name} is no image`));
  const key = `${file.id}/${page}`, known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known.picture;
  }
  const picture = api
    .page(file.id, page)
    .then(buffer => new Picture(image.width, image.height, image.channels, typed(image.sampleType, buffer)));
  kept.set(key, {
    picture,
    bytes:
      image.width *
      image.height *
      image.channels *
      (image.sampleType === "uint8" ? 1 : image.sampleType === "uint16" ? 2 : 4),
  });
  picture.catch(() => kept.delete(key));
  let bytes = [...kept.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [old, one] of kept) {
    if (bytes <= MOST_KEPT || old === key) break;
    bytes -= one.bytes;
    kept.delete(old);
  }
  return picture;
}

/**
 * A part of a page, denoised.
 * @param {api.FileInfo} file
 * @param {api.PreviewRequest} request
 * @param {AbortSignal} signal
 */
export async function previewOf(file, request, signal) {
  const image = /** @type {api.ImageInfo} */ (file.image);
  return new Picture(
    request.width,
    request.height,
    image.channels,
    typed(image.sampleType, await api.preview(request, signal)),
    request.x,
    request.y,
  );
}

/**
 * Of the difference of two pictures, on some of their pixels.
 * @param {Picture} first
 * @param {Picture} second a part of it, or all
 */
export function rootMeanSquare(first, second) {
  const step = Math.max(1, Math.floor(Math.sqrt((second.width * second.height) / 40000)));
  let [sum, count] = [0, 0];
  for (let y = second.y; y < second.y + second.height; y += step) {
    for (let x = second.x; x < second.x + second.width; x += step) {
      const a = first.at(x, y), b = second.at(x, y);
      if (a && b) a.forEach((value, c) => (sum += (value - b[c]) ** 2));
      count += first.shown;
    }
  }
  return Math.sqrt(sum / count);
}

/** @type {Map<string, Promise<api.Levels[]>>} */
const levels = new Map();

/**
 * The grey levels of a whole stack, channel by channel; asked for once.
 * @param {api.FileInfo} file
 */
export function levelsOf(file) {
  const known = levels.get(file.id);
  if (known) return known;
  const asked = api.levels(file.id).then(answer => answer.channels);
  levels.set(file.id, asked);
  asked.catch(() => levels.delete(file.id));
  return asked;
}
