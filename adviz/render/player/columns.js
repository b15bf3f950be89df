// The table: columns as wide as the whole film needs them, and the row of the step in view.

import { inView } from "./film.js";
import { LEAST } from "./room.js";

/**
 * Keep the columns of a table as wide as the widest of all frames makes them, so that no step moves
 * the page: every cell is measured with the longest number that it will have, in its boldest look.
 */
export function keepWidths(table, longest) {
  table.classList.remove("is-narrow");
  keepWidest(table, longest);
  if (table.scrollWidth > table.clientWidth) narrow(table, longest);
}

/** Narrow what stands around the numbers of a table, and keep its columns so. */
export function narrow(table, longest) {
  table.classList.add("is-narrow");
  keepWidest(table, longest);
}

function keepWidest(table, longest) {
  const [columns, cells] = [[...table.querySelectorAll("thead th")], [...longest.keys()]];
  const now = cells.map((cell) => [numberIn(cell).textContent, cell.dataset.state]);
  for (const [cell, text] of longest) {
    numberIn(cell).textContent = text;
    cell.dataset.state = "fresh";
  }
  const sums = [...table.querySelectorAll(".terms")];
  const arrays = [...table.querySelectorAll("tr:has(.array)")];
  for (const { style } of [...columns, ...sums, ...arrays])
    Object.assign(style, { minWidth: "", minHeight: "", height: "" });
  table.classList.add("is-measured");
  const widths = columns.map((column) => column.getBoundingClientRect().width);
  table.classList.remove("is-measured");
  columns.forEach((column, i) => (column.style.minWidth = `${Math.ceil(widths[i])}px`));
  const heights = sums.map((sum) => sum.offsetHeight);
  sums.forEach((sum, i) => (sum.style.minHeight = `${heights[i]}px`));
  const lines = arrays.map((row) => row.offsetHeight); // a row's height is its least
  arrays.forEach((row, i) => (row.style.height = `${lines[i]}px`));
  cells.forEach((cell, i) => {
    [numberIn(cell).textContent] = now[i];
    if (now[i][1] === undefined) delete cell.dataset.state;
    else [, cell.dataset.state] = now[i];
  });
}

/** Return what shows the number of a cell, which may have the terms of its sum below. */
const numberIn = (cell) => cell.querySelector(".number") ?? cell;

/**
 * Return the cells of a table with the longest text that each has in any frame. Where inputs can
 * be changed they have some room more, and so has every term.
 */
export function longestTexts(table, film, figure) {
  const longest = new Map();
  const keep = (thing, text) => {
    for (const found of figure.get(thing) ?? []) {
      const cell = numberIn(found);
      if (table.contains(cell) && text.length >= (longest.get(cell)?.length ?? 0))
        longest.set(cell, text);
    }
  };
  for (const { phase, sets } of film.frames)
    for (const [node, row, key] of sets) {
      const text = film.numbers[key]?.[0] ?? "";
      const { trace } = film.phases[phase];
      for (const thing of [`row/${node}/${row}`, `column/${node}/${row}/${trace}`])
        keep(thing, text);
    }
  if (film.live) for (const [thing, all] of figure) keepLeast(keep, thing, all);
  return longest;
}

/** Keep the room that numbers have in any case, and that terms need now. */
function keepLeast(keep, thing, [found]) {
  const [part] = thing.split("/");
  if (part === "lead" || part === "part") keep(thing, found.textContent);
  if (part in LEAST) keep(thing, LEAST[part]);
}

/** Scroll a box, and nothing else, so that elements are in view; to the side, some of them. */
function reveal(box, elements, smooth, aside = elements) {
  if (!elements.length) return;
  const view = box.getBoundingClientRect();
  const wide = aside.length ? aside : elements;
  const shift = (start, end, near, far) =>
    start < near ? start - near : Math.max(0, Math.min(end - far, start - near));
  const sides = (shown, side) => shown.map((found) => found.getBoundingClientRect()[side]);
  const least = (shown, side) => Math.min(...sides(shown, side)) - 16;
  const most = (shown, side) => Math.max(...sides(shown, side)) + 16;
  const head = box.querySelector("thead"); // it stays at the top, and its first cell at the left
  const from = view.left + (head?.querySelector("th").offsetWidth ?? 0);
  const left = shift(least(wide, "left"), most(wide, "right"), from, view.right);
  const near = view.top + (head?.offsetHeight ?? 0);
  const top = shift(least(elements, "top"), most(elements, "bottom"), near, view.bottom);
  // To a place, not by a distance: an earlier scroll may still be on its way.
  const [x, y] = [box.scrollLeft + left, box.scrollTop + top];
  box.scrollTo({ left: x, top: y, behavior: smooth ? "smooth" : "instant" });
}

/** Bring the parts of the statements that a step is about into view. */
export function followParts(statements, figure, film, step, smooth) {
  const things = inView(film, step).map((node) => `node/${node}`);
  const parts = things.flatMap((thing) => figure.get(thing) ?? []);
  reveal(
    statements,
    parts.filter((one) => statements.contains(one)),
    smooth,
  );
}

/** Bring the rows of a step into view, and to the side its new numbers. */
export function followRows(table, figure, film, step, smooth) {
  const inTable = (things) =>
    things.flatMap((thing) => figure.get(thing) ?? []).filter((one) => table.contains(one));
  const rows = inTable(inView(film, step).map((node) => `node/${node}`));
  reveal(table, rows, smooth, inTable(cellsSet(film, film.frames[step])));
}

/** Return the cells that have a new number at a frame. */
function cellsSet(film, { phase, sets }) {
  const cells = sets.filter(([, , key]) => key !== null).map(([node, row]) => `${node}/${row}`);
  const { trace } = film.phases[phase];
  return cells.flatMap((cell) => [`cell/${cell}`, `cell/${cell}/${trace}`]);
}
