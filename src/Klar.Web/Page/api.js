// What the server is asked, and what it answers.

/** @typedef {{ least: number, most: number, black: number, white: number }} Levels of a channel */

/**
 * @typedef {{ width: number, height: number, channels: number, pages: number, sampleType: string,
 *   format: string, pixelSizeMicrometres: number | null, axes: string, sizes: number[], axesFrom: string,
 *   channelNames: string[] | null, warning: string | null }} ImageInfo
 * @typedef {{ id: string, name: string, origin: string, size: number, image: ImageInfo | null,
 *   failure: string | null }} FileInfo
 * @typedef {{ name: string, path: string, isFolder: boolean, size: number }} FolderEntry
 * @typedef {{ name: string, summary: string, unit: string, range: string, default: string,
 *   isNoiseLevel: boolean }} MethodOption
 * @typedef {{ name: string, summary: string, paper: string, assumes: string, modelsNoise: boolean,
 *   takesEffort: boolean, comparable: boolean, options: MethodOption[], label: string | null }} Method
 * @typedef {{ role: string, name: string, fileId: string, size: number }} JobResult
 * @typedef {{ noise: string | null, method: string, psnr: number | null, ssim: number | null,
 *   seconds: number, estimatedPsnr?: number | null }} Row
 * @typedef {{ method?: string, effort?: string, sigma?: string, gain?: number, readNoise?: number, offset?: number,
 *   noiseModel?: string, declip?: string, channels?: string, hotPixels?: string, stripes?: string, across?: string,
 *   drift?: string, strength?: number, seed?: number,
 *   set?: Record<string, string>, axes?: string, select?: string[], residual?: boolean, uncertainty?: boolean,
 *   report?: boolean, methods?: string[], noises?: string[], reference?: string, noClip?: boolean, crop?: number,
 *   repeat?: number }} JobSettings
 * @typedef {{ removed: number, left: number, detailTaken: number }} Trust
 * @typedef {{ settings?: Record<string, string>, warnings?: string[], method?: string,
 *   noiseEstimate?: { sigma255: number, greyLevels?: number | null, notes?: string[] | null } | null,
 *   trust?: Trust | null }} Sidecar
 * @typedef {{ id: number, kind: "Denoise" | "Compare", fileId: string, fileName: string, settings: JobSettings,
 *   command: string, state: string, seconds: number | null, fraction: number, stage: string,
 *   failure: string | null, results: JobResult[], sidecar: Sidecar | null, rows: Row[] }} Job
 * @typedef {{ job: Job, secondsLeft: number | null }} JobView
 * @typedef {{ file: string, page: number, x: number, y: number, width: number, height: number,
 *   settings: JobSettings }} PreviewRequest
 */

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
async function ask(path, init) {
  const answer = await fetch(path, init).catch(failure => {
    if (init?.signal?.aborted) throw failure;
    throw new Error("Klar's server does not answer: is klar serve still running?");
  });
  if (answer.ok) return answer;
  let line = `${answer.status} ${answer.statusText}`;
  try {
    line = (await answer.json()).error ?? line;
  } catch {
    // The answer has no words of its own.
  }
  throw new Error(line);
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 */
const post = (path, body, signal) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });

/** @returns {Promise<{ version: string, threads: number, hasRoots: boolean, mostUpload: number }>} */
export const server = async () => (await ask("/api/server")).json();

/** @returns {Promise<Method[]>} */
export const methods = async () => (await ask("/api/methods")).json();

/** @returns {Promise<FileInfo[]>} */
export const files = async () => (await ask("/api/files")).json();

/** @param {string} id @returns {Promise<FileInfo>} */
export const file = async id => (await ask(`/api/files/${id}`)).json();

/** @param {string} path @returns {Promise<FileInfo>} */
export const open = async path => (await post("/api/files/open", { path })).json();

/** @param {string} id */
export const removeFile = id => ask(`/api/files/${id}`, { method: "DELETE" });

/** @param {string} path @returns {Promise<{ path: string, entries: FolderEntry[] }>} */
export const folder = async path => (await ask(`/api/folders?path=${encodeURIComponent(path)}`)).json();

/** @param {string} id @param {number} page @param {AbortSignal} [signal] @returns {Promise<ArrayBuffer>} */
export const page = async (id, page, signal) => (await ask(`/api/files/${id}/pages/${page}`, { signal })).arrayBuffer();

/** @param {string} id @returns {Promise<{ channels: Levels[] }>} */
export const levels = async id => (await ask(`/api/files/${id}/levels`)).json();

/** @param {string} id */
export const thumbnailPath = id => `/api/files/${id}/thumbnail`;

/** @param {string} name @returns {Promise<FileInfo>} */
export const sample = async name => (await post(`/api/samples/${name}`, {})).json();

/** @param {string} name */
export const sampleThumbnailPath = name => `/api/samples/${name}/thumbnail`;

/** @param {number[]} jobs */
export const zipPath = jobs => `/api/jobs/zip?${jobs.map(id => `id=${id}`).join("&")}`;

/** @param {PreviewRequest} request @param {AbortSignal} [signal] @returns {Promise<ArrayBuffer>} */
export const preview = async (request, signal) => (await post("/api/preview", request, signal)).arrayBuffer();

/**
 * @param {"Denoise" | "Compare"} kind
 * @param {string} file
 * @param {JobSettings} settings
 * @returns {Promise<JobView>}
 */
export const addJob = async (kind, file, settings) => (await post("/api/jobs", { kind, file, settings })).json();

/** @param {number} id @returns {Promise<JobView>} */
export const job = async id => (await ask(`/api/jobs/${id}`)).json();

/** @param {number} id */
export const cancelJob = id => post(`/api/jobs/${id}/cancel`, {});

/** @param {number} id */
export const againJob = id => post(`/api/jobs/${id}/again`, {});

/** @param {number} id */
export const removeJob = id => ask(`/api/jobs/${id}`, { method: "DELETE" });

/** @param {string} id */
export const downloadPath = id => `/api/files/${id}/download`;

/** @param {string} id */
export const showPath = id => `/api/files/${id}/show`;

/**
 * Sends a file. (XMLHttpRequest: fetch does not say how much of a body has gone.)
 * @param {File} file
 * @param {(fraction: number) => void} progress
 * @returns {Promise<FileInfo>}
 */
export function upload(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = event => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () =>
      request.status === 200
        ? resolve(request.response)
        : reject(new Error(request.response?.error ?? `${request.status} ${request.statusText}`));
    request.onerror = () => reject(new Error("the server was not reached, or did not take it"));
    request.send(file);
  });
}

/**
 * @typedef {{ job?: (view: JobView) => void, removed?: (id: number) => void, file?: (file: FileInfo) => void,
 *   removedFile?: (id: string) => void, connected?: (isConnected: boolean) => void }} Follower
 */

/** @type {Follower[]} */
const followers = [];

/**
 * Follows all jobs and files: first jobs as they are, then each change. The browser comes back by itself when the
 * server does.
 * @param {Follower} follower
 */
export function follow(follower) {
  followers.push(follower);
  if (followers.length > 1) return;
  const events = new EventSource("/api/events"), news = (/** @type {MessageEvent} */ event) => JSON.parse(event.data);
  const tell = (/** @type {(one: Follower) => void} */ what) => followers.forEach(what);
  events.addEventListener("hello", () => tell(one => one.connected?.(true)));
  events.onerror = () => tell(one => one.connected?.(false));
  events.addEventListener("job", event => {
    const { job, removed } = news(event);
    tell(one => (job ? one.job?.(job) : one.removed?.(removed)));
  });
  events.addEventListener("file", event => {
    const { file: known, removedFile: gone } = news(event);
    tell(one => (known ? one.file?.(known) : one.removedFile?.(gone)));
  });
}
