// What lies over the picture: names, cross, line, region, frame, curtain, scale bar and colour bar.
import { numberText, within } from "./dom.js";
import { lut } from "./luts.js";
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./view.js").View} View */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rectangle */

const MARKS = `<rect class="frame" visibility="hidden"/><rect class="area" visibility="hidden"/>
  <line class="drawn" visibility="hidden"/><path class="cross" d="M-9 0H-3M3 0H9M0 -9V-3M0 3V9" visibility="hidden"/>`;

export const OVERLAY = `
<svg class="over" aria-hidden="true"><svg class="port" overflow="hidden">${MARKS}</svg>
<svg class="port" overflow="hidden">${MARKS}</svg></svg>
<div class="curtain" role="slider" tabindex="0" aria-label="Curtain between before and after" aria-valuemin="0"
  aria-valuemax="100" aria-valuenow="50" hidden></div>
<span class="name left"></span><span class="name right"></span>
<div class="live" hidden></div>
<div class="key" hidden><b></b><canvas width="256" height="1"></canvas>
  <p><span></span><span></span><span></span></p></div>
<div class="scale" hidden><i></i><span></span></div>`;

const SHORTEST_BAR = 120;

/** Draws over a stage; screen pixels of the canvas become the page's own by a ratio. */
export class Overlay {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    const html = (/** @type {string} */ selector) => within(stage, selector, HTMLElement);
    this.curtain = html(".curtain");
    this.#ports = [...stage.querySelectorAll("svg.port")].filter(one => one instanceof SVGSVGElement);
    this.#left = html(".name.left");
    this.#right = html(".name.right");
    this.#live = html(".live");
    this.#key = html(".key");
    this.#scale = html(".scale");
  }

  #ports;
  #left;
  #right;
  #live;
  #key;
  #scale;

  /** @param {string} left @param {string} right */
  names(left, right) {
    this.#left.textContent = left;
    this.#right.textContent = right;
  }

  /** @param {number | null} share from the left; null for none */
  hang(share) {
    this.curtain.hidden = share === null;
    if (share === null) return;
    this.curtain.style.left = `${100 * share}%`;
    this.curtain.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  }

  /** One port, or two beside each other: marks of one never reach into the other. @param {boolean} isTwo */
  split(isTwo) {
    const [one, two] = this.#ports;
    one.setAttribute("width", isTwo ? "50%" : "100%");
    two.setAttribute("x", "50%");
    two.setAttribute("width", "50%");
    two.setAttribute("visibility", isTwo ? "visible" : "hidden");
    two.style.display = isTwo ? "" : "none";
  }

  /** @param {View} view @param {number} ratio @param {Point | null} cross */
  point(view, ratio, cross) {
    for (const port of this.#ports) {
      const mark = within(port, ".cross", SVGElement);
      mark.setAttribute("visibility", cross ? "inherit" : "hidden");
      if (!cross) continue;
      const { x, y } = view.toScreen(cross);
      mark.setAttribute("transform", `translate(${x / ratio} ${y / ratio})`);
    }
  }

  /** @param {View} view @param {number} ratio @param {[Point, Point] | null} line */
  draw(view, ratio, line) {
    const [from, to] = line?.map(point => view.toScreen(point)) ?? [];
    this.#mark(".drawn", line && { x1: from.x / ratio, y1: from.y / ratio, x2: to.x / ratio, y2: to.y / ratio });
  }

  /** @param {View} view @param {number} ratio @param {Rectangle | null} area */
  outline(view, ratio, area) {
    this.#mark(".area", area && onScreen(view, ratio, area));
  }

  /**
   * The frame of a live preview with its label.
   * @param {View} view
   * @param {number} ratio
   * @param {{ area: Rectangle, label: string, busy: boolean } | null} frame
   */
  frame(view, ratio, frame) {
    const place = frame && onScreen(view, ratio, frame.area);
    this.#mark(".frame", place);
    this.#live.hidden = !frame;
    if (!frame || !place) return;
    this.#live.style.left = `${Math.max(0, place.x)}px`;
    this.#live.style.top = `${Math.max(22, place.y)}px`;
    this.#live.classList.toggle("spin", frame.busy);
    this.#live.textContent = frame.label;
  }

  /** A bar of 1, 2 or 5 times a power of ten. @param {number | null} micrometres of a pixel of the page */
  scale(micrometres) {
    const bar = micrometres === null ? null : barOf(micrometres);
    this.#scale.hidden = bar === null;
    if (!bar) return;
    within(this.#scale, "i", HTMLElement).style.width = `${bar.pixels}px`;
    within(this.#scale, "span", HTMLElement).textContent = bar.text;
  }

  /**
   * What the colours mean.
   * @param {{ name: string, table: string, least: number, most: number } | null} key
   */
  colours(key) {
    this.#key.hidden = !key;
    const text = JSON.stringify(key);
    if (!key || this.#key.dataset.of === text) return;
    this.#key.dataset.of = text;
    within(this.#key, "b", HTMLElement).textContent = key.name;
    const pen = within(this.#key, "canvas", HTMLCanvasElement).getContext("2d");
    pen?.putImageData(new ImageData(new Uint8ClampedArray(lut(key.table)), 256, 1), 0, 0);
    [key.least, (key.least + key.most) / 2, key.most].forEach((value, i) => {
      this.#key.querySelectorAll("p span")[i].textContent = numberText(Number(value.toPrecision(3)));
    });
  }

  /** @param {string} selector @param {Record<string, number> | null} attributes */
  #mark(selector, attributes) {
    for (const port of this.#ports) {
      const mark = within(port, selector, SVGElement);
      mark.setAttribute("visibility", attributes ? "inherit" : "hidden");
      for (const [name, value] of Object.entries(attributes ?? {})) mark.setAttribute(name, String(value));
    }
  }
}

/**
 * A scale bar: how long it is in pixels of the page, and what it says.
 * @param {number} micrometres of a pixel of the page
 */
export function barOf(micrometres) {
  const wanted = micrometres * SHORTEST_BAR, power = 10 ** Math.floor(Math.log10(wanted));
  const length = [5, 2, 1].map(n => n * power).find(one => one <= wanted) ?? power;
  const text = length >= 1000 ? `${length / 1000} mm`
    : length < 1 ? `${numberText(length * 1000)} nm` : `${numberText(length)} µm`;
  return { pixels: length / micrometres, text };
}

/** @param {View} view @param {number} ratio @param {Rectangle} area */
function onScreen(view, ratio, { x, y, width, height }) {
  const from = view.toScreen({ x, y }), to = view.toScreen({ x: x + width, y: y + height });
  return { x: from.x / ratio, y: from.y / ratio, width: (to.x - from.x) / ratio, height: (to.y - from.y) / ratio };
}
