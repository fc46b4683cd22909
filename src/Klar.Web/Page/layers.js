// The channels that are seen of a file and of its results, each with its colour and its window.
import { pageOf } from "./samples.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./api.js").Levels} Levels */
/** @typedef {import("./viewer.js").Layer} Layer */
/** @typedef {{ file: FileInfo, left: FileInfo, right: FileInfo | null, isOnePage: boolean }} Sources */

/** Fetches channels and gives them colours. */
export class Layers {
  /** @type {Map<string, string>} */
  #painted = new Map();

  /**
   * @param {import("./viewer.js").Viewer} viewer
   * @param {import("./pages.js").PageSliders} sliders
   */
  constructor(viewer, sliders) {
    this.#viewer = viewer;
    this.#sliders = sliders;
  }

  #viewer;
  #sliders;

  /** Those that are seen. @param {Sources} sources @returns {Promise<Layer[]>} */
  of(sources) {
    return Promise.all(this.#sliders.seen.map(channel => this.#layer(sources, channel)));
  }

  /**
   * Colours them. Windows are those of the whole stack at first; what was set by hand stays.
   * @param {Layer[]} layers
   * @param {Levels[] | null} levels
   */
  paint(layers, levels) {
    if (this.#sliders.channels.length === 0) return;
    for (const [i, { key }] of layers.entries()) {
      const channel = this.#sliders.seen[i], colour = this.colour(channel), { black, white } = levels?.[channel] ?? {};
      if (this.#painted.get(key) === colour) continue;
      const isFirst = !this.#painted.has(key) && black !== undefined;
      this.#viewer.contrast.setOf(key, { lut: colour, ...(isFirst ? { black, white } : {}) });
      this.#painted.set(key, colour);
    }
  }

  /** @param {number} channel */
  colour(channel) {
    return (this.#sliders.isComposite && this.#sliders.channels[channel]?.colour) || "gray";
  }

  /** @param {Sources} sources @param {number} channel @returns {Promise<Layer>} */
  async #layer({ file, left, right, isOnePage }, channel) {
    const sliders = this.#sliders, page = sliders.pageOf(channel), pages = sliders.pagesOf(channel);
    // What puts slices together comes when it is asked for: most pictures have none.
    const of = async (/** @type {FileInfo} */ one) => sliders.depth === "slice" ? pageOf(one, page)
      : (await import("./depth.js")).depthOf(one, pages, sliders.depth, this.#viewer.spot);
    const isThere = right && (!isOnePage || (sliders.depth === "slice" && channel === sliders.channel));
    const made = !isThere ? null : isOnePage ? pageOf(right, 0) : of(right);
    const [first, second] = await Promise.all([of(left), made]);
    return { key: `${file.id}/${channel}`, name: sliders.channels[channel]?.name ?? "", first, second };
  }
}
