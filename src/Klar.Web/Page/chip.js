// What a result is, over its picture: the noise that was found, the method, how far to trust it, the time.
import { make, timeText } from "./dom.js";
import { methodNamed, noiseOf, trustOf } from "./trust.js";
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./api.js").FileInfo} FileInfo */

/**
 * @param {HTMLElement} stage
 * @param {Job | null} job whose result is shown; null for none
 * @param {FileInfo | null} file
 */
export function showChip(stage, job, file) {
  stage.querySelector(".chip")?.remove();
  if (job?.state !== "Done") return;
  const trust = trustOf(job.sidecar),
    noise = noiseOf(job.sidecar, file),
    method = methodNamed(job);
  const chip = make(
    "div",
    { class: "chip", role: "note", "aria-label": "The result" },
    noise ? make("span", {}, noise) : null,
    make("b", {}, method),
    make("span", { class: `trust ${trust.level}`, title: trust.why }, trust.text),
    job.seconds === null ? null : make("span", {}, timeText(job.seconds)),
    make("button", { type: "button", "aria-label": "hide", click: () => chip.remove() }, "×"),
  );
  stage.append(chip);
}
