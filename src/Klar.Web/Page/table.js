// The table of a comparison.
import { byId, make } from "./dom.js";
/** @typedef {import("./api.js").Job} Job */

/** Methods by noises, the best of each noise bold; rows come while the job runs. @param {Job} job */
export function showTable(job) {
  const noises = [...new Set(job.rows.map(row => row.noise))],
    isRanking = job.rows.some(row => typeof row.estimatedPsnr === "number");
  const methods = [...new Set(job.rows.map(row => row.method))];
  if (isRanking) methods.sort((a, b) => (mean(job, b, null)?.psnr ?? 0) - (mean(job, a, null)?.psnr ?? 0));
  const best = new Map(
    noises.map(noise => [noise, Math.max(...methods.map(method => mean(job, method, noise)?.psnr ?? -Infinity))]),
  );
  const cell = (/** @type {string} */ method, /** @type {string | null} */ noise) => {
    const of = mean(job, method, noise);
    if (!of) return make("td", {}, "…");
    const parts = [
      of.psnr === Infinity ? "exact" : of.psnr.toFixed(2),
      of.ssim > 0 ? of.ssim.toFixed(3) : "",
      method === "noisy" ? "" : `${of.seconds.toFixed(1)} s`,
    ];
    return make("td", { class: of.psnr === best.get(noise) ? "best" : "" }, parts.filter(Boolean).join(", "));
  };
  const note = byId("table-note", HTMLElement);
  note.hidden = job.rows.length === 0;
  note.textContent = isRanking
    ? "Expected PSNR in dB, estimated from the noise alone, and seconds; best first. No clean picture checks it."
    : "PSNR in dB, SSIM, seconds; the best PSNR of a noise is bold.";
  byId("table", HTMLElement).replaceChildren(
    job.rows.length === 0
      ? ""
      : make(
          "table",
          {},
          make("caption", { class: "unseen" }, "PSNR, SSIM and seconds of each method"),
          make(
            "thead",
            {},
            make(
              "tr",
              {},
              make("th", { scope: "col" }, "method"),
              ...noises.map(noise => make("th", { scope: "col" }, noise ?? "its own noise")),
            ),
          ),
          make(
            "tbody",
            {},
            ...methods.map(method =>
              make("tr", {}, make("th", { scope: "row" }, method), ...noises.map(noise => cell(method, noise))),
            ),
          ),
        ),
  );
}

/**
 * Over the seeds.
 * @param {Job} job
 * @param {string} method
 * @param {string | null} noise
 */
function mean(job, method, noise) {
  const rows = job.rows.filter(one => one.method === method && one.noise === noise),
    average = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return rows.length === 0
    ? null
    : {
        psnr: average(rows.map(row => row.estimatedPsnr ?? row.psnr ?? Infinity)),
        ssim: average(rows.map(row => row.ssim ?? 0)),
        seconds: average(rows.map(row => row.seconds)),
      };
}

/** The method of the best row. @param {Job} job */
export function bestOf(job) {
  const rows = job.rows
    .filter(row => row.method !== "noisy" && row.noise === job.rows[0]?.noise)
    .sort((a, b) => (b.psnr ?? Infinity) - (a.psnr ?? Infinity));
  return rows[0]?.method ?? null;
}
