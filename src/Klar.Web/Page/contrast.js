// The contrast that all pictures share: a histogram with two handles, gamma, and a look-up table.
import { numberText, within } from "./dom.js";
import { lutNames } from "./luts.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./renderer.js").Contrast} Contrast */

const BINS = 256, STEPS = 1000;

const TEMPLATE = `
<canvas class="histogram" width="512" height="120" role="img" aria-label="Histogram of the grey levels"></canvas>
<div class="handles">
  <label>black <input class="black" type="range" min="0" max="${STEPS}" value="0"><output></output></label>
  <label>white <input class="white" type="range" min="0" max="${STEPS}" value="${STEPS}"><output></output></label>
  <label>gamma <input class="gamma" type="range" min="-100" max="100" value="0"><output></output></label>
  <label>colours <select class="lut"></select></label>
  <span><button type="button" class="auto">Auto</button> <button type="button" class="full">Full range</button></span>
</div>`;

/** Window, gamma and colours, and the histogram that they are set on. */
export class ContrastPanel {
  /** @type {Contrast} */
  value = { black: 0, white: 1, gamma: 1, lut: "gray" };

  /** @type {[number, number]} */
  #span = [0, 1];
  /** @type {Picture[]} */
  #pictures = [];
  #canvas;
  #inputs;

  /**
   * @param {HTMLElement} place
   * @param {() => void} changed
   */
  constructor(place, changed) {
    place.innerHTML = TEMPLATE;
    this.#canvas = within(place, "canvas", HTMLCanvasElement);
    const input = (/** @type {string} */ name) => within(place, `.${name}`, HTMLInputElement);
    this.#inputs = { black: input("black"), white: input("white"), gamma: input("gamma"), lut: within(place, ".lut", HTMLSelectElement) };
    for (const name of lutNames) this.#inputs.lut.add(new Option(name));
    this.changed = () => {
      this.#show();
      changed();
    };
    for (const one of [this.#inputs.black, this.#inputs.white, this.#inputs.gamma]) one.addEventListener("input", () => this.#take(one));
    this.#inputs.lut.addEventListener("change", () => this.set({ lut: this.#inputs.lut.value }));
    within(place, ".auto", HTMLButtonElement).addEventListener("click", () => this.auto());
    within(place, ".full", HTMLButtonElement).addEventListener("click", () => this.set({ black: this.#span[0], white: this.#span[1], gamma: 1 }));
    this.#dragging();
  }

  /**
   * Shows the histograms of these pictures; the window stays unless it is the first time.
   * @param {Picture[]} pictures
   * @param {boolean} fresh
   */
  of(pictures, fresh) {
    this.#pictures = pictures;
    const ranges = pictures.map(picture => picture.range);
    const [least, most] = [Math.min(...ranges.map(range => range[0])), Math.max(...ranges.map(range => range[1]))];
    this.#span = fresh ? [least, most > least ? most : least + 1] : [Math.min(least, this.#span[0]), Math.max(most, this.#span[1])];
    if (fresh) this.auto();
    else this.changed();
  }

  /** @param {Partial<Contrast>} some */
  set(some) {
    this.value = { ...this.value, ...some };
    this.changed();
  }

  /** Black and white so that one sample in a thousand lies below and two above; of the last picture, which has the least noise. */
  auto() {
    const picture = this.#pictures.at(-1);
    if (!picture) return;
    const counts = count(picture, picture.range, 4096), all = counts.reduce((sum, n) => sum + n, 0), [least, most] = picture.range;
    const below = (/** @type {number} */ share) => {
      let sum = 0;
      const bin = counts.findIndex(n => (sum += n) > share * all);
      return least + ((most - least) * (bin < 0 ? 4096 : bin)) / 4096;
    };
    const [black, white] = [below(0.001), below(0.998)];
    this.set(white > black ? { black, white } : { black: least, white: most > least ? most : least + 1 });
  }

  /** @param {HTMLInputElement} input */
  #take(input) {
    const share = Number(input.value) / STEPS, level = this.#span[0] + share * (this.#span[1] - this.#span[0]);
    if (input === this.#inputs.gamma) this.set({ gamma: 4 ** (Number(input.value) / 100) });
    else if (input === this.#inputs.black) this.set({ black: Math.min(level, this.value.white - this.#least) });
    else this.set({ white: Math.max(level, this.value.black + this.#least) });
  }

  get #least() {
    return (this.#span[1] - this.#span[0]) / STEPS;
  }

  #show() {
    const [least, most] = this.#span, { black, white, gamma, lut } = this.value;
    const share = (/** @type {number} */ level) => (level - least) / (most - least);
    const put = (/** @type {HTMLInputElement} */ input, /** @type {number} */ value, /** @type {string} */ text) => {
      input.value = String(Math.round(value));
      input.setAttribute("aria-valuetext", text);
      within(/** @type {HTMLElement} */ (input.parentElement), "output", HTMLOutputElement).value = text;
    };
    put(this.#inputs.black, share(black) * STEPS, numberText(black));
    put(this.#inputs.white, share(white) * STEPS, numberText(white));
    put(this.#inputs.gamma, (Math.log(gamma) / Math.log(4)) * 100, gamma.toFixed(2));
    this.#inputs.lut.value = lut;
    this.#draw(share(black), share(white));
  }

  /** @param {number} black @param {number} white */
  #draw(black, white) {
    const pen = this.#canvas.getContext("2d"), { width, height } = this.#canvas, style = getComputedStyle(this.#canvas);
    if (!pen) return;
    pen.clearRect(0, 0, width, height);
    this.#pictures.forEach((picture, i) => {
      const counts = this.#counts(picture), top = Math.log1p(Math.max(...counts));
      pen.fillStyle = pen.strokeStyle = style.getPropertyValue(i === 0 && this.#pictures.length > 1 ? "--quiet" : "--accent");
      pen.beginPath();
      counts.forEach((n, bin) => pen.lineTo((bin / BINS) * width, height - (Math.log1p(n) / top) * (height - 8)));
      if (i > 0) {
        pen.lineWidth = 2;
        pen.stroke();
      } else {
        pen.lineTo(width, height);
        pen.lineTo(0, height);
        pen.fill();
      }
    });
    pen.fillStyle = style.getPropertyValue("--ink");
    for (const share of [black, white]) pen.fillRect(Math.min(width - 3, Math.max(0, share * width - 1)), 0, 3, height);
  }

  /** @type {WeakMap<Picture, { span: string, counts: number[] }>} */
  #known = new WeakMap();

  /** @param {Picture} picture */
  #counts(picture) {
    const span = this.#span.join(), known = this.#known.get(picture);
    if (known?.span === span) return known.counts;
    const counts = count(picture, this.#span, BINS);
    this.#known.set(picture, { span, counts });
    return counts;
  }

  /** The nearer of the two handles follows the pointer. */
  #dragging() {
    /** @type {HTMLInputElement | null} */
    let held = null;
    const share = (/** @type {PointerEvent} */ event) => {
      const box = this.#canvas.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * STEPS;
    };
    const follow = (/** @type {PointerEvent} */ event) => {
      if (!held) return;
      held.value = String(share(event));
      this.#take(held);
    };
    this.#canvas.addEventListener("pointerdown", event => {
      const { black, white } = this.#inputs;
      held = Math.abs(share(event) - Number(black.value)) < Math.abs(share(event) - Number(white.value)) ? black : white;
      this.#canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.#canvas.addEventListener("pointermove", follow);
    this.#canvas.addEventListener("lostpointercapture", () => (held = null));
  }
}

/**
 * How many samples lie in each of equal bins.
 * @param {Picture} picture
 * @param {[number, number]} span
 * @param {number} bins
 */
function count(picture, [least, most], bins) {
  const counts = new Array(bins).fill(0), scale = (bins - 1e-6) / (most - least || 1), end = picture.width * picture.height * picture.shown;
  for (let i = 0; i < end; i++) {
    const bin = Math.floor((picture.data[i] - least) * scale);
    if (bin >= 0 && bin < bins) counts[bin]++;
  }
  return counts;
}
