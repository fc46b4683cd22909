// The page on which files are looked at and denoised.
import * as api from "./api.js";
import { showChip } from "./chip.js";
import { byId, lineOf, say } from "./dom.js";
import { describe, FileList } from "./files.js";
import { attachFrame, showSheet } from "./frame.js";
import { JobList } from "./jobs.js";
import { Layers } from "./layers.js";
import { LivePreview } from "./live.js";
import { Pairs } from "./pairs.js";
import { attachPresets } from "./presets.js";
import { PageSliders } from "./pages.js";
import { keepPlace, placeOf } from "./place.js";
import { Progress } from "./progress.js";
import { levelsOf, pageOf } from "./samples.js";
import { SettingsForm } from "./settings.js";
import { methodName } from "./trust.js";
import { Viewer } from "./viewer.js";
import { attachWelcome } from "./welcome.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./api.js").JobSettings} JobSettings */
/**
 * What is looked at: a file, or the result of a job on it, or two results.
 * @typedef {{ file: FileInfo | null, job: Job | null, result: FileInfo | null, uncertainty: FileInfo | null,
 *   other: { file: FileInfo, job: Job } | null, isAlone: boolean }} Subject
 */

const place = byId("viewer", HTMLElement),
  viewer = new Viewer(place, byId("contrast", HTMLElement));
const settings = new SettingsForm(() => live.again()),
  sliders = new PageSliders(byId("axes-sliders", HTMLElement), () => {
    live.again();
    refresh();
  });
const live = new LivePreview(
  viewer,
  () => ({ file: shown.file, page: sliders.page, settings: settings.isValid ? asked() : null }),
  () => refresh(),
);
const pairs = new Pairs(place, (job, other) => look(shown.file, job, { other }));
const progress = new Progress(viewer.stage), layers = new Layers(viewer, sliders);

/** @type {Subject} */
let shown = { file: null, job: null, result: null, uncertainty: null, other: null, isAlone: false };
let turn = 0, looking = 0;

const files = new FileList(file => (file ? look(file, null) : blank()), {
  ticked: () => showTicked(), takesMany: true,
  changed: () => {
    jobs.refresh();
    frame();
  },
});
const jobs = new JobList("Denoise", {
  look: job => lookAt(job), edit: job => edit(job), file: id => files.known.get(id) ?? null,
  changed: (job, before) => {
    if (before && before.state !== "Done" && job.state === "Done" && job.fileId === shown.file?.id) lookAt(job, true);
  },
  all: all => {
    frame();
    progress.show(all, shown.file);
    pairs.offer(all, shown.file, shown.job, shown.other?.job ?? null);
  },
  removed: id => {
    if (shown.job?.id === id || shown.other?.job.id === id) look(shown.file, null);
  },
});

// For tests, and for whoever opens the console.
Object.assign(globalThis, { klar: { viewer, sliders, live } });

/** Nothing is chosen. */
function blank() {
  live.stop();
  shown = { file: null, job: null, result: null, uncertainty: null, other: null, isAlone: false };
  byId("title", HTMLElement).textContent = "No picture";
  byId("facts", HTMLElement).textContent = "";
  byId("welcome", HTMLElement).hidden = false;
  frame();
  settings.for(null);
  sliders.of(null);
  refresh();
}

/** At the first look there are no panels: nothing but what this is, and where a file goes. */
function frame() {
  const isBlank = !shown.file && jobs.all.length === 0, { dataset } = document.body;
  if (isBlank) dataset.blank = "";
  else delete dataset.blank;
  if (isBlank && files.known.size === 0 && byId("folders", HTMLElement).hidden) dataset.empty = "";
  else delete dataset.empty;
}

/**
 * @param {FileInfo | null} file
 * @param {Job | null} job
 * @param {{ isNew?: boolean, other?: Job | null, slice?: number }} [options]
 */
async function look(file, job, { isNew = false, other = null, slice } = {}) {
  if (!file) return blank();
  const mine = ++looking;
  place.setAttribute("aria-busy", "true");
  const of = async (/** @type {Job | null} */ one, /** @type {string} */ role) => {
    const found = one?.results.find(result => result.role === role);
    return found ? api.file(found.fileId) : null;
  };
  const [result, uncertainty, left] = await Promise.all([
    of(job, "result"),
    of(job, "uncertainty"),
    of(other, "result"),
  ]);
  if (mine !== looking) return;
  if (file.id !== shown.file?.id) {
    if (live.isOn) live.stop();
    sliders.of(file.image);
  }
  if (slice !== undefined) sliders.goTo(slice);
  live.preview = null;
  shown = { file, job, result, uncertainty, other: left && other ? { file: left, job: other } : null, isAlone: false };
  byId("title", HTMLElement).textContent = job ? `${file.name}: ${methodName(job.settings)}` : file.name;
  byId("facts", HTMLElement).textContent = file.image ? describe(file) : "";
  byId("welcome", HTMLElement).hidden = true;
  frame();
  settings.for(file);
  files.mark(file.id);
  jobs.mark(job?.id ?? 0);
  pairs.offer(jobs.all, file, job, other);
  progress.show(jobs.all, file);
  if (!file.image) say(`${file.name}: ${file.failure}`, true);
  else if (file.image.warning && !job) say(`${file.name}: ${file.image.warning}`);
  await refresh();
  showChip(viewer.stage, other ? null : job, file);
  if (isNew && mine === looking) await present();
}

/** The moment in which a result is there: contrast for the pair, and the curtain goes over it once. */
async function present() {
  showSheet("");
  const image = shown.file?.image, { result } = shown;
  if (!image || !result) return;
  if (image.pages > 1 && result.image && result.image.pages === image.pages) {
    const levels = await levelsOf(result);
    for (const channel of sliders.seen) {
      const { black, white } = levels[channel] ?? levels[0];
      viewer.contrast.setOf(`${shown.file?.id}/${channel}`, { black, white });
    }
  } else viewer.contrast.auto();
  viewer.sweep();
}

/** @param {Job} job @param {boolean} [isNew] */
async function lookAt(job, isNew = false) {
  try {
    const file = files.known.get(job.fileId);
    if (file) await look(file, job, { isNew });
    else await lookAlone(job);
  } catch (failure) {
    say(lineOf(failure), true);
  }
}

/** The file that a result was made from is gone: the result stands for itself. @param {Job} job */
async function lookAlone(job) {
  const found = job.results.find(one => one.role === "result");
  if (!found) throw new Error("the file of this job was removed");
  const file = await api.file(found.fileId);
  await look(file, null);
  shown.isAlone = true;
  byId("title", HTMLElement).textContent = `${job.fileName}: ${methodName(job.settings)}`;
  jobs.mark(job.id);
  for (const id of ["run", "preview"]) byId(id, HTMLButtonElement).disabled = true;
  say("the file that it was made from was removed: only the result is shown");
}

/** Fetches the pages that are looked at, and shows them unless others are wanted by then. */
async function refresh() {
  const mine = ++turn, { file, job, result, uncertainty, other } = shown, image = file?.image, page = sliders.page;
  if (!file || !image) {
    viewer.show(null);
    showChip(viewer.stage, null, null);
    place.setAttribute("aria-busy", "false");
    keep();
    return;
  }
  place.setAttribute("aria-busy", "true");
  try {
    const seen = sliders.seen, active = Math.max(0, seen.indexOf(sliders.channel)), only = job?.settings.select ?? [];
    if (live.preview) showChip(viewer.stage, null, null);
    const isHere = only.length === 0 || only.join() === sliders.select.join(),
      preview = live.preview?.page === page ? live.preview : null;
    const right = isHere ? result : null, isOnePage = only.length > 0;
    const made = await layers.of({ file, left: other?.file ?? file, right, isOnePage });
    const off = uncertainty && isHere && !other ? await pageOf(uncertainty, 0) : null,
      levels = image.pages > 1 ? await levelsOf(file) : null;
    if (mine !== turn) return;
    if (preview) made.forEach((layer, i) => (layer.second = i === active ? preview.picture : null));
    layers.paint(made, levels);
    viewer.show({
      of: file.id, layers: made, active, uncertainty: preview ? null : off,
      firstName: other ? nameOf(other.job) : "before", secondName: preview?.name ?? (job ? nameOf(job) : "after"),
      pixelSize: image.pixelSizeMicrometres,
      levels: levels?.[seen[active]] ?? null, lut: layers.colour(seen[active]),
    });
    keep();
    prefetch(mine);
  } catch (failure) {
    if (mine !== turn) return;
    viewer.show(null);
    say(lineOf(failure), true);
  } finally {
    if (mine === turn) place.setAttribute("aria-busy", "false");
  }
}

/** Its method; two results of the same method are told apart by their numbers. @param {Job} job */
function nameOf(job) {
  const method = methodName(job.settings), { other } = shown;
  return other && other.job.settings.method === shown.job?.settings.method ? `${method} (${job.id})` : method;
}

/** The slices beside this one, so that the next step is at once there. @param {number} mine */
async function prefetch(mine) {
  for (const page of sliders.neighbours) {
    for (const one of [shown.file, shown.job?.settings.select?.length ? null : shown.result]) {
      if (mine !== turn) return;
      if (one?.image) await pageOf(one, page).catch(() => {});
    }
  }
}

/** What the form asks for; only the page that is shown, where that was chosen. */
function asked() {
  const value = settings.value, onlyThis = byId("only-page", HTMLInputElement);
  return onlyThis.checked && !onlyThis.closest("[hidden]") ? { ...value, select: sliders.select } : value;
}

// Two requests at once may arrive in either order: the next job is sent when the one before has arrived.
let sent = Promise.resolve();

/** @param {FileInfo[]} chosen */
function run(chosen) {
  if (!settings.isValid) {
    say(byId("run-why", HTMLElement).textContent ?? "", true);
    return;
  }
  const value = chosen.length > 1 ? settings.value : asked();
  sent = sent.then(() => send(chosen, value));
}

/** @param {FileInfo[]} chosen @param {JobSettings} value */
async function send(chosen, value) {
  try {
    for (const file of chosen) await api.addJob("Denoise", file.id, value);
    say(chosen.length > 1 ? `${chosen.length} files are in the queue` : "put in the queue");
  } catch (failure) {
    say(lineOf(failure), true);
  }
}

/** Its settings are in the form again. @param {Job} job */
async function edit(job) {
  const file = files.known.get(job.fileId);
  if (file && file.id !== shown.file?.id) await look(file, null);
  settings.put(job.settings);
  showSheet("denoise");
  byId("method", HTMLSelectElement).focus();
  say(`the settings of ${job.fileName} are in the form: change them and denoise again`);
}

function showTicked() {
  const count = files.ticked.length, button = byId("run-many", HTMLButtonElement);
  button.hidden = count < 2;
  button.textContent = `Denoise ${count} files with these settings`;
}

function keep() {
  keepPlace(() => {
    if (!shown.file || shown.isAlone) return {};
    const { x, y } = viewer.view.toPicture(viewer.view.middle), isWhole = viewer.view.isWhole;
    return {
      file: shown.file.id,
      job: shown.job?.id,
      slice: sliders.page || undefined,
      view: viewer.mode === "first" ? undefined : viewer.mode,
      ...(isWhole ? {} : { x, y, zoom: viewer.zoom }),
    };
  });
}

/** Where the address leads to. */
async function restore() {
  const { file: id, job: number, slice, x, y, zoom, view } = placeOf(), file = id ? files.known.get(id) : null;
  if (!file) return;
  const job = number ? await api.job(number).catch(() => null) : null;
  await look(file, job?.job ?? null, { slice });
  if (x !== undefined && y !== undefined && zoom) viewer.lookAt({ x, y }, zoom);
  if (view) viewer.tryMode(view);
}

viewer.clicked = (/** @type {import("./view.js").Point} */ point) => live.move(point);
viewer.moved = keep;
viewer.steps = (/** @type {number} */ by) => sliders.step(by);
viewer.saves = async () => {
  const { saveView } = await import("./save.js");
  saveView(viewer, (shown.file?.name ?? "picture").replace(/\.[^.]*$/, ""));
};
byId("run", HTMLButtonElement).addEventListener("click", () => shown.file && run([shown.file]));
byId("run-many", HTMLButtonElement).addEventListener("click", () => run(files.ticked));
byId("preview", HTMLButtonElement).addEventListener("click", () => {
  live.toggle();
  if (live.isOn) showSheet("");
});
document.addEventListener("keydown", event => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "p" && !byId("preview", HTMLButtonElement).disabled) live.toggle();
  if (event.key === "?") byId("help", HTMLDialogElement).showModal();
});
byId("show-help", HTMLButtonElement).addEventListener("click", () => byId("help", HTMLDialogElement).showModal());
byId("show-methods", HTMLButtonElement).addEventListener("click", () => byId("guide", HTMLDialogElement).showModal());
attachFrame();
attachPresets(settings);
attachWelcome(async file => {
  files.add(file);
  files.pick(file);
  await api.addJob("Denoise", file.id, { method: "auto", effort: "fast" }).catch(failure => say(lineOf(failure), true));
});

try {
  settings.fill(await api.methods());
  settings.restore();
  settings.for(null);
  await files.load();
  frame();
  await restore();
} catch (failure) {
  say(lineOf(failure), true);
}
