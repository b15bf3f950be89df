// The chain rule as a film tells it: what is said of a node, and what depends on an input; pure.

import { ASKED, plain } from "./notation.js";

/** Return a formula's sides: the first is what it is about; of several clauses only the first. */
function sides(tree) {
  const found = [["row"]];
  const read = (part) => {
    if (part[0] === "op" && ["=", "+=", "⇒"].includes(part[1])) found.push(["row"]);
    else if (part[0] === "row" && part.slice(1).some(isEquation)) part.slice(1).forEach(read);
    else found.at(-1).push(part);
  };
  const end = tree.findIndex((part) => part[0] === "op" && part[1] === "⇒");
  (end < 0 ? tree : tree.slice(0, end)).slice(1).forEach(read);
  return found.map((side) => (side.length === 2 ? side[1] : side));
}

const isEquation = (part) =>
  isEquals(part) || (part[0] === "row" && part.slice(1).some(isEquation));

/** Tell whether a side is a product or a quotient, and not the number that comes out. */
const isProduct = (side) => !["mark", "slot", "held", "number"].includes(side[0]);

/** Return a sum of terms; one that begins with a minus sign stands in parentheses. */
function sum(terms, film) {
  const held = (term, i) => (i && /^[−-]/.test(plain(term, film)) ? ["group", term] : term);
  return ["row", ...terms.flatMap((term, i) => [["op", "+"], held(term, i)]).slice(1)];
}

/** Return a part that is told of a step: faint where that is still to come. */
const faint = (part, isToCome) => (isToCome ? ["mark", "coming", part] : part);

/**
 * Return all contributions to a node in one formula: symbols, then numbers, then the result. What
 * has not arrived at a step is faint.
 */
function wholeSum(film, steps, now) {
  const frames = steps.map((step) => film.frames[step]);
  const told = frames.map((frame) => sides(frame.formula));
  const products = told.map((parts) => parts.slice(1).filter(isProduct));
  const depth = Math.min(...products.map((parts) => parts.length));
  const sums = [...Array(depth).keys()].map((k) => products.map((parts) => parts[k]));
  if (frames.length > 1) sums.push(frames.map(({ token }) => ["slot", token]));
  const { sets, phase } = frames.at(-1);
  const role = steps.at(-1) > now ? "coming" : film.phases[phase].role;
  const result = ["mark", role, ["slot", sets[0][2]]];
  const shown = (terms) => terms.map((term, i) => faint(term, steps[i] > now));
  const all = [...sums.map((terms) => sum(shown(terms), film)), result];
  return ["row", told[0][0], ...all.flatMap((side) => [["op", "="], side])];
}

/**
 * Return an equation's parts between which lines can break: after the first sign from each "=" on,
 * and between equations in a list.
 */
export function equationLines(tree) {
  const rows = [[]];
  for (const part of flat(tree)) {
    const row = rows.at(-1);
    const isBetween = (isOp(part) && part[1] === "=") || (isOp(row.at(-1)) && row.at(-1)[1] === ",");
    if (isBetween && row.some(isEquals)) rows.push([part]);
    else row.push(part);
  }
  return rows.map((parts) => ["row", ...parts]);
}

const isOp = (part) => part?.[0] === "op";
const isEquals = (part) => isOp(part) && (part[1] === "=" || part[1] === "+=");

/** Return the parts of an equation, of which one side may be an equation itself. */
const flat = (tree) => (tree[0] === "row" && isEquation(tree) ? tree.slice(1).flatMap(flat) : [tree]);

/**
 * Return what a film tells of a node, phase by phase: a formula, and the steps it is from. What is
 * to come after a step is faint.
 */
export function told(film, node, now = Infinity) {
  return stepsOf(film, node).flatMap(({ steps }) => linesOf(film, steps, now));
}

/** Return the steps that are about a node, phase by phase. */
function stepsOf(film, node) {
  const steps = film.frames.flatMap(({ nodes }, step) => (nodes.includes(node) ? [step] : []));
  const inPhase = (phase) => steps.filter((step) => film.frames[step].phase === phase);
  return film.phases.map((_, phase) => ({ phase, steps: inPhase(phase) }));
}

function linesOf(film, steps, now) {
  const isTerm = (step) => film.frames[step].kind === "contribution";
  const terms = steps.filter(isTerm);
  const alone = steps.filter((step) => !isTerm(step) && film.frames[step].formula?.length > 1);
  const lines = alone.map((step) => ({
    steps: [step],
    formula: faint(film.frames[step].formula, step > now),
  }));
  return terms.length ? [...lines, { steps: terms, formula: wholeSum(film, terms, now) }] : lines;
}

/**
 * Return the tables of a node that is an array: of its value and its derivatives as they end, and
 * of every contribution to a sum of several.
 */
export function tablesOf(film, node, now = Infinity) {
  const made = new Map();
  const keep = (name, title, key, step) => {
    const isKnown = film.tables?.[key] && film.numbers[key][0] !== ASKED;
    if (isKnown) made.set(name, { title, table: film.tables[key], isToCome: step > now });
  };
  for (const { phase, steps } of stepsOf(film, node)) {
    const { noun } = film.phases[phase];
    const sent = steps.filter((step) => film.frames[step].token !== null);
    for (const step of sent.length > 1 ? sent : [])
      keep(`step ${step}`, [["text", `step ${step + 1} sends`]], film.frames[step].token, step);
    for (const step of steps)
      for (const [id, row, key] of film.frames[step].sets)
        if (id === node) keep(`${phase}/${row}`, [["text", noun]], key, step);
  }
  return [...made.values()];
}

/** Return the inputs of a film: what its first frame gives and no edge leads to. */
export function inputsOf(film) {
  const heads = new Set(film.edges.map(({ head }) => head));
  const given = film.frames.find(({ kind }) => kind === "inputs")?.nodes ?? [];
  return given.filter((node) => !heads.has(node));
}

/** Return the nodes on the paths from a node, itself too; edges go from earlier to later nodes. */
export function pathsFrom(film, node) {
  const reached = new Set([node]);
  for (const { tail, head } of film.edges.toSorted((a, b) => a.head - b.head))
    if (reached.has(tail)) reached.add(head);
  return reached;
}

/** The key of a number that is asked for is how it is shown. */

/** Return the numbers that a step brings and that can be foretold, by key. */
export function foretold({ kind, sets, token }) {
  if (kind !== "value" && kind !== "contribution") return [];
  return [...sets.map(([, , key]) => key), token].filter((key) => key !== null);
}

/** Return the numbers that can be foretold of all that is to come after a step, by key. */
export const toCome = ({ frames }, step) => frames.slice(step + 1).flatMap(foretold);

/** Return a film in which some numbers are asked for. */
export function asking(film, keys) {
  const asked = Object.fromEntries([ASKED, ...keys].map((key) => [key, [ASKED, ""]]));
  return { ...film, numbers: Object.assign(Object.create(film.numbers), asked) };
}

/** Return a state in which the numbers of a frame are asked for; what would tell them is not there. */
export function askedState(state, { chips }, keys) {
  const hidden = new Set(keys);
  const ask = ([thing, key]) => [thing, hidden.has(key) ? ASKED : key];
  const flags = new Map(state.flags);
  for (const edge of chips) flags.delete(`chip/${edge}`);
  return { ...state, texts: new Map([...state.texts].map(ask)), flags };
}
