// A live preview: a frame in which the method is tried, again whenever a setting changes.
import { byId, lineOf, say } from "./dom.js";
import { previewOf } from "./samples.js";
import { methodName } from "./trust.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./viewer.js").Viewer} Viewer */
/** @typedef {{ page: number, picture: Picture, name: string }} Preview */

const SIDE = 256, PATIENCE_MS = 350;

/** Tries a method on a part of the picture. */
export class LivePreview {
  isOn = false;

  /** @type {Preview | null} */
  preview = null;

  /** @type {AbortController | null} */
  #running = null;
  #waiting = 0;
  /** @type {{ x: number, y: number } | null} */
  #spot = null;

  /**
   * @param {Viewer} viewer
   * @param {() => { file: FileInfo | null, page: number, settings: import("./api.js").JobSettings | null }} asked
   * @param {() => Promise<void>} changed
   */
  constructor(viewer, asked, changed) {
    this.#viewer = viewer;
    this.#asked = asked;
    this.#changed = changed;
  }

  #viewer;
  #asked;
  #changed;

  toggle() {
    if (this.isOn) this.stop();
    else this.start();
  }

  /** At the cross, or in the middle of what is seen. */
  start() {
    this.isOn = true;
    this.#spot = this.#viewer.spot;
    this.#show();
    this.#render();
  }

  stop() {
    this.isOn = false;
    this.#running?.abort();
    clearTimeout(this.#waiting);
    this.preview = null;
    this.#viewer.setFrame(null);
    this.#show();
    return this.#changed();
  }

  /** @param {{ x: number, y: number }} point of the picture */
  move({ x, y }) {
    if (!this.isOn) return;
    this.#spot = { x: Math.floor(x), y: Math.floor(y) };
    this.#render();
  }

  /** Something that the preview depends on is another now. */
  again() {
    if (!this.isOn) return;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#render(), PATIENCE_MS);
  }

  #show() {
    const button = byId("preview", HTMLButtonElement);
    button.textContent = this.isOn ? "Stop preview" : "Live preview";
    button.classList.toggle("on", this.isOn);
    button.setAttribute("aria-pressed", String(this.isOn));
  }

  async #render() {
    const { file, page, settings } = this.#asked(), image = file?.image, spot = this.#spot;
    if (!file || !image || !spot || !settings) return;
    this.#running?.abort();
    const mine = (this.#running = new AbortController()), start = performance.now(), name = methodName(settings);
    const [width, height] = [Math.min(SIDE, image.width), Math.min(SIDE, image.height)];
    const x = Math.floor(Math.min(Math.max(0, spot.x - width / 2), image.width - width));
    const y = Math.floor(Math.min(Math.max(0, spot.y - height / 2), image.height - height)),
      area = { x, y, width, height };
    this.#viewer.setFrame({ area, label: `${name} …`, busy: true });
    try {
      const picture = await previewOf(file, { file: file.id, page, ...area, settings }, mine.signal),
        time = `${((performance.now() - start) / 1000).toFixed(1)} s`;
      if (mine.signal.aborted) return;
      this.preview = { page, picture, name: `${name}, preview` };
      await this.#changed();
      if (!["second", "first", "side"].includes(this.#viewer.mode)) this.#viewer.setMode("second");
      this.#viewer.setFrame({ area, label: `${name}, ${time}`, busy: false });
      say(`preview of ${width} × ${height} pixels from (${x}, ${y}) on: ${time}`);
    } catch (failure) {
      if (mine.signal.aborted) return;
      this.#viewer.setFrame({ area, label: "it failed", busy: false });
      say(lineOf(failure), true);
    }
  }
}
