"use strict";
// Everything can be read without this: it zooms drawings and filters findings.
for (const drawing of document.querySelectorAll(".drawing")) {
  const svg = drawing.querySelector("svg");
  const width = Number(svg.getAttribute("width"));
  const height = Number(svg.getAttribute("height"));
  const tools = drawing.parentElement.querySelector(".tools");
  const shown = document.createElement("output");
  let scale = 1;
  const zoom = (wanted) => {
    const next = Math.min(4, Math.max(0.05, wanted));
    const x = (drawing.scrollLeft + drawing.clientWidth / 2) / scale;
    const y = (drawing.scrollTop + drawing.clientHeight / 2) / scale;
    scale = next;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    drawing.scrollLeft = x * scale - drawing.clientWidth / 2;
    drawing.scrollTop = y * scale - drawing.clientHeight / 2;
    shown.textContent = `${Math.round(100 * scale)} %`;
  };
  const fit = () => Math.min(1, drawing.clientWidth / width);
  const whole = () => Math.min(fit(), (0.8 * window.innerHeight) / height);
  const actions = [
    ["+", "Zoom in", () => zoom(scale * 1.25)],
    ["−", "Zoom out", () => zoom(scale / 1.25)],
    ["1:1", "Original size", () => zoom(1)],
    ["↔", "Fit the width", () => zoom(fit())],
    ["⤢", "Show all of it", () => zoom(whole())],
  ];
  for (const [sign, label, action] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = label;
    button.setAttribute("aria-label", `${label}: ${drawing.getAttribute("aria-label")}`);
    button.addEventListener("click", action);
    tools.append(button);
  }
  tools.append(shown);
  tools.hidden = false;
  drawing.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = { "+": 0, "=": 0, "-": 1, "1": 2, "w": 3, "0": 4 }[event.key];
    if (action === undefined) return;
    event.preventDefault();
    actions[action][2]();
  });
  drawing.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
  }, { passive: false });
  zoom(fit() < 0.5 ? 0.5 : fit());
  drawing.scrollLeft = (width * scale - drawing.clientWidth) / 2;
  drawing.scrollTop = 0;
}
const filter = document.querySelector("#filter");
if (filter) {
  const findings = [...document.querySelectorAll(".finding")].map((each) => [each, each.textContent.toLowerCase()]);
  const files = [...document.querySelectorAll(".file")];
  const count = document.querySelector("#count");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const [finding, text] of findings) {
      finding.hidden = !words.every((word) => text.includes(word));
      left += finding.hidden ? 0 : 1;
    }
    for (const file of files) file.hidden = !file.querySelector(".finding:not([hidden])");
    count.textContent = `${left} of ${findings.length} shown`;
  });
  document.querySelector("#filtering").hidden = false;
}
