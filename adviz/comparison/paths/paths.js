// Sums over paths in a page: a term lights up its path in the graph, an edge the terms that use it.

const REST = "Point at a term, or at an edge of the graph; or go through them with Tab.";

/** Bring one figure to life. */
function bring(host) {
  const [edges, terms] = [edgesOf(host), termsOf(host)];
  const said = host.querySelector(".said");
  said.hidden = false;
  const show = (chosen, text, edge = null) => {
    light(host, edges, chosen, edge);
    for (const term of terms) term.element.classList.toggle("lit", chosen.includes(term));
    said.textContent = text;
  };
  const rest = () => show([], REST);
  for (const term of terms) listen(term.element, () => show(alike(terms, term), term.said), rest);
  const count = rowsOf(terms).length;
  for (const edge of edges) {
    const users = terms.filter((term) => term.edges.has(edge.number));
    if (!users.length || !edge.parts.length) continue;
    const text = `${edge.said}: in ${rowsOf(users).length} of ${count} paths`;
    reachable(edge, text);
    for (const part of edge.parts) listen(part, () => show(users, text, edge), rest);
  }
  rest();
}

/** The edges of the graph: their number and ends, the parts they are drawn in, what is said of them. */
function edgesOf(host) {
  return JSON.parse(host.querySelector('script[type="application/json"]').textContent).map(
    ([said, ...ends], number) => ({
      number,
      ends,
      said,
      parts: [...host.querySelectorAll(`.graph [data-edge="${number}"]`)],
    }),
  );
}

/** The terms of all sums; one may stand in a line and in a table. */
function termsOf(host) {
  return [...host.querySelectorAll(".sums [data-edges]")].map((element) => {
    element.tabIndex = 0;
    const { edges, said } = element.dataset;
    const path = edges.split(" ").filter(Boolean).map(Number);
    return { element, said, path: edges, edges: new Set(path), sum: element.closest(".sum") };
  });
}

const rowsOf = (terms) => terms.filter(({ element }) => element.matches("tr"));
const alike = (terms, { path, sum }) =>
  terms.filter((term) => term.path === path && term.sum === sum);

/** Show what is pointed at, or focused, and nothing when it is left. */
function listen(element, show, rest) {
  element.addEventListener("pointerenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("pointerleave", rest);
  element.addEventListener("blur", rest);
}

/** Let an edge be found by a pointer that is near it, and by the keyboard. */
function reachable({ parts: [line] }, text) {
  const near = line.querySelector(".curve").cloneNode();
  near.setAttribute("class", "near");
  line.prepend(near);
  line.setAttribute("tabindex", "0");
  line.setAttribute("role", "img");
  line.setAttribute("aria-label", text);
}

/** Light up the paths of some terms, and one of their edges more than the others. */
function light(host, edges, terms, chosen) {
  const nodes = new Set();
  for (const edge of edges) {
    const lit = terms.some((term) => term.edges.has(edge.number));
    for (const part of edge.parts) {
      part.classList.toggle("lit", lit);
      part.classList.toggle("chosen", edge === chosen);
    }
    if (lit) for (const node of edge.ends) nodes.add(node);
  }
  host.querySelector(".graph").classList.toggle("has-light", nodes.size > 0);
  for (const node of host.querySelectorAll(".graph .node")) {
    node.classList.toggle("lit", nodes.has(Number(node.dataset.node)));
  }
}

for (const host of document.querySelectorAll(".adviz-paths:not([data-alive])")) {
  host.dataset.alive = "";
  bring(host);
}
