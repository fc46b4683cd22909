// The list of files: dropped, chosen, or opened from the folders that the server may open.
import * as api from "./api.js";
import { byId, lineOf, make, say, sizeText } from "./dom.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** @param {FileInfo} file */
export function describe(file) {
  const image = file.image;
  if (!image) return file.trouble ?? "no image";
  const axes = image.axes.slice(0, -2).split("").map((axis, i) => `${axis === "I" ? "pages" : axis} ${image.sizes[i]}`).filter(text => text.length > 1);
  const size = image.pixelSizeMicrometres ? `, ${Number(image.pixelSizeMicrometres.toPrecision(3))} µm/px` : "";
  return `${image.width} × ${image.height}${image.channels > 1 ? ` × ${image.channels}` : ""} ${image.sampleType}${axes.length > 0 ? `, ${axes.join(", ")}` : ""}${size}`;
}

/** Files to choose from. */
export class FileList {
  /** @type {Map<string, FileInfo>} */
  known = new Map();
  #chosen = "";

  /** @param {(file: FileInfo) => void} choose is told the file that is to be shown */
  constructor(choose) {
    this.#choose = choose;
    const input = byId("choose", HTMLInputElement), zone = byId("drop", HTMLElement);
    byId("pick", HTMLButtonElement).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.#send([...(input.files ?? [])]);
      input.value = "";
    });
    document.addEventListener("dragover", event => {
      event.preventDefault();
      zone.classList.add("over");
    });
    document.addEventListener("dragleave", event => event.relatedTarget === null && zone.classList.remove("over"));
    document.addEventListener("drop", event => {
      event.preventDefault();
      zone.classList.remove("over");
      this.#send([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #choose;

  async load() {
    for (const file of (await api.files()).reverse()) this.known.set(file.id, file);
    this.#render();
    if ((await api.server()).hasRoots) {
      byId("folders", HTMLDetailsElement).hidden = false;
      await this.#folder("");
    }
  }

  /** @param {FileInfo} file */
  pick(file) {
    this.#chosen = file.id;
    this.#render();
    this.#choose(file);
  }

  /** @param {File[]} files */
  async #send(files) {
    for (const [i, one] of files.entries()) {
      const bar = make("progress", { max: "1", value: "0", "aria-label": `sending ${one.name}` }), line = make("li", { class: "sending" }, `${one.name} (${sizeText(one.size)})`, bar);
      byId("files", HTMLElement).prepend(line);
      try {
        const file = await api.upload(one, fraction => (bar.value = fraction));
        this.known.set(file.id, file);
        if (file.trouble) say(`${file.name}: ${file.trouble}`, true);
        else say(`${file.name} is here`);
        if (i === files.length - 1 && file.image) this.pick(file);
      } catch (trouble) {
        say(`${one.name}: ${lineOf(trouble)}`, true);
      }
      line.remove();
      this.#render();
    }
  }

  #render() {
    const list = byId("files", HTMLElement), lines = [...this.known.values()].reverse().map(file => make("li", { class: file.id === this.#chosen ? "chosen" : "" },
      make("button", { type: "button", class: "file", click: () => this.pick(file), "aria-pressed": String(file.id === this.#chosen) }, make("b", {}, file.name), make("small", { class: file.image ? "" : "trouble" }, describe(file))),
      make("button", { type: "button", class: "remove", title: "Remove from the list", "aria-label": `remove ${file.name}`, click: () => this.#remove(file) }, "×")));
    list.replaceChildren(...list.querySelectorAll(".sending"), ...lines);
    byId("no-files", HTMLElement).hidden = this.known.size > 0;
  }

  /** @param {FileInfo} file */
  async #remove(file) {
    try {
      await api.removeFile(file.id);
      this.known.delete(file.id);
      this.#render();
    } catch (trouble) {
      say(lineOf(trouble), true);
    }
  }

  /** @param {string} path */
  async #folder(path) {
    try {
      const { path: here, entries } = await api.folder(path), up = here.slice(0, here.lastIndexOf("/"));
      byId("folder-path", HTMLElement).textContent = here || "Folders";
      const back = here ? [make("li", {}, make("button", { type: "button", click: () => this.#folder("") }, "↑ all folders")), make("li", {}, make("button", { type: "button", click: () => this.#folder(up).catch(() => this.#folder("")) }, "↑ .."))] : [];
      byId("folder", HTMLElement).replaceChildren(...back, ...entries.map(entry => make("li", {},
        make("button", { type: "button", click: () => entry.isFolder ? this.#folder(entry.path) : this.#open(entry.path) }, entry.isFolder ? `▸ ${entry.name}` : entry.name, entry.isFolder ? null : make("small", {}, sizeText(entry.size))))));
    } catch (trouble) {
      if (path) await this.#folder("");
      else say(lineOf(trouble), true);
    }
  }

  /** @param {string} path */
  async #open(path) {
    try {
      const file = await api.open(path);
      this.known.delete(file.id);
      this.known.set(file.id, file);
      if (file.trouble) say(`${file.name}: ${file.trouble}`, true);
      this.pick(file);
    } catch (trouble) {
      say(lineOf(trouble), true);
    }
  }
}
