// The page on which methods are compared.
import * as api from "./api.js";
import { byId, lineOf, make, say } from "./dom.js";
import { FileList } from "./files.js";
import { JobList } from "./jobs.js";
import { pageOf } from "./samples.js";
import { Viewer } from "./viewer.js";
import "./theme.js";
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
  byId("run", HTMLButtonElement).disabled = !chosen.image;
  partners();
});
new JobList("Compare", show, (job, before) => {
  if (shown?.id === job.id || (before === null && shown === null) || (before && before.state === "Queued" && job.state === "Running")) show(job);
});

/** Files that may be the clean partner. */
function partners() {
  const select = byId("reference", HTMLSelectElement), before = select.value;
  select.replaceChildren(...[...files.known.values()].filter(one => one.id !== file?.id && one.image?.width === file?.image?.width && one.image?.height === file?.image?.height).map(one => new Option(one.name, one.id)));
  select.value = before || select.options[0]?.value || "";
}

function kindChanged() {
  const isClean = byId("is-clean", HTMLInputElement).checked;
  byId("noise-row", HTMLElement).hidden = !isClean;
  byId("reference-row", HTMLElement).hidden = isClean;
  partners();
}

/** @param {Job} job */
async function show(job) {
  const isNew = shown?.id !== job.id || shown.state !== job.state;
  shown = job;
  byId("title", HTMLElement).textContent = `${job.fileName}, ${job.settings.noises?.length ? job.settings.noises.join(", ") : "its own noise"}`;
  table(job);
  if (!isNew) return;
  byId("downloads", HTMLElement).replaceChildren(...job.results.filter(one => one.role !== "image").map(one => one.role === "report" || one.role === "figure"
    ? make("a", { class: "button", href: api.showPath(one.fileId), target: "_blank", rel: "noopener" }, one.role === "report" ? "Report" : `Figure ${one.name}`)
    : make("a", { class: "button", href: api.downloadPath(one.fileId), download: one.name }, one.name.replace("table.", "Table as "))));
  byId("choice", HTMLElement).hidden = job.state !== "Done";
  if (job.state === "Done") await cases(job);
  else viewer.show(null);
}

/** Methods by noises, the best of each noise bold; rows come while the job runs. @param {Job} job */
function table(job) {
  const noises = [...new Set(job.rows.map(row => row.noise))], methods = [...new Set(job.rows.map(row => row.method))];
  const best = new Map(noises.map(noise => [noise, Math.max(...methods.map(method => mean(job, method, noise)?.psnr ?? -Infinity))]));
  const cell = (/** @type {string} */ method, /** @type {string | null} */ noise) => {
    const of = mean(job, method, noise);
    return make("td", { class: of && of.psnr === best.get(noise) ? "best" : "" }, !of ? "…" : `${of.psnr === Infinity ? "exact" : of.psnr.toFixed(2)}${of.ssim > 0 ? `, ${of.ssim.toFixed(3)}` : ""}${method === "noisy" ? "" : `, ${of.seconds.toFixed(1)} s`}`);
  };
  byId("table-note", HTMLElement).hidden = job.rows.length === 0;
  byId("table", HTMLElement).replaceChildren(job.rows.length === 0 ? "" : make("table", {}, make("caption", { class: "unseen" }, "PSNR, SSIM and seconds of each method"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "method"), ...noises.map(noise => make("th", { scope: "col" }, noise ?? "its own noise")))),
    make("tbody", {}, ...methods.map(method => make("tr", {}, make("th", { scope: "row" }, method), ...noises.map(noise => cell(method, noise)))))));
}

/**
 * Over the seeds.
 * @param {Job} job
 * @param {string} method
 * @param {string | null} noise
 */
function mean(job, method, noise) {
  const rows = job.rows.filter(one => one.method === method && one.noise === noise), average = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return rows.length === 0 ? null : { psnr: average(rows.map(row => row.psnr ?? Infinity)), ssim: average(rows.map(row => row.ssim ?? 0)), seconds: average(rows.map(row => row.seconds)) };
}

/** Images by case: NAME_NOISE_METHOD.tif. @param {Job} job */
async function cases(job) {
  const methods = ["clean", ...new Set(job.rows.map(row => row.method))], images = job.results.filter(one => one.role === "image");
  /** @type {Map<string, Map<string, string>>} */
  const found = new Map();
  for (const image of images) {
    const method = methods.find(one => image.name.endsWith(`_${one}.tif`));
    if (!method) continue;
    const name = image.name.slice(0, -`_${method}.tif`.length), of = found.get(name) ?? new Map();
    of.set(method, image.fileId);
    found.set(name, of);
  }
  const [one, left, right] = [byId("case", HTMLSelectElement), byId("left", HTMLSelectElement), byId("right", HTMLSelectElement)];
  one.replaceChildren(...[...found.keys()].map(name => new Option(name)));
  for (const select of [left, right]) select.replaceChildren(...methods.map(name => new Option(name)));
  left.value = "noisy";
  right.value = best(job) ?? "clean";
  const draw = async () => {
    const mine = ++turn, of = found.get(one.value), ids = [of?.get(left.value), of?.get(right.value)];
    if (!ids[0] || !ids[1]) return;
    try {
      const [first, second] = await Promise.all(ids.map(async id => pageOf(await api.file(/** @type {string} */ (id)), 0)));
      if (mine === turn) viewer.show({ of: `${job.id} ${one.value}`, first, second, firstName: left.value, secondName: right.value });
    } catch (trouble) {
      say(lineOf(trouble), true);
    }
  };
  for (const select of [one, left, right]) select.onchange = draw;
  await draw();
}

/** @param {Job} job */
function best(job) {
  const rows = job.rows.filter(row => row.method !== "noisy" && row.noise === job.rows[0]?.noise).sort((a, b) => (b.psnr ?? Infinity) - (a.psnr ?? Infinity));
  return rows[0]?.method ?? null;
}

for (const id of ["is-clean", "is-noisy"]) byId(id, HTMLInputElement).addEventListener("change", kindChanged);
byId("run", HTMLButtonElement).addEventListener("click", async () => {
  if (!file) return;
  const isClean = byId("is-clean", HTMLInputElement).checked, number = (/** @type {string} */ id) => (byId(id, HTMLInputElement).value === "" ? undefined : Number(byId(id, HTMLInputElement).value));
  try {
    await api.addJob("Compare", file.id, {
      noises: isClean ? byId("noise", HTMLInputElement).value.split(",").map(one => one.trim()).filter(Boolean) : [],
      reference: isClean ? undefined : byId("reference", HTMLSelectElement).value || undefined,
      methods: [...document.querySelectorAll("#methods input:checked")].map(input => /** @type {HTMLInputElement} */ (input).value),
      noClip: byId("no-clip", HTMLInputElement).checked, crop: number("crop"), repeat: number("repeat"), seed: number("seed"), effort: byId("effort", HTMLSelectElement).value || undefined,
    });
    say("put in the queue");
  } catch (trouble) {
    say(lineOf(trouble), true);
  }
});

try {
  for (const method of await api.methods()) {
    if (method.name === "auto") continue;
    byId("methods", HTMLElement).append(make("label", { class: "check", title: method.summary }, make("input", { type: "checkbox", value: method.name, checked: UNASKED.includes(method.name) }), method.name));
  }
  await files.load();
} catch (trouble) {
  say(lineOf(trouble), true);
}
