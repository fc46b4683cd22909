// The list of files: dropped, chosen, or opened from the folders that the server may open; and those that are ticked.
import * as api from "./api.js";
import { Folders } from "./folders.js";
import { attachDrop } from "./drop.js";
import { byId, lineOf, make, say, sizeText } from "./dom.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */

const AXES = /** @type {Record<string, string>} */ ({ I: "pages", Z: "Z", T: "T", C: "C" });

/** @param {FileInfo} file */
export function describe(file) {
  const image = file.image;
  if (!image) return file.failure ?? "no image";
  const axes = image.axes
    .slice(0, -2)
    .split("")
    .map((axis, i) => `${AXES[axis] ?? axis} ${image.sizes[i]}`)
    .filter(text => text.length > 1);
  const size = image.pixelSizeMicrometres ? `, ${Number(image.pixelSizeMicrometres.toPrecision(3))} µm/px` : "";
  const colours = image.channels > 1 ? ` × ${image.channels}` : "";
  return `${[`${image.width} × ${image.height}${colours} ${image.sampleType}`, ...axes].join(", ")}${size}`;
}

/** Files to choose from. */
export class FileList {
  /** @type {Map<string, FileInfo>} */
  known = new Map();
  #chosen = "";
  /** @type {Set<string>} */
  #ticked = new Set();

  /**
   * @param {(file: FileInfo | null) => void} choose is told the file that is to be shown; null for none
   * @param {{ ticked?: () => void, changed?: () => void, takesMany?: boolean }} [options]
   */
  constructor(choose, { ticked = () => {}, changed = () => {}, takesMany = false } = {}) {
    this.#choose = choose;
    this.#hasTicked = ticked;
    this.#hasChanged = changed;
    this.#takesMany = takesMany;
    const input = byId("choose", HTMLInputElement);
    for (const id of ["pick", "drop"]) document.getElementById(id)?.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      this.#send([...(input.files ?? [])]);
      input.value = "";
    });
    attachDrop(files => this.#send(files));
    document.getElementById("all-files")?.addEventListener("click", () => this.#tickAll());
    this.#folders = new Folders(file => this.#opened(file));
    api.follow({
      file: file => this.#changed(file), removedFile: id => this.#gone(id),
      connected: isConnected => isConnected && this.load().catch(failure => say(lineOf(failure), true)),
    });
  }

  #choose;
  #hasTicked;
  #hasChanged;
  #takesMany;
  #folders;

  /** Files that are ticked, in the order of the list. */
  get ticked() {
    return [...this.known.values()].reverse().filter(file => this.#ticked.has(file.id) && file.image);
  }

  async load() {
    const files = (await api.files()).reverse();
    this.known = new Map(files.map(file => [file.id, file]));
    this.#render();
    await this.#folders.load();
    this.#hasChanged();
    if (this.#chosen && !this.known.has(this.#chosen)) this.#gone(this.#chosen);
  }

  /** @param {FileInfo} file */
  pick(file) {
    this.mark(file.id);
    this.#choose(file);
  }

  /** Which file is shown. @param {string} id */
  mark(id) {
    this.#chosen = id;
    this.#render();
  }

  /** @param {FileInfo} file */
  add(file) {
    this.known.delete(file.id);
    this.known.set(file.id, file);
    this.#render();
    this.#hasChanged();
  }

  /** Sends all, shows the first that can be shown, and says of each other one what is wrong. @param {File[]} files */
  async #send(files) {
    const failed = [];
    let shown = false;
    for (const one of files) {
      const bar = make("progress", { max: "1", value: "0", "aria-label": `sending ${one.name}` });
      const line = make("li", { class: "sending" }, `${one.name} (${sizeText(one.size)})`, bar);
      byId("files", HTMLElement).prepend(line);
      try {
        const file = await api.upload(one, fraction => (bar.value = fraction));
        this.add(file);
        if (!file.image) failed.push(`${file.name}: ${file.failure}`);
        if (file.image && !shown) this.pick(file);
        shown ||= Boolean(file.image);
      } catch (failure) {
        failed.push(`${one.name}: ${lineOf(failure)}`);
      }
      line.remove();
      this.#render();
    }
    if (failed.length > 0) say(failed.join("\n"), true);
    else if (files.length > 1) say(`${files.length} files are here`);
  }

  /** @param {FileInfo} file */
  #opened(file) {
    this.add(file);
    if (file.image) this.pick(file);
    else say(`${file.name}: ${file.failure}`, true);
  }

  /** @param {FileInfo} file */
  #changed(file) {
    const isNew = !this.known.has(file.id);
    this.known.set(file.id, file);
    if (!isNew) return;
    this.#render();
    this.#hasChanged();
  }

  /** @param {string} id */
  #gone(id) {
    this.known.delete(id);
    this.#ticked.delete(id);
    if (this.#chosen === id) {
      this.#chosen = "";
      this.#choose(null);
    }
    this.#render();
    this.#hasTicked();
    this.#hasChanged();
  }

  #tickAll() {
    const all = [...this.known.values()].filter(file => file.image);
    if (this.ticked.length === all.length) this.#ticked.clear();
    else all.forEach(file => this.#ticked.add(file.id));
    this.#render();
    this.#hasTicked();
  }

  /** @param {FileInfo} file @param {boolean} isTicked */
  #tick(file, isTicked) {
    if (isTicked) this.#ticked.add(file.id);
    else this.#ticked.delete(file.id);
    byId("files", HTMLElement).classList.toggle("ticks", this.#ticked.size > 0);
    this.#hasTicked();
  }

  #render() {
    const list = byId("files", HTMLElement),
      focused = document.activeElement?.closest("#files li")?.getAttribute("data-id");
    const lines = [...this.known.values()].reverse().map(file => this.#line(file)),
      all = document.getElementById("all-files");
    list.replaceChildren(...list.querySelectorAll(".sending"), ...lines);
    list.classList.toggle("ticks", this.#ticked.size > 0);
    byId("no-files", HTMLElement).hidden = this.known.size > 0;
    if (all) all.hidden = this.known.size < 2;
    if (focused) list.querySelector(`[data-id="${focused}"] .file`)?.dispatchEvent(new Event("klar-focus"));
  }

  /** @param {FileInfo} file */
  #line(file) {
    const text = describe(file),
      isChosen = file.id === this.#chosen;
    const picture = file.image
      ? make("img", { src: api.thumbnailPath(file.id), alt: "", loading: "lazy" })
      : make("img", { alt: "" });
    const button = make(
      "button",
      {
        type: "button",
        class: "file",
        click: () => this.pick(file),
        "aria-pressed": String(isChosen),
        title: `${file.name}\n${text}`,
      },
      picture,
      make("b", {}, file.name),
      make("small", { class: file.image ? "" : "failure" }, text),
    );
    button.addEventListener("klar-focus", () => button.focus());
    const tick =
      this.#takesMany && file.image
        ? make("input", {
            type: "checkbox",
            class: "tick",
            "aria-label": `choose ${file.name}`,
            checked: this.#ticked.has(file.id),
            change: event => this.#tick(file, /** @type {HTMLInputElement} */ (event.target).checked),
          })
        : null;
    const remove = make(
      "button",
      {
        type: "button",
        class: "remove",
        title: "Remove from the list",
        "aria-label": `remove ${file.name}`,
        click: () => this.#remove(file),
      },
      "×",
    );
    return make("li", { class: isChosen ? "chosen" : "", "data-id": file.id }, tick, button, remove);
  }

  /** @param {FileInfo} file */
  async #remove(file) {
    try {
      await api.removeFile(file.id);
      this.#gone(file.id);
    } catch (failure) {
      say(lineOf(failure), true);
    }
  }
}
