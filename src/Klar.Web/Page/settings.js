// The form of a method and its settings.
import { byId, make } from "./dom.js";
/** @typedef {import("./api.js").Method} Method */
/** @typedef {import("./api.js").JobSettings} JobSettings */
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** Methods and their settings. */
export class SettingsForm {
  /** @type {Method[]} */
  #methods = [];
  #method = byId("method", HTMLSelectElement);

  /** @param {Method[]} methods */
  fill(methods) {
    this.#methods = methods;
    for (const method of [...methods].sort((a, b) => Number(b.name === "auto") - Number(a.name === "auto"))) this.#method.add(new Option(method.name === "auto" ? "auto: measures and chooses" : method.name, method.name));
    this.#method.addEventListener("change", () => this.#show());
    this.#show();
  }

  /** @param {FileInfo | null} file */
  for(file) {
    const image = file?.image;
    byId("channels-row", HTMLElement).hidden = !image || image.channels < 2;
    byId("axes-row", HTMLElement).hidden = !image || image.pages < 2;
    byId("page-row", HTMLElement).hidden = !image || image.pages < 2;
    for (const id of ["run", "preview"]) byId(id, HTMLButtonElement).disabled = !image;
  }

  /**
   * What the form says; what stands at its default is left out.
   * @returns {JobSettings}
   */
  get value() {
    const text = (/** @type {string} */ id) => {
      const input = /** @type {HTMLInputElement | HTMLSelectElement} */ (document.getElementById(id));
      return input.closest("[hidden]") ? "" : input.value.trim();
    };
    const checked = (/** @type {string} */ id) => byId(id, HTMLInputElement).checked && !byId(id, HTMLInputElement).closest("[hidden]");
    const number = (/** @type {string} */ id) => (text(id) === "" ? undefined : Number(text(id)));
    /** @type {Record<string, string>} */
    const set = {};
    for (const input of document.querySelectorAll("#options input")) {
      if (input instanceof HTMLInputElement && input.value.trim() !== "") set[`${this.#method.value}.${input.name}`] = input.value.trim();
    }
    return {
      method: this.#method.value, effort: text("effort") || undefined, sigma: text("sigma") || undefined,
      gain: number("gain"), readNoise: number("read-noise"), offset: number("offset"), noiseModel: text("noise-model") || undefined, declip: text("declip") || undefined,
      channels: text("channels") || undefined, hotPixels: text("hot-pixels") || undefined, strength: number("strength") === 1 ? undefined : number("strength"), seed: number("seed"), set,
      axes: text("axes") || undefined, residual: checked("residual"), uncertainty: checked("uncertainty"), report: checked("report"),
    };
  }

  #show() {
    const method = this.#methods.find(one => one.name === this.#method.value);
    if (!method) return;
    byId("method-summary", HTMLElement).textContent = method.summary;
    byId("effort-row", HTMLElement).hidden = !method.takesEffort;
    byId("noise-rows", HTMLElement).hidden = !method.modelsNoise;
    const shown = method.options.filter(option => option.name !== "effort" && option.name !== "hot-pixels" && !option.isNoiseLevel);
    byId("options", HTMLElement).replaceChildren(...shown.map(option => make("label", { title: `${option.summary}; ${option.range}` },
      make("span", {}, option.name.replaceAll("-", " ")), make("input", { name: option.name, placeholder: option.default, autocomplete: "off" }), make("small", {}, option.unit))));
  }
}
