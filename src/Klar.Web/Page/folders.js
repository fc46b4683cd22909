// Folders of the machine that the server may open.
import * as api from "./api.js";
import { byId, lineOf, make, say, sizeText } from "./dom.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** Walks folders and opens files. */
export class Folders {
  #isKnown = false;

  /** @param {(file: FileInfo) => void} opened */
  constructor(opened) {
    this.#opened = opened;
  }

  #opened;

  async load() {
    if (this.#isKnown || !(await api.server()).hasRoots) return;
    this.#isKnown = true;
    byId("folders", HTMLDetailsElement).hidden = false;
    await this.#show("");
  }

  /** @param {string} path */
  async #show(path) {
    try {
      const { path: here, entries } = await api.folder(path), up = here.slice(0, here.lastIndexOf("/"));
      const line = (/** @type {() => void} */ click, /** @type {(Node | string | null)[]} */ ...parts) =>
        make("li", {}, make("button", { type: "button", click }, ...parts));
      const back = here
        ? [line(() => this.#show(""), "↑ all folders"),
          line(() => this.#show(up).catch(() => this.#show("")), "↑ ..")]
        : [];
      byId("folder-path", HTMLElement).textContent = here || "Folders";
      byId("folder", HTMLElement).replaceChildren(...back, ...entries.map(entry => entry.isFolder
        ? line(() => this.#show(entry.path), `▸ ${entry.name}`)
        : line(() => this.#open(entry.path), entry.name, make("small", {}, sizeText(entry.size)))));
    } catch (failure) {
      if (path) await this.#show("");
      else say(lineOf(failure), true);
    }
  }

  /** @param {string} path */
  async #open(path) {
    try {
      this.#opened(await api.open(path));
    } catch (failure) {
      say(lineOf(failure), true);
    }
  }
}
