// The closing card: what a film has found, over its picture at the last step.

import { html } from "./elements.js";
import { inline } from "./mathml.js";
import { plain } from "./notation.js";

/** Return the card of a film, in a list; an empty one where its last frame has none. */
export function closingCard(film) {
  const rows = film.frames.at(-1).card ?? [];
  if (!rows.length) return [];
  const lines = rows.map((cells, i) => html("tr", {}, ...cells.map(cellOf(film, i === 0))));
  const named = { class: "adviz-closing", role: "region", "aria-label": "Result", tabindex: 0 };
  return [html("div", named, html("table", {}, ...lines))];
}

const cellOf = (film, isHeading) => (cell, i) => {
  const scope = isHeading ? "col" : i === 0 && "row";
  const shown = plain(cell, film) ? [inline(cell, film)] : [];
  return scope ? html("th", { scope }, ...shown) : html("td", {}, ...shown);
};
