// What is to be thought of a result, in a few words.
import { numberText } from "./dom.js";
/** @typedef {import("./api.js").Sidecar} Sidecar */
/** @typedef {import("./api.js").FileInfo} FileInfo */

/**
 * How far a result can be trusted.
 * @param {Sidecar | null} sidecar
 * @returns {{ level: "good" | "look" | "", text: string, why: string }}
 */
export function trustOf(sidecar) {
  const warnings = sidecar?.warnings ?? [],
    trust = sidecar?.trust;
  if (warnings.length > 0)
    return {
      level: "look",
      text: warnings.length > 1 ? `look closely: ${warnings.length} notes` : "look closely: a note",
      why: warnings.join("\n"),
    };
  if (!trust)
    return {
      level: "",
      text: "not judged",
      why: "This method takes a fixed filter over the picture; what it removes is not compared with the noise.",
    };
  const notes = sidecar?.noiseEstimate?.notes ?? [];
  if (notes.length > 0) return { level: "look", text: "trust: uncertain, as the noise is", why: notes.join("\n") };
  const gone = Math.round(100 * Math.min(1, Math.max(0, 1 - trust.left)));
  return {
    level: "good", text: `trust: good, ${gone} % of the noise gone`,
    why: "What was removed looks like the measured noise: no structure of the picture is in it, and nothing was added.",
  };
}

/**
 * The noise that was found, in grey levels of the file where they are known.
 * @param {Sidecar | null} sidecar
 * @param {FileInfo | null} [file]
 */
export function noiseOf(sidecar, file) {
  const noise = sidecar?.noiseEstimate;
  if (!noise) return "";
  const levels = noise.greyLevels ?? (file?.image?.sampleType === "uint8" ? noise.sigma255 : null);
  return levels === null || levels === undefined
    ? `noise ${noise.sigma255.toFixed(1)} of 255` : `noise ${numberText(Number(levels.toPrecision(3)))} grey levels`;
}

/** Its name; of a model that of its file. @param {import("./api.js").JobSettings} settings */
export const methodName = settings => (settings.method ?? "auto").replace(/.*[/\\]/, "");

/** The method, and what auto chose. @param {import("./api.js").Job} job */
export function methodNamed(job) {
  const name = methodName(job.settings), chosen = job.sidecar?.settings?.chosen;
  return chosen && chosen !== name ? `${name}: ${chosen}` : name;
}
