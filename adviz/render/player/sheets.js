// How a figure is printed: on one sheet where its text can be read, else cut into several.

import { boxesOf, smallestLetter } from "./boxes.js";
import { html } from "./elements.js";

/** The room of a sheet of paper, upright, within its margins, in pixels. */
export const SHEET = { width: 700, height: 930 };
/** The most sheets that are worth a figure; and the size of text that can be read, 7 pt. */
const MOST_SHEETS = 6;
const READABLE = 9.4;
/** The most that a figure is enlarged, and the room around what is not cut through. */
const ENLARGED = 1.35;
const AROUND = 8;

/** Return where a length is cut into parts of at most a size: through the fewest spans, then late. */
export function cuts(length, size, spans) {
  const made = [0];
  const through = (at) => spans.filter(([start, end]) => start < at && at < end).length;
  while (length - made.at(-1) > 1.001 * size) {
    const [least, most] = [made.at(-1) + size / 2, made.at(-1) + size];
    const places = [...spans.flat(), most].filter((at) => at > least && at <= most);
    const fewest = Math.min(...places.map(through));
    made.push(Math.max(...places.filter((at) => through(at) === fewest)));
  }
  return [...made, length];
}

/** Return the scale at which a figure is printed, and the areas of it that are a sheet each. */
function sheets({ width, height }, letter, boxes) {
  const whole = Math.min(SHEET.width / width, SHEET.height / height, ENLARGED);
  const scale = Math.max(whole, READABLE / letter);
  const along = (length, size, start, end) =>
    cuts(length, size / scale, boxes.map((box) => [box[start] - AROUND, box[end] + AROUND]));
  const across = along(width, SHEET.width, "left", "right");
  const down = along(height, SHEET.height, "top", "bottom");
  const areas = down.slice(1).flatMap((bottom, row) =>
    across.slice(1).map((right, column) => {
      const [x, y] = [across[column], down[row]];
      return { x, y, width: right - x, height: bottom - y };
    }),
  );
  return { scale, areas };
}

/** Return what is printed instead of a figure that is too large for one sheet. */
export function onSheets(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const drawn = svg.getBoundingClientRect();
  const boxes = [...boxesOf(svg, drawn, drawn.width / width)];
  const nodes = boxes.filter(([thing]) => thing.startsWith("node/")).map(([, box]) => box);
  const { scale, areas } = sheets({ width, height }, smallestLetter(svg), nodes);
  if (areas.length === 1) return [];
  const note = `The graph takes ${areas.length} sheets of paper; its numbers are in the table.`;
  if (areas.length > MOST_SHEETS) return [html("p", { class: "adviz-sheet" }, note)];
  return areas.map((area) => sheetOf(svg, area, scale));
}

/** Return a part of a figure as a figure of its own. */
function sheetOf(svg, { x, y, width, height }, scale) {
  const sheet = svg.cloneNode(true);
  sheet.classList.add("adviz-sheet");
  sheet.style.width = `${width * scale}px`;
  const size = { viewBox: `${x} ${y} ${width} ${height}`, width, height };
  for (const [name, value] of Object.entries(size)) sheet.setAttribute(name, value);
  return sheet;
}
