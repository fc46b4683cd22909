// Results of one picture beside each other: which stands on the left, and which on the right.
import { methodOf } from "./jobs.js";
import { make, within } from "./dom.js";
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./api.js").JobView} JobView */
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** Two lists above the picture. */
export class Pairs {
  /** @type {Job[]} */
  #jobs = [];

  /**
   * @param {HTMLElement} place
   * @param {(job: Job | null, other: Job | null) => void} choose
   */
  constructor(place, choose) {
    this.#box = within(place, ".pair", HTMLElement);
    this.#left = within(place, ".pair-left", HTMLSelectElement);
    this.#right = within(place, ".pair-right", HTMLSelectElement);
    for (const select of [this.#left, this.#right]) {
      select.addEventListener("change", () => choose(this.#of(this.#right.value), this.#of(this.#left.value)));
    }
  }

  #box;
  #left;
  #right;

  /**
   * Shown as soon as a picture has two results.
   * @param {JobView[]} all
   * @param {FileInfo | null} file
   * @param {Job | null} job
   * @param {Job | null} other
   */
  offer(all, file, job, other) {
    this.#jobs = all
      .map(view => view.job)
      .filter(
        one => one.state === "Done" && one.fileId === file?.id && one.results.some(result => result.role === "result"),
      );
    this.#box.hidden = this.#jobs.length < 2;
    const options = () => [
      make("option", { value: "0" }, "before"),
      ...this.#jobs.map(one => make("option", { value: String(one.id) }, `${methodOf(one)} (${one.id})`)),
    ];
    const lists = /** @type {[HTMLSelectElement, Job | null][]} */ ([
      [this.#left, other],
      [this.#right, job],
    ]);
    for (const [select, one] of lists) {
      select.replaceChildren(...options());
      select.value = String(one?.id ?? 0);
    }
  }

  /** @param {string} id */
  #of(id) {
    return this.#jobs.find(one => String(one.id) === id) ?? null;
  }
}
