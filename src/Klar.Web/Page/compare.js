// The page on which methods are compared.
import * as api from "./api.js";
import { byId, lineOf, make, say } from "./dom.js";
import { FileList } from "./files.js";
import { attachFrame } from "./frame.js";
import { JobList } from "./jobs.js";
import { pageOf } from "./samples.js";
import { bestOf, showTable } from "./table.js";
import { Viewer } from "./viewer.js";
/** @typedef {import("./api.js").FileInfo} FileInfo */
/** @typedef {import("./api.js").Job} Job */

const UNASKED = ["klar", "bm3d", "zs-n2n", "wiener", "median"]; // checked at first

const viewer = new Viewer(byId("viewer", HTMLElement), byId("contrast", HTMLElement));
/** @type {FileInfo | null} */
let file = null;
/** @type {Job | null} */
let shown = null;
let turn = 0;
Object.assign(globalThis, { klar: { viewer } });

const files = new FileList(chosen => {
  file = chosen;
  if (shown === null) picture();
  byId("run", HTMLButtonElement).disabled = !chosen?.image;
  partners();
});
const jobs = new JobList("Compare", {
  look: show,
  changed: (job, before) => {
    const begins = before?.state === "Queued" && job.state === "Running";
    if (shown?.id === job.id || (before === null && shown === null) || begins) show(job);
  },
  removed: id => {
    if (shown?.id === id) blank();
  },
});
attachFrame();

/** The picture itself, as long as nothing is compared. */
async function picture() {
  const mine = ++turn;
  byId("hint", HTMLElement).hidden = Boolean(file?.image);
  if (!shown) byId("title", HTMLElement).textContent = file?.name ?? "No comparison";
  if (!file?.image) {
    viewer.show(null);
    return;
  }
  try {
    const first = await pageOf(file, 0), layer = { key: file.id, name: "", first, second: null };
    if (mine === turn) display(layer, "picture", "", file.image.pixelSizeMicrometres);
  } catch (failure) {
    say(lineOf(failure), true);
  }
}

/**
 * @param {import("./viewer.js").Layer} layer
 * @param {string} firstName
 * @param {string} secondName
 * @param {number | null} pixelSize
 */
function display(layer, firstName, secondName, pixelSize) {
  byId("hint", HTMLElement).hidden = true;
  viewer.show({ of: layer.key, layers: [layer], active: 0, uncertainty: null, firstName, secondName, pixelSize });
}

function blank() {
  shown = null;
  byId("title", HTMLElement).textContent = "No comparison";
  for (const id of ["table", "downloads"]) byId(id, HTMLElement).replaceChildren();
  byId("choice", HTMLElement).hidden = byId("table-note", HTMLElement).hidden = true;
  picture();
}

/** A name without what says that it is noisy, or clean. @param {string} name */
const stem = name =>
  name
    .toLowerCase()
    .replace(/\.[^.]+$/, "")
    .replace(/noisy|clean|denoised|reference|truth|gt|[\W_]/g, "");

/** Files that may be the clean partner; one is proposed only where its name says so. */
function partners() {
  const select = byId("reference", HTMLSelectElement),
    before = select.value,
    size = file?.image;
  const fits = [...files.known.values()].filter(
    one => one.id !== file?.id && one.image?.width === size?.width && one.image?.height === size?.height,
  );
  select.replaceChildren(new Option("choose…", ""), ...fits.map(one => new Option(one.name, one.id)));
  const alike = fits.filter(one => file && stem(one.name) === stem(file.name));
  select.value = fits.some(one => one.id === before) ? before : alike.length === 1 ? alike[0].id : "";
}

function kindChanged() {
  byId("noise-row", HTMLElement).hidden = !byId("is-clean", HTMLInputElement).checked;
  byId("reference-row", HTMLElement).hidden = !byId("is-noisy", HTMLInputElement).checked;
  partners();
}

/** @param {Job} job */
async function show(job) {
  const isNew = shown?.id !== job.id || shown.state !== job.state;
  shown = job;
  byId("title", HTMLElement).textContent = job.fileName;
  byId("facts", HTMLElement).textContent = job.settings.noises?.length
    ? job.settings.noises.join(", ")
    : "its own noise";
  jobs.mark(job.id);
  showTable(job);
  if (!isNew) return;
  byId("downloads", HTMLElement).replaceChildren(
    ...job.results
      .filter(one => one.role !== "image")
      .map(one =>
        one.role === "report" || one.role === "figure"
          ? make(
              "a",
              { class: "button", href: api.showPath(one.fileId), target: "_blank", rel: "noopener" },
              one.role === "report" ? "Report" : `Figure ${one.name}`,
            )
          : make(
              "a",
              { class: "button", href: api.downloadPath(one.fileId), download: one.name },
              one.name.replace("table.", "Table as "),
            ),
      ),
  );
  const hasImages = job.state === "Done" && job.results.some(one => one.role === "image");
  byId("choice", HTMLElement).hidden = !hasImages;
  if (hasImages) await cases(job);
  else picture();
}

/** Images by case: NAME_NOISE_METHOD.tif. @param {Job} job */
async function cases(job) {
  const methods = ["clean", ...new Set(job.rows.map(row => row.method))],
    images = job.results.filter(one => one.role === "image");
  /** @type {Map<string, Map<string, string>>} */
  const found = new Map();
  for (const image of images) {
    const method = methods.find(one => image.name.endsWith(`_${one}.tif`));
    if (!method) continue;
    const name = image.name.slice(0, -`_${method}.tif`.length), of = found.get(name) ?? new Map();
    of.set(method, image.fileId);
    found.set(name, of);
  }
  const [one, left, right] = [
    byId("case", HTMLSelectElement),
    byId("left", HTMLSelectElement),
    byId("right", HTMLSelectElement),
  ];
  one.replaceChildren(...[...found.keys()].map(name => new Option(name)));
  for (const select of [left, right]) select.replaceChildren(...methods.map(name => new Option(name)));
  left.value = "noisy";
  right.value = bestOf(job) ?? "clean";
  const draw = async () => {
    const mine = ++turn, of = found.get(one.value), ids = [of?.get(left.value), of?.get(right.value)];
    if (!ids[0] || !ids[1]) return;
    byId("viewer", HTMLElement).setAttribute("aria-busy", "true");
    try {
      const [first, second] = await Promise.all(
        ids.map(async id => pageOf(await api.file(/** @type {string} */ (id)), 0)),
      );
      if (mine !== turn) return;
      display({ key: `${job.id} ${one.value}`, name: "", first, second }, left.value, right.value, null);
    } catch (failure) {
      say(lineOf(failure), true);
    } finally {
      if (mine === turn) byId("viewer", HTMLElement).setAttribute("aria-busy", "false");
    }
  };
  for (const select of [one, left, right]) select.onchange = draw;
  await draw();
}

for (const id of ["is-clean", "is-noisy", "is-alone"])
  byId(id, HTMLInputElement).addEventListener("change", kindChanged);
byId("run", HTMLButtonElement).addEventListener("click", async () => {
  if (!file) return;
  const isClean = byId("is-clean", HTMLInputElement).checked, isNoisy = byId("is-noisy", HTMLInputElement).checked;
  const reference = byId("reference", HTMLSelectElement).value, why = byId("run-why", HTMLElement);
  why.hidden = !isNoisy || reference !== "";
  why.textContent = why.hidden ? "" : "choose the clean partner first";
  if (!why.hidden) return;
  const number = (/** @type {string} */ id) =>
    byId(id, HTMLInputElement).value === "" ? undefined : Number(byId(id, HTMLInputElement).value);
  try {
    await api.addJob("Compare", file.id, {
      noises: isClean ? byId("noise", HTMLInputElement).value.split(",").map(one => one.trim()).filter(Boolean) : [],
      reference: isNoisy ? reference : undefined,
      methods: [...document.querySelectorAll("#methods input:checked")].map(
        input => /** @type {HTMLInputElement} */ (input).value,
      ),
      noClip: byId("no-clip", HTMLInputElement).checked,
      crop: number("crop"),
      repeat: number("repeat"),
      seed: number("seed"),
      effort: byId("effort", HTMLSelectElement).value || undefined,
    });
    say("put in the queue");
  } catch (failure) {
    say(lineOf(failure), true);
  }
});

try {
  for (const method of await api.methods()) {
    if (method.name === "auto" || method.label) continue;
    byId("methods", HTMLElement).append(
      make(
        "label",
        { class: "check", title: method.summary },
        make("input", { type: "checkbox", value: method.name, checked: UNASKED.includes(method.name) }),
        method.name,
      ),
    );
  }
  await files.load();
} catch (failure) {
  say(lineOf(failure), true);
}
