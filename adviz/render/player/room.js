// Room for numbers that a picture was not drawn for: boxes stay where they are, a slot or a chip
// grows a little into its gap, and what is still too long loses digits.

import { SVG } from "./elements.js";
import { textOf } from "./film.js";
import { fitted } from "./numerals.js";

const STRETCH = 24;
/** How wide a bold letter is, in parts of its size: any number becomes bold when it is active. */
const LETTER = 0.66;
/** The longest texts that a table has room for in any case: in a cell, and as a term of a sum. */
const [CELL, LEAD, TERM] = ["−0.000000", "−0.00000", "− 0.0000"];
export const LEAST = { row: CELL, column: CELL, lead: LEAD, part: TERM };
const rooms = new WeakMap();

/** Measure how much room the numbers of a figure have; a table's are given, as its longest texts. */
export function keepRoom(figure, longest, film) {
  const lengths = lengthsOf(film);
  for (const [thing, all] of figure)
    if (/^(row|column|lead|part|slot|shared|chip)\//.test(thing))
      for (const found of all) measure(found, longest, lengths.get(thing) ?? 0);
}

/** Return where a thing's number stands. */
export const placeOf = (found) =>
  found.querySelector(".number") ?? found.querySelector("text") ?? found;

/** Return how many characters a film itself shows at most, by thing: for these there is room. */
function lengthsOf(film) {
  const lengths = new Map();
  const note = (thing, key) => {
    const { length } = textOf(film, thing, key);
    lengths.set(thing, Math.max(length, lengths.get(thing) ?? 0));
  };
  for (const { sets, fills } of film.frames) {
    for (const [node, row, key] of sets) note(`row/${node}/${row}`, key);
    for (const [edge, key] of fills) {
      note(`slot/${edge}`, key);
      note(`shared/${film.edges[edge].tail}`, `99/99/${key?.replace("product", "sum")}`);
    }
  }
  return lengths;
}

function measure(found, longest, least) {
  const [place, rect] = [placeOf(found), found.querySelector("rect")];
  const isFull = found.querySelector(".note"); // which stands beside the number
  const now = Math.max(least, place.textContent.length);
  if (found.namespaceURI !== SVG) return rooms.set(place, { most: longest.get(place)?.length ?? now });
  if (isFull) return rooms.set(place, { most: now });
  const { most, ...box } = rect ? boxed(rect, place) : { most: before(place) / wide(place, 1) };
  return rooms.set(place, { ...box, rect, now, most: Math.max(most, now) });
}

const at = (shape, name) => Number(shape.getAttribute(name));

/** Return about how wide a text is, or so many of its digits. */
function wide(text, count = text.textContent.length) {
  return count * Number.parseFloat(getComputedStyle(text).fontSize) * LETTER;
}

/** Return the room before a node's number, up to what stands there in the same line. */
function before(place) {
  const [node, end] = [place.closest("[data-node]"), at(place, "x")];
  const isBefore = (one) => at(one, "y") === at(place, "y") && at(one, "x") < end;
  const texts = [...node.querySelectorAll("text")].filter(isBefore);
  const starts = texts.map((one) => at(one, "x") + wide(one));
  return end - Math.max(at(node.querySelector(".frame"), "x"), ...starts) - 6;
}

/** Return the room in a box that may grow: to the right, or to both sides around its middle. */
function boxed(rect, place) {
  const [x, width, letter] = [at(rect, "x"), at(rect, "width"), wide(place, 1)];
  const around = rect.parentNode.matches(".chip") ? 0.5 : 0;
  return { x, width, letter, around, most: (width + STRETCH - 8) / letter };
}

/** Write a text into its place, with as many digits as there is room for. */
export function put(place, text, all) {
  const room = rooms.get(place);
  const shown = room ? fitted(text, all, room.most) : text;
  place.textContent = shown;
  if (room?.rect) grow(room, place, shown);
}

function grow({ rect, x, width, letter, around, now }, place, shown) {
  const isLonger = shown.length > now;
  const more = isLonger ? Math.min(STRETCH, Math.max(0, shown.length * letter + 8 - width)) : 0;
  const left = x - around * more;
  rect.setAttribute("x", left);
  rect.setAttribute("width", width + more);
  place.setAttribute("x", left + (width + more) / 2);
}
