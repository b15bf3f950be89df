// The closing card: what a film has found, over its picture at the last step.

import { leastLegible } from "./camera.js";
import { html } from "./elements.js";
import { inline } from "./mathml.js";
import { plain } from "./notation.js";

/** The part of its room that a card takes that shrinks: its lines are whole pixels high. */
const SPARE = 0.92;

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

/** Shrink a card's letters until it has room, as far as they can be read; else it scrolls. */
export function fitCard(card, width) {
  card.style.fontSize = "";
  if (!card.clientHeight) return;
  const full = Number.parseFloat(getComputedStyle(card).fontSize);
  const { clientWidth, clientHeight, scrollWidth, scrollHeight } = card;
  const part = Math.min(clientWidth / scrollWidth, clientHeight / scrollHeight);
  const least = Math.min(full, leastLegible(width));
  if (part < 1) card.style.fontSize = `${Math.max(least, SPARE * part * full)}px`;
}
