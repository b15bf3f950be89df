// What is measured of a figure as the page has laid it out: the boxes of its nodes and edges, the
// room of its pane, and the size of its letters.

import { around } from "./camera.js";

/** Return the boxes of all nodes and edges of a figure in its own units, by thing. */
export function boxesOf(svg, drawn, scale) {
  const boxes = new Map();
  for (const found of svg.querySelectorAll("[data-node], [data-edge], [data-edge] > .chip")) {
    const { left, top, right, bottom } = found.getBoundingClientRect();
    const [x, y] = [(at) => (at - drawn.left) / scale, (at) => (at - drawn.top) / scale];
    const box = { left: x(left), top: y(top), right: x(right), bottom: y(bottom) };
    const thing = thingOf(found); // an edge's chip stands apart from its curve, above all curves
    boxes.set(thing, around([...(boxes.has(thing) ? [boxes.get(thing)] : []), box]));
  }
  return boxes;
}

/** Return what an element of the figure shows: a node, an edge, or the chip of one. */
function thingOf({ dataset: { node, edge }, parentNode }) {
  if (node !== undefined) return `node/${node}`;
  return edge === undefined ? `chip/${parentNode.dataset.edge}` : `edge/${edge}`;
}

/** Return the height of the smallest letters of a figure in its own units, but for indices. */
export function smallestLetter(svg) {
  const texts = [...svg.querySelectorAll(".node text, .chip text, .slot text")];
  const runs = (text) => [text, ...text.children];
  const look = (text) => runs(text).map((run) => run.className.baseVal);
  const looks = new Map(texts.map((text) => [look(text).join(), text]));
  const size = (run) => parseFloat(getComputedStyle(run).fontSize);
  const heights = [...looks.values()].map((text) => Math.max(...runs(text).map(size)));
  return Math.min(...heights, 16);
}

/** Return the room that a pane has, or may take where it grows with what it holds. */
export function roomIn(pane) {
  const style = getComputedStyle(pane);
  const padding = (...sides) =>
    sides.reduce((sum, side) => sum + parseFloat(style[`padding${side}`]), 0);
  const [width, height] = [pane.clientWidth, parseFloat(style.maxHeight) || pane.clientHeight];
  return {
    width: width - padding("Left", "Right"),
    height: height - padding("Top", "Bottom"),
  };
}
