// The first look: what this is, and three generated pictures to try it on.
import * as api from "./api.js";
import { byId, lineOf, make, say } from "./dom.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */

const SAMPLES = [
  ["cells", "Fluorescence", "Nuclei and microtubules, 16 bits"],
  ["dim", "Hardly any light", "Six photons in a white pixel"],
  ["stack", "Stack of two channels", "Nine slices, composite"],
];

/** @param {(file: FileInfo) => void} chosen is told the sample that is to be shown and cleared */
export function attachWelcome(chosen) {
  byId("samples", HTMLElement).replaceChildren(
    ...SAMPLES.map(([name, title, text]) => {
      const button = make(
        "button",
        { type: "button", "data-sample": name },
        make("img", { src: api.sampleThumbnailPath(name), alt: "", width: "320", height: "240" }),
        make("b", {}, title),
        make("small", {}, text),
      );
      button.addEventListener("click", async () => {
        button.disabled = true;
        try {
          chosen(await api.sample(name));
        } catch (failure) {
          say(lineOf(failure), true);
        } finally {
          button.disabled = false;
        }
      });
      return make("li", {}, button);
    }),
  );
}
