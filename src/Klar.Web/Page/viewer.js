// The viewer: before and after under one view and one contrast, one channel or several on top of each other.
import { ContrastPanel } from "./contrast.js";
import { attachCurtain, attachKeys, attachPointers } from "./controls.js";
import { within } from "./dom.js";
import { areaOf, Measures, MEASURES } from "./measures.js";
import { OVERLAY, Overlay } from "./overlay.js";
import { keyOf, Painter } from "./painter.js";
import { readoutOf } from "./readout.js";
import { Renderer } from "./renderer.js";
import { rootMeanSquare } from "./samples.js";
import { BAR, STATUS, Toolbar } from "./toolbar.js";
import { View } from "./view.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./toolbar.js").Showing} Showing */
/** @typedef {import("./overlay.js").Rectangle} Rectangle */
/** @typedef {{ key: string, name: string, first: Picture, second: Picture | null }} Layer one channel */
/**
 * @typedef {{ of: string, layers: Layer[], active: number, uncertainty: Picture | null,
 *   levels?: import("./api.js").Levels | null,
 *   firstName: string, secondName: string, pixelSize: number | null, lut?: string }} Shown
 */

const FLICKER_MS = 600, SWEEP_MS = 2200, MOST_STEP_MS = 50;

const TEMPLATE = `${BAR}
<div class="stage" data-tool="move">
  <canvas class="picture" tabindex="0" role="application" aria-label="Picture" aria-describedby="keys"></canvas>
  ${OVERLAY}<div class="busy spin">Loading…</div></div>
${MEASURES}${STATUS}`;

/** Whether whoever looks wants nothing to move by itself. */
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A viewer in a place of the page. */
export class Viewer {
  /** What drawing has cost so far: frames, and the script's milliseconds of each of the last thousand. */
  stats = { frames: 0, scriptMs: /** @type {number[]} */ ([]) };

  /** From the left, 0 to 1. */
  curtainAt = 0.5;

  /** The line of the profile. @type {[Point, Point] | null} */
  line = null;

  /** The rectangle that is measured. @type {Rectangle | null} */
  area = null;

  /** Is told where somebody clicked, in pixels of the picture. @type {(point: Point) => void} */
  clicked = () => {};

  /** Is told that the view has changed: place, zoom, or way of showing. @type {() => void} */
  moved = () => {};

  /** Is asked to save what is seen. @type {() => void} */
  saves = () => {};

  /** Goes through the slices of a stack; false where there are none. @type {(by: number) => boolean} */
  steps = () => false;

  /** @type {Shown | null} */
  #shown = null;
  /** @type {Showing} */
  #mode = "first";
  #view = new View();
  /** Full colour of what was taken out: three times its root mean square. */
  #limit = 1;
  /** @type {Point | null} */
  #cross = null;
  /** @type {{ area: Rectangle, label: string, busy: boolean } | null} */
  #frameOf = null;
  #flickerTimer = 0;
  #flickerSecond = false;
  #sweep = 0;
  #asked = false;

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} contrastPlace
   */
  constructor(place, contrastPlace) {
    place.innerHTML = TEMPLATE;
    this.stage = within(place, ".stage", HTMLElement);
    this.canvas = within(place, "canvas.picture", HTMLCanvasElement);
    this.#readout = within(place, ".readout", HTMLElement);
    this.#overlay = new Overlay(this.stage);
    this.#measures = new Measures(place);
    this.toolbar = new Toolbar(place, {
      mode: mode => this.setMode(mode),
      fit: () => this.fit(),
      one: () => this.zoomTo(1),
      by: by => this.zoomTo(this.zoom * by),
      tool: () => (this.stage.dataset.tool = this.toolbar.tool),
      save: () => this.saves(),
    });
    this.renderer = new Renderer(this.canvas);
    this.contrast = new ContrastPanel(contrastPlace, () => this.draw());
    this.#painter = new Painter(this.stage, this.canvas, this.renderer, this.contrast, this.#overlay);
    attachPointers(this, this.canvas);
    attachKeys(this, this.canvas);
    attachCurtain(this, this.#overlay.curtain);
    this.canvas.addEventListener("webglcontextrestored", () => this.draw());
    new ResizeObserver(() => this.#resized()).observe(this.stage);
    addEventListener("klar-theme", () => this.draw());
    this.setMode("first");
  }

  #readout;
  #overlay;
  #measures;
  #painter;

  get hasPicture() {
    return this.#shown !== null;
  }

  get mode() {
    return this.#mode;
  }

  get view() {
    return this.#view;
  }

  get shown() {
    return this.#shown;
  }

  /** Screen pixels for a pixel of the picture. */
  get zoom() {
    return this.#view.zoom;
  }

  /** Screen pixels of the canvas for one of the page. */
  get ratio() {
    return this.canvas.width / Math.max(1, this.canvas.clientWidth);
  }

  /** The pixel under the cross, or in the middle of the view. */
  get spot() {
    const { x, y } = this.#cross ?? this.#view.toPicture(this.#view.middle);
    return { x: Math.floor(x), y: Math.floor(y) };
  }

  /**
   * Shows other pictures, or none. The view stays while the size does, the contrast while they are of the same file.
   * @param {Shown | null} shown
   */
  show(shown) {
    const before = this.#shown;
    this.#shown = shown;
    cancelAnimationFrame(this.#sweep);
    if (!shown) {
      this.#clear();
      return;
    }
    const { first, second } = shown.layers[shown.active],
      { uncertainty } = shown,
      was = before?.layers[before.active].first;
    const isFresh = was?.width !== first.width || was.height !== first.height;
    this.renderer.keepOnly(
      [...shown.layers.flatMap(layer => [layer.first, layer.second]), uncertainty].filter(one => !!one),
    );
    if (isFresh) {
      this.#cross = this.line = this.area = null;
      this.#view.setPicture(first.width, first.height);
    }
    const modes = /** @type {Showing[]} */ (
      second ? ["curtain", "side", "first", "second", "flicker", "residual"] : ["first"]
    );
    this.toolbar.allow(uncertainty ? [...modes, "uncertainty"] : modes);
    this.#limit = second ? 3 * rootMeanSquare(first, second) : 1;
    const isNewSecond = second && !before?.layers[before.active].second,
      isGone = this.#mode === "uncertainty" && !uncertainty;
    this.setMode(!second ? "first" : isFresh || isNewSecond || isGone ? "curtain" : this.#mode);
    const whole = [first, second].filter(one => !!one).filter(one => one.width === first.width);
    this.contrast.use(shown.layers[shown.active].key, whole, shown.levels ?? null, shown.lut);
    this.#measure();
    this.#read();
  }

  /** @param {Showing} mode */
  setMode(mode) {
    this.#mode = mode;
    this.#view.setPort(this.#portWidth, this.canvas.height);
    this.#overlay.split(mode === "side");
    this.toolbar.check(mode);
    clearInterval(this.#flickerTimer);
    if (mode === "flicker" && !isStill()) this.#flickerTimer = setInterval(() => this.turn(), FLICKER_MS);
    this.draw();
    this.moved();
  }

  /** A way of showing by its name, where there is one. @param {string} name */
  tryMode(name) {
    const mode = this.toolbar.modes.find(one => one === name);
    if (mode) this.setMode(mode);
  }

  /** The next way of showing that there is. */
  nextMode() {
    this.setMode(this.toolbar.after(this.#mode));
  }

  /** Before and after in turn. */
  turn() {
    if (this.#mode !== "flicker") {
      this.setMode(this.#mode === "first" && this.#shown?.layers[this.#shown.active].second ? "second" : "first");
      return;
    }
    this.#flickerSecond = !this.#flickerSecond;
    this.draw();
  }

  /** The whole picture. */
  fit() {
    this.#view.fit();
    this.#panned();
  }

  /**
   * @param {number} zoom screen pixels for a pixel of the picture
   * @param {Point} [around] a point of the port; its middle where none is given
   */
  zoomTo(zoom, around) {
    this.#view.zoomTo(zoom, around);
    this.#panned();
  }

  /** @param {number} dx @param {number} dy screen pixels */
  pan(dx, dy) {
    this.#view.pan(dx, dy);
    this.#panned();
  }

  /** Puts a point of the picture into the middle. @param {Point} point @param {number} zoom */
  lookAt(point, zoom) {
    this.#view.zoomTo(zoom);
    const { x, y } = this.#view.toScreen(point), { x: middle, y: height } = this.#view.middle;
    this.pan(middle - x, height - y);
  }

  /** @param {number} share of the curtain, from the left */
  hang(share) {
    cancelAnimationFrame(this.#sweep);
    this.curtainAt = Math.min(1, Math.max(0, share));
    this.draw();
  }

  /** Draws the curtain once over the picture and leaves it in the middle; nothing moves for whoever wants that. */
  sweep() {
    if (this.#mode !== "curtain" || isStill()) return;
    let [t, last] = [0, performance.now()];
    const next = () => {
      const now = performance.now();
      t = Math.min(1, t + Math.min(MOST_STEP_MS, now - last) / SWEEP_MS); // a slow machine sees all of it too
      last = now;
      this.curtainAt = 0.5 + 0.48 * Math.sin(2 * Math.PI * t * t * (3 - 2 * t));
      this.draw();
      if (t < 1) this.#sweep = requestAnimationFrame(next);
    };
    next();
  }

  /** Puts the cross on a pixel and says its values. @param {number} x @param {number} y */
  pointTo(x, y) {
    this.#readout.setAttribute("aria-live", "polite");
    this.#point({ x: x + 0.5, y: y + 0.5 });
  }

  /** Moves the cross by pixels. @param {number} dx @param {number} dy */
  step(dx, dy) {
    const { x, y } = this.spot,
      first = this.#shown?.layers[0].first;
    if (first)
      this.pointTo(Math.min(first.width - 1, Math.max(0, x + dx)), Math.min(first.height - 1, Math.max(0, y + dy)));
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
    this.#measure();
    this.draw();
  }

  /** The row under the cross, all across. */
  setRow() {
    const y = this.spot.y + 0.5, first = this.#shown?.layers[0].first;
    if (first) this.setLine([{ x: 0, y }, { x: first.width, y }]);
  }

  /** Between two points, whole pixels of the picture. @param {[Point, Point] | null} corners */
  setArea(corners) {
    const first = this.#shown?.layers[0].first;
    this.area = corners && first ? areaOf(corners, first) : null;
    this.#measure();
    this.draw();
  }

  /** The frame of a live preview. @param {{ area: Rectangle, label: string, busy: boolean } | null} frame */
  setFrame(frame) {
    this.#frameOf = frame;
    this.draw();
  }

  /** Where an event lies on the port, in screen pixels. @param {MouseEvent} event @returns {Point} */
  inPort(event) {
    const box = this.canvas.getBoundingClientRect(),
      x = (event.clientX - box.left) * this.ratio,
      half = Math.floor(this.canvas.width / 2);
    return { x: this.#mode === "side" && x >= half ? x - half : x, y: (event.clientY - box.top) * this.ratio };
  }

  /** Where an event lies in the picture. @param {MouseEvent} event */
  under(event) {
    return this.#view.toPicture(this.inPort(event));
  }

  /** Where an event lies between left and right, 0 to 1. @param {MouseEvent} event */
  share(event) {
    const box = this.canvas.getBoundingClientRect();
    return (event.clientX - box.left) / Math.max(1, box.width);
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

  #panned() {
    this.draw();
    this.moved();
  }

  #clear() {
    this.#cross = this.line = this.area = this.#frameOf = null;
    this.toolbar.allow([]);
    this.#painter.clear();
    this.renderer.keepOnly([]);
    this.toolbar.zoom("");
    this.contrast.clear();
    this.#measure();
    this.#read();
    this.draw();
  }

  get #portWidth() {
    return this.#mode === "side" ? Math.floor(this.canvas.width / 2) : this.canvas.width;
  }

  #frame() {
    const shown = this.#shown;
    this.#overlay.point(this.#view, this.ratio, shown && this.#cross);
    this.#overlay.draw(this.#view, this.ratio, this.line);
    this.#overlay.outline(this.#view, this.ratio, this.area);
    this.#overlay.frame(this.#view, this.ratio, this.#frameOf);
    if (!shown) return;
    this.toolbar.zoom(`${Math.round(100 * this.zoom)} %`);
    this.#painter.draw({
      shown,
      mode: this.#mode,
      view: this.#view,
      curtainAt: this.curtainAt,
      isSecond: this.#flickerSecond,
      limit: this.#limit,
    });
  }

  /** What the colours mean; null where they are grey levels. */
  get key() {
    return this.#shown && keyOf(this.#shown, this.#mode, this.#limit);
  }

  #resized() {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight].map(side =>
      Math.max(1, Math.round(side * ratio)),
    );
    if (width === this.canvas.width && height === this.canvas.height) return;
    [this.canvas.width, this.canvas.height] = [width, height];
    this.#view.setPort(this.#portWidth, height);
    if (this.#shown) this.draw();
    else this.#painter.clear();
  }

  /** @param {Point} point of the picture */
  #point(point) {
    this.#cross = point;
    this.#read();
    this.draw();
  }

  /** Says the values under the cross. */
  #read() {
    this.#readout.textContent = readoutOf(this.#shown, this.#cross);
  }

  #measure() {
    const shown = this.#shown, layer = shown?.layers[shown.active], pictures = [];
    if (shown && layer) pictures.push({ name: shown.firstName, picture: layer.first });
    if (shown && layer?.second) pictures.push({ name: shown.secondName, picture: layer.second });
    this.#measures.line(this.line, pictures, shown?.pixelSize ?? null);
    this.#measures.region(this.area, pictures);
  }
}
