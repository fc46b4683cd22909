// The list of jobs, as the server tells of them.
import * as api from "./api.js";
import { byId, lineOf, make, say, timeText } from "./dom.js";
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./api.js").JobView} JobView */

const STATES = /** @type {Record<string, string>} */ ({ Queued: "waiting", Running: "running", Done: "done", Failed: "failed", Cancelled: "cancelled", CutOff: "cut off" });

/** @param {string} state */
export const stateText = state => STATES[state] ?? state;

/** Jobs of one kind. */
export class JobList {
  /** @type {Map<number, JobView>} */
  #jobs = new Map();
  /** @type {Map<number, HTMLElement>} */
  #cards = new Map();

  /**
   * @param {"Denoise" | "Compare"} kind
   * @param {(job: Job) => void} look is told the job whose results are to be shown
   * @param {(job: Job, before: Job | null) => void} changed is told each change
   */
  constructor(kind, look, changed) {
    this.#look = look;
    api.follow(view => {
      if (view.job.kind !== kind) return;
      const before = this.#jobs.get(view.job.id)?.job ?? null;
      this.#jobs.set(view.job.id, view);
      this.#render(view);
      changed(view.job, before);
      if (before && before.state !== view.job.state) this.#tell(view.job);
    }, id => {
      this.#jobs.delete(id);
      this.#cards.get(id)?.remove();
      this.#cards.delete(id);
      byId("no-jobs", HTMLElement).hidden = this.#jobs.size > 0;
    });
  }

  #look;

  /** @param {number} id */
  job(id) {
    return this.#jobs.get(id)?.job ?? null;
  }

  /** @param {Job} job */
  #tell(job) {
    if (job.state === "Done") say(`${job.fileName}: ${job.settings.method ?? "comparison"} is done`);
    if (job.state === "Failed" || job.state === "CutOff") say(`${job.fileName}: ${job.trouble}`, true);
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
      bar.value = job.fraction;
      const left = card.querySelector(".left");
      if (left) left.textContent = this.#left(view);
      return;
    }
    const held = card.contains(document.activeElement);
    card.dataset.state = job.state;
    card.dataset.id = String(job.id);
    card.replaceChildren(...this.#parts(view));
    if (held) card.querySelector("button")?.focus();
  }

  /** @param {JobView} view */
  #left({ job, secondsLeft }) {
    return `${Math.round(100 * job.fraction)} %${job.stage ? `, ${job.stage}` : ""}${secondsLeft === null ? "" : `, ${timeText(secondsLeft)} left`}`;
  }

  /** @param {JobView} view @returns {Node[]} */
  #parts(view) {
    const { job } = view, act = (/** @type {string} */ text, /** @type {() => Promise<unknown>} */ what, /** @type {string} */ label = `${text} ${job.fileName}`) =>
      make("button", { type: "button", "aria-label": label, click: () => what().catch(trouble => say(lineOf(trouble), true)) }, text);
    const what = job.kind === "Compare" ? `${job.settings.methods?.length ?? 0} methods` : [job.settings.method, job.settings.effort].filter(Boolean).join(", ");
    /** @type {(Node | null)[]} */
    const parts = [make("p", { class: "job-title" }, make("b", {}, job.fileName), ` ${what} `, make("span", { class: `state ${job.state}` }, stateText(job.state), job.seconds !== null && job.state === "Done" ? ` in ${timeText(job.seconds)}` : ""))];
    if (job.state === "Running") parts.push(make("progress", { max: "1", value: String(job.fraction), "aria-label": `progress of ${job.fileName}` }), make("p", { class: "left quiet" }, this.#left(view)));
    if (job.trouble) parts.push(make("p", { class: "trouble" }, job.trouble));
    const sidecar = job.sidecar, why = sidecar?.settings?.why;
    if (why) parts.push(make("p", {}, why));
    if (sidecar?.noiseEstimate) parts.push(make("p", { class: "quiet" }, `noise found: ${sidecar.noiseEstimate.sigma255.toFixed(1)} of 255`));
    for (const warning of sidecar?.warnings ?? []) parts.push(make("p", { class: "warning" }, warning));
    const result = job.results.find(one => one.role === "result"), buttons = make("p", { class: "buttons" });
    if (job.state === "Done") buttons.append(make("button", { type: "button", class: "main", "aria-label": `Look at ${job.fileName}`, click: () => this.#look(job) }, "Look"));
    if (result) buttons.append(make("a", { class: "button", href: api.downloadPath(result.fileId), download: result.name }, "Download"));
    if (job.state === "Queued" || job.state === "Running") buttons.append(act("Cancel", () => api.cancelJob(job.id)));
    if (["Failed", "Cancelled", "CutOff"].includes(job.state)) buttons.append(act("Go on", () => api.againJob(job.id)));
    if (job.state !== "Running") buttons.append(act("Remove", () => api.removeJob(job.id)));
    parts.push(buttons, this.#more(job));
    return parts.filter(part => part !== null);
  }

  /** @param {Job} job */
  #more(job) {
    const links = job.results.filter(one => one.role !== "result" && one.role !== "image").map(one => make("li", {}, one.role === "report" || one.role === "figure"
      ? make("a", { href: api.showPath(one.fileId), target: "_blank", rel: "noopener" }, `open ${one.name}`) : make("a", { href: api.downloadPath(one.fileId), download: one.name }, one.name)));
    const copy = make("button", { type: "button", click: () => copyText(job.command) }, "Copy");
    return make("details", {}, make("summary", {}, job.results.length > 0 ? "Files and command" : "Command"), make("ul", {}, ...links), make("p", { class: "quiet" }, "The same as a command:"), make("code", {}, job.command), copy);
  }
}

/** @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text); // there is no clipboard on an address that the browser does not trust
    say("copied");
  } catch {
    say("this browser does not let the page copy: select the command and copy it", true);
  }
}
