"use strict";
// The arc is a slider over the lines: pointer and arrow keys move it, Enter and a click go to the line.
(() => {
  const arc = document.getElementById("arc");
  const svg = arc.querySelector("svg");
  const cursor = document.getElementById("cursor");
  const said = document.getElementById("said");
  const who = document.getElementById("who");
  const lines = [...document.querySelectorAll("ol.lines li")];
  const { left, right, top, bottom } = Object.fromEntries(
    Object.entries(svg.dataset).map(([name, value]) => [name, Number(value)]),
  );
  const width = svg.viewBox.baseVal.width;
  let here = 0;

  const move = (place) => {
    here = Math.max(0, Math.min(lines.length - 1, place));
    const scale = svg.getBoundingClientRect().width / width;
    const x = left + (here / Math.max(1, lines.length - 1)) * (right - left);
    cursor.style.left = `${x * scale}px`;
    cursor.style.top = `${top * scale}px`;
    cursor.style.height = `${(bottom - top) * scale}px`;
    cursor.hidden = false;
    const text = lines[here].querySelector(".text").textContent;
    said.textContent = `${lines[here].dataset.said} — ${text}`;
    arc.setAttribute("aria-valuenow", String(here + 1));
    arc.setAttribute("aria-valuetext", said.textContent);
  };
  const sceneStep = (step) => {
    const scene = lines[here].dataset.scene;
    let place = here;
    while (lines[place + step] && lines[place].dataset.scene === scene) place += step;
    if (step < 0) while (lines[place - 1] && lines[place - 1].dataset.scene === lines[place].dataset.scene) place -= 1;
    move(place);
  };
  const go = () => {
    lines.forEach((line) => line.classList.remove("here"));
    const line = lines[here];
    if (line.classList.contains("hidden")) { who.value = ""; show(); }
    line.classList.add("here");
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  };
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    return Math.round(((x - left) / (right - left)) * (lines.length - 1));
  };
  const show = () => {
    for (const line of lines) line.classList.toggle("hidden", who.value !== "" && line.dataset.who !== who.value);
  };
  const keys = {
    ArrowRight: () => move(here + 1),
    ArrowLeft: () => move(here - 1),
    ArrowUp: () => move(here + 1),
    ArrowDown: () => move(here - 1),
    PageDown: () => sceneStep(1),
    PageUp: () => sceneStep(-1),
    Home: () => move(0),
    End: () => move(lines.length - 1),
    Enter: go,
    " ": go,
  };

  arc.addEventListener("pointermove", (event) => move(at(event)));
  arc.addEventListener("click", (event) => { move(at(event)); go(); });
  arc.addEventListener("focus", () => move(here));
  arc.addEventListener("keydown", (event) => {
    if (event.key in keys) { event.preventDefault(); keys[event.key](); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const place = lines.indexOf(document.activeElement);
    if (place >= 0) here = place;
    arc.focus();
    arc.scrollIntoView({ block: "nearest" });
  });
  who.addEventListener("change", show);
  who.form.hidden = false;
  document.getElementById("help").hidden = false;
})();
