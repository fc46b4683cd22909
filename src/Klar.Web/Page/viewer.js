// The viewer: two pictures under one view and one contrast.
import { ContrastPanel } from "./contrast.js";
import { make, numberText, within } from "./dom.js";
import { along, plot } from "./profile.js";
import { Renderer } from "./renderer.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./profile.js").Point} Point */
/** @typedef {"curtain" | "side" | "first" | "second" | "flicker" | "residual" | "uncertainty"} Showing */
/** @typedef {{ of: string, first: Picture, second?: Picture | null, uncertainty?: Picture | null, firstName: string, secondName?: string, pixelSize?: number | null }} Shown */

const MODES = /** @type {[Showing, string][]} */ ([
  ["curtain", "Curtain"], ["side", "Side by side"], ["first", "Before"], ["second", "After"], ["flicker", "Flicker"], ["residual", "Taken out"], ["uncertainty", "Uncertainty"],
]);
const FLICKER_MS = 600, MOST_ZOOM = 64, PAN = 48;

const TEMPLATE = `
<div class="bar">
  <fieldset class="modes"><legend class="unseen">Show</legend></fieldset>
  <span class="zooms"><button type="button" class="fit" title="Whole picture (0)">Fit</button><button type="button" class="one" title="A pixel a pixel (1)">1:1</button><button type="button" class="out" aria-label="Smaller" title="Smaller (-)">&minus;</button><button type="button" class="in" aria-label="Larger" title="Larger (+)">+</button><output class="zoom"></output></span>
  <label class="check" title="Drag a line (or Shift and drag), or press L for the row under the cross"><input type="checkbox" class="line"> Line profile</label>
</div>
<div class="stage">
  <canvas class="picture" tabindex="0" role="application" aria-label="Picture" aria-describedby="keys"></canvas>
  <svg class="over" aria-hidden="true"><line class="drawn" visibility="hidden"/><path class="cross" d="M-9 0H-3M3 0H9M0 -9V-3M0 3V9" visibility="hidden"/><path class="cross twin" d="M-9 0H-3M3 0H9M0 -9V-3M0 3V9" visibility="hidden"/></svg>
  <div class="curtain" role="slider" tabindex="0" aria-label="Curtain between before and after" aria-valuemin="0" aria-valuemax="100" aria-valuenow="50" hidden></div>
  <span class="name left"></span><span class="name right"></span>
  <div class="scale" hidden><i></i><span></span></div>
</div>
<p class="readout" aria-live="off">&nbsp;</p>
<div class="profile" hidden><canvas width="1024" height="160" role="img" aria-label="Line profile"></canvas><p class="quiet"></p></div>`;

/** A viewer in a place of the page. */
export class Viewer {
  /** What drawing has cost so far: frames, and the script's milliseconds of each of the last thousand. */
  stats = { frames: 0, scriptMs: /** @type {number[]} */ ([]) };

  /** @type {Shown | null} */
  #shown = null;
  /** @type {Showing} */
  #mode = "first";
  /** Corner in the picture and screen pixels a pixel of it. */
  #place = { left: 0, top: 0, zoom: 1 };
  #curtainAt = 0.5;
  /** Full colour of what was taken out: three times its root mean square. */
  #limit = 1;
  /** @type {Point | null} */
  #cross = null;
  /** @type {[Point, Point] | null} */
  #line = null;
  #flickerTimer = 0;
  #flickerSecond = false;
  #asked = false;
  /** @type {Map<number, PointerEvent>} */
  #pointers = new Map();
  #drawing = false;

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} contrastPlace
   */
  constructor(place, contrastPlace) {
    place.innerHTML = TEMPLATE;
    this.#stage = within(place, ".stage", HTMLElement);
    this.#canvas = within(place, "canvas.picture", HTMLCanvasElement);
    this.#curtain = within(place, ".curtain", HTMLElement);
    this.#place_ = place;
    this.renderer = new Renderer(this.#canvas);
    this.contrast = new ContrastPanel(contrastPlace, () => this.draw());
    this.#canvas.addEventListener("webglcontextrestored", () => this.draw());
    this.#modes();
    this.#buttons();
    this.#mouse();
    this.#canvas.addEventListener("keydown", event => this.#key(event));
    this.#curtain.addEventListener("keydown", event => this.#curtainKey(event));
    new ResizeObserver(() => this.#resized()).observe(this.#stage);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  #stage;
  #canvas;
  #curtain;
  #place_;

  /** The pixel under the cross, or the middle of the view. */
  get spot() {
    const middle = this.#toPicture(this.#canvas.width / 2, this.#canvas.height / 2);
    const { x, y } = this.#cross ?? middle;
    return { x: Math.floor(x), y: Math.floor(y) };
  }

  get mode() {
    return this.#mode;
  }

  /** Screen pixels of a pixel of the picture. */
  get zoom() {
    return this.#place.zoom;
  }

  /**
   * Shows other pictures. The view stays while the size does, the contrast while they are of the same file.
   * @param {Shown | null} shown
   */
  show(shown) {
    const before = this.#shown, fresh = !before || !shown || before.first.width !== shown.first.width || before.first.height !== shown.first.height;
    const newSecond = Boolean(shown?.second) && !before?.second;
    this.#shown = shown;
    if (!shown) {
      this.draw();
      return;
    }
    this.renderer.keepOnly([shown.first, shown.second, shown.uncertainty].filter(one => !!one));
    if (fresh) {
      this.#cross = this.#line = null;
      this.fit();
    }
    const mode = !shown.second ? "first" : fresh || newSecond ? "curtain" : this.#mode === "uncertainty" && !shown.uncertainty ? "curtain" : this.#mode;
    for (const input of this.#place_.querySelectorAll(".modes input")) {
      if (input instanceof HTMLInputElement) input.disabled = input.value === "uncertainty" ? !shown.uncertainty : input.value !== "first" && !shown.second;
    }
    this.#limit = shown.second ? 3 * rootMeanSquare(shown.first, shown.second) : 1;
    this.setMode(mode);
    this.contrast.of([shown.first, shown.second].filter(one => !!one).filter(one => one.width === shown.first.width), before?.of !== shown.of);
    this.#read();
  }

  /** @param {Showing} mode */
  setMode(mode) {
    const wasWidth = this.#portWidth, isFit = this.#isFit;
    this.#mode = mode;
    if (isFit) this.fit();
    else this.#place.left += (wasWidth - this.#portWidth) / 2 / this.#place.zoom; // what was in the middle stays there
    const input = within(this.#place_, `.modes input[value=${mode}]`, HTMLInputElement);
    input.checked = true;
    clearInterval(this.#flickerTimer);
    if (mode === "flicker" && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#flickerTimer = setInterval(() => this.flick(), FLICKER_MS);
    this.draw();
  }

  /** The other one of the two. */
  flick() {
    this.#flickerSecond = !this.#flickerSecond;
    this.draw();
  }

  /** The whole picture. */
  fit() {
    if (!this.#shown) return;
    const { width, height } = this.#shown.first;
    this.#zoomTo(this.#fitZoom, { x: width / 2, y: height / 2 }, { x: this.#portWidth / 2, y: this.#canvas.height / 2 });
  }

  /**
   * @param {number} zoom screen pixels a pixel of the picture
   */
  zoomTo(zoom) {
    const middle = { x: this.#portWidth / 2, y: this.#canvas.height / 2 };
    this.#zoomTo(zoom, this.#toPicture(middle.x, middle.y), middle);
  }

  /**
   * Puts the cross on a pixel and says its values.
   * @param {number} x
   * @param {number} y
   */
  pointTo(x, y) {
    this.#cross = { x: x + 0.5, y: y + 0.5 };
    within(this.#place_, ".readout", HTMLElement).setAttribute("aria-live", "polite"); // a mouse would make a reader of screens talk all the time
    this.#read();
    this.draw();
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

  get #fitZoom() {
    return this.#shown ? Math.min(this.#portWidth / this.#shown.first.width, this.#canvas.height / this.#shown.first.height) : 1;
  }

  get #isFit() {
    return Math.abs(this.#place.zoom / this.#fitZoom - 1) < 1e-6;
  }

  get #ratio() {
    return this.#canvas.width / Math.max(1, this.#canvas.clientWidth);
  }

  #frame() {
    const { width, height } = this.#canvas, shown = this.#shown;
    if (!shown) return;
    const ground = getComputedStyle(this.#stage).getPropertyValue("--stage").split(",").map(Number), second = shown.second ?? null;
    const port = { x: 0, width, height }, contrast = this.contrast.value, at = this.#curtainAt * width, limit = this.#limit;
    const draw = (/** @type {typeof port} */ to, /** @type {Picture} */ first, /** @type {import("./renderer.js").Mode} */ mode) =>
      this.renderer.draw(to, first, second, mode, this.#place, contrast, at, limit, ground);
    if (this.#mode === "side") {
      const half = Math.floor(width / 2);
      draw({ x: 0, width: half, height }, shown.first, "first");
      draw({ x: half, width: width - half, height }, shown.first, "second");
    } else if (this.#mode === "uncertainty" && shown.uncertainty) {
      const [, most] = shown.uncertainty.range;
      this.renderer.draw(port, shown.uncertainty, null, "first", this.#place, { black: 0, white: most, gamma: 0.7, lut: "inferno" }, at, limit, ground);
    } else {
      draw(port, shown.first, this.#mode === "flicker" ? (this.#flickerSecond ? "second" : "first") : this.#mode === "uncertainty" ? "first" : this.#mode);
    }
    this.#decorate();
  }

  /** Everything that lies over the picture. */
  #decorate() {
    const shown = this.#shown, ratio = this.#ratio;
    if (!shown) return;
    const isCurtain = this.#mode === "curtain";
    this.#curtain.hidden = !isCurtain;
    this.#curtain.style.left = `${100 * this.#curtainAt}%`;
    this.#curtain.setAttribute("aria-valuenow", String(Math.round(100 * this.#curtainAt)));
    const [left, right] = [within(this.#place_, ".name.left", HTMLElement), within(this.#place_, ".name.right", HTMLElement)];
    const names = { curtain: [shown.firstName, shown.secondName], side: [shown.firstName, shown.secondName], first: [shown.firstName, ""], second: ["", shown.secondName], flicker: this.#flickerSecond ? ["", shown.secondName] : [shown.firstName, ""],
      residual: ["", "taken out: red darker, blue brighter"], uncertainty: ["", "how far each pixel may be off"] }[this.#mode];
    [left.textContent, right.textContent] = [names[0] ?? "", names[1] ?? ""];
    within(this.#place_, ".zoom", HTMLOutputElement).value = `${Math.round(100 * this.#place.zoom)} %`;
    const cross = within(this.#place_, ".cross", SVGElement), line = within(this.#place_, ".drawn", SVGElement);
    const screen = (/** @type {Point} */ point) => [((point.x - this.#place.left) * this.#place.zoom) / ratio, ((point.y - this.#place.top) * this.#place.zoom) / ratio];
    cross.setAttribute("visibility", this.#cross ? "visible" : "hidden");
    const twin = within(this.#place_, ".twin", SVGElement);
    twin.setAttribute("visibility", this.#cross && this.#mode === "side" ? "visible" : "hidden");
    if (this.#cross) {
      const [x, y] = screen(this.#cross);
      cross.setAttribute("transform", `translate(${x} ${y})`);
      twin.setAttribute("transform", `translate(${x + Math.floor(this.#canvas.width / 2) / ratio} ${y})`);
    }
    line.setAttribute("visibility", this.#line ? "visible" : "hidden");
    if (this.#line) {
      const [[x1, y1], [x2, y2]] = this.#line.map(screen);
      for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, String(value));
    }
    this.#scaleBar(shown.pixelSize ?? null, ratio);
  }

  /** @param {number | null} pixelSize @param {number} ratio */
  #scaleBar(pixelSize, ratio) {
    const bar = within(this.#place_, ".scale", HTMLElement);
    bar.hidden = pixelSize === null;
    if (pixelSize === null) return;
    const perPixel = (pixelSize * ratio) / this.#place.zoom, wanted = perPixel * 120, power = 10 ** Math.floor(Math.log10(wanted)), length = [5, 2, 1].map(n => n * power).find(one => one <= wanted) ?? power;
    within(bar, "i", HTMLElement).style.width = `${length / perPixel}px`;
    within(bar, "span", HTMLElement).textContent = length >= 1000 ? `${length / 1000} mm` : length < 1 ? `${numberText(length * 1000)} nm` : `${numberText(length)} µm`;
  }

  /** @param {number} x @param {number} y screen pixels of the canvas @returns {Point} */
  #toPicture(x, y) {
    const half = Math.floor(this.#canvas.width / 2), inPort = this.#mode === "side" && x >= half ? x - half : x;
    return { x: this.#place.left + inPort / this.#place.zoom, y: this.#place.top + y / this.#place.zoom };
  }

  /**
   * Zooms so that a point of the picture comes to lie on a point of the screen.
   * @param {number} zoom
   * @param {Point} point
   * @param {Point} screen
   */
  #zoomTo(zoom, point, screen) {
    const shown = this.#shown;
    if (!shown || !(zoom > 0)) return;
    const { width, height } = shown.first, least = Math.min(1, this.#portWidth / width, this.#canvas.height / height) / 2;
    const kept = Math.min(MOST_ZOOM, Math.max(least, zoom));
    this.#place = { zoom: kept, left: point.x - screen.x / kept, top: point.y - screen.y / kept };
    this.#hold();
    this.draw();
  }

  /** @param {number} dx @param {number} dy screen pixels */
  #pan(dx, dy) {
    this.#place = { ...this.#place, left: this.#place.left - dx / this.#place.zoom, top: this.#place.top - dy / this.#place.zoom };
    this.#hold();
    this.draw();
  }

  /** The middle of the view never leaves the picture. */
  #hold() {
    const shown = this.#shown;
    if (!shown) return;
    const [wide, high] = [this.#portWidth / this.#place.zoom / 2, this.#canvas.height / this.#place.zoom / 2];
    this.#place.left = Math.min(Math.max(this.#place.left, -wide), shown.first.width - wide);
    this.#place.top = Math.min(Math.max(this.#place.top, -high), shown.first.height - high);
  }

  #resized() {
    const ratio = devicePixelRatio || 1, [width, height] = [Math.max(1, Math.round(this.#stage.clientWidth * ratio)), Math.max(1, Math.round(this.#stage.clientHeight * ratio))];
    if (width === this.#canvas.width && height === this.#canvas.height) return;
    const middle = this.#toPicture(this.#portWidth / 2, this.#canvas.height / 2), wasFit = this.#isFit;
    [this.#canvas.width, this.#canvas.height] = [width, height];
    if (wasFit) this.fit();
    else this.#zoomTo(this.#place.zoom, middle, { x: this.#portWidth / 2, y: height / 2 });
  }

  /** Says the values under the cross. */
  #read() {
    const place = within(this.#place_, ".readout", HTMLElement), shown = this.#shown;
    if (!shown || !this.#cross) {
      place.textContent = "\u00a0";
      return;
    }
    const [x, y] = [Math.floor(this.#cross.x), Math.floor(this.#cross.y)], first = shown.first.at(x, y), second = shown.second?.at(x, y), off = shown.uncertainty?.at(x, y);
    if (!first) {
      place.textContent = "\u00a0";
      return;
    }
    const text = (/** @type {number[]} */ values) => values.map(numberText).join(" ");
    const parts = [`x ${x}, y ${y}`, `${shown.firstName} ${text(first)}`];
    if (second) parts.push(`${shown.secondName} ${text(second)}`, `difference ${text(first.map((value, c) => value - second[c]))}`);
    if (off) parts.push(`may be off by ${text(off)}`);
    place.textContent = parts.join(" · ");
  }

  #profile() {
    const panel = within(this.#place_, ".profile", HTMLElement), shown = this.#shown;
    panel.hidden = !this.#line;
    if (!this.#line || !shown) return;
    const [from, to] = this.#line, lines = [{ name: shown.firstName, values: along(shown.first, from, to) }];
    if (shown.second) lines.push({ name: shown.secondName ?? "after", values: along(shown.second, from, to) });
    const canvas = within(panel, "canvas", HTMLCanvasElement), words = plot(canvas, lines);
    canvas.setAttribute("aria-label", `Line profile: ${words}`);
    within(panel, "p", HTMLElement).textContent = words;
  }

  #modes() {
    const place = within(this.#place_, ".modes", HTMLElement);
    for (const [value, name] of MODES) {
      place.append(make("label", {}, make("input", { type: "radio", name: "mode", value, change: () => this.setMode(value), disabled: value !== "first", checked: value === "first" }), make("span", {}, name)));
    }
  }

  #buttons() {
    const on = (/** @type {string} */ name, /** @type {() => void} */ act) => within(this.#place_, `.${name}`, HTMLButtonElement).addEventListener("click", act);
    on("fit", () => this.fit());
    on("one", () => this.zoomTo(1));
    on("in", () => this.zoomTo(this.#place.zoom * 1.5));
    on("out", () => this.zoomTo(this.#place.zoom / 1.5));
    const line = within(this.#place_, ".line", HTMLInputElement);
    line.addEventListener("change", () => {
      if (!line.checked) this.#setLine(null);
    });
  }

  /** @param {[Point, Point] | null} line */
  #setLine(line) {
    this.#line = line;
    within(this.#place_, ".line", HTMLInputElement).checked ||= line !== null;
    this.#profile();
    this.draw();
  }

  /** @param {MouseEvent} event @returns {Point} */
  #onCanvas(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * this.#ratio, y: (event.clientY - box.top) * this.#ratio };
  }

  #mouse() {
    const canvas = this.#canvas;
    canvas.addEventListener("wheel", event => {
      event.preventDefault();
      const at = this.#onCanvas(event), half = Math.floor(canvas.width / 2), port = this.#mode === "side" && at.x >= half ? { x: at.x - half, y: at.y } : at;
      this.#zoomTo(this.#place.zoom * 1.0015 ** -event.deltaY, this.#toPicture(at.x, at.y), port);
    }, { passive: false });
    canvas.addEventListener("pointerdown", event => {
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, event);
      const at = this.#onCanvas(event), point = this.#toPicture(at.x, at.y);
      this.#drawing = this.#pointers.size === 1 && (event.shiftKey || within(this.#place_, ".line", HTMLInputElement).checked);
      if (this.#drawing) this.#setLine([point, point]);
    });
    canvas.addEventListener("pointermove", event => this.#moved(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, event => {
        if (event instanceof PointerEvent) this.#pointers.delete(event.pointerId);
        this.#drawing = false;
      });
    }
    canvas.addEventListener("dblclick", () => this.fit());
    this.#curtain.addEventListener("pointerdown", event => this.#curtain.setPointerCapture(event.pointerId));
    this.#curtain.addEventListener("pointermove", event => {
      if (event.buttons) this.#hang(this.#onCanvas(event).x / this.#canvas.width);
      else this.#hover(event);
    });
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    if (event.pointerType !== "mouse") return;
    const at = this.#onCanvas(event);
    within(this.#place_, ".readout", HTMLElement).setAttribute("aria-live", "off");
    this.#cross = this.#toPicture(at.x, at.y);
    this.#read();
    this.draw();
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const at = this.#onCanvas(event), before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.#hover(event);
      return;
    }
    const from = this.#onCanvas(before);
    if (this.#drawing && this.#line) {
      this.#setLine([this.#line[0], this.#toPicture(at.x, at.y)]);
    } else if (this.#pointers.size === 2) {
      const other = this.#onCanvas(/** @type {PointerEvent} */ ([...this.#pointers.values()].find(one => one.pointerId !== event.pointerId)));
      const apart = (/** @type {Point} */ a) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y)), middle = (/** @type {Point} */ a) => ({ x: (a.x + other.x) / 2, y: (a.y + other.y) / 2 });
      this.#zoomTo((this.#place.zoom * apart(at)) / apart(from), this.#toPicture(middle(from).x, middle(from).y), middle(at));
    } else {
      this.#cross = this.#toPicture(at.x, at.y);
      this.#pan(at.x - from.x, at.y - from.y);
      this.#read();
    }
    this.#pointers.set(event.pointerId, event);
  }

  /** @param {number} share */
  #hang(share) {
    this.#curtainAt = Math.min(1, Math.max(0, share));
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #curtainKey(event) {
    const step = event.shiftKey ? 0.1 : 0.02, moves = /** @type {Record<string, number>} */ ({ ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, Home: -1, End: 1 });
    if (!(event.key in moves)) return;
    event.preventDefault();
    this.#hang(this.#curtainAt + moves[event.key]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#shown) return;
    const arrows = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }), arrow = arrows[event.key];
    const modes = MODES.map(([mode]) => mode), { width, height } = this.#shown.first;
    if (arrow && event.shiftKey) {
      const { x, y } = this.spot;
      this.pointTo(Math.min(width - 1, Math.max(0, x + arrow[0])), Math.min(height - 1, Math.max(0, y + arrow[1])));
    } else if (arrow) this.#pan(-arrow[0] * PAN * this.#ratio, -arrow[1] * PAN * this.#ratio);
    else if (event.key === "+" || event.key === "=") this.zoomTo(this.#place.zoom * 1.5);
    else if (event.key === "-") this.zoomTo(this.#place.zoom / 1.5);
    else if (event.key === "0") this.fit();
    else if (event.key === "1") this.zoomTo(1);
    else if (event.key === "[" || event.key === "]") this.#hang(this.#curtainAt + (event.key === "[" ? -0.05 : 0.05));
    else if (event.key === " ") {
      if (this.#mode === "flicker") this.flick();
      else this.setMode(this.#mode === "first" && this.#shown.second ? "second" : "first");
    } else if (event.key === "a") this.contrast.auto();
    else if (event.key === "m") this.setMode(this.#next(modes));
    else if (event.key === "l") this.#setLine([{ x: 0, y: this.spot.y + 0.5 }, { x: width, y: this.spot.y + 0.5 }]);
    else if (event.key === "Escape") {
      within(this.#place_, ".line", HTMLInputElement).checked = false;
      this.#setLine(null);
    } else return;
    event.preventDefault();
  }

  /** @param {Showing[]} modes */
  #next(modes) {
    const possible = modes.filter(mode => !within(this.#place_, `.modes input[value=${mode}]`, HTMLInputElement).disabled);
    return possible[(possible.indexOf(this.#mode) + 1) % possible.length];
  }
}

/**
 * Of the difference, on some of the pixels.
 * @param {Picture} first
 * @param {Picture} second a part of it, or all
 */
function rootMeanSquare(first, second) {
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
