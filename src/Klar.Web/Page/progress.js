// How far all is: over the picture, in the list, and in the tab's title.
import * as api from "./api.js";
import { byId, make, timeText, within } from "./dom.js";
/** @typedef {import("./api.js").JobView} JobView */
/** @typedef {import("./api.js").FileInfo} FileInfo */

/** The progress of jobs that were asked for together: those since the queue was last empty. */
export class Progress {
  #first = 0;

  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.#bar = make("progress", {
      class: "working",
      max: "1",
      hidden: true,
      "aria-label": "progress of this picture",
    });
    stage.append(this.#bar);
  }

  #bar;

  /** @param {JobView[]} all the newest first @param {FileInfo | null} file that is shown */
  show(all, file) {
    const open = all.filter(({ job }) => job.state === "Queued" || job.state === "Running");
    if (open.length === 0) this.#first = (all[0]?.job.id ?? 0) + 1;
    else this.#first = Math.min(this.#first, ...open.map(({ job }) => job.id));
    const together = all.filter(({ job }) => job.id >= this.#first),
      fraction =
        together.reduce((sum, { job }) => sum + (ended(job.state) ? 1 : job.fraction), 0) /
        Math.max(1, together.length);
    this.#all(together, fraction, open.length);
    const mine = open.find(({ job }) => job.state === "Running" && job.fileId === file?.id);
    this.#bar.hidden = !mine;
    if (mine && mine.job.fraction > 0) this.#bar.value = mine.job.fraction;
    else this.#bar.removeAttribute("value");
    const what = open.length > 0 ? `${Math.round(100 * fraction)} %` : file?.name;
    document.title = what ? `${what} · Klar` : "Klar";
    const done = all.filter(({ job }) => job.state === "Done" && job.results.length > 0).map(({ job }) => job.id),
      zip = byId("zip", HTMLAnchorElement);
    zip.hidden = done.length < 2;
    if (done.length > 1) zip.href = api.zipPath(done);
  }

  /** @param {JobView[]} together @param {number} fraction @param {number} open */
  #all(together, fraction, open) {
    const box = byId("all-jobs", HTMLElement), running = together.find(({ job }) => job.state === "Running");
    box.hidden = together.length < 2 || open === 0;
    if (box.hidden) return;
    within(box, "progress", HTMLProgressElement).value = fraction;
    const spent = together.reduce((sum, { job }) => sum + (ended(job.state) ? (job.seconds ?? 0) : 0), 0),
      done = together.length - open;
    const left = done > 0 ? (spent / done) * (open - (running?.job.fraction ?? 0)) : null;
    within(box, "p", HTMLElement).textContent =
      `${done} of ${together.length} done${left === null ? "" : `, ${timeText(left)} left`}`;
  }
}

/** @param {string} state */
const ended = state => state !== "Queued" && state !== "Running";
