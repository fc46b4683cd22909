// The bar above the picture: how it is shown, which tool is held, how large it is.
import { make, within } from "./dom.js";
/** @typedef {"curtain" | "side" | "first" | "second" | "flicker" | "residual" | "uncertainty"} Showing */
/** @typedef {"move" | "line" | "region"} Tool */

const MODES = /** @type {[Showing, string][]} */ ([
  ["curtain", "Curtain"], ["side", "Side by side"], ["first", "Before"], ["second", "After"], ["flicker", "Flicker"],
  ["residual", "Removed"], ["uncertainty", "Uncertainty"],
]);
const TOOLS = /** @type {[Tool, string, string][]} */ ([
  ["move", "Move", "Drag moves the picture"], ["line", "Line", "Drag a line for a profile (once: Shift and drag)"],
  ["region", "Region", "Drag a rectangle for its mean, deviation and signal to noise"],
]);

export const BAR = `
<div class="bar">
  <fieldset class="modes"><legend class="unseen">Show</legend></fieldset>
  <fieldset class="tools"><legend class="unseen">Tool</legend></fieldset>
  <span class="pair" hidden><label class="unseen" for="pair-left">Left</label>
    <select id="pair-left" class="pair-left"></select>
    <label class="unseen" for="pair-right">Right</label><select id="pair-right" class="pair-right"></select></span>
</div>`;

export const STATUS = `
<div class="status"><p class="readout" aria-live="off">\u00a0</p>
  <button type="button" class="save" title="The view as a PNG, with its scale bar">Save view</button>
  <span class="zooms"><button type="button" class="fit" title="Whole picture (0)">Fit</button>
    <button type="button" class="one" title="A pixel a pixel (1)">1:1</button>
    <button type="button" class="out" aria-label="Smaller" title="Smaller (-)">&minus;</button>
    <button type="button" class="in" aria-label="Larger" title="Larger (+)">+</button>
    <output class="zoom"></output></span>
</div>`;

/** What the bar shows, and what is pressed on it. */
export class Toolbar {
  /** @type {Tool} */
  tool = "move";

  /**
   * @param {HTMLElement} place
   * @param {{ mode: (mode: Showing) => void, fit: () => void, one: () => void, by: (factor: number) => void,
   *   tool: () => void, save: () => void }} acts
   */
  constructor(place, acts) {
    this.#place = place;
    const [modes, tools] = [within(place, ".modes", HTMLElement), within(place, ".tools", HTMLElement)];
    for (const [value, name] of MODES) {
      const input = make("input", { type: "radio", name: "mode", value, change: () => acts.mode(value) });
      modes.append(make("label", {}, input, make("span", {}, name)));
    }
    for (const [value, name, title] of TOOLS) {
      const input = make("input", { type: "radio", name: "tool", value, checked: value === "move" });
      input.addEventListener("change", () => {
        this.tool = value;
        acts.tool();
      });
      tools.append(make("label", { title }, input, make("span", {}, name)));
    }
    const on = (/** @type {string} */ name, /** @type {() => void} */ act) =>
      within(place, `.${name}`, HTMLButtonElement).addEventListener("click", act);
    on("fit", acts.fit);
    on("one", acts.one);
    on("in", () => acts.by(1.5));
    on("out", () => acts.by(1 / 1.5));
    on("save", acts.save);
    this.allow([]);
  }

  #place;

  /** @param {Showing} mode */
  check(mode) {
    this.#input(mode).checked = true;
  }

  /** Ways of showing that there are. @param {Showing[]} modes */
  allow(modes) {
    for (const [mode] of MODES) this.#input(mode).disabled = !modes.includes(mode);
    within(this.#place, ".modes", HTMLElement).hidden = modes.length < 2; // one way is no choice
    within(this.#place, ".save", HTMLButtonElement).disabled = modes.length === 0;
  }

  /** Those that there are. */
  get modes() {
    return MODES.map(([one]) => one).filter(one => !this.#input(one).disabled);
  }

  /** The next way of showing that there is. @param {Showing} mode */
  after(mode) {
    const possible = this.modes;
    return possible[(possible.indexOf(mode) + 1) % possible.length];
  }

  /** @param {string} text */
  zoom(text) {
    within(this.#place, ".zoom", HTMLOutputElement).value = text;
  }

  /** @param {Showing} mode */
  #input(mode) {
    return within(this.#place, `.modes input[value=${mode}]`, HTMLInputElement);
  }
}
