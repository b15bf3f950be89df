// Room for numbers that a picture was not drawn for: boxes stay where they are, a slot or a chip
// grows a little into its gap; what is still too long is set smaller, and then loses digits.

import { SVG } from "./elements.js";
import { textOf } from "./film.js";
import { fitted, wide } from "./numerals.js";

const STRETCH = 24;
/** How small a number may be set, in parts of its size, before it loses digits. */
const SMALLEST = 0.7;
/** What is free beside a number in its box, on both sides together. */
const PADDING = 8;
/** The longest texts that a table has room for in any case: in a cell, and as a term of a sum. */
const [CELL, LEAD, TERM] = ["−0.000000", "−0.00000", "− 0.0000"];
export const LEAST = { row: CELL, column: CELL, lead: LEAD, part: TERM };
const rooms = new WeakMap();

/** Measure how much room the numbers of a figure have; a table's are given, as its longest texts. */
export function keepRoom(figure, longest, film) {
  const widest = widestOf(film);
  for (const [thing, all] of figure)
    if (/^(row|column|lead|part|slot|shared|chip)\//.test(thing))
      for (const found of all)
        if (!found.querySelector(".element")) measure(found, longest, widest.get(thing) ?? 0);
}

/** Return where a thing's number stands: a chip's is the last run of its text. */
export const placeOf = (found) =>
  found.querySelector(".number, .chip > text > :last-child") ??
  found.querySelector("text") ??
  found;

/** Return how wide a film's own texts are at most, by thing: for these there is room. */
function widestOf(film) {
  const widest = new Map();
  const note = (thing, key) => {
    const width = wide(textOf(film, thing, key));
    widest.set(thing, Math.max(width, widest.get(thing) ?? 0));
  };
  for (const { sets, fills } of film.frames) {
    for (const [node, row, key] of sets) note(`row/${node}/${row}`, key);
    for (const [edge, key] of fills) {
      note(`slot/${edge}`, key);
      note(`shared/${film.edges[edge].tail}`, `99/99/${key?.replace("product", "sum")}`);
    }
  }
  return widest;
}

/** Keep how wide a place's number may be, in parts of its size. */
function measure(found, longest, least) {
  const [place, rect] = [placeOf(found), found.querySelector("rect")];
  const isFull = found.querySelector(".note"); // which stands beside the number
  const now = Math.max(least, wide(place.textContent));
  const own = longest.get(place);
  if (found.namespaceURI !== SVG)
    return rooms.set(place, { size: 100, unit: "%", most: own ? wide(own) : now });
  const [size, unit] = [fontSizeOf(place), "px"];
  if (isFull) return rooms.set(place, { size, unit, most: now });
  const { most, ...box } = rect ? boxed(rect, place, size) : { most: before(place) / size };
  return rooms.set(place, { ...box, size, unit, rect, now, most: Math.max(most, now) });
}

const at = (shape, name) => Number(shape.getAttribute(name));
const fontSizeOf = (text) => Number.parseFloat(getComputedStyle(text).fontSize);

/** Return how long a text is that stays as it is; about how long where it is not shown. */
const lengthOf = (text) => text.getComputedTextLength() || fontSizeOf(text) * wide(text.textContent);

/** Return the room before a node's number, up to what stands there in the same line. */
function before(place) {
  const [node, end] = [place.closest("[data-node]"), at(place, "x")];
  const isBefore = (one) => at(one, "y") === at(place, "y") && at(one, "x") < end;
  const texts = [...node.querySelectorAll("text")].filter(isBefore);
  const starts = texts.map((one) => at(one, "x") + lengthOf(one));
  return end - Math.max(at(node.querySelector(".frame"), "x"), ...starts) - 6;
}

/** Return the room in a box that may grow: to the right, or to both sides around its middle. */
function boxed(rect, place, size) {
  const [text, x, width] = [place.closest("text"), at(rect, "x"), at(rect, "width")];
  const words = [...text.children].filter((run) => run !== place && run.localName === "tspan");
  const taken = words.reduce((sum, run) => sum + lengthOf(run), PADDING);
  const around = rect.parentNode.matches(".chip") ? 0.5 : 0;
  return { text, x, width, taken, around, most: (width + STRETCH - taken) / size };
}

/** Write a text into its place, smaller or with fewer digits if there is no room for it. */
export function put(place, text, all) {
  const room = rooms.get(place);
  const shown = room ? fitted(text, all, room.most / SMALLEST) : text;
  place.textContent = shown;
  if (!room) return;
  const scale = room.most / wide(shown);
  place.style.fontSize = scale < 1 ? `${room.size * scale}${room.unit}` : "";
  if (room.rect) grow(room, wide(shown));
}

function grow({ rect, text, size, x, width, taken, around, now }, needed) {
  const wanted = needed > now ? needed * size + taken - width : 0;
  const more = Math.min(STRETCH, Math.max(0, wanted));
  const left = x - around * more;
  rect.setAttribute("x", left);
  rect.setAttribute("width", width + more);
  text.setAttribute("x", left + (width + more) / 2);
}
