// The controls: buttons, the scrubber's parts, the menu of speeds.

import { html, svg } from "./elements.js";
import { groupStarts, span } from "./film.js";

const SPEEDS = { "½×": 0.5, "1×": 1, "2×": 2, "4×": 4 };
const MOST_TICKS = 120;

const ICONS = {
  first: "M5 4h2.2v12H5zM16 4.4v11.2L8.2 10z",
  back: "M13.5 4.4v11.2L5.7 10z",
  play: "M6 3.6v12.8L16.6 10z",
  pause: "M5 4h3.6v12H5zM11.4 4H15v12h-3.6z",
  next: "M6.5 4.4v11.2l7.8-5.6z",
  last: "M12.8 4H15v12h-2.2zM4 4.4v11.2l7.8-5.6z",
  theme: "M10 2.5a7.5 7.5 0 1 0 0 15zM10 2.5v1.6a5.9 5.9 0 0 1 0 11.8v1.6a7.5 7.5 0 0 0 0-15z",
  fit: "M2 4h16v12H2zM4 6v8h12V6zM6 8h4v4H6z",
  rows: "M3 3h14v14H3zM5 7v3h4V7zM11 7v3h4V7zM5 12v3h4v-3zM11 12v3h4v-3z",
  keys: "M9 13.5h2.2v2.3H9zM6.4 7.4A3.7 3.7 0 1 1 11.1 11v1.3H9V9.6q3-.3 3-2.2a1.7 1.7 0 0 0-3.4 0z",
  full: "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z",
};

export const icon = (name) =>
  svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

export function button(name, label, onclick, keys = "") {
  const title = keys ? `${label} (${keys})` : label;
  const made = html(
    "button",
    { type: "button", class: `adviz-${name}`, "aria-label": label, title },
    icon(name),
  );
  made.addEventListener("click", onclick);
  return made;
}

export const percent = (part) => `${(100 * part).toFixed(4)}%`;

function placed(made, [start, end]) {
  made.style.left = percent(start);
  made.style.width = percent(end - start);
  return made;
}

export function phaseNames(film, go) {
  return film.phases.map(({ role, title, first, last }) => {
    const attributes = { type: "button", "data-phase": role, "aria-label": `Go to ${title}` };
    const made = html("button", attributes, html("span", {}, title));
    made.addEventListener("click", () => go(first));
    return placed(made, span(film, first, last));
  });
}

export function segments(film) {
  return film.phases.map(({ role, first, last }) =>
    placed(
      html("i", { class: "segment", "data-phase": role }, html("i", { class: "fill" })),
      span(film, first, last),
    ),
  );
}

export function ticks(film) {
  const count = film.frames.length;
  const starts = new Set(groupStarts(film));
  const steps = count > MOST_TICKS ? [] : [...film.frames.keys()];
  return steps.map((step) => {
    const tick = html("i", { class: starts.has(step) ? "tick group" : "tick" });
    tick.style.left = percent(step / Math.max(1, count - 1));
    return tick;
  });
}

/** Return a speed that the menu has: the one asked for, or the usual one. */
export const knownSpeed = (speed) => (Object.values(SPEEDS).includes(speed) ? speed : 1);

export function speedMenu(speed, onchange) {
  const named = (value, text) => html("option", { value }, text);
  const options = Object.entries(SPEEDS).map(([text, value]) => named(value, text));
  const menu = html("select", { "aria-label": "Speed", title: "Speed" }, ...options);
  menu.value = speed;
  menu.addEventListener("change", () => onchange(Number(menu.value)));
  return menu;
}
