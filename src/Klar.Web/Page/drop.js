// The whole page takes files that are dropped on it.
import { byId } from "./dom.js";

/** @param {(files: File[]) => void} dropped */
export function attachDrop(dropped) {
  const overlay = byId("overlay", HTMLElement);
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  document.addEventListener("dragover", event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    overlay.hidden = false;
  });
  document.addEventListener("dragleave", event => {
    if (event.relatedTarget === null) overlay.hidden = true;
  });
  document.addEventListener("drop", event => {
    overlay.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    dropped([...(event.dataTransfer?.files ?? [])]);
  });
}
