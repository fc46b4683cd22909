// Where one is, in the address: a link or a reload leads to the same view.
/**
 * @typedef {{ file?: string, job?: number, slice?: number, x?: number, y?: number, zoom?: number,
 *   view?: string }} Place
 */

const PATIENCE_MS = 250;
let waiting = 0;

/** @returns {Place} */
export function placeOf(search = location.search) {
  const query = new URLSearchParams(search), number = (/** @type {string} */ name) => {
    const value = query.has(name) ? Number(query.get(name)) : NaN;
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    file: query.get("file") ?? undefined,
    job: number("job"),
    slice: number("slice"),
    x: number("x"),
    y: number("y"),
    zoom: number("zoom"),
    view: query.get("view") ?? undefined,
  };
}

/** Writes it down, once nothing changes for a moment. @param {() => Place} place */
export function keepPlace(place) {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(place())) {
      if (value !== undefined)
        query.set(name, typeof value === "number" ? String(Number(value.toPrecision(6))) : value);
    }
    history.replaceState(null, "", query.size > 0 ? `/?${query}` : "/");
  }, PATIENCE_MS);
}
