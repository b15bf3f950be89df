// A click on a vertex eliminates it next.

import { html } from "./elements.js";
import { plain } from "./notation.js";

/** Let a click on a vertex of a film choose it. */
export function offerChoice(host, graph, film, figure, choose) {
  const hint = html("span", { class: "adviz-hint" }, "click one to eliminate it next");
  host.querySelector(".adviz-heading")?.append(" ", hint);
  for (const vertex of film.clicks)
    for (const found of figure.get(`node/${vertex}`)) {
      found.classList.add("adviz-clickable");
      found.addEventListener("click", () => choose(vertex));
      if (graph.contains(found)) offerKey(found, film, vertex, choose); // once is enough
    }
}

function offerKey(found, film, vertex, choose) {
  const name = `Eliminate ${plain(film.nodes.find(({ id }) => id === vertex).symbol)}`;
  for (const [key, value] of Object.entries({ tabindex: 0, role: "button", "aria-label": name }))
    found.setAttribute(key, value);
  found.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.stopPropagation();
    choose(vertex);
  });
}
