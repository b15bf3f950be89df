// Room for numbers that a picture was not drawn for: boxes stay where they are, a slot or a chip
// grows a little into its gap, and what is still too long loses digits.

import { fitted } from "./numerals.js";

const GROWTH = 24;
/** The characters that any column of a table has room for. */
export const CELL = 9;
const rooms = new WeakMap();

/** Measure how much room the numbers of a figure have. */
export function keepRoom(figure) {
  for (const [thing, all] of figure)
    if (/^(row|column|slot|chip)\//.test(thing)) all.forEach(measure);
}

/** Return where a thing's number stands. */
export const placeOf = (found) =>
  found.querySelector(".number") ?? found.querySelector("text") ?? found;

function measure(found) {
  const place = placeOf(found);
  const [rect, label] = ["rect", ".label"].map((name) => found.querySelector(name));
  if (rect) rooms.set(place, { rect, ...boxed(rect, place) });
  else if (label) rooms.set(place, { most: between(label, place) / wide(place, 1) });
  else rooms.set(place, { most: Math.max(CELL, place.textContent.length) });
}

const at = (shape, name) => Number(shape.getAttribute(name));

/** Return about how wide a text is, or so many of its digits. */
function wide(text, count = text.textContent.length) {
  const { fontSize, fontWeight } = getComputedStyle(text);
  return count * Number.parseFloat(fontSize) * (fontWeight > 500 ? 0.66 : 0.6);
}

const between = (label, place) => at(place, "x") - at(label, "x") - wide(label) - 6;

/** Return the room in a box that may grow: to the right, or to both sides around its middle. */
function boxed(rect, place) {
  const [x, width, letter] = [at(rect, "x"), at(rect, "width"), wide(place, 1)];
  const around = rect.parentNode.matches(".chip") ? 0.5 : 0;
  return { x, width, letter, around, most: (width + GROWTH - 8) / letter };
}

/** Write a text into its place, with as many digits as there is room for. */
export function put(place, text, all) {
  const room = rooms.get(place);
  const shown = room ? fitted(text, all, room.most) : text;
  place.textContent = shown;
  if (room?.rect) grow(room, place, shown);
}

function grow({ rect, x, width, letter, around }, place, shown) {
  const more = Math.min(GROWTH, Math.max(0, shown.length * letter + 8 - width));
  const left = x - around * more;
  rect.setAttribute("x", left);
  rect.setAttribute("width", width + more);
  place.setAttribute("x", left + (width + more) / 2);
}
