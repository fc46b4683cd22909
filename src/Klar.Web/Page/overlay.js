// What lies over the picture: names, cross, line, curtain and scale bar.
import { numberText, within } from "./dom.js";
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./view.js").View} View */

export const OVERLAY = `
<svg class="over" aria-hidden="true"><line class="drawn" visibility="hidden"/><path class="cross" d="M-9 0H-3M3 0H9M0 -9V-3M0 3V9" visibility="hidden"/><path class="cross twin" d="M-9 0H-3M3 0H9M0 -9V-3M0 3V9" visibility="hidden"/></svg>
<div class="curtain" role="slider" tabindex="0" aria-label="Curtain between before and after" aria-valuemin="0" aria-valuemax="100" aria-valuenow="50" hidden></div>
<span class="name left"></span><span class="name right"></span>
<div class="scale" hidden><i></i><span></span></div>`;

/** Draws over a stage; screen pixels of the canvas become the page's own by a ratio. */
export class Overlay {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    const svg = (/** @type {string} */ selector) => within(stage, selector, SVGElement), html = (/** @type {string} */ selector) => within(stage, selector, HTMLElement);
    this.curtain = html(".curtain");
    this.#cross = svg(".cross");
    this.#twin = svg(".twin");
    this.#line = svg(".drawn");
    this.#left = html(".name.left");
    this.#right = html(".name.right");
    this.#scale = html(".scale");
  }

  #cross;
  #twin;
  #line;
  #left;
  #right;
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

  /**
   * @param {View} view
   * @param {number} ratio screen pixels of the canvas for one of the page
   * @param {Point | null} cross
   * @param {number | null} second where the second port begins, in pixels of the page; null where there is one port
   */
  point(view, ratio, cross, second) {
    this.#cross.setAttribute("visibility", cross ? "visible" : "hidden");
    this.#twin.setAttribute("visibility", cross && second !== null ? "visible" : "hidden");
    if (!cross) return;
    const { x, y } = view.toScreen(cross);
    this.#cross.setAttribute("transform", `translate(${x / ratio} ${y / ratio})`);
    this.#twin.setAttribute("transform", `translate(${x / ratio + (second ?? 0)} ${y / ratio})`);
  }

  /** @param {View} view @param {number} ratio @param {[Point, Point] | null} line */
  draw(view, ratio, line) {
    this.#line.setAttribute("visibility", line ? "visible" : "hidden");
    if (!line) return;
    const [from, to] = line.map(point => view.toScreen(point));
    for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y })) this.#line.setAttribute(name, String(value / ratio));
  }

  /** A bar of 1, 2 or 5 times a power of ten. @param {number | null} micrometres of a pixel of the page */
  scale(micrometres) {
    this.#scale.hidden = micrometres === null;
    if (micrometres === null) return;
    const wanted = micrometres * 120, power = 10 ** Math.floor(Math.log10(wanted)), length = [5, 2, 1].map(n => n * power).find(one => one <= wanted) ?? power;
    within(this.#scale, "i", HTMLElement).style.width = `${length / micrometres}px`;
    within(this.#scale, "span", HTMLElement).textContent = length >= 1000 ? `${length / 1000} mm` : length < 1 ? `${numberText(length * 1000)} nm` : `${numberText(length)} µm`;
  }
}
