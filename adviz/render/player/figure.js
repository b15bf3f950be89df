// The figure and its table: which elements show what, and how they change.

import { SVG, svg } from "./elements.js";
import { eased } from "./film.js";
import { PENDING } from "./notation.js";
import { placeOf, put } from "./room.js";

/** Return the elements that show each thing of the state: in the graph, in the table, or both. */
export function figureOf(host) {
  const figure = new Map();
  const add = (thing, found) => figure.set(thing, [...(figure.get(thing) ?? []), found]);
  for (const found of host.querySelectorAll("[data-node]")) {
    const id = found.dataset.node;
    add(`node/${id}`, found);
    for (const shown of found.querySelectorAll("[data-row]")) {
      const { row, trace } = shown.dataset;
      add(trace ? `column/${id}/${row}/${trace}` : `row/${id}/${row}`, shown);
      add(trace ? `cell/${id}/${row}/${trace}` : `cell/${id}/${row}`, shown);
    }
  }
  for (const edge of host.querySelectorAll("[data-edge]")) {
    add(`edge/${edge.dataset.edge}`, edge);
    for (const chip of edge.querySelectorAll(".chip")) {
      add(`chip/${edge.dataset.edge}`, chip);
      add(`label/${edge.dataset.edge}`, chip);
    }
  }
  for (const slot of host.querySelectorAll("[data-slot]")) add(`slot/${slot.dataset.slot}`, slot);
  for (const slot of host.querySelectorAll("[data-slot-node]"))
    add(`shared/${slot.dataset.slotNode}`, slot);
  return figure;
}

/** Write a number where it belongs: into a cell, a row's number or a slot; all of it on hover. */
export function write(found, text, full) {
  put(placeOf(found), text, full);
  markPending(found);
  setTitle(found, full === text ? undefined : full);
}

/** Mute what has no number yet. */
export function markPending(found) {
  const shown = (found.querySelector(".number") ?? found).textContent;
  found.classList.toggle("is-pending", shown === PENDING);
}

/** Keep a column of numbers as wide as all of the film needs it, so that no step moves the page. */
export function keepWidth(heading, least) {
  const rows = [...heading.closest("table").tBodies].flatMap((body) => [...body.rows]);
  const cells = rows.map((row) => row.cells[heading.cellIndex]);
  if (!cells[0]?.dataset.row) return;
  const longest = Math.max(least, ...cells.map((cell) => cell?.textContent.length ?? 0));
  heading.style.minWidth = `calc(${longest} * 1.05ch + 0.9em)`;
}

function setTitle(found, full) {
  if (found.namespaceURI !== SVG) {
    if (full) found.setAttribute("title", full);
    else found.removeAttribute("title");
    return;
  }
  found.querySelector("title")?.remove();
  if (full) found.prepend(svg("title", {}, full));
}

/**
 * Give an edge what an adjoint's way needs: an arrowhead at the tail, pointing against the edge,
 * and a stub where the line starts at the node, in place of the edge's own arrowhead.
 */
export function addTailHead(edge) {
  const [curve, head] = [".curve", ".head"].map((name) => edge.querySelector(name));
  if (!curve || edge.querySelector(".tail-head")) return;
  const [tip, along] = [0, 12].map((length) => curve.getPointAtLength(length));
  const turn = (Math.atan2(along.y - tip.y, along.x - tip.x) * 180) / Math.PI;
  const place = `translate(${tip.x} ${tip.y}) rotate(${turn})`;
  curve.after(svg("path", { class: "tail-head", d: "M0 0L14-7.5V7.5Z", transform: place }));
  const end = curve.getPointAtLength(curve.getTotalLength());
  const box = head?.getBBox() ?? { x: end.x, width: 0 };
  curve.after(svg("path", { class: "stub", d: `M${end.x} ${end.y}H${box.x + box.width}` }));
}

/** Scroll a box, and nothing else, so that elements are in view; to the side, some of them. */
export function reveal(box, elements, smooth, aside = elements) {
  if (!elements.length) return;
  const view = box.getBoundingClientRect();
  const wide = aside.length ? aside : elements;
  const shift = (start, end, near, far) =>
    start < near ? start - near : Math.max(0, Math.min(end - far, start - near));
  const sides = (shown, side) => shown.map((found) => found.getBoundingClientRect()[side]);
  const least = (shown, side) => Math.min(...sides(shown, side)) - 16;
  const most = (shown, side) => Math.max(...sides(shown, side)) + 16;
  const left = shift(least(wide, "left"), most(wide, "right"), view.left, view.right);
  const covered = box.querySelector("thead")?.offsetHeight ?? 0; // it stays at the top
  const near = view.top + covered;
  const top = shift(least(elements, "top"), most(elements, "bottom"), near, view.bottom);
  // To a place, not by a distance: an earlier scroll may still be on its way.
  const [x, y] = [box.scrollLeft + left, box.scrollTop + top];
  box.scrollTo({ left: x, top: y, behavior: smooth ? "smooth" : "instant" });
}

/** Send a token along a curve; returns a function that takes it away at once. */
export function fly(layer, curve, text, { backwards, duration, done }) {
  const label = svg("text", { "text-anchor": "middle", y: "0.35em" }, text);
  const token = svg("g", { class: "adviz-token", "aria-hidden": "true" }, svg("rect"), label);
  layer.append(token);
  const width = Math.max(30, label.getComputedTextLength() + 18);
  const size = { x: -width / 2, y: -12, width, height: 24, rx: 12 };
  for (const [name, value] of Object.entries(size)) token.firstChild.setAttribute(name, value);
  const length = curve.getTotalLength();
  const began = performance.now();
  let request = 0;
  const move = (now) => {
    const time = Math.min(1, Math.max(0, now - began) / duration);
    const at = curve.getPointAtLength(length * eased(backwards ? 1 - time : time));
    token.setAttribute("transform", `translate(${at.x} ${at.y})`);
    if (time < 1) request = requestAnimationFrame(move);
    else done();
  };
  move(began);
  return () => {
    cancelAnimationFrame(request);
    token.remove();
  };
}
