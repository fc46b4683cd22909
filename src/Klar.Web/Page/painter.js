// What of a picture is drawn: one port or two, channels on top of each other, and all that lies over them.
/** @typedef {import("./viewer.js").Shown} Shown */
/** @typedef {import("./toolbar.js").Showing} Showing */
/** @typedef {import("./view.js").View} View */
/** @typedef {{ x: number, width: number, height: number }} Port */
/** @typedef {{ shown: Shown, mode: Showing, view: View, curtainAt: number, isSecond: boolean, limit: number }} Scene */

const BLACK = [0, 0, 0];

/** Draws scenes on a stage. */
export class Painter {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLCanvasElement} canvas
   * @param {import("./renderer.js").Renderer} renderer
   * @param {import("./contrast.js").ContrastPanel} contrast
   * @param {import("./overlay.js").Overlay} overlay
   */
  constructor(stage, canvas, renderer, contrast, overlay) {
    this.#stage = stage;
    this.#canvas = canvas;
    this.#renderer = renderer;
    this.#contrast = contrast;
    this.#overlay = overlay;
  }

  #stage;
  #canvas;
  #renderer;
  #contrast;
  #overlay;

  /** Nothing but the ground. */
  clear() {
    this.#renderer.clear(this.#ground);
    this.#overlay.names("", "");
    this.#overlay.hang(null);
    this.#overlay.scale(null);
    this.#overlay.colours(null);
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { width, height } = this.#canvas, { mode, shown, isSecond } = scene, half = Math.floor(width / 2);
    const whole = { x: 0, width, height };
    if (mode === "side") {
      this.#layers(scene, { x: 0, width: half, height }, "first");
      this.#layers(scene, { x: half, width: width - half, height }, "second");
    } else if (mode === "uncertainty" && shown.uncertainty) {
      const contrast = { black: 0, white: shown.uncertainty.range[1], gamma: 0.7, lut: "inferno" };
      this.#renderer.draw(whole, shown.uncertainty, null, "first", scene.view, contrast, 0, 1, this.#ground);
    } else if (mode !== "uncertainty") {
      this.#layers(scene, whole, mode === "flicker" ? (isSecond ? "second" : "first") : mode);
    }
    this.#decorate(scene);
  }

  get #ground() {
    return (
      getComputedStyle(this.#stage)
        .backgroundColor.match(/\d+/g)
        ?.slice(0, 3)
        .map(part => Number(part) / 255) ?? BLACK
    );
  }

  /** @param {Scene} scene @param {Port} port @param {import("./renderer.js").Mode} mode */
  #layers({ shown, view, curtainAt, limit }, port, mode) {
    // The light of channels adds up, what was removed from them does not.
    const layers = mode === "residual" ? [shown.layers[shown.active]] : shown.layers, ground = this.#ground;
    layers.forEach(({ key, first, second }, i) => {
      const contrast = this.#contrast.of(key), curtain = curtainAt * this.#canvas.width;
      this.#renderer.draw(port, first, second, mode, view, contrast, curtain, limit, i === 0 ? ground : BLACK, i > 0);
    });
  }

  /** @param {Scene} scene */
  #decorate({ shown, mode, view, curtainAt, isSecond, limit }) {
    const [before, after] = [shown.firstName, shown.secondName];
    const ratio = this.#canvas.width / Math.max(1, this.#canvas.clientWidth);
    const names = /** @type {Record<Showing, [string, string]>} */ ({
      curtain: [before, after], side: [before, after], first: [before, ""], second: ["", after],
      flicker: isSecond ? ["", after] : [before, ""], residual: ["", ""], uncertainty: ["", ""],
    });
    this.#overlay.names(...names[mode]);
    this.#overlay.hang(mode === "curtain" ? curtainAt : null);
    this.#overlay.colours(keyOf(shown, mode, limit));
    this.#overlay.scale(shown.pixelSize ? (shown.pixelSize * ratio) / view.zoom : null);
  }
}

/**
 * What the colours of a way of showing mean; null where they are grey levels.
 * @param {Shown} shown
 * @param {Showing} mode
 * @param {number} limit
 */
export function keyOf({ uncertainty }, mode, limit) {
  if (mode === "residual")
    return { name: "removed: before minus after", table: "residual", least: -limit, most: limit };
  if (mode !== "uncertainty" || !uncertainty) return null;
  return { name: "how far each pixel may be off", table: "inferno", least: 0, most: uncertainty.range[1] };
}
