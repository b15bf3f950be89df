// The closing card: what a film has found, over its picture at the last step.

import { html } from "./elements.js";
import { inline } from "./mathml.js";
import { plain } from "./notation.js";

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
