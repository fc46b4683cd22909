// The contrast that a picture and its results share: black, white, gamma and colours, and the histogram to set them on.
import { numberText, within } from "./dom.js";
import { count, Histogram } from "./histogram.js";
import { lutNames } from "./luts.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./renderer.js").Contrast} Contrast */
/** @typedef {import("./api.js").Levels} Levels */

const STEPS = 1000, BINS_OF_AUTO = 4096, MOST_GAMMA = 4;

const TEMPLATE = `
<canvas class="histogram" role="img" aria-label="Histogram of the grey levels"></canvas>
<div class="handles">
  ${["black", "white", "gamma"].map(name => `<label>${name[0].toUpperCase()}${name.slice(1)}
    <input class="${name}" type="range" min="${name === "gamma" ? -100 : 0}" max="${name === "gamma" ? 100 : STEPS}">
    <input class="${name}-value" type="number" step="any" aria-label="${name}, as a number"></label>`).join("")}
  <label>Colours <select class="lut"></select></label>
  <div class="row"><button type="button" class="auto" title="A">Auto</button>
    <button type="button" class="full">Full range</button>
    <label class="check"><input type="checkbox" class="log" checked> log</label></div>
</div>`;

/** Window, gamma and colours of one channel at a time. */
export class ContrastPanel {
  /** @type {Map<string, Contrast>} */
  #windows = new Map();
  #key = "";
  /** @type {[number, number]} */
  #span = [0, 1];
  /** @type {Picture[]} */
  #pictures = [];
  /** @type {Levels | null} */
  #levels = null;
  #canvas;
  #histogram;
  #inputs;

  /**
   * @param {HTMLElement} place
   * @param {() => void} changed
   */
  constructor(place, changed) {
    place.innerHTML = TEMPLATE;
    this.#canvas = within(place, "canvas", HTMLCanvasElement);
    this.#histogram = new Histogram(this.#canvas);
    const input = (/** @type {string} */ name) => within(place, `.${name}`, HTMLInputElement);
    this.#inputs = {
      black: input("black"),
      white: input("white"),
      gamma: input("gamma"),
      lut: within(place, ".lut", HTMLSelectElement),
    };
    this.#typed = { black: input("black-value"), white: input("white-value"), gamma: input("gamma-value") };
    for (const name of lutNames) this.#inputs.lut.add(new Option(name));
    this.changed = () => {
      this.#show();
      changed();
    };
    for (const one of [this.#inputs.black, this.#inputs.white, this.#inputs.gamma])
      one.addEventListener("input", () => this.#take(one));
    for (const name of /** @type {const} */ (["black", "white", "gamma"])) {
      this.#typed[name].addEventListener("change", () => this.#type(name, this.#typed[name].valueAsNumber));
    }
    this.#inputs.lut.addEventListener("change", () => this.set({ lut: this.#inputs.lut.value }));
    within(place, ".auto", HTMLButtonElement).addEventListener("click", () => this.auto());
    within(place, ".full", HTMLButtonElement).addEventListener("click", () =>
      this.set({ black: this.#span[0], white: this.#span[1], gamma: 1 }),
    );
    const log = input("log");
    log.addEventListener("change", () => {
      this.#histogram.isLog = log.checked;
      this.#show();
    });
    new ResizeObserver(() => this.#show()).observe(this.#canvas);
    addEventListener("klar-theme", () => this.#show());
    this.#dragging();
  }

  #typed;

  /** That of the channel which is set. @returns {Contrast} */
  get value() {
    return this.of(this.#key);
  }

  /** @param {string} key @returns {Contrast} */
  of(key) {
    return this.#windows.get(key) ?? { black: 0, white: 1, gamma: 1, lut: "gray" };
  }

  /**
   * Shows the histograms of these pictures; the window of a key stays unless it is the first time.
   * @param {string} key
   * @param {Picture[]} pictures
   * @param {Levels | null} levels of the whole stack, where it is one
   * @param {string} [lut] at first
   */
  use(key, pictures, levels, lut = "gray") {
    const isFresh = !this.#windows.has(key), isOther = this.#key !== key;
    [this.#key, this.#pictures, this.#levels] = [key, pictures, levels];
    const ranges = [...pictures.map(picture => picture.range), ...(levels ? [[levels.least, levels.most]] : [])];
    const [least, most] = [Math.min(...ranges.map(range => range[0])), Math.max(...ranges.map(range => range[1]))];
    this.#span = isFresh || isOther ? [least, most > least ? most : least + 1]
      : [Math.min(least, this.#span[0]), Math.max(most, this.#span[1])];
    const colour = pictures[0]?.shown === 3;
    this.#inputs.lut.disabled = colour;
    this.#inputs.lut.title = colour ? "A colour picture has its own colours" : "";
    if (isFresh) this.auto(lut);
    else this.changed();
  }

  /** There is no picture any more. */
  clear() {
    [this.#key, this.#pictures, this.#levels] = ["", [], null];
    this.#show();
  }

  /** @param {Partial<Contrast>} some */
  set(some) {
    this.#windows.set(this.#key, { ...this.value, ...some });
    this.changed();
  }

  /** @param {string} key @param {Partial<Contrast>} some */
  setOf(key, some) {
    this.#windows.set(key, { ...this.of(key), ...some });
    this.changed();
  }

  /**
   * Black and white so that one sample in a thousand lies below and two above: of the whole stack, or of the last
   * picture, which has the least noise.
   * @param {string} [lut]
   */
  auto(lut) {
    const picture = this.#pictures.at(-1), colours = lut ? { lut } : {};
    if (!picture) return;
    const { black, white } = this.#levels ?? automatic(picture);
    this.set({ black, white, ...colours });
  }

  /** @param {"black" | "white" | "gamma"} name @param {number} value */
  #type(name, value) {
    const { black, white } = this.value;
    if (name === "gamma" && value > 0) this.set({ gamma: Math.min(MOST_GAMMA, Math.max(1 / MOST_GAMMA, value)) });
    else if (name === "black" && value < white) this.set({ black: value });
    else if (name === "white" && value > black) this.set({ white: value });
    else this.#show();
  }

  /** @param {HTMLInputElement} input */
  #take(input) {
    const share = Number(input.value) / STEPS, level = this.#span[0] + share * (this.#span[1] - this.#span[0]);
    if (input === this.#inputs.gamma) this.set({ gamma: MOST_GAMMA ** (Number(input.value) / 100) });
    else if (input === this.#inputs.black) this.set({ black: Math.min(level, this.value.white - this.#least) });
    else this.set({ white: Math.max(level, this.value.black + this.#least) });
  }

  get #least() {
    return (this.#span[1] - this.#span[0]) / STEPS;
  }

  #show() {
    const [least, most] = this.#span, { black, white, gamma, lut } = this.value;
    const share = (/** @type {number} */ level) => (level - least) / (most - least);
    const put = (
      /** @type {"black" | "white" | "gamma"} */ name,
      /** @type {number} */ value,
      /** @type {string} */ text,
    ) => {
      this.#inputs[name].value = String(Math.round(value));
      this.#inputs[name].setAttribute("aria-valuetext", text);
      this.#typed[name].value = text;
    };
    put("black", share(black) * STEPS, numberText(black));
    put("white", share(white) * STEPS, numberText(white));
    put("gamma", (Math.log(gamma) / Math.log(MOST_GAMMA)) * 100, gamma.toFixed(2));
    this.#inputs.lut.value = lut;
    if (this.#canvas.clientWidth > 0) this.#histogram.draw(this.#pictures, this.#span, black, white);
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
      const { black, white } = this.#inputs, at = share(event);
      held = Math.abs(at - Number(black.value)) < Math.abs(at - Number(white.value)) ? black : white;
      this.#canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.#canvas.addEventListener("pointermove", follow);
    this.#canvas.addEventListener("lostpointercapture", () => (held = null));
  }
}

/** @param {Picture} picture */
function automatic(picture) {
  const { counts, least, width } = count(picture, picture.range, BINS_OF_AUTO),
    all = counts.reduce((sum, n) => sum + n, 0);
  const below = (/** @type {number} */ share) => {
    let sum = 0;
    const bin = counts.findIndex(n => (sum += n) > share * all);
    return least + width * (bin < 0 ? counts.length : bin);
  };
  const [black, white] = [below(0.001), below(0.998)], [darkest, brightest] = picture.range;
  return white > black ? { black, white } : { black: darkest, white: brightest > darkest ? brightest : darkest + 1 };
}
