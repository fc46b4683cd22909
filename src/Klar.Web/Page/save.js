// The view as a PNG file: the picture as it is seen, with curtain, names, scale bar and colour bar.
import { download } from "./dom.js";
import { lut } from "./luts.js";
import { barOf } from "./overlay.js";
/** @typedef {import("./viewer.js").Viewer} Viewer */

/** @param {Viewer} viewer @param {string} name of the file */
export function saveView(viewer, name) {
  const { canvas, ratio, shown, mode } = viewer, to = document.createElement("canvas"), pen = to.getContext("2d");
  if (!pen || !shown) return;
  [to.width, to.height] = [canvas.width, canvas.height];
  pen.drawImage(canvas, 0, 0);
  pen.font = `${13 * ratio}px system-ui, sans-serif`;
  [pen.shadowColor, pen.shadowBlur, pen.fillStyle] = ["#000", 4 * ratio, "#fff"];
  const margin = 14 * ratio, { width, height } = to;
  if (mode === "curtain") pen.fillRect(viewer.curtainAt * width - ratio, 0, 2 * ratio, height);
  const left = mode === "second" ? "" : shown.firstName, right = mode === "first" ? "" : shown.secondName;
  if (!viewer.key) {
    pen.fillText(left, margin, margin + 8 * ratio);
    pen.textAlign = "right";
    pen.fillText(right, width - margin, margin + 8 * ratio);
  }
  if (shown.pixelSize) {
    const bar = barOf((shown.pixelSize * ratio) / viewer.zoom), long = bar.pixels * ratio;
    pen.fillRect(width - margin - long, height - margin - 24 * ratio, long, 4 * ratio);
    pen.textAlign = "center";
    pen.fillText(bar.text, width - margin - long / 2, height - margin);
  }
  if (viewer.key) colourBar(pen, viewer.key, margin, height - margin, ratio);
  to.toBlob(blob => {
    if (!blob) return;
    const address = URL.createObjectURL(blob);
    download(address, `${name}_${mode}.png`);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }, "image/png");
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{ name: string, table: string, least: number, most: number }} key
 * @param {number} x
 * @param {number} y
 * @param {number} ratio
 */
function colourBar(pen, key, x, y, ratio) {
  const strip = document.createElement("canvas"), wide = 180 * ratio;
  [strip.width, strip.height] = [256, 1];
  strip.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(lut(key.table)), 256, 1), 0, 0);
  pen.drawImage(strip, x, y - 26 * ratio, wide, 10 * ratio);
  pen.textAlign = "left";
  pen.fillText(key.name, x, y - 32 * ratio);
  pen.fillText(key.least.toPrecision(3), x, y);
  pen.textAlign = "right";
  pen.fillText(key.most.toPrecision(3), x + wide, y);
}
