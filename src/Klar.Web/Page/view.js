// Which part of a picture is seen, and how large.
/** @typedef {{ x: number, y: number }} Point */

const MOST_ZOOM = 64;

/** Pan and zoom. Screen pixels are those of the canvas; a port is the part of it on which one picture is drawn. */
export class View {
  /** Where the port's corner lies in the picture. */
  left = 0;
  top = 0;

  /** Screen pixels for a pixel of the picture. */
  zoom = 1;

  #picture = { width: 1, height: 1 };
  #port = { width: 1, height: 1 };

  /** @param {number} width @param {number} height */
  setPicture(width, height) {
    this.#picture = { width, height };
    this.fit();
  }

  /**
   * The port gets another size: the whole picture stays whole, else what was in the middle stays there.
   * @param {number} width
   * @param {number} height
   */
  setPort(width, height) {
    // A stage that has no size for a moment (a folded window) must not lose the place that is looked at.
    if (Math.min(width, height) < 2 || (width === this.#port.width && height === this.#port.height)) return;
    const middle = this.toPicture(this.middle), wasWhole = this.isWhole;
    this.#port = { width, height };
    if (wasWhole) this.fit();
    else this.#put(this.zoom, middle, this.middle);
  }

  /** The middle of the port, in screen pixels. */
  get middle() {
    return { x: this.#port.width / 2, y: this.#port.height / 2 };
  }

  /** The whole picture. */
  fit() {
    this.#put(this.#whole, { x: this.#picture.width / 2, y: this.#picture.height / 2 }, this.middle);
  }

  /**
   * Zooms around a point of the port.
   * @param {number} zoom
   * @param {Point} [screen]
   */
  zoomTo(zoom, screen = this.middle) {
    this.#put(zoom, this.toPicture(screen), screen);
  }

  /** @param {number} dx @param {number} dy screen pixels */
  pan(dx, dy) {
    this.left -= dx / this.zoom;
    this.top -= dy / this.zoom;
    this.#hold();
  }

  /** @param {Point} screen @returns {Point} */
  toPicture({ x, y }) {
    return { x: this.left + x / this.zoom, y: this.top + y / this.zoom };
  }

  /** @param {Point} point @returns {Point} */
  toScreen({ x, y }) {
    return { x: (x - this.left) * this.zoom, y: (y - this.top) * this.zoom };
  }

  /** Whether the picture is as large as fits. */
  get isWhole() {
    return Math.abs(this.zoom / this.#whole - 1) < 1e-6;
  }

  get #whole() {
    return Math.min(this.#port.width / this.#picture.width, this.#port.height / this.#picture.height);
  }

  /**
   * Zooms so that a point of the picture comes to lie on a point of the screen.
   * @param {number} zoom
   * @param {Point} point
   * @param {Point} screen
   */
  #put(zoom, point, screen) {
    this.zoom = Math.min(MOST_ZOOM, Math.max(Math.min(1, this.#whole) / 2, zoom));
    [this.left, this.top] = [point.x - screen.x / this.zoom, point.y - screen.y / this.zoom];
    this.#hold();
  }

  /** The middle of the port never leaves the picture. */
  #hold() {
    const wide = this.#port.width / this.zoom / 2, high = this.#port.height / this.zoom / 2;
    this.left = Math.min(Math.max(this.left, -wide), this.#picture.width - wide);
    this.top = Math.min(Math.max(this.top, -high), this.#picture.height - high);
  }
}
