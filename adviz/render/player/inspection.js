// What a node answers: all of its sum and the steps it is from; what belongs to it lights up.

import { showCard } from "./card.js";
import { equationLines, pathsFrom, tablesOf, told } from "./chain.js";
import { html } from "./elements.js";
import { formula, inline } from "./mathml.js";

/**
 * Show what a film tells of a node, with a way to each of the steps, and what is in a part; of what
 * has not arrived at a step that it has not.
 */
export function showNode(host, film, node, now, go) {
  const way = (step) => {
    const look = step > now ? { class: "adviz-coming" } : {};
    const made = html("button", { type: "button", ...look }, `step ${step + 1}`);
    made.addEventListener("click", () => go(step));
    return made;
  };
  const sums = told(film, node, now).map((line) => {
    const parts = equationLines(line.formula).map((part) => formula(part, film));
    const steps = html("span", {}, ...soFar(line.steps, now), ...line.steps.map(way));
    return html("div", { class: "adviz-sum" }, html("div", {}, ...parts), steps);
  });
  const { symbol } = film.nodes.find(({ id }) => id === node);
  const [part, tables] = [inside(host, node), elements(film, node, now)];
  const content = tables.length ? [...sums, ...tables, ...part] : [...part, ...sums];
  showCard(host, formula(symbol, film), ...content);
}

/** Return the tables of an array's value, of its derivatives, and of what these are sums of. */
function elements(film, node, now) {
  const tables = tablesOf(film, node, now).map(({ title, table, isToCome }) => {
    const line = (texts) => html("tr", {}, ...texts.map((text) => html("td", {}, text)));
    const caption = html("caption", {}, ...title.map((part) => inline(part, film)));
    const look = isToCome ? { class: "adviz-coming" } : {};
    return html("table", look, caption, html("tbody", {}, ...table.map(line)));
  });
  return tables.length ? [html("div", { class: "adviz-elements" }, ...tables)] : [];
}

/** Return how much of a sum has arrived, unless all has. */
function soFar(steps, now) {
  const arrived = steps.filter((step) => step <= now).length;
  return arrived < steps.length ? [`so far ${arrived} of ${steps.length}`] : [];
}

/** Return the picture of what is in a node that is a part, if it is one. */
function inside(host, node) {
  const kept = host.querySelector(`template[data-part="${node}"]`);
  return kept ? [html("div", { class: "adviz-inside" }, kept.content.cloneNode(true))] : [];
}

/** Return what lights up with an element: a node with its edges, an edge with its ends. */
function together({ node, edge }, edges) {
  if (node === undefined) {
    const { tail, head } = edges.find(({ id }) => id === Number(edge));
    return [`edge/${edge}`, `node/${tail}`, `node/${head}`];
  }
  const touching = edges.filter(({ tail, head }) => [tail, head].includes(Number(node)));
  return [`node/${node}`, ...touching.map(({ id }) => `edge/${id}`)];
}

/** Have what is pointed at, or has the focus, light up with all that belongs to it. */
export function lightUp(host, figure, edges) {
  let lit = [];
  const light = ({ target }) => {
    const found = target.closest("[data-node], [data-edge]");
    const things = found ? together(found.dataset, edges) : [];
    const now = things.flatMap((thing) => figure.get(thing) ?? []);
    for (const one of lit) one.classList.remove("is-lit");
    for (const one of now) one.classList.add("is-lit");
    lit = now;
  };
  for (const event of ["pointerover", "focusin"]) host.addEventListener(event, light);
  host.addEventListener("pointerleave", light);
}

/** Dim what lies on no path from an input; without one, nothing. */
export function dimAside(film, figure, input) {
  const reached = pathsFrom(film, input);
  const isAside = (node) => input !== undefined && !reached.has(node);
  const dim = (thing, is) => {
    for (const found of figure.get(thing) ?? []) found.classList.toggle("is-aside", is);
  };
  for (const { id } of film.nodes) dim(`node/${id}`, isAside(id));
  for (const { id, tail } of film.edges)
    for (const part of ["edge", "slot"]) dim(`${part}/${id}`, isAside(tail));
}
