// The choice among the images of a file that holds several.
import * as api from "./api.js";
import { byId, lineOf, make, say } from "./dom.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** The image's number and name, where its file holds several. @param {FileInfo} file */
export function sceneName(file) {
  const scenes = file.image?.scenes ?? [],
    one = scenes.find(({ scene }) => scene === file.scene);
  return one ? `image ${one.scene + 1} of ${scenes.length}${one.name ? `: ${one.name}` : ""}` : "";
}

/** Chooses among the images of the file that is looked at. */
export class ScenePicker {
  /** @type {FileInfo | null} */
  #file = null;

  /** @param {(file: FileInfo) => void} picked */
  constructor(picked) {
    this.#select.addEventListener("change", async () => {
      if (!this.#file) return;
      try {
        picked(await api.sceneOf(this.#file.id, Number(this.#select.value)));
      } catch (failure) {
        say(lineOf(failure), true);
        this.of(this.#file);
      }
    });
  }

  #select = byId("scene", HTMLSelectElement);

  /** @param {FileInfo | null} file */
  of(file) {
    const scenes = file?.image?.scenes ?? [];
    this.#file = file;
    byId("scenes", HTMLElement).hidden = scenes.length < 2;
    this.#select.replaceChildren(
      ...scenes.map(({ scene, name }) =>
        make("option", { value: String(scene) }, `${scene + 1}${name ? ` ${name}` : ""}`),
      ),
    );
    this.#select.value = String(file?.scene ?? 0);
  }
}
