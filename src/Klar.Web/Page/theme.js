// Light, dark, or as the system has it. The choice is kept in this browser.
import { byId } from "./dom.js";

const select = byId("theme", HTMLSelectElement);

/** @param {string} theme */
function use(theme) {
  document.documentElement.dataset.theme = theme;
  select.value = theme;
}

use(localStorage.getItem("klar-theme") ?? "auto");
select.addEventListener("change", () => {
  localStorage.setItem("klar-theme", select.value);
  use(select.value);
  dispatchEvent(new Event("resize"));
});
