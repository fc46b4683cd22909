// The form of a method and its settings.
import { byId, make } from "./dom.js";
/** @typedef {import("./api.js").Method} Method */
/** @typedef {import("./api.js").JobSettings} JobSettings */
/** @typedef {import("./api.js").FileInfo} FileInfo */

const KEPT = "klar-settings";
const FIELDS = /** @type {Record<string, string>} */ ({
  effort: "effort",
  sigma: "sigma",
  gain: "gain",
  readNoise: "read-noise",
  offset: "offset",
  noiseModel: "noise-model",
  declip: "declip",
  channels: "channels",
  hotPixels: "hot-pixels",
  stripes: "stripes",
  across: "across",
  drift: "drift",
  seed: "seed",
  axes: "axes",
});
const FLAGS = /** @type {const} */ (["residual", "uncertainty", "report"]);

/** @param {string} id */
const field = id => /** @type {HTMLInputElement | HTMLSelectElement} */ (document.getElementById(id));

/** Methods and their settings. */
export class SettingsForm {
  /** @type {Method[]} */
  #methods = [];
  #method = byId("method", HTMLSelectElement);
  #form = byId("settings", HTMLFormElement);

  #changed;

  /** @param {() => void} changed */
  constructor(changed) {
    this.#changed = () => {
      this.#judge();
      localStorage.setItem(KEPT, JSON.stringify(this.value));
      changed();
    };
    this.#form.addEventListener("input", this.#changed);
    this.#form.addEventListener("submit", event => event.preventDefault());
    byId("reset", HTMLButtonElement).addEventListener("click", () => {
      this.put({ method: this.#method.value });
      localStorage.removeItem(KEPT);
      changed();
    });
  }

  /** @param {Method[]} methods */
  fill(methods) {
    this.#methods = methods;
    const own = methods.filter(method => !method.label), models = methods.filter(method => method.label);
    for (const method of own.sort((a, b) => Number(b.name === "auto") - Number(a.name === "auto"))) {
      this.#method.add(new Option(method.name === "auto" ? "auto: measures and chooses" : method.name, method.name));
    }
    if (models.length > 0) {
      const options = models.map(model => make("option", { value: model.name }, String(model.label)));
      this.#method.append(make("optgroup", { label: "Models of klar train" }, ...options));
    }
    this.#method.addEventListener("change", () => this.#show());
    this.#show();
    const guide = own.flatMap(method => [make("dt", {}, method.name), make("dd", {}, method.summary, make("br"),
      make("small", {}, [method.assumes, method.paper].filter(Boolean).join(" · ")))]);
    byId("methods", HTMLElement).replaceChildren(...guide);
  }

  /** What was set when the page was last open. */
  restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
      if (kept && this.#methods.some(method => method.name === kept.method)) this.put(kept);
    } catch {
      localStorage.removeItem(KEPT);
    }
  }

  /** Puts settings into the form as if a user had. @param {JobSettings} settings */
  take(settings) {
    this.put(this.#methods.some(method => method.name === settings.method) ? settings : { ...settings, method: "auto" });
    this.#changed();
  }

  /** @param {FileInfo | null} file */
  for(file) {
    const image = file?.image;
    byId("channels-row", HTMLElement).hidden = !image || image.channels < 2;
    for (const row of ["axes-row", "across-row", "drift-row", "page-row"])
      byId(row, HTMLElement).hidden = !image || image.pages < 2;
    for (const id of ["run", "preview"]) byId(id, HTMLButtonElement).disabled = !image;
    this.#judge();
  }

  /** Whether every value can be one; the form says which cannot. */
  get isValid() {
    return this.#judge();
  }

  /** Puts settings into the form, those of a job that is to be changed. @param {JobSettings} settings */
  put(settings) {
    this.#method.value = settings.method ?? "auto";
    this.#show();
    for (const [name, id] of Object.entries(FIELDS))
      field(id).value = String(settings[/** @type {"seed"} */ (name)] ?? "");
    field("strength").value = String(settings.strength ?? 1);
    for (const flag of FLAGS) byId(flag, HTMLInputElement).checked = settings[flag] ?? false;
    for (const [option, value] of Object.entries(settings.set ?? {})) {
      const input = document.querySelector(`#options [name="${option.slice(option.indexOf(".") + 1)}"]`);
      if (input instanceof HTMLInputElement) input.value = value;
    }
    const isPlain = !settings.set || Object.keys(settings.set).length === 0;
    if (!isPlain || settings.sigma) byId("more-settings", HTMLDetailsElement).open = true;
    this.#judge();
  }

  /**
   * What the form says; what stands at its default is left out.
   * @returns {JobSettings}
   */
  get value() {
    const text = (/** @type {string} */ id) => (field(id).closest("[hidden]") ? "" : field(id).value.trim());
    const checked = (/** @type {string} */ id) =>
      byId(id, HTMLInputElement).checked && !byId(id, HTMLInputElement).closest("[hidden]");
    const number = (/** @type {string} */ id) => (text(id) === "" ? undefined : Number(text(id)));
    /** @type {Record<string, string>} */
    const set = {};
    for (const input of document.querySelectorAll("#options input")) {
      if (input instanceof HTMLInputElement && input.value.trim() !== "")
        set[`${this.#method.value}.${input.name}`] = input.value.trim();
    }
    return {
      method: this.#method.value,
      effort: text("effort") || undefined,
      sigma: text("sigma") || undefined,
      gain: number("gain"),
      readNoise: number("read-noise"),
      offset: number("offset"),
      noiseModel: text("noise-model") || undefined,
      declip: text("declip") || undefined,
      channels: text("channels") || undefined,
      hotPixels: text("hot-pixels") || undefined,
      stripes: text("stripes") || undefined,
      across: text("across") || undefined,
      drift: text("drift") || undefined,
      strength: number("strength") === 1 ? undefined : number("strength"),
      seed: number("seed"),
      set,
      axes: text("axes") || undefined,
      residual: checked("residual"),
      uncertainty: checked("uncertainty"),
      report: checked("report"),
    };
  }

  #judge() {
    const wrong = [...this.#form.elements].find(
      one =>
        (one instanceof HTMLInputElement || one instanceof HTMLSelectElement) &&
        !one.closest("[hidden]") &&
        !one.validity.valid,
    );
    const why = byId("run-why", HTMLElement),
      name = wrong?.closest("label")?.querySelector("span")?.textContent ?? "a setting";
    why.hidden = !wrong;
    why.textContent = wrong instanceof HTMLInputElement ? `${name}: ${wrong.title || wrong.validationMessage}` : "";
    return !wrong;
  }

  #show() {
    const method = this.#methods.find(one => one.name === this.#method.value);
    if (!method) return;
    byId("method-summary", HTMLElement).textContent = method.summary;
    byId("effort-row", HTMLElement).hidden = !method.takesEffort;
    byId("noise-rows", HTMLElement).hidden = !method.modelsNoise;
    const shown = method.options.filter(
      option => option.name !== "effort" && option.name !== "hot-pixels" && !option.isNoiseLevel,
    );
    byId("options", HTMLElement).replaceChildren(
      ...shown.map(option =>
        make(
          "label",
          { title: `${option.summary}; ${option.range}` },
          make("span", {}, option.name.replaceAll("-", " ")),
          make("input", {
            name: option.name,
            placeholder: option.default,
            autocomplete: "off",
            title: option.range,
            pattern: String.raw`[A-Za-z0-9][A-Za-z0-9_.:=,\-]*`,
          }),
          make("small", {}, option.unit),
        ),
      ),
    );
  }
}
