// Vertices eliminated in another order than that of the film: pure. What is done here is what
// adviz/comparison/elimination/film.py does; the words are the film's own.

import { full, short } from "./numerals.js";

/** The most sums, and the most entries of the Jacobian, that a formula writes out. */
const [WRITTEN, LEFT] = [3, 12];

/** Return the film in which a vertex is eliminated right after a step, and the others later. */
export function eliminatedNext(film, step, vertex) {
  const order = film.frames.flatMap(({ gone }) => gone);
  const done = order.slice(0, step);
  const later = order.filter((other) => other !== vertex && !done.includes(other));
  return inOrder(film, [...done, vertex, ...later]);
}

/** Return the film in which the vertices are eliminated in an order. */
export function inOrder(film, order) {
  const reel = reelOf(film);
  const frames = order.map((vertex) => eliminated(reel, vertex));
  return { ...film, frames: [film.frames[0], ...frames, finished(reel)], numbers: reel.numbers };
}

/** Return the linearized graph, and what is known of it while it shrinks. */
function reelOf(film) {
  const keys = new Map(film.frames[0].labels.filter(([, key]) => key !== null));
  const ids = new Map(film.edges.map(({ id, tail, head }) => [`${tail}/${head}`, id]));
  return { film, keys, ids, numbers: { ...film.numbers }, spent: 0, filled: 0 };
}

/** Return the edges into or out of a vertex that are there, in the order of their other ends. */
function edgesAt({ film, keys }, vertex, end, other) {
  const found = film.edges.filter((edge) => edge[end] === vertex && keys.has(edge.id));
  return found.sort((one, two) => one[other] - two[other]);
}

const into = (reel, vertex) => edgesAt(reel, vertex, "head", "tail");
const outOf = (reel, vertex) => edgesAt(reel, vertex, "tail", "head");
const product = (before, after) => `${before} × ${after} = ${before * after}`;

function note(reel, key, text) {
  reel.numbers[key] = [text, text];
  return key;
}

/** Eliminate a vertex, and return the frame in which it vanishes. */
function eliminated(reel, vertex) {
  const [before, after] = [into(reel, vertex), outOf(reel, vertex)];
  const updates = before.flatMap((first) => after.map((second) => update(reel, first, second)));
  const taken = [...before, ...after].map(({ id }) => id);
  for (const id of taken) reel.keys.delete(id);
  for (const { id, key } of updates) reel.keys.set(id, key);
  reel.spent += updates.length;
  reel.filled += updates.filter(({ isFill }) => isFill).length;
  note(reel, `taken/${vertex}`, product(before.length, after.length));
  noteSums(reel, vertex);
  const paid = [vertex, "paid", note(reel, `paid/${vertex}`, `${updates.length}`)];
  const beside = [...before.map(({ tail }) => tail), ...after.map(({ head }) => head)];
  return {
    ...reel.film.frames.find(({ gone }) => gone.includes(vertex)),
    formula: few(updates.map(({ sum }) => sum)),
    sets: [[vertex, "cost", null], paid, ...costs(reel, beside, vertex)],
    labels: [...taken.map((id) => [id, null]), ...updates.map(({ id, key }) => [id, key])],
  };
}

function noteSums({ numbers, spent, filled }, after) {
  note({ numbers }, `spent/${after}`, `${spent}`);
  note({ numbers }, `filled/${after}`, `${filled}`);
}

/** Return what it would cost now to eliminate the vertices that are left among some. */
function costs(reel, vertices, after) {
  const left = reel.film.clicks.filter((vertex) => vertices.includes(vertex));
  return left.map((vertex) => {
    const text = product(into(reel, vertex).length, outOf(reel, vertex).length);
    return [vertex, "cost", note(reel, `cost/${vertex}/${after}`, text)];
  });
}

/** Return what happens to the edge from the tail of one edge to the head of the next. */
function update(reel, first, second) {
  const id = reel.ids.get(`${first.tail}/${second.head}`);
  const before = reel.keys.get(id);
  const factors = [second.id, first.id].map((edge) => reel.keys.get(edge));
  const value = (key) => Number(reel.numbers[key][1]);
  const number = value(factors[0]) * value(factors[1]);
  const total = before === undefined ? number : value(before) + number;
  const key = `label/${id}/${first.head}`;
  reel.numbers[key] = [short(total, reel.film.precision), full(total)];
  const sum = equal(slope(reel, id), formed(before, factors), ["slot", key]);
  return { id, key, isFill: before === undefined, sum };
}

/** Return `before + second · first` in numbers, negative ones in parentheses but at the start. */
function formed(before, [second, first]) {
  const start = before === undefined ? [] : [["slot", before], ["op", "+"]];
  const leading = before === undefined ? "slot" : "held";
  return ["row", ...start, [leading, second], ["op", "·"], ["held", first]];
}

/** Return the film's last frame: the edges that are left hold the Jacobian. */
function finished(reel) {
  noteSums(reel, "all");
  const left = reel.film.edges.filter(({ id }) => reel.keys.has(id));
  const formulas = left.map(({ id }) => equal(slope(reel, id), ["slot", reel.keys.get(id)]));
  return { ...reel.film.frames.at(-1), formula: few(formulas, LEFT) };
}

function slope({ film }, id) {
  const { tail, head } = film.edges.find((edge) => edge.id === id);
  const symbol = (vertex) => film.nodes.find((node) => node.id === vertex).symbol;
  return ["partial", symbol(head), symbol(tail)];
}

const equal = (left, ...rights) => ["row", left, ...rights.flatMap((part) => [["op", "="], part])];

/** Return the first few formulas, separated by commas. */
function few(formulas, most = WRITTEN) {
  const shown = formulas.slice(0, most);
  if (formulas.length > most) shown.push(["name", "…"]);
  return ["row", ...shown.flatMap((part, i) => (i ? [["op", ","], part] : [part]))];
}
