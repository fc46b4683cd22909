// Look-up tables: 256 colours from black to white of the window, as points between which they run straight.

/** @type {Record<string, number[][]>} */
const POINTS = {
  gray: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  "gray, inverted": [
    [255, 255, 255],
    [0, 0, 0],
  ],
  viridis: [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
  ],
  inferno: [
    [0, 0, 4],
    [31, 12, 72],
    [85, 15, 109],
    [136, 34, 106],
    [186, 54, 85],
    [227, 89, 51],
    [249, 140, 10],
    [249, 201, 50],
    [252, 255, 164],
  ],
  fire: [
    [0, 0, 0],
    [0, 0, 90],
    [110, 0, 170],
    [190, 0, 110],
    [230, 50, 0],
    [255, 130, 0],
    [255, 200, 0],
    [255, 245, 120],
    [255, 255, 255],
  ],
  green: [
    [0, 0, 0],
    [0, 255, 0],
  ],
  magenta: [
    [0, 0, 0],
    [255, 0, 255],
  ],
  cyan: [
    [0, 0, 0],
    [0, 255, 255],
  ],
  red: [
    [0, 0, 0],
    [255, 0, 0],
  ],
  blue: [
    [0, 0, 0],
    [60, 90, 255],
  ],
  yellow: [
    [0, 0, 0],
    [255, 255, 0],
  ],
};

// Of what was taken out: no choice of the user's.
const RESIDUAL = [[0, 0, 255], [255, 255, 255], [255, 0, 0]];

/** Their names, in the order of the list. */
export const lutNames = Object.keys(POINTS);

/**
 * Red, green, blue and 255, 256 times.
 * @param {string} name
 */
export function lut(name) {
  const points = name === "residual" ? RESIDUAL : POINTS[name] ?? POINTS.gray, table = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (points.length - 1),
      before = Math.min(Math.floor(at), points.length - 2),
      share = at - before;
    for (let c = 0; c < 3; c++)
      table[4 * i + c] = Math.round(points[before][c] * (1 - share) + points[before + 1][c] * share);
    table[4 * i + 3] = 255;
  }
  return table;
}
