// The figure and its table: which elements show what, and how they change.

import { SVG, svg } from "./elements.js";
import { eased } from "./film.js";
import { ASKED, PENDING } from "./notation.js";
import { placeOf, put } from "./room.js";
import { HEIGHT, aside, gone, tip } from "./token.js";

const STUB = 8; // how much shorter than its edge a curve is, where a head is

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
  for (const part of ["lead", "part"])
    for (const term of host.querySelectorAll(`[data-${part}]`))
      add(`${part}/${term.dataset[part]}`, term);
  for (const slot of host.querySelectorAll("[data-slot]")) add(`slot/${slot.dataset.slot}`, slot);
  for (const slot of host.querySelectorAll("[data-slot-node]"))
    add(`shared/${slot.dataset.slotNode}`, slot);
  return figure;
}

/**
 * Write a number where it belongs: into a cell, a row's number or a slot; all of it on hover. Of a
 * small array every element has its place.
 */
export function write(found, text, full, grid) {
  const places = found.querySelectorAll(".element");
  const [all, other] = [grid?.flat(), text === ASKED ? ASKED : PENDING];
  for (const [i, place] of places.entries()) place.textContent = all?.[i] ?? other;
  if (!places.length) put(placeOf(found), text, full);
  markPending(found);
  setTitle(found, full === text ? undefined : full);
}

/** Mute what has no number yet. */
export function markPending(found) {
  const shown = (found.querySelector(".number, .element") ?? found).textContent;
  found.classList.toggle("is-pending", shown === PENDING);
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
  const length = curve.getTotalLength();
  const [before, end] = [length - 1, length].map((place) => curve.getPointAtLength(place));
  const [x, y] = [end.x - before.x, end.y - before.y].map((step) => (head ? STUB * step : 0));
  curve.after(svg("path", { class: "stub", d: `M${end.x} ${end.y}l${x} ${y}` }));
}

/** Return a token around the origin, a pill aside of the chip that it passes, and its width. */
function tokenOf(layer, curve, chip, text) {
  const label = svg("text", { "text-anchor": "middle" }, text);
  const token = svg("g", { class: "adviz-token", "aria-hidden": "true" }, label);
  layer.append(token);
  const width = Math.max(30, label.getComputedTextLength() + 18);
  const length = curve.getTotalLength();
  const count = Math.ceil(length / 12);
  const places = Array.from({ length: count + 1 }, (_, k) =>
    curve.getPointAtLength((length * k) / count),
  );
  const [x, y] = chip ? aside(places, chip.getBBox(), width) : [0, 0];
  const box = { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT, rx: HEIGHT / 2 };
  label.setAttribute("x", x);
  label.setAttribute("y", y + 4.6);
  token.prepend(svg("path", { d: `M${tip([x, y], width)}L${x} ${y}` }), svg("rect", box));
  return [token, width];
}

/** Send a token along a curve; returns a function that takes it away at once. */
export function fly(layer, curve, text, { chip, backwards, duration, along, done }) {
  const [token, wide] = tokenOf(layer, curve, chip, text);
  const length = curve.getTotalLength();
  const began = performance.now();
  let request = 0;
  const move = (now) => {
    const time = Math.min(1, Math.max(0, now - began) / duration);
    const part = eased(backwards ? 1 - time : time);
    const at = curve.getPointAtLength(gone(part, length, wide));
    token.setAttribute("transform", `translate(${at.x} ${at.y})`);
    along(at);
    if (time < 1) request = requestAnimationFrame(move);
    else done();
  };
  move(began);
  return () => {
    cancelAnimationFrame(request);
    token.remove();
  };
}
