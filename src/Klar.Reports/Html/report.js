"use strict";
// A curtain between two pictures: by the slider (and so by keys), and by dragging on the picture itself.
document.documentElement.classList.add("js");
for (const stage of document.querySelectorAll(".stage")) {
  const curtain = stage.querySelector(".curtain"), slider = stage.querySelector("input"), [right, left] = curtain.querySelectorAll("img");
  const choices = stage.querySelectorAll("select"), sources = stage.nextElementSibling.querySelectorAll("img.shown");
  const draw = () => curtain.style.setProperty("--at", slider.value / 10 + "%");
  const choose = () => { left.src = sources[choices[0].value].src; right.src = sources[choices[1].value].src; };
  const follow = event => {
    const box = curtain.getBoundingClientRect();
    slider.value = 1000 * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    draw();
  };
  slider.addEventListener("input", draw);
  for (const choice of choices) choice.addEventListener("change", choose);
  curtain.addEventListener("pointerdown", event => { curtain.setPointerCapture(event.pointerId); follow(event); });
  curtain.addEventListener("pointermove", event => { if (event.buttons) follow(event); });
  choose();
  draw();
}
// On paper nothing can be unfolded.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
