// Dark, light, or as the system has it; chosen before the first paint and kept in this browser.
{
  const use = (/** @type {string} */ theme) => (document.documentElement.dataset.theme = theme);
  use(localStorage.getItem("klar-theme") ?? "dark");
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("theme");
    if (!(select instanceof HTMLSelectElement)) return;
    select.value = document.documentElement.dataset.theme ?? "dark";
    select.addEventListener("change", () => {
      localStorage.setItem("klar-theme", use(select.value));
      dispatchEvent(new Event("klar-theme"));
    });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("klar-theme")));
}
