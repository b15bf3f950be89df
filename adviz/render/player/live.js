// A film at other inputs: its program gives the values and the local partials, and the film's own
// frames say what is multiplied and added up. Pure.

import { plain } from "./notation.js";
import { full, short } from "./numerals.js";

/** As long as most numbers are. */
const LONG = ["−0.123456", ""];

const written = (number, { precision }) => [short(number, precision), full(number)];

/** Return a film at a point, a number for each of its inputs. */
export function filmAt(film, program, point) {
  const found = program(...point);
  const reel = branchOf(film, found.values);
  const numbers = valuesOf(found.values, film);
  const status = statuses(film, found);
  const outside = status.findIndex((_, node) => isOutside(node, found));
  const evaluated = [...status];
  const arrivals = swept({ ...film, ...reel }, found, numbers, status);
  const said = (frame, step) => arrivals[step] ?? evaluated[frame.nodes[0]];
  const isSame = film.live.inputs.every((node) => {
    const key = `0/value/${node}`;
    return film.numbers[key][1] === numbers[key][1];
  });
  const frames = reel.frames
    .map((frame, k) => remarked(film.live.remarks, frame, said(frame, k)))
    .map((frame) => (frame.card?.length && !isSame ? unjudged(frame) : frame));
  return { ...film, ...reel, numbers, status, frames, outside };
}

const UNJUDGED =
  "Computed in this page; what was checked are the derivatives at the author's point, to which Reset goes back";

/** Return a closing frame without its verdicts, which are of another point. */
const unjudged = (frame) => ({
  ...frame,
  card: frame.card.map((row) => row.slice(0, 3)),
  narration: [["text", UNJUDGED]],
});

/** Return the frames and phases of the branch that is taken where the nodes have some values. */
function branchOf(film, values) {
  const taken = film.live.choices.map((node) => (values[node] ? "1" : "0")).join("");
  const reel = film.reels[taken];
  if (!reel) return { frames: film.frames, phases: film.phases };
  const { first, count, phases } = reel;
  return { frames: film.otherwise.slice(first, first + count), phases };
}

function valuesOf(values, film) {
  const known = values.map((value, node) => [`0/value/${node}`, value]);
  const pairs = known.filter(([, value]) => value !== null);
  return Object.fromEntries(pairs.map(([key, value]) => [key, written(value, film)]));
}

/**
 * Add the numbers of all sweeps, multiplied and added up in the order of the frames, and give the
 * nodes at which that goes wrong their status: what is undefined in a sweep stays so. Returns what
 * becomes of the frames' arrivals.
 */
function swept(film, found, numbers, status) {
  const held = new Map();
  const nowhere = status.flatMap((one, node) => (one === "undefined" ? [node] : []));
  const lost = new Set(film.phases.flatMap(({ trace }) => nowhere.map((node) => `${trace}/${node}`)));
  return film.frames.map((frame) => {
    const { trace, backward } = film.phases[frame.phase];
    if (frame.kind === "seed") sown(film, frame, trace, held, numbers);
    if (frame.kind !== "contribution") return null;
    const { tail, head, position } = film.edges[frame.edge];
    const [from, to] = backward ? [head, tail] : [tail, head];
    const [place, value] = [`${trace}/${to}`, found.values[head]];
    const partial = Number.isNaN(value) ? value : found.partials[head][position];
    const arrival = arrived(held.get(`${trace}/${from}`), partial, held.get(place));
    held.set(place, arrival.sum);
    for (const [name, number] of Object.entries(arrival))
      numbers[`${trace}/${name}/${frame.edge}`] = written(number, film);
    const said = arrivalStatus(arrival, found.pole[head]);
    if (said === "ok") return said;
    if (said === "undefined") lost.add(`${trace}/${head}`);
    return (status[head] = lost.has(`${trace}/${head}`) ? "undefined" : said);
  });
}

/** Take over the numbers that are the same at all inputs: seeds, and where nothing arrives. */
function sown(film, { sets }, trace, held, numbers) {
  for (const [node, , key] of sets.filter(([, , key]) => key !== null)) {
    numbers[key] = film.numbers[key];
    held.set(`${trace}/${node}`, Number(film.numbers[key][1]));
  }
}

function arrived(incoming, partial, before) {
  const product = incoming * partial;
  const sum = before === undefined ? product : before + product;
  return { partial, incoming, product, before: before ?? 0, sum };
}

/** Return per node what Python's judge says of its value (adviz/modes/domains.py). */
function statuses(film, found) {
  const operands = found.values.map(() => []);
  for (const { tail, head } of film.edges) operands[head].push(tail);
  const status = [];
  found.values.forEach((_, node) => status.push(statusOf(node, operands[node], found, status)));
  return status;
}

const isOutside = (node, { values, domain }) => values[node] !== null && domain[node] === false;

function statusOf(node, operands, found, status) {
  const { values, kink } = found;
  const value = values[node];
  if (value === null) return "skipped";
  const conditions = operands.filter((operand) => typeof values[operand] === "boolean");
  if (conditions.some((operand) => status[operand] === "kink")) return "kink";
  if (isOutside(node, found)) return "undefined";
  const isInfinite = typeof value === "number" && !Number.isFinite(value);
  if (isInfinite && operands.every((operand) => Number.isFinite(values[operand])))
    return Number.isNaN(value) ? "undefined" : "overflow";
  return kink[node] ? "kink" : "ok";
}

function arrivalStatus({ partial, incoming, product, sum }, isPole) {
  if (Number.isFinite(product) && Number.isFinite(sum)) return "ok";
  const isLost = Number.isNaN(product) || Number.isNaN(sum);
  if (Number.isNaN(partial) || (isLost && !Number.isNaN(incoming))) return "undefined";
  if (!Number.isFinite(partial) && isPole) return "pole";
  return Number.isFinite(incoming) ? "overflow" : "ok";
}

/** Return a frame whose narration ends with the remark on a status, and with no other one. */
function remarked(remarks, frame, status) {
  const all = Object.values(remarks);
  const said = frame.narration.filter(([kind, words]) => kind !== "text" || !all.includes(words));
  const remark = ["value", "contribution"].includes(frame.kind) && remarks[status];
  return { ...frame, narration: remark ? [...said, ["text", remark]] : said };
}

/** Return a film with all that it may have to say at other inputs, where numbers are long. */
export function roomiest(film) {
  const frames = [...film.frames, ...film.otherwise];
  return { ...film, frames, numbers: new Proxy({}, { get: () => LONG }) };
}

/** What a reader should know first. */
const WORST_FIRST = ["undefined", "overflow", "pole", "kink"];

/** Return in words what is wrong at a film's point, "" where nothing is. */
export function problemOf({ live, nodes, numbers, status, outside }) {
  const exact = (part) => (typeof part === "number" ? numbers[`0/value/${part}`][1] : part);
  if (outside >= 0) return live.outside[outside].map(exact).join("");
  const worst = WORST_FIRST.find((one) => status.includes(one));
  return worst ? plain(nodes[status.indexOf(worst)].symbol) + live.remarks[worst] : "";
}

/** Return the step of a film that does what a step of another one does, or one as far. */
export function sameStep(before, after, step) {
  const { edge, nodes, phase } = before.frames[step];
  const { kind, trace } = before.phases[phase];
  const found = after.frames.findIndex((frame) => {
    const other = after.phases[frame.phase];
    const isSame = other.kind === kind && other.trace === trace && frame.edge === edge;
    return isSame && String(frame.nodes) === String(nodes);
  });
  return found < 0 ? Math.min(step, after.frames.length - 1) : found;
}
