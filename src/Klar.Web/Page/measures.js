// What is measured on a picture: the grey levels along a line, and the numbers of a region.
import { download, make, numberText, say, within } from "./dom.js";
import { along, csvOf, plot } from "./profile.js";
/** @typedef {import("./samples.js").Picture} Picture */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./overlay.js").Rectangle} Rectangle */
/** @typedef {{ name: string, picture: Picture }} Named */

export const MEASURES = `
<div class="profile" hidden><canvas role="img" aria-label="Line profile"></canvas>
  <div class="foot"><p class="quiet"></p><button type="button" class="copy">Copy as CSV</button>
  <button type="button" class="csv">Save CSV</button></div></div>
<div class="region" hidden><div class="scroll"></div></div>`;

/** Panels below the picture. */
export class Measures {
  #csv = "";

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#profile = within(place, ".profile", HTMLElement);
    this.#region = within(place, ".region", HTMLElement);
    within(this.#profile, ".copy", HTMLButtonElement).addEventListener("click", () => copyText(this.#csv));
    within(this.#profile, ".csv", HTMLButtonElement).addEventListener("click", () => {
      download(URL.createObjectURL(new Blob([this.#csv], { type: "text/csv" })), "profile.csv");
    });
    addEventListener("klar-theme", () => this.#again());
    new ResizeObserver(() => this.#again()).observe(this.#profile);
  }

  #profile;
  #region;
  #again = () => {};

  /** @param {[Point, Point] | null} line @param {Named[]} pictures @param {number | null} pixelSize */
  line(line, pictures, pixelSize) {
    this.#profile.hidden = !line || pictures.length === 0;
    this.#again = () => {};
    if (!line || pictures.length === 0) return;
    const lines = pictures.map(({ name, picture }) => ({ name, values: along(picture, ...line) }));
    const length = Math.hypot(line[1].x - line[0].x, line[1].y - line[0].y);
    const canvas = within(this.#profile, "canvas", HTMLCanvasElement);
    this.#csv = csvOf(lines, length, pixelSize);
    this.#again = () => {
      const words = plot(canvas, lines, length, pixelSize);
      canvas.setAttribute("aria-label", `Line profile: ${words}`);
      within(this.#profile, "p", HTMLElement).textContent = words;
    };
    this.#again();
  }

  /** @param {Rectangle | null} area @param {Named[]} pictures */
  region(area, pictures) {
    this.#region.hidden = !area || pictures.length === 0;
    if (!area || pictures.length === 0) return;
    const rows = pictures.map(({ name, picture }) => ({ name, of: statistics(picture, area) }));
    const head = ["", "mean", "SD", "SNR", "least", "most"].map(text => make("th", { scope: "col" }, text));
    const body = rows.map(({ name, of }) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        ...(of
          ? [of.mean, of.deviation, of.deviation > 0 ? of.mean / of.deviation : Infinity, of.least, of.most]
          : []
        ).map(value => make("td", {}, value === Infinity ? "∞" : numberText(Number(value.toPrecision(5))))),
      ),
    );
    within(this.#region, ".scroll", HTMLElement).replaceChildren(
      make(
        "table",
        {},
        make("caption", { class: "unseen" }, "Region"),
        make("thead", {}, make("tr", {}, ...head)),
        make("tbody", {}, ...body),
      ),
      make(
        "p",
        { class: "quiet" },
        `${area.width} × ${area.height} pixels from (${area.x}, ${area.y}) on; SNR is mean over SD`,
      ),
    );
  }
}

/**
 * Whole pixels between two points; null where there are none.
 * @param {[Point, Point]} corners
 * @param {{ width: number, height: number }} picture
 * @returns {Rectangle | null}
 */
export function areaOf(corners, { width, height }) {
  const span = (/** @type {number[]} */ ends, /** @type {number} */ size) => {
    const [from, to] = [Math.max(0, Math.floor(Math.min(...ends))), Math.min(size, Math.ceil(Math.max(...ends)))];
    return { from, length: to - from };
  };
  const across = span(corners.map(one => one.x), width), down = span(corners.map(one => one.y), height);
  return across.length > 0 && down.length > 0
    ? { x: across.from, y: down.from, width: across.length, height: down.length } : null;
}

/**
 * The numbers of a rectangle, over all colours.
 * @param {Picture} picture
 * @param {Rectangle} area
 */
export function statistics(picture, { x, y, width, height }) {
  let [sum, squares, n, least, most] = [0, 0, 0, Infinity, -Infinity];
  const first = picture.at(x, y)?.[0] ?? 0; // sums of differences lose no digits
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      for (const value of picture.at(column, row) ?? []) {
        const off = value - first;
        sum += off;
        squares += off * off;
        n++;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
  }
  if (n === 0) return null;
  const mean = sum / n, variance = n > 1 ? Math.max(0, (squares - n * mean * mean) / (n - 1)) : 0;
  return { mean: mean + first, deviation: Math.sqrt(variance), least, most, samples: n };
}

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text); // there is no clipboard on an address that the browser does not trust
    say("copied");
  } catch {
    say("this browser does not let the page copy: select the text and copy it", true);
  }
}
