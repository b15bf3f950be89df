// The state of a film at a step: pure, so that it can be tested without a page.

import { ASKED, PENDING, plain } from "./notation.js";

/** Return a film with every part written out; a page says what like parts share only once. */
export function writtenOut(film) {
  const parts = ({ templates, parts }) => parts.map((part) => filled(templates[part[0]], part));
  const full = ([key, value]) => [key, value?.templates ? parts(value) : value];
  return Object.fromEntries(Object.entries(film).map(full));
}

/** Return a template with its holes filled: `{"?": 2}` stands for the second of what fills it. */
function filled(template, part) {
  if (Array.isArray(template)) return template.map((piece) => filled(piece, part));
  if (template === null || typeof template !== "object") return template;
  if ("?" in template) return part[template["?"]];
  const full = ([key, piece]) => [key, filled(piece, part)];
  return Object.fromEntries(Object.entries(template).map(full));
}

/** Milliseconds that a step takes, and that its number is on its way. */
export const STEP_MS = 1400;
export const FLIGHT_MS = 700;

/** Return how much of its way a token has gone at a part of its time, eased in and out. */
export const eased = (time) => (time < 0.5 ? 4 * time ** 3 : 1 - (2 - 2 * time) ** 3 / 2);

/**
 * Return what the page shows at a step, the fold of the frames 0..step.
 *
 * `texts` maps what carries a number ("row/3/adjoint", "slot/5", "shared/1") to the number's key;
 * `flags` maps what changes its look ("node/3", "cell/3/adjoint", "edge/5", "chip/5", …) to words.
 */
export function stateAt(film, step) {
  const frames = film.frames.slice(0, step + 1);
  const texts = textsAfter(film, frames);
  return { step, phase: frames[step].phase, texts, flags: flagsAfter(film, frames, texts) };
}

/** What is as it is in the finished picture too: chips and slots, and what is there at all. */
const LASTING = new Set(["shown", "filled", "arrived", "there", "absent", "gone"]);

/** Return the finished state with nothing in focus, as the static picture shows it. */
export function restingState(film) {
  const state = stateAt(film, film.frames.length - 1);
  const lasting = (words) => words.split(" ").filter((word) => LASTING.has(word)).join(" ");
  const kept = [...state.flags].map(([thing, words]) => [thing, lasting(words)]);
  return { ...state, flags: new Map(kept.filter(([, words]) => words)) };
}

/** Return the state between two steps, before the token arrives: the numbers are still earlier. */
export function departingState(before, after) {
  return { ...after, texts: before.texts, flags: withoutArrivals(before.flags, after.flags) };
}

function withoutArrivals(before, after) {
  const late = /^(cell|slot|shared|lead|part)\//;
  const fresh = (thing, row) => after.has(`${thing.replace("node", "cell")}/${row}`);
  const arriving = (thing) =>
    thing.startsWith("node/") &&
    !/derived/.test(before.get(thing) ?? "") &&
    (fresh(thing, "tangent") || fresh(thing, "adjoint"));
  const kept = [...after].filter(([thing]) => !late.test(thing));
  const earlier = [...before]
    .filter(([thing]) => /^(slot|shared|lead|part)\//.test(thing))
    .map(([thing, words]) => [thing, calm(words)]);
  const now = ([thing, words]) => [thing, arriving(thing) ? without(words, "derived") : words];
  return new Map([...kept.map(now), ...earlier]);
}

const without = (words, word) => words.split(" ").filter((each) => each !== word).join(" ");
const calm = (words) => without(words, "active");

function textsAfter(film, frames) {
  const texts = new Map();
  const sums = new Map(); // by node, the sum of what has arrived at its slots
  const tails = new Map(film.edges.map(({ id, tail }) => [id, tail]));
  for (const [thing, key] of terms(film, film.frames)) texts.set(thing, key); // they keep their room
  const apart = hasColumnsApart(film);
  for (const { phase, sets, fills, labels } of frames) {
    const { trace } = film.phases[phase];
    for (const [node, row, key] of sets) {
      texts.set(`row/${node}/${row}`, key);
      if (apart) texts.set(`column/${node}/${row}/${trace}`, key);
    }
    for (const [edge, key] of fills) {
      texts.set(`slot/${edge}`, key);
      sums.set(tails.get(edge), key?.replace("product", "sum"));
    }
    for (const [edge, key] of labels) texts.set(`label/${edge}`, key);
  }
  for (const [node, edges] of consumers(film)) {
    const arrived = edges.filter((edge) => (texts.get(`slot/${edge}`) ?? null) !== null).length;
    const sum = arrived ? `/${sums.get(node)}` : "";
    texts.set(`shared/${node}`, `${arrived}/${edges.length}${sum}`);
  }
  return texts;
}

/** Return what some frames send, as the terms of sums: the leading one has no sign. */
function terms({ phases }, frames) {
  const sent = frames.filter(({ token }) => token !== null);
  return sent.flatMap(({ phase, edge, token }) =>
    ["lead", "part"].map((place) => [`${place}/${phases[phase].trace}/${edge}`, token]),
  );
}

/** Tell whether two sweeps of one kind share a row, so that a table may keep them apart. */
function hasColumnsApart({ phases }) {
  return new Set(phases.map(({ kind }) => kind)).size < phases.length;
}

/** Return the edges that have a slot, their own or a shared one, by the node they leave. */
function consumers(film) {
  const edgesOf = new Map();
  for (const { id, tail, slot } of film.edges)
    if (!slot) continue;
    else if (edgesOf.has(tail)) edgesOf.get(tail).push(id);
    else edgesOf.set(tail, [id]);
  return edgesOf;
}

function flagsAfter(film, frames, texts) {
  const flags = new Map();
  const raise = (thing, word) =>
    flags.set(thing, flags.has(thing) ? `${flags.get(thing)} ${word}` : word);
  const now = frames.at(-1);
  const { kind, trace } = film.phases[now.phase];
  for (const thing of chipsShown(frames)) raise(thing, "shown");
  for (const [thing] of terms(film, frames)) raise(thing, "arrived");
  for (const edge of edgesPassed(frames)) raise(`edge/${edge}`, "passed");
  for (const [thing, key] of texts)
    if (thing.startsWith("label/")) raise(thing.replace("label", "edge"), presence(key));
    else if (key !== null) raiseForText(raise, thing, key, kind);
  for (const node of frames.flatMap(({ gone }) => gone)) raise(`node/${node}`, "gone");
  for (const edge of changed(frames, frames.length - 1)) raiseChanged(raise, edge);
  for (const node of inFocus(film, now)) raise(`node/${node}`, "focus");
  for (const [node, row, key] of now.sets) if (key !== null) raiseFresh(raise, node, row, trace);
  if (now.kind === "value")
    for (const { id, head } of film.edges)
      if (now.nodes.includes(head)) raise(`edge/${id}`, "feeding");
  if (now.edge !== null)
    for (const part of ["edge", "chip", "slot"]) raise(`${part}/${now.edge}`, "active");
  return flags;
}

const presence = (key) => (key === null ? "absent" : "there");

/** Return the edges whose numbers a frame changes; the first one of all sets them. */
function changed(frames, step) {
  const labels = step > 0 ? frames[step].labels : [];
  return labels.filter(([, key]) => key !== null).map(([edge]) => edge);
}

function raiseChanged(raise, edge) {
  for (const part of ["edge", "chip"]) raise(`${part}/${edge}`, "active");
  raise(`edge/${edge}`, "passed");
}

const EDGES = new WeakMap();

/** Return an edge of a film. */
function edgeOf(film, id) {
  if (!EDGES.has(film)) EDGES.set(film, new Map(film.edges.map((edge) => [edge.id, edge])));
  return EDGES.get(film).get(id);
}

/** Return the nodes in focus: those of the frame and both ends of the edge it follows. */
export function inFocus(film, frame) {
  const edge = frame.edge === null ? null : edgeOf(film, frame.edge);
  return [...new Set([...frame.nodes, ...(edge ? [edge.tail, edge.head] : [])])];
}

/** Return the nodes to be kept in view at a step: those in focus, and the ends of what changes. */
export function inView(film, step) {
  const changing = changed(film.frames, step).map((edge) => edgeOf(film, edge));
  const ends = changing.flatMap(({ tail, head }) => [tail, head]);
  return [...new Set([...inFocus(film, film.frames[step]), ...ends])];
}

function raiseFresh(raise, node, row, trace) {
  raise(`cell/${node}/${row}`, "fresh");
  raise(`cell/${node}/${row}/${trace}`, "fresh");
}

function raiseForText(raise, thing, key, kind) {
  const [part, id, row] = thing.split("/");
  if (part === "slot") raise(thing, "filled");
  if (part === "shared" && !key.startsWith("0/")) raise(thing, "filled");
  if (part === "row" && row === kind && kind !== "value") raise(`node/${id}`, "derived");
}

function chipsShown(frames) {
  return new Set(frames.flatMap(({ chips }) => chips.map((edge) => `chip/${edge}`)));
}

function edgesPassed(frames) {
  const { phase } = frames.at(-1);
  const sweep = frames.filter((frame) => frame.phase === phase && frame.edge !== null);
  return new Set(sweep.map(({ edge }) => edge));
}

/** Yield [thing, value] for everything that differs between two maps; undefined when gone. */
export function* differences(before, after) {
  for (const [thing, value] of after) if (before.get(thing) !== value) yield [thing, value];
  for (const thing of before.keys()) if (!after.has(thing)) yield [thing, undefined];
}

/** Return a text with its sign, as in a slot; `between` stands between the two in a sum. */
const signed = (text, between = "") =>
  /^[\p{Nd}∞]/u.test(text) ? `+${between}${text}` : text.replace("−", `−${between}`);

/** Return what stands in a slot that many share: how many have arrived, and their sum so far. */
function counted(film, key) {
  const [arrived, of, ...sum] = key.split("/");
  const total = sum.length ? ` = ${film.numbers[sum.join("/")]?.[0]}` : "";
  return `Σ ${arrived} of ${of}${total}`;
}

/** How a number is written where it stands; elsewhere as it is, and nothing while it is pending. */
const AS_TEXT = {
  row: (text) => text ?? PENDING,
  column: (text) => text ?? PENDING,
  slot: (text = "") => signed(text),
  part: (text = "") => signed(text, " "),
};

/** Return the text of a row, a slot ("+5"), a shared slot ("Σ 2 of 5 = 3") or a term ("− 2"). */
export function textOf(film, thing, key) {
  const part = thing.slice(0, thing.indexOf("/"));
  if (part === "shared") return counted(film, key);
  const text = film.numbers[key]?.[0];
  return AS_TEXT[part]?.(text) ?? text ?? "";
}

/** Return the elements of a small array, line by line; none of what is asked for. */
export const gridOf = (film, key) =>
  film.numbers[key]?.[0] === ASKED ? undefined : film.grids?.[key];

/** What a step does, by the kind of its frame: to some nodes, or by itself. */
const DOES = {
  value: "evaluate",
  seed: "seed",
  eliminate: "eliminate",
  snapshot: "take a snapshot of",
  advance: "run to",
  restore: "go back to",
  free: "free the snapshot of",
  reverse: "reverse to",
};
const SAYS = {
  inputs: "the inputs",
  linearized: "the linearized graph",
  jacobian: "the Jacobian",
  start: "the chain",
  result: "the result",
};

/** Return a step's name as it is read out: "evaluate b", "send the adjoint of b to x". */
export function caption(film, step) {
  const frame = film.frames[step];
  const symbol = (id) => plain(film.nodes.find((node) => node.id === id).symbol, film);
  if (frame.kind === "contribution") return contributionCaption(film, frame, symbol);
  return SAYS[frame.kind] ?? `${DOES[frame.kind]} ${frame.nodes.map(symbol).join(", ")}`;
}

function contributionCaption(film, frame, symbol) {
  const { tail, head } = film.edges.find(({ id }) => id === frame.edge);
  const { noun, backward } = film.phases[frame.phase];
  const [from, to] = backward ? [head, tail] : [tail, head];
  return `send the ${noun} of ${symbol(from)} to ${symbol(to)}`;
}

/** Return the steps at which a new group begins: the contributions of one node belong together. */
export function groupStarts(film) {
  const heads = new Map(film.edges.map(({ id, head }) => [id, head]));
  const groups = film.frames.map(({ phase, edge }, step) =>
    edge === null ? `step ${step}` : `${phase}/${heads.get(edge)}`,
  );
  return groups.flatMap((group, step) => (group === groups[step - 1] ? [] : [step]));
}

/** Return a part of the scrubber, from 0 to 1, that belongs to the steps first..last. */
export function span(film, first, last) {
  const whole = Math.max(1, film.frames.length - 1);
  const [start, end] = [(first - 0.5) / whole, (last + 0.5) / whole];
  return [Math.max(0, start), Math.min(1, end)];
}
