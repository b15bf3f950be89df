// Which of the arrangements that a page carries is shown: the one of the largest text in its pane.

import { addTailHead } from "./figure.js";

const LARGEST = 2.2; // beyond it nothing is gained
const WORTH = 1.05; // what another arrangement must gain for everything to be moved

/** Return the place of the size that is enlarged most in a pane; the first unless another gains. */
export function bestFor(sizes, width, height) {
  const scales = sizes.map(([wide, high]) => Math.min(width / wide, height / high, LARGEST));
  const most = Math.max(...scales);
  return most > WORTH * scales[0] ? scales.indexOf(most) : 0;
}

/** Return what shows in a figure the best of its arrangements for a pane of a size. */
export function arranger(host, picture, others = []) {
  if (!picture || !others.length) return () => {};
  const all = [asPainted(picture), ...others];
  const sizes = all.map(({ size }) => size);
  let shown = 0;
  return ({ width, height }) => {
    const best = bestFor(sizes, width, height);
    if (best !== shown) arrangeAs(all[best], host, picture);
    shown = best;
  };
}

const curvesOf = (picture) => [...picture.querySelectorAll(".edge > .curve")];
const headOf = (curve) => curve.parentElement.querySelector(".head");

/** Return the arrangement in which a figure is painted: nothing is moved. */
function asPainted(picture) {
  const { width, height } = picture.viewBox.baseVal;
  const edges = {};
  for (const curve of curvesOf(picture))
    edges[curve.parentElement.dataset.edge] = [curve, headOf(curve)].map((path) => path.getAttribute("d"));
  return { size: [width, height], edges };
}

function arrangeAs({ size: [width, height], edges, ...moves }, host, picture) {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  for (const [name, value] of Object.entries(size)) picture.setAttribute(name, value);
  host.style.setProperty("--natural", `${width}px`);
  host.style.setProperty("--ratio", width / height);
  picture.querySelector(".background")?.setAttribute("width", width);
  picture.querySelector(".background")?.setAttribute("height", height);
  move(picture.querySelectorAll("[data-node]"), "node", moves.nodes);
  move(picture.querySelectorAll("[data-edge] > .chip"), "edge", moves.chips);
  move(picture.querySelectorAll("[data-slot]"), "slot", moves.slots);
  move(picture.querySelectorAll("[data-slot-node]"), "slotNode", moves.shared);
  for (const curve of curvesOf(picture)) route(curve, edges[curve.parentElement.dataset.edge]);
}

/** Move groups, each by its own way; without ways they stand as painted. */
function move(groups, number, ways) {
  for (const group of groups) {
    const way = ways?.[group.dataset[number] ?? group.parentElement.dataset[number]];
    if (way) group.setAttribute("transform", `translate(${way})`);
    else group.removeAttribute("transform");
  }
}

/** Give an edge its paths; what an adjoint's way has added to it is made anew. */
function route(curve, [way, head]) {
  const edge = curve.parentElement;
  curve.setAttribute("d", way);
  headOf(curve).setAttribute("d", head);
  const added = edge.querySelectorAll(".tail-head, .stub");
  added.forEach((part) => part.remove());
  if (added.length) addTailHead(edge);
}
