// Sliders for channel, slice and frame.
import { make } from "./dom.js";
/** @typedef {import("./api.js").ImageInfo} ImageInfo */

const NAMES = /** @type {Record<string, string>} */ ({ T: "frame", Z: "slice", C: "channel", I: "page" });

/** Where one is in a stack. */
export class PageSliders {
  /** @type {{ axis: string, size: number, input: HTMLInputElement, label: HTMLElement }[]} */
  #axes = [];

  /**
   * @param {HTMLElement} place
   * @param {() => void} changed
   */
  constructor(place, changed) {
    this.#place = place;
    this.#changed = changed;
  }

  #place;
  #changed;

  /** The number of the page, from 0. */
  get page() {
    return this.#axes.reduce((page, { size, input }) => page * size + Number(input.value), 0);
  }

  /** The page as --select names it. */
  get select() {
    return this.#axes.map(({ axis, input }) => `${axis.toLowerCase()}=${input.value}`);
  }

  /** @param {ImageInfo | null} image */
  of(image) {
    this.#axes = !image ? [] : image.axes.slice(0, -2).split("").map((axis, i) => {
      const size = image.sizes[i], input = make("input", { type: "range", min: "0", max: String(size - 1), value: "0", "aria-label": NAMES[axis] ?? axis }), output = make("output", {}, `1 of ${size}`);
      input.addEventListener("input", () => {
        output.value = `${Number(input.value) + 1} of ${size}`;
        input.setAttribute("aria-valuetext", output.value);
        this.#changed();
      });
      return { axis, size, input, label: make("label", {}, NAMES[axis] ?? axis, input, output) };
    });
    this.#place.replaceChildren(...this.#axes.map(({ label }) => label));
    this.#place.hidden = this.#axes.length === 0;
  }
}
