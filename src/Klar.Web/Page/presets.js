// Settings under a name, kept by the browser.
import { byId, make, say } from "./dom.js";
/** @typedef {import("./api.js").JobSettings} JobSettings */
/** @typedef {import("./settings.js").SettingsForm} SettingsForm */

const KEPT = "klar-presets";

/** @returns {Record<string, JobSettings>} */
function kept() {
  try {
    const presets = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return presets && typeof presets === "object" && !Array.isArray(presets) ? presets : {};
  } catch {
    return {};
  }
}

/** @param {SettingsForm} form */
export function attachPresets(form) {
  const choice = byId("preset", HTMLSelectElement),
    name = byId("preset-name", HTMLInputElement),
    forget = byId("forget-preset", HTMLButtonElement);

  /** @param {string} [chosen] */
  function show(chosen = "") {
    const names = Object.keys(kept()).sort((a, b) => a.localeCompare(b));
    choice.replaceChildren(
      make("option", { value: "" }, names.length > 0 ? "choose…" : "none kept yet"),
      ...names.map(one => make("option", { value: one }, one)),
    );
    choice.value = chosen;
    choice.disabled = names.length === 0;
    forget.disabled = chosen === "";
  }

  // What is typed here is no setting: the form need not judge it, and no preview begins.
  byId("presets", HTMLElement).addEventListener("input", event => event.stopPropagation());
  choice.addEventListener("change", () => {
    const settings = kept()[choice.value];
    forget.disabled = choice.value === "";
    name.value = choice.value;
    if (settings) form.take(settings);
  });
  byId("keep-preset", HTMLButtonElement).addEventListener("click", () => {
    const chosen = name.value.trim();
    if (chosen === "") {
      name.focus();
      say("give the preset a name first", true);
      return;
    }
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [chosen]: form.value }));
    show(chosen);
    say(`the settings are kept as ${chosen}`);
  });
  forget.addEventListener("click", () => {
    const { [choice.value]: _, ...others } = kept();
    localStorage.setItem(KEPT, JSON.stringify(others));
    name.value = "";
    show();
  });
  addEventListener("storage", event => event.key === KEPT && show(choice.value));
  show();
}
