// The closing card: what a film has found, over its picture at the last step.

import { leastLegible } from "./camera.js";
import { html } from "./elements.js";
import { inline } from "./mathml.js";
import { plain } from "./notation.js";

/** How finely a card's letters shrink, in pixels: its lines are whole pixels high. */
const FINELY = 0.25;

/** Return the card of a film, in a list; an empty one where its last frame has none. */
export function closingCard(film) {
  const [headings, ...rows] = film.frames.at(-1).card ?? [];
  if (!headings) return [];
  const line = (cells, scopeOf) =>
    html("tr", {}, ...cells.map((cell, i) => closingCell(film, cell, scopeOf(i))));
  const head = html("thead", {}, line(headings, () => "col"));
  const body = html("tbody", {}, ...rows.map((cells) => line(cells, (i) => (i ? "" : "row"))));
  const named = { class: "adviz-closing", role: "region", "aria-label": "Result", tabindex: 0 };
  return [html("div", named, html("table", {}, head, body))];
}

function closingCell(film, cell, scope) {
  const shown = plain(cell, film) ? [inline(cell, film)] : [];
  return scope ? html("th", { scope }, ...shown) : html("td", {}, ...shown);
}

/**
 * Have a card stand over the graph, or over the table too where it is wider; shrink its letters
 * until it has room, as far as they can be read; else it scrolls.
 */
export function fitCard(card, width) {
  card.style.fontSize = "";
  card.classList.remove("is-wide");
  if (!card.clientHeight) return;
  card.classList.toggle("is-wide", card.scrollWidth > card.clientWidth);
  const full = Number.parseFloat(getComputedStyle(card).fontSize);
  const least = Math.min(full, leastLegible(width));
  let size = full;
  for (let part = partOf(card); part < 1 && size > least; part = partOf(card)) {
    size = Math.max(least, Math.min(part * size, size - FINELY));
    card.style.fontSize = `${size}px`;
  }
}

/** Return the part of what a card holds for which it has room. */
const partOf = ({ clientWidth, clientHeight, scrollWidth, scrollHeight }) =>
  Math.min(clientWidth / scrollWidth, clientHeight / scrollHeight);
