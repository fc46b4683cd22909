// The list of jobs, as the server tells of them.
import * as api from "./api.js";
import { byId, lineOf, make, say, timeText } from "./dom.js";
import { copyText } from "./measures.js";
import { methodName, noiseOf, trustOf } from "./trust.js";
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./api.js").JobView} JobView */

const STATES = /** @type {Record<string, string>} */ ({
  Queued: "waiting", Running: "running", Done: "done", Failed: "failed", Cancelled: "cancelled", CutOff: "cut off",
});

/** What a job does with a file. @param {Job} job */
export const methodOf = job => job.kind === "Compare" ? `${job.settings.methods?.length ?? 0} methods`
  : [methodName(job.settings), job.settings.effort].filter(Boolean).join(", ");

/**
 * @typedef {{ look: (job: Job) => void, changed?: (job: Job, before: Job | null) => void, edit?: (job: Job) => void,
 *   file?: (id: string) => import("./api.js").FileInfo | null, all?: (jobs: JobView[]) => void,
 *   removed?: (id: number) => void }} Acts
 */

/** Jobs of one kind. */
export class JobList {
  /** @type {Map<number, JobView>} */
  #jobs = new Map();
  /** @type {Map<number, HTMLElement>} */
  #cards = new Map();
  #shown = 0;

  /**
   * @param {"Denoise" | "Compare"} kind
   * @param {Acts} acts
   */
  constructor(kind, acts) {
    this.#acts = acts;
    api.follow({
      job: view => {
        if (view.job.kind !== kind) return;
        const before = this.#jobs.get(view.job.id)?.job ?? null;
        this.#jobs.set(view.job.id, view);
        this.#render(view);
        acts.changed?.(view.job, before);
        if (before && before.state !== view.job.state) this.#tell(view.job);
        acts.all?.(this.all);
      },
      removed: id => {
        this.#jobs.delete(id);
        this.#cards.get(id)?.remove();
        this.#cards.delete(id);
        byId("no-jobs", HTMLElement).hidden = this.#jobs.size > 0;
        acts.all?.(this.all);
        acts.removed?.(id);
      },
    });
  }

  #acts;

  /** The newest first. */
  get all() {
    return [...this.#jobs.values()].sort((a, b) => b.job.id - a.job.id);
  }

  /** Which job's result is shown; 0 for none. @param {number} id */
  mark(id) {
    this.#shown = id;
    for (const [one, card] of this.#cards) card.classList.toggle("shown", one === id);
  }

  /** Whether files are still there decides what can be done. */
  refresh() {
    for (const view of this.#jobs.values()) if (view.job.state !== "Running") this.#render(view);
  }

  /** @param {Job} job */
  #tell(job) {
    if (job.state === "Done") say(`${job.fileName}: ${job.kind === "Compare" ? "comparison" : methodName(job.settings)} is done`);
    if (job.state === "Failed" || job.state === "CutOff") say(`${job.fileName}: ${job.failure}`, true);
  }

  /** @param {JobView} view */
  #render(view) {
    const { job } = view, list = byId("jobs", HTMLElement);
    let card = this.#cards.get(job.id);
    if (!card) {
      card = make("li", { class: "job" });
      this.#cards.set(job.id, card);
      const after = [...this.#cards].filter(([id]) => id < job.id).sort(([a], [b]) => b - a)[0];
      list.insertBefore(card, after ? after[1] : null);
      byId("no-jobs", HTMLElement).hidden = true;
    }
    // While a job runs only its bar moves: a button that is being pressed must not be replaced.
    const bar = card.querySelector("progress");
    if (job.state === "Running" && bar && card.dataset.state === "Running") {
      if (job.fraction > 0) bar.value = job.fraction;
      const left = card.querySelector(".left");
      if (left) left.textContent = leftText(view);
      return;
    }
    const isHeld = card.contains(document.activeElement);
    card.dataset.state = job.state;
    card.dataset.id = String(job.id);
    card.classList.toggle("shown", job.id === this.#shown);
    card.replaceChildren(...this.#parts(view));
    if (isHeld) card.querySelector("button")?.focus();
  }

  /** @param {JobView} view @returns {Node[]} */
  #parts(view) {
    const { job } = view, { sidecar } = job, file = this.#acts.file?.(job.fileId) ?? null;
    const time = job.seconds !== null && job.state === "Done" ? ` in ${timeText(job.seconds)}` : "";
    /** @type {Node[]} */
    const parts = [make("p", { class: "job-title" }, make("b", { title: job.fileName }, job.fileName),
      make("span", { class: `state ${job.state}` }, STATES[job.state] ?? job.state, time))];
    parts.push(make("p", { class: "quiet" }, [methodOf(job), noiseOf(sidecar, file)].filter(Boolean).join(" · ")));
    if (job.state === "Running") {
      const bar = make("progress", { max: "1", "aria-label": `progress of ${job.fileName}` });
      if (job.fraction > 0) bar.value = job.fraction;
      parts.push(bar, make("p", { class: "left quiet" }, leftText(view)));
    }
    if (job.failure) parts.push(make("p", { class: "failure" }, job.failure));
    if (job.state === "Done" && job.kind === "Denoise") {
      const trust = trustOf(sidecar);
      parts.push(
        make("p", { class: "quiet" }, make("span", { class: `trust ${trust.level}`, title: trust.why }, trust.text)),
      );
    }
    for (const warning of sidecar?.warnings ?? []) parts.push(make("p", { class: "warning" }, warning));
    parts.push(this.#buttons(job), this.#more(job));
    return parts;
  }

  /** @param {Job} job */
  #buttons(job) {
    const isHere = !this.#acts.file || this.#acts.file(job.fileId) !== null, buttons = make("p", { class: "buttons" });
    const result = job.results.find(one => one.role === "result"), edit = this.#acts.edit;
    const button = (/** @type {string} */ text, /** @type {() => void} */ click, sign = text) =>
      buttons.append(
        make("button", { type: "button", "aria-label": `${text}: ${methodOf(job)} of ${job.fileName}`, click }, sign),
      );
    const act = (/** @type {string} */ text, /** @type {() => Promise<unknown>} */ what, sign = text) =>
      button(text, () => what().catch(failure => say(lineOf(failure), true)), sign);
    if (job.state === "Done") button("Look", () => this.#acts.look(job));
    if (result)
      buttons.append(
        make("a", { class: "button", href: api.downloadPath(result.fileId), download: result.name }, "Download"),
      );
    if (job.state === "Queued" || job.state === "Running") act("Cancel", () => api.cancelJob(job.id));
    if (["Failed", "Cancelled", "CutOff"].includes(job.state) && isHere) act("Go on", () => api.againJob(job.id));
    if (edit && isHere && job.state !== "Running") button("Edit", () => edit(job));
    if (job.state !== "Running") act("Remove", () => api.removeJob(job.id), "×");
    return buttons;
  }

  /** @param {Job} job */
  #more(job) {
    const links = job.results
      .filter(one => one.role !== "result" && one.role !== "image")
      .map(one =>
        make(
          "li",
          {},
          one.role === "report" || one.role === "figure"
            ? make("a", { href: api.showPath(one.fileId), target: "_blank", rel: "noopener" }, `open ${one.name}`)
            : make("a", { href: api.downloadPath(one.fileId), download: one.name }, one.name),
        ),
      );
    const copy = make("button", { type: "button", click: () => copyText(job.command) }, "Copy"),
      why = job.sidecar?.settings?.why;
    return make(
      "details",
      {},
      make("summary", {}, job.results.length > 0 ? "Files and command" : "Command"),
      why ? make("p", {}, why) : null,
      make("ul", {}, ...links),
      make("p", { class: "quiet" }, "The same as a command:"),
      make("code", {}, job.command),
      copy,
    );
  }
}

/** @param {JobView} view */
function leftText({ job, secondsLeft }) {
  const done = job.fraction > 0 ? `${Math.round(100 * job.fraction)} %` : "starting";
  return `${done}${job.stage ? `, ${job.stage}` : ""}${secondsLeft === null ? "" : `, ${timeText(secondsLeft)} left`}`;
}
