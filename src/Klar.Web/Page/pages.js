// Where one is in a stack: channel, slice and frame; which channels are seen, and how its depth is put together.
import { make } from "./dom.js";
/** @typedef {import("./api.js").ImageInfo} ImageInfo */
/** @typedef {"slice" | "max" | "mean" | "sd" | "xz" | "yz"} Depth */
/**
 * @typedef {{ axis: string, size: number, input: HTMLInputElement, output: HTMLOutputElement,
 *   label: HTMLElement }} Axis
 */
/** @typedef {{ index: number, name: string, on: boolean, colour: string }} Channel */

const NAMES = /** @type {Record<string, string>} */ ({ T: "frame", Z: "slice", C: "channel", I: "page" });
const DEPTHS = /** @type {[Depth, string][]} */ ([
  ["slice", "One slice"],
  ["max", "Maximum"],
  ["mean", "Mean"],
  ["sd", "Deviation"],
  ["xz", "XZ section"],
  ["yz", "YZ section"],
]);
const COLOURS = ["green", "magenta", "cyan", "yellow", "red", "blue", "gray"], MOST_CHANNELS = 7, PLAY_MS = 120;
const STAINS = /** @type {[RegExp, string][]} */ ([
  [/dapi|hoechst|405|cfp/i, "blue"],
  [/gfp|fitc|488|alexa ?488/i, "green"],
  [/rfp|cherry|tritc|cy3|56[18]|texas/i, "red"],
  [/cy5|64[07]|far/i, "magenta"],
  [/trans|phase|dic|bright/i, "gray"],
]);

/** Where one is in a stack. */
export class PageSliders {
  /** @type {Channel[]} */
  channels = [];

  isComposite = false;

  /** @type {Depth} */
  depth = "slice";

  /** @type {Axis[]} */
  #axes = [];
  #timer = 0;

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
    return this.#pageWith({});
  }

  /** The page as --select names it. */
  get select() {
    return this.#axes.map(({ axis, input }) => `${axis.toLowerCase()}=${input.value}`);
  }

  get channel() {
    return Number(this.#axes.find(one => one.axis === "C")?.input.value ?? 0);
  }

  /** Channels that are looked at: all that are switched on, or the one of the slider. */
  get seen() {
    const on = this.channels.filter(one => one.on).map(one => one.index);
    return this.isComposite && on.length > 0 ? on : [this.channel];
  }

  /** The page of a channel at this place. @param {number} channel */
  pageOf(channel) {
    return this.#pageWith({ C: channel });
  }

  /** All pages of a channel along the depth (or what else the pages are). @param {number} channel */
  pagesOf(channel) {
    const along = this.#along;
    return along
      ? Array.from({ length: along.size }, (_, i) => this.#pageWith({ C: channel, [along.axis]: i }))
      : [this.pageOf(channel)];
  }

  /** Pages that will be wanted next. */
  get neighbours() {
    const along = this.#along, at = Number(along?.input.value ?? 0);
    const near = along ? [1, -1, 2, -2].map(by => at + by).filter(one => one >= 0 && one < along.size) : [];
    return near.flatMap(one =>
      this.seen.map(channel => this.#pageWith({ C: channel, [/** @type {{ axis: string }} */ (along).axis]: one })),
    );
  }

  /** @param {ImageInfo | null} image */
  of(image) {
    clearInterval(this.#timer);
    this.depth = "slice";
    this.#axes = !image ? [] : image.axes.slice(0, -2).split("").map((axis, i) => this.#axis(axis, image.sizes[i]));
    const count = this.#axes.find(one => one.axis === "C")?.size ?? 1;
    this.channels =
      count < 2 || count > MOST_CHANNELS
        ? []
        : Array.from({ length: count }, (_, index) => {
            const name = image?.channelNames?.[index] ?? `channel ${index + 1}`;
            return { index, name, on: true, colour: STAINS.find(([stain]) => stain.test(name))?.[1] ?? COLOURS[index] };
          });
    if (new Set(this.channels.map(one => one.colour)).size < this.channels.length)
      this.channels.forEach((one, i) => (one.colour = COLOURS[i]));
    this.isComposite = this.channels.length > 0;
    this.#place.replaceChildren(...this.#axes.map(({ label }) => label), ...this.#extras());
    this.#place.hidden = this.#axes.length === 0;
  }

  /** Goes on through the depth; false where there is none. @param {number} by */
  step(by) {
    const along = this.#along;
    if (!along) return false;
    const before = along.input.value;
    along.input.value = String(Number(before) + by);
    if (along.input.value !== before) along.input.dispatchEvent(new Event("input"));
    return true;
  }

  /** @param {number} page */
  goTo(page) {
    let rest = page;
    for (const { size, input, output } of [...this.#axes].reverse()) {
      input.value = String(rest % size);
      output.value = `${(rest % size) + 1} of ${size}`;
      rest = Math.floor(rest / size);
    }
  }

  /** The axis that the wheel goes through. */
  get #along() {
    return ["Z", "I", "T"].map(axis => this.#axes.find(one => one.axis === axis && one.size > 1)).find(one => one);
  }

  /** @param {Record<string, number>} places */
  #pageWith(places) {
    return this.#axes.reduce((page, { axis, size, input }) => page * size + (places[axis] ?? Number(input.value)), 0);
  }

  /**
   * A depth opens in its middle, where the picture is; times and channels at their first.
   * @param {string} axis
   * @param {number} size
   * @returns {Axis}
   */
  #axis(axis, size) {
    const start = axis === "Z" || axis === "I" ? Math.floor(size / 2) : 0,
      name = NAMES[axis] ?? axis;
    const input = make("input", {
      type: "range",
      min: "0",
      max: String(size - 1),
      value: String(start),
      "aria-label": name,
    });
    const output = make("output", {}, `${start + 1} of ${size}`);
    input.addEventListener("input", () => {
      output.value = `${Number(input.value) + 1} of ${size}`;
      input.setAttribute("aria-valuetext", output.value);
      this.#changed();
    });
    return { axis, size, input, output, label: make("label", {}, name, input, output) };
  }

  #extras() {
    const along = this.#along, extras = [];
    if (along) {
      const play = make("button", { type: "button", class: "play", "aria-pressed": "false" }, "▶ Play");
      play.addEventListener("click", () => this.#play(play));
      const depth = make(
        "select",
        { class: "depth", "aria-label": "depth" },
        ...DEPTHS.map(([value, text]) => make("option", { value }, text)),
      );
      depth.addEventListener("change", () => {
        this.depth = /** @type {Depth} */ (depth.value);
        this.#changed();
      });
      extras.push(play, depth);
    }
    if (this.channels.length > 0) extras.push(this.#channelRow());
    return extras;
  }

  #channelRow() {
    const check = (
      /** @type {boolean} */ checked,
      /** @type {string} */ label,
      /** @type {(on: boolean) => void} */ set,
    ) => {
      const input = make("input", { type: "checkbox", checked, "aria-label": label });
      input.addEventListener("change", () => {
        set(input.checked);
        this.#changed();
      });
      return input;
    };
    const composite = make(
      "label",
      { class: "check" },
      check(this.isComposite, "composite", on => (this.isComposite = on)),
      "Composite",
    );
    return make(
      "div",
      { class: "channels" },
      composite,
      ...this.channels.map(one => {
        const colour = make(
          "select",
          { "aria-label": `colour of ${one.name}` },
          ...COLOURS.map(name => make("option", { selected: name === one.colour }, name)),
        );
        colour.addEventListener("change", () => {
          one.colour = colour.value;
          this.#changed();
        });
        return make(
          "span",
          { class: "check" },
          make(
            "label",
            { class: "check" },
            check(one.on, one.name, on => (one.on = on)),
            one.name,
          ),
          colour,
        );
      }),
    );
  }

  /** @param {HTMLButtonElement} button */
  #play(button) {
    const isOn = button.getAttribute("aria-pressed") !== "true", along = this.#along;
    clearInterval(this.#timer);
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = isOn ? "■ Stop" : "▶ Play";
    if (!isOn || !along) return;
    this.#timer = setInterval(() => {
      along.input.value = String((Number(along.input.value) + 1) % along.size);
      along.input.dispatchEvent(new Event("input"));
    }, PLAY_MS);
  }
}
