// The page on which one file is looked at and denoised.
import * as api from "./api.js";
import { byId, lineOf, say } from "./dom.js";
import { FileList } from "./files.js";
import { JobList } from "./jobs.js";
import { PageSliders } from "./pages.js";
import { pageOf, previewOf } from "./samples.js";
import { SettingsForm } from "./settings.js";
import { Viewer } from "./viewer.js";
import "./theme.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./api.js").Job} Job */
/** @typedef {import("./samples.js").Picture} Picture */

const PREVIEW_SIDE = 256;

const viewer = new Viewer(byId("viewer", HTMLElement), byId("contrast", HTMLElement)), settings = new SettingsForm(), sliders = new PageSliders(byId("axes-sliders", HTMLElement), () => refresh());
const files = new FileList(file => look(file, null)), jobs = new JobList("Denoise", job => lookAt(job), (job, before) => {
  if (before && before.state !== "Done" && job.state === "Done" && job.fileId === shown.file?.id) lookAt(job);
});

/** What is looked at. @type {{ file: FileInfo | null, job: Job | null, result: FileInfo | null, uncertainty: FileInfo | null, preview: { page: number, picture: Picture, name: string } | null }} */
let shown = { file: null, job: null, result: null, uncertainty: null, preview: null };
let turn = 0;
/** @type {AbortController | null} */
let previewing = null;

// For tests, and for whoever opens the console.
Object.assign(globalThis, { klar: { viewer, sliders } });

/**
 * @param {FileInfo} file
 * @param {Job | null} job
 */
async function look(file, job) {
  previewing?.abort();
  const isNew = file.id !== shown.file?.id;
  byId("viewer", HTMLElement).setAttribute("aria-busy", "true");
  const of = async (/** @type {string} */ role) => {
    const found = job?.results.find(one => one.role === role);
    return found ? api.file(found.fileId) : null;
  };
  const [result, uncertainty] = [await of("result"), await of("uncertainty")];
  shown = { file, job, result, uncertainty, preview: null };
  if (isNew) sliders.of(file.image);
  settings.for(file);
  byId("title", HTMLElement).textContent = job ? `${file.name}: ${job.settings.method}` : file.name;
  byId("empty", HTMLElement).hidden = Boolean(file.image);
  if (!file.image) say(`${file.name}: ${file.trouble}`, true);
  await refresh();
}

/** @param {Job} job */
async function lookAt(job) {
  try {
    await look(files.known.get(job.fileId) ?? await api.file(job.fileId), job);
  } catch (trouble) {
    say(lineOf(trouble), true);
  }
}

/** Fetches the pages that are looked at, and shows them unless others are wanted by then. */
async function refresh() {
  const mine = ++turn, { file, result, uncertainty, preview, job } = shown, page = sliders.page, place = byId("viewer", HTMLElement);
  if (!file?.image) {
    viewer.show(null);
    return;
  }
  place.setAttribute("aria-busy", "true");
  try {
    const only = job?.settings.select ?? [], isHere = only.length === 0 || only.join() === sliders.select.join();
    const [first, second, off] = await Promise.all([pageOf(file, page), result && isHere ? pageOf(result, only.length > 0 ? 0 : page) : null, uncertainty && isHere ? pageOf(uncertainty, 0) : null]);
    if (mine !== turn) return;
    const shownPreview = preview?.page === page ? preview : null;
    viewer.show({ of: file.id, first, second: shownPreview?.picture ?? second, uncertainty: shownPreview ? null : off, firstName: "before", secondName: shownPreview?.name ?? job?.settings.method ?? "after", pixelSize: file.image.pixelSizeMicrometres });
    if (page + 1 < file.image.pages) pageOf(file, page + 1).catch(() => {});
  } catch (trouble) {
    if (mine === turn) say(lineOf(trouble), true);
  } finally {
    if (mine === turn) place.setAttribute("aria-busy", "false");
  }
}

/** Only the page that is shown, where that was asked for. */
function asked() {
  const value = settings.value, onlyThis = byId("only-page", HTMLInputElement);
  return onlyThis.checked && !onlyThis.closest("[hidden]") ? { ...value, select: sliders.select } : value;
}

byId("run", HTMLButtonElement).addEventListener("click", async () => {
  if (!shown.file) return;
  try {
    await api.addJob("Denoise", shown.file.id, asked());
    say("put in the queue");
  } catch (trouble) {
    say(lineOf(trouble), true);
  }
});

byId("preview", HTMLButtonElement).addEventListener("click", async () => {
  const { file } = shown, image = file?.image, button = byId("preview", HTMLButtonElement);
  if (!file || !image) return;
  if (previewing) {
    previewing.abort();
    return;
  }
  previewing = new AbortController();
  button.textContent = "Stop the preview";
  const [width, height] = [Math.min(PREVIEW_SIDE, image.width), Math.min(PREVIEW_SIDE, image.height)], { x, y } = viewer.spot, page = sliders.page, start = performance.now();
  const [left, top] = [Math.min(Math.max(0, x - width / 2), image.width - width), Math.min(Math.max(0, y - height / 2), image.height - height)].map(Math.floor);
  try {
    const value = settings.value, picture = await previewOf(file, { file: file.id, page, x: left, y: top, width, height, settings: value }, previewing.signal);
    shown.preview = { page, picture, name: `${value.method}, preview` };
    await refresh();
    say(`preview of ${width} × ${height} pixels from (${left}, ${top}) on: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } catch (trouble) {
    if (!previewing.signal.aborted) say(lineOf(trouble), true);
  } finally {
    previewing = null;
    button.textContent = "Preview here";
  }
});

document.addEventListener("keydown", event => {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "p" && !byId("preview", HTMLButtonElement).disabled) byId("preview", HTMLButtonElement).click();
  if (event.key === "?") byId("help", HTMLDialogElement).showModal();
});
byId("show-help", HTMLButtonElement).addEventListener("click", () => byId("help", HTMLDialogElement).showModal());

try {
  settings.fill(await api.methods());
  await files.load();
  settings.for(null);
} catch (trouble) {
  say(lineOf(trouble), true);
}
