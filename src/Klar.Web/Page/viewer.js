// The viewer: two pictures under one view and one contrast.
import { ContrastPanel } from "./contrast.js";
import { attachCurtain, attachKeys, attachPointers } from "./controls.js";
import { make, numberText, within } from "./dom.js";
import { OVERLAY, Overlay } from "./overlay.js";
import { along, plot } from "./profile.js";
import { Renderer } from "./renderer.js";
import { rootMeanSquare } from "./samples.js";
import { View } from "./view.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {"curtain" | "side" | "first" | "second" | "flicker" | "residual" | "uncertainty"} Showing */
/** @typedef {{ of: string, first: Picture, second?: Picture | null, uncertainty?: Picture | null, firstName: string, secondName?: string, pixelSize?: number | null }} Shown */

const MODES = /** @type {[Showing, string][]} */ ([
  ["curtain", "Curtain"], ["side", "Side by side"], ["first", "Before"], ["second", "After"], ["flicker", "Flicker"], ["residual", "Taken out"], ["uncertainty", "Uncertainty"],
]);
const FLICKER_MS = 600, NOTHING = "\u00a0";

const TEMPLATE = `
<div class="bar">
  <fieldset class="modes"><legend class="unseen">Show</legend></fieldset>
  <span class="zooms"><button type="button" class="fit" title="Whole picture (0)">Fit</button><button type="button" class="one" title="A pixel a pixel (1)">1:1</button><button type="button" class="out" aria-label="Smaller" title="Smaller (-)">&minus;</button><button type="button" class="in" aria-label="Larger" title="Larger (+)">+</button><output class="zoom"></output></span>
  <label class="check" title="Drag a line (or Shift and drag), or press L for the row under the cross"><input type="checkbox" class="line"> Line profile</label>
</div>
<div class="stage"><canvas class="picture" tabindex="0" role="application" aria-label="Picture" aria-describedby="keys"></canvas>${OVERLAY}</div>
<p class="readout" aria-live="off">${NOTHING}</p>
<div class="profile" hidden><canvas width="1024" height="160" role="img" aria-label="Line profile"></canvas><p class="quiet"></p></div>`;

/** A viewer in a place of the page. */
export class Viewer {
  /** What drawing has cost so far: frames, and the script's milliseconds of each of the last thousand. */
  stats = { frames: 0, scriptMs: /** @type {number[]} */ ([]) };

  /** From the left, 0 to 1. */
  curtainAt = 0.5;

  /** The line of the profile. @type {[Point, Point] | null} */
  line = null;

  /** @type {Shown | null} */
  #shown = null;
  /** @type {Showing} */
  #mode = "first";
  #view = new View();
  /** Full colour of what was taken out: three times its root mean square. */
  #limit = 1;
  /** @type {Point | null} */
  #cross = null;
  #flickerTimer = 0;
  #flickerSecond = false;
  #asked = false;

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} contrastPlace
   */
  constructor(place, contrastPlace) {
    place.innerHTML = TEMPLATE;
    this.#place = place;
    this.#stage = within(place, ".stage", HTMLElement);
    this.#canvas = within(place, "canvas.picture", HTMLCanvasElement);
    this.#readout = within(place, ".readout", HTMLElement);
    this.#lineBox = within(place, ".line", HTMLInputElement);
    this.#overlay = new Overlay(this.#stage);
    this.renderer = new Renderer(this.#canvas);
    this.contrast = new ContrastPanel(contrastPlace, () => this.draw());
    this.#bar();
    attachPointers(this, this.#canvas);
    attachKeys(this, this.#canvas);
    attachCurtain(this, this.#overlay.curtain);
    this.#canvas.addEventListener("webglcontextrestored", () => this.draw());
    new ResizeObserver(() => this.#resized()).observe(this.#stage);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  #place;
  #stage;
  #canvas;
  #readout;
  #lineBox;
  #overlay;

  get hasPicture() {
    return this.#shown !== null;
  }

  /** Screen pixels for a pixel of the picture. */
  get zoom() {
    return this.#view.zoom;
  }

  /** Screen pixels of the canvas for one of the page. */
  get ratio() {
    return this.#canvas.width / Math.max(1, this.#canvas.clientWidth);
  }

  get drawsLines() {
    return this.#lineBox.checked;
  }

  /** The pixel under the cross, or in the middle of the view. */
  get spot() {
    const { x, y } = this.#cross ?? this.#view.toPicture(this.#view.middle);
    return { x: Math.floor(x), y: Math.floor(y) };
  }

  /**
   * Shows other pictures. The view stays while the size does, the contrast while they are of the same file.
   * @param {Shown | null} shown
   */
  show(shown) {
    const before = this.#shown;
    this.#shown = shown;
    if (!shown) {
      this.draw();
      return;
    }
    const { first, second, uncertainty } = shown, fresh = before?.first.width !== first.width || before.first.height !== first.height;
    this.renderer.keepOnly([first, second, uncertainty].filter(one => !!one));
    if (fresh) {
      this.#cross = this.line = null;
      this.#view.setPicture(first.width, first.height);
    }
    for (const input of this.#place.querySelectorAll(".modes input")) {
      if (input instanceof HTMLInputElement) input.disabled = input.value === "uncertainty" ? !uncertainty : input.value !== "first" && !second;
    }
    this.#limit = second ? 3 * rootMeanSquare(first, second) : 1;
    const isNewSecond = second && !before?.second, isGone = this.#mode === "uncertainty" && !uncertainty;
    this.setMode(!second ? "first" : fresh || isNewSecond || isGone ? "curtain" : this.#mode);
    this.contrast.of([first, second].filter(one => !!one).filter(one => one.width === first.width), before?.of !== shown.of);
    this.#profile();
    this.#read();
  }

  /** @param {Showing} mode */
  setMode(mode) {
    this.#mode = mode;
    this.#view.setPort(this.#portWidth, this.#canvas.height);
    within(this.#place, `.modes input[value=${mode}]`, HTMLInputElement).checked = true;
    clearInterval(this.#flickerTimer);
    if (mode === "flicker" && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#flickerTimer = setInterval(() => this.turn(), FLICKER_MS);
    this.draw();
  }

  /** The next way of showing that there is. */
  nextMode() {
    const possible = MODES.map(([mode]) => mode).filter(mode => !within(this.#place, `.modes input[value=${mode}]`, HTMLInputElement).disabled);
    this.setMode(possible[(possible.indexOf(this.#mode) + 1) % possible.length]);
  }

  /** Before and after in turn. */
  turn() {
    if (this.#mode !== "flicker") {
      this.setMode(this.#mode === "first" && this.#shown?.second ? "second" : "first");
      return;
    }
    this.#flickerSecond = !this.#flickerSecond;
    this.draw();
  }

  /** The whole picture. */
  fit() {
    this.#view.fit();
    this.draw();
  }

  /**
   * @param {number} zoom screen pixels for a pixel of the picture
   * @param {Point} [around] a point of the port; its middle where none is given
   */
  zoomTo(zoom, around) {
    this.#view.zoomTo(zoom, around);
    this.draw();
  }

  /** @param {number} dx @param {number} dy screen pixels */
  pan(dx, dy) {
    this.#view.pan(dx, dy);
    this.draw();
  }

  /** @param {number} share of the curtain, from the left */
  hang(share) {
    this.curtainAt = Math.min(1, Math.max(0, share));
    this.draw();
  }

  /**
   * Puts the cross on a pixel and says its values.
   * @param {number} x
   * @param {number} y
   */
  pointTo(x, y) {
    this.#readout.setAttribute("aria-live", "polite");
    this.#point({ x: x + 0.5, y: y + 0.5 });
  }

  /** Moves the cross by pixels. @param {number} dx @param {number} dy */
  step(dx, dy) {
    const { x, y } = this.spot, first = this.#shown?.first;
    if (first) this.pointTo(Math.min(first.width - 1, Math.max(0, x + dx)), Math.min(first.height - 1, Math.max(0, y + dy)));
  }

  /** The cross follows the mouse, and a finger that moves. @param {PointerEvent} event @param {boolean} [isHeld] */
  hover(event, isHeld = false) {
    if (event.pointerType !== "mouse" && !isHeld) return;
    this.#readout.setAttribute("aria-live", "off"); // a mouse would make a reader of screens talk all the time
    this.#point(this.under(event));
  }

  /** @param {[Point, Point] | null} line */
  setLine(line) {
    this.line = line;
    this.#lineBox.checked = line !== null;
    this.#profile();
    this.draw();
  }

  /** The row under the cross, all across. */
  setRow() {
    const y = this.spot.y + 0.5;
    if (this.#shown) this.setLine([{ x: 0, y }, { x: this.#shown.first.width, y }]);
  }

  /** Where an event lies on the port, in screen pixels. @param {MouseEvent} event @returns {Point} */
  inPort(event) {
    const box = this.#canvas.getBoundingClientRect(), x = (event.clientX - box.left) * this.ratio, half = Math.floor(this.#canvas.width / 2);
    return { x: this.#mode === "side" && x >= half ? x - half : x, y: (event.clientY - box.top) * this.ratio };
  }

  /** Where an event lies in the picture. @param {MouseEvent} event */
  under(event) {
    return this.#view.toPicture(this.inPort(event));
  }

  /** Where an event lies between left and right, 0 to 1. @param {MouseEvent} event */
  share(event) {
    const box = this.#canvas.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  }

  /** Draws with the next frame. */
  draw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      const start = performance.now();
      this.#frame();
      this.stats.frames++;
      this.stats.scriptMs.push(performance.now() - start);
      if (this.stats.scriptMs.length > 1000) this.stats.scriptMs.shift();
    });
  }

  get #portWidth() {
    return this.#mode === "side" ? Math.floor(this.#canvas.width / 2) : this.#canvas.width;
  }

  #frame() {
    const { width, height } = this.#canvas, shown = this.#shown;
    if (!shown) return;
    const ground = getComputedStyle(this.#stage).getPropertyValue("--stage").split(",").map(Number), half = Math.floor(width / 2), whole = { x: 0, width, height };
    const draw = (/** @type {typeof whole} */ port, /** @type {import("./renderer.js").Mode} */ mode) =>
      this.renderer.draw(port, shown.first, shown.second ?? null, mode, this.#view, this.contrast.value, this.curtainAt * width, this.#limit, ground);
    if (this.#mode === "side") {
      draw({ x: 0, width: half, height }, "first");
      draw({ x: half, width: width - half, height }, "second");
    } else if (this.#mode === "uncertainty") {
      if (shown.uncertainty) this.renderer.draw(whole, shown.uncertainty, null, "first", this.#view, { black: 0, white: shown.uncertainty.range[1], gamma: 0.7, lut: "inferno" }, 0, 1, ground);
    } else draw(whole, this.#mode === "flicker" ? (this.#flickerSecond ? "second" : "first") : this.#mode);
    this.#decorate(shown);
  }

  /** @param {Shown} shown */
  #decorate(shown) {
    const ratio = this.ratio, [before, after] = [shown.firstName, shown.secondName ?? ""], isSide = this.#mode === "side";
    const names = /** @type {Record<Showing, [string, string]>} */ ({
      curtain: [before, after], side: [before, after], first: [before, ""], second: ["", after], flicker: this.#flickerSecond ? ["", after] : [before, ""],
      residual: ["", "taken out: red darker, blue brighter"], uncertainty: ["", "how far each pixel may be off"],
    });
    this.#overlay.names(...names[this.#mode]);
    this.#overlay.hang(this.#mode === "curtain" ? this.curtainAt : null);
    this.#overlay.point(this.#view, ratio, this.#cross, isSide ? Math.floor(this.#canvas.width / 2) / ratio : null);
    this.#overlay.draw(this.#view, ratio, this.line);
    this.#overlay.scale(shown.pixelSize ? (shown.pixelSize * ratio) / this.zoom : null);
    within(this.#place, ".zoom", HTMLOutputElement).value = `${Math.round(100 * this.zoom)} %`;
  }

  #resized() {
    const ratio = devicePixelRatio || 1, [width, height] = [this.#stage.clientWidth, this.#stage.clientHeight].map(side => Math.max(1, Math.round(side * ratio)));
    if (width === this.#canvas.width && height === this.#canvas.height) return;
    [this.#canvas.width, this.#canvas.height] = [width, height];
    this.#view.setPort(this.#portWidth, height);
    this.draw();
  }

  /** @param {Point} point of the picture */
  #point(point) {
    this.#cross = point;
    this.#read();
    this.draw();
  }

  /** Says the values under the cross. */
  #read() {
    const shown = this.#shown, [x, y] = [Math.floor(this.#cross?.x ?? -1), Math.floor(this.#cross?.y ?? -1)], first = shown?.first.at(x, y);
    if (!shown || !first) {
      this.#readout.textContent = NOTHING;
      return;
    }
    const second = shown.second?.at(x, y), off = shown.uncertainty?.at(x, y), text = (/** @type {number[]} */ values) => values.map(numberText).join(" ");
    const parts = [`x ${x}, y ${y}`, `${shown.firstName} ${text(first)}`];
    if (second) parts.push(`${shown.secondName} ${text(second)}`, `difference ${text(first.map((value, c) => value - second[c]))}`);
    if (off) parts.push(`may be off by ${text(off)}`);
    this.#readout.textContent = parts.join(" · ");
  }

  #profile() {
    const panel = within(this.#place, ".profile", HTMLElement), shown = this.#shown;
    panel.hidden = !this.line;
    if (!this.line || !shown) return;
    const [from, to] = this.line, lines = [{ name: shown.firstName, values: along(shown.first, from, to) }];
    if (shown.second) lines.push({ name: shown.secondName ?? "after", values: along(shown.second, from, to) });
    const canvas = within(panel, "canvas", HTMLCanvasElement), words = plot(canvas, lines);
    canvas.setAttribute("aria-label", `Line profile: ${words}`);
    within(panel, "p", HTMLElement).textContent = words;
  }

  #bar() {
    const modes = within(this.#place, ".modes", HTMLElement), on = (/** @type {string} */ name, /** @type {() => void} */ act) => within(this.#place, `.${name}`, HTMLButtonElement).addEventListener("click", act);
    for (const [value, name] of MODES) {
      modes.append(make("label", {}, make("input", { type: "radio", name: "mode", value, change: () => this.setMode(value), disabled: value !== "first", checked: value === "first" }), make("span", {}, name)));
    }
    on("fit", () => this.fit());
    on("one", () => this.zoomTo(1));
    on("in", () => this.zoomTo(this.zoom * 1.5));
    on("out", () => this.zoomTo(this.zoom / 1.5));
    this.#lineBox.addEventListener("change", () => {
      if (!this.#lineBox.checked) this.setLine(null);
    });
  }
}
