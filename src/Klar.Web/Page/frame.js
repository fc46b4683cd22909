// The application's frame: panels that become sheets on a phone, and the word that the server is gone.
import * as api from "./api.js";
import { byId } from "./dom.js";

/** Which panel lies over the picture on a narrow screen. @param {string} name */
export function showSheet(name) {
  document.body.dataset.sheet = name;
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.setAttribute("aria-pressed", String(tab instanceof HTMLElement && tab.dataset.sheet === name));
  }
}

/** Panels that are folded leave the window to the picture; the browser keeps which. */
function attachFolds() {
  const folded = new Set((localStorage.getItem("klar-folded") ?? "").split(" ").filter(Boolean)),
    buttons = [...document.querySelectorAll("[data-fold]")];
  const show = () => {
    document.body.dataset.folded = [...folded].sort().join(" ");
    for (const button of buttons)
      button.setAttribute("aria-pressed", String(!folded.has(button.getAttribute("data-fold") ?? "")));
  };
  for (const button of buttons) {
    const side = button.getAttribute("data-fold") ?? "";
    button.addEventListener("click", () => {
      if (!folded.delete(side)) folded.add(side);
      localStorage.setItem("klar-folded", [...folded].join(" "));
      show();
    });
  }
  show();
}

export function attachFrame() {
  attachFolds();
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.addEventListener("click", () => showSheet((tab instanceof HTMLElement && tab.dataset.sheet) || ""));
  }
  showSheet("");
  if (matchMedia("(max-width: 1000px)").matches) byId("contrast-dock", HTMLDetailsElement).open = false;
  const gone = byId("gone", HTMLElement);
  let wasHere = false;
  api.follow({
    connected: isConnected => {
      wasHere ||= isConnected;
      gone.hidden = isConnected;
      gone.textContent = isConnected
        ? ""
        : wasHere
          ? "klar serve does not answer any more: what is shown may be old. The page comes back when it does."
          : "klar serve does not answer.";
    },
  });
}
