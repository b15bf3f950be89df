// Plays a film. The page already holds the finished figure, its table and its header; a state is
// the fold of the film's frames, and only what differs between two states is painted.
//
// The first half is pure and runs without a page: stateAt, differences, textOf, caption, plain.
// The second half paints: text goes in as textContent, elements come from createElementNS.

const STEP_MS = 1400;
const FLIGHT_MS = 700;
const SPEEDS = { "½×": 0.5, "1×": 1, "2×": 2, "4×": 4 };
const PENDING = "–";
const MOST_TICKS = 120;

// --- The state at a step -----------------------------------------------------------------------

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

/** Return the finished state with nothing in focus, as it is printed. */
export function restingState(film) {
  const state = stateAt(film, film.frames.length - 1);
  const lasting = (words) => words.replace(/\b(focus|fresh|active|feeding|passed)\b ?/g, "").trim();
  const flags = new Map([...state.flags].map(([thing, words]) => [thing, lasting(words)]));
  return { ...state, flags };
}

/** Return a step's state before its token has arrived: the numbers are still the earlier ones. */
export function departingState(film, step) {
  const [before, after] = [stateAt(film, step - 1), stateAt(film, step)];
  return { ...after, texts: before.texts, flags: withoutArrivals(before.flags, after.flags) };
}

function withoutArrivals(before, after) {
  const late = /^(cell|slot|shared)\//;
  const arriving = (thing) => thing.startsWith("node/") && !/derived/.test(before.get(thing) ?? "");
  const kept = [...after].filter(([thing]) => !late.test(thing));
  const earlier = [...before].filter(([thing]) => /^(slot|shared)\//.test(thing));
  const calm = ([thing, words]) => [thing, arriving(thing) ? words.replace("derived", "") : words];
  return new Map([...kept.map(calm), ...earlier]);
}

function textsAfter(film, frames) {
  const texts = new Map();
  for (const { sets, fills } of frames) {
    for (const [node, row, key] of sets) texts.set(`row/${node}/${row}`, key);
    for (const [edge, key] of fills) texts.set(`slot/${edge}`, key);
  }
  for (const [node, edges] of consumers(film)) {
    const arrived = edges.filter((edge) => (texts.get(`slot/${edge}`) ?? null) !== null).length;
    texts.set(`shared/${node}`, `${arrived}/${edges.length}`);
  }
  return texts;
}

function consumers(film) {
  const edgesOf = new Map();
  for (const { id, tail } of film.edges)
    if (edgesOf.has(tail)) edgesOf.get(tail).push(id);
    else edgesOf.set(tail, [id]);
  return edgesOf;
}

function flagsAfter(film, frames, texts) {
  const flags = new Map();
  const raise = (thing, word) =>
    flags.set(thing, flags.has(thing) ? `${flags.get(thing)} ${word}` : word);
  const now = frames.at(-1);
  const kind = film.phases[now.phase].kind;
  for (const thing of chipsShown(frames)) raise(thing, "shown");
  for (const edge of edgesPassed(frames)) raise(`edge/${edge}`, "passed");
  for (const [thing, key] of texts) if (key !== null) raiseForText(raise, thing, key, kind);
  for (const node of now.nodes) raise(`node/${node}`, "focus");
  for (const [node, row] of now.sets) raise(`cell/${node}/${row}`, "fresh");
  if (now.kind === "value")
    for (const { id, head } of film.edges)
      if (now.nodes.includes(head)) raise(`edge/${id}`, "feeding");
  if (now.edge !== null)
    for (const part of ["edge", "chip", "slot"]) raise(`${part}/${now.edge}`, "active");
  return flags;
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

/** Return the text of a row, a slot ("+5", empty while pending) or a shared slot ("Σ 2/5"). */
export function textOf(film, thing, key) {
  const part = thing.slice(0, thing.indexOf("/"));
  if (part === "shared") return `Σ ${key}`;
  const text = film.numbers[key]?.[0];
  if (part === "row") return text ?? PENDING;
  if (text === undefined) return "";
  return /^[−+-]/.test(text) || text === "nan" ? text : `+${text}`;
}

/** Return a step's name as it is read out: "evaluate b", "send the adjoint of b to x". */
export function caption(film, step) {
  const frame = film.frames[step];
  const symbol = (id) => plain(film.nodes.find((node) => node.id === id).symbol, film);
  if (frame.kind === "contribution") return contributionCaption(film, frame, symbol);
  if (frame.kind === "inputs" || !frame.sets.length) return "the inputs";
  const names = [...new Set(frame.sets.map(([node]) => node))].map(symbol).join(", ");
  return `${frame.kind === "seed" ? "seed" : "evaluate"} ${names}`;
}

function contributionCaption(film, frame, symbol) {
  const { tail, head } = film.edges.find(({ id }) => id === frame.edge);
  const { kind } = film.phases[frame.phase];
  const [from, to] = kind === "adjoint" ? [head, tail] : [tail, head];
  return `send the ${kind} of ${symbol(from)} to ${symbol(to)}`;
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

// --- Notation trees ----------------------------------------------------------------------------

const GREEK = Object.fromEntries(
  (
    "alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ " +
    "nu ν xi ξ omicron ο pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω"
  )
    .match(/\S+ \S+/g)
    .map((pair) => pair.split(" "))
    .flatMap(([word, letter]) => [
      [word, letter],
      [word[0].toUpperCase() + word.slice(1), letter.toUpperCase()],
    ]),
);
const SIGNED = new Set(["+", "−", "·", "×"]);

/** Return a variable's letters and its subscript: "theta_1" is θ and 1. */
export function letters(name) {
  const match = /^(\p{L}+)_?(\d+)$/u.exec(name) ?? /^(\p{L}+)_([\p{L}\p{N}_]+)$/u.exec(name);
  const [stem, index] = match ? match.slice(1) : [name, ""];
  return [Object.hasOwn(GREEK, stem) ? GREEK[stem] : stem, index];
}

const slotText = (film, key) => film.numbers[key]?.[0] ?? PENDING;

/** Tell whether a part needs parentheses after a sign: a negative number does. */
function isNegative(part, film) {
  if (part[0] === "mark") return isNegative(part[2], film);
  const text = part[0] === "slot" ? slotText(film, part[1]) : part[0] === "number" ? part[1] : "";
  return /^[−-]/.test(text);
}

/** Return a row's parts, negative numbers after a sign in parentheses: 5 · (−1). */
function guarded(parts, film) {
  const follows = (index) => index > 0 && parts[index - 1][0] === "op";
  const needs = (part, index) =>
    follows(index) && SIGNED.has(parts[index - 1][1]) && isNegative(part, film);
  return parts.map((part, index) => (needs(part, index) ? ["group", part] : part));
}

const digits = (text, zero) =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero.codePointAt(0) + Number(digit)));

const accented = (mark) => (parts, text) => {
  const [first, ...rest] = text(parts[0]);
  return first + mark + rest.join("");
};

const PLAIN = {
  name: ([name]) => {
    const [stem, index] = letters(name);
    return stem + (/^\d+$/.test(index) ? digits(index, "₀") : index && `_${index}`);
  },
  number: ([text]) => text.replaceAll("-", "−"),
  slot: ([key], _, film) => slotText(film, key),
  text: ([text]) => text,
  op: ([sign]) => (sign === "," ? ", " : ` ${sign} `),
  row: (parts, text, film) => guarded(parts, film).map(text).join(""),
  group: ([part], text) => `(${text(part)})`,
  neg: ([part], text) => `−${text(part)}`,
  abs: ([part], text) => `|${text(part)}|`,
  root: ([part], text) => `√(${text(part)})`,
  call: ([name, ...parts], text) => `${name}(${parts.map(text).join(", ")})`,
  frac: ([above, below], text) => `${text(above)}/${text(below)}`,
  power: ([base, exponent], text) => `${text(base)}^${text(exponent)}`,
  dot: accented("\u0307"),
  bar: accented("\u0304"),
  partial: ([above, below], text) => `∂${text(above)}/∂${text(below)}`,
  mark: ([, part], text) => text(part),
};

/** Return a tree as one line of text, for screen readers and names. */
export function plain([kind, ...parts], film) {
  return PLAIN[kind](parts, (part) => plain(part, film), film);
}

/** Return a narration, a list of trees, as one line of text. */
export function narrationText(trees, film) {
  return trees.map((tree) => plain(tree, film)).join("");
}

/** Return a formula's parts between its top-level ⇒, so that lines can break there. */
export function clauses(tree) {
  if (tree[0] !== "row") return [tree];
  const rows = [["row"]];
  for (const part of tree.slice(1)) {
    if (part[0] === "op" && part[1] === "⇒") rows.push(["row"]);
    else rows.at(-1).push(part);
  }
  return rows;
}

// --- Elements ----------------------------------------------------------------------------------

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

function element(space, tag, attributes = {}, ...children) {
  const made = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const html = (...rest) => element(HTML, ...rest);
const svg = (...rest) => element(SVG, ...rest);
const math = (...rest) => element(MATHML, ...rest);

const operator = (sign, spacing = {}) => math("mo", spacing, sign);
const tight = { lspace: "0", rspace: "0" };
const fence = { ...tight, fence: "true", stretchy: "true" };
const fenced = (before, inner, after) =>
  math("mrow", {}, operator(before, fence), ...inner, operator(after, fence));

function mathName(name, decorate = (base) => base) {
  const [stem, index] = letters(name);
  const base = decorate(math("mi", {}, stem));
  if (!index) return base;
  return math("msub", {}, base, math(/^\d+$/.test(index) ? "mn" : "mi", {}, index));
}

function mathNumber(text, full) {
  const shown = text.replaceAll("-", "−");
  return full && full !== text
    ? math("mn", {}, html("span", { title: full }, shown))
    : math("mn", {}, shown);
}

const mathAccent = (mark) => ([part], print) => {
  const decorate = (base) => math("mover", { accent: "true" }, base, operator(mark, tight));
  return part[0] === "name" ? mathName(part[1], decorate) : decorate(print(part));
};

const partialOf = (part, print) => math("mrow", {}, math("mi", {}, "∂"), print(part));

const PRINTED = {
  name: ([name]) => mathName(name),
  number: ([text]) => mathNumber(text),
  slot: ([key], _, film) => mathNumber(slotText(film, key), film.numbers[key]?.[1]),
  text: ([text]) => math("mtext", {}, text.replace(/^ | $/g, "\u00a0")),
  op: ([sign]) => operator(sign, sign === "," ? { lspace: "0", rspace: "0.35em" } : {}),
  row: (parts, print, film) => math("mrow", {}, ...guarded(parts, film).map(print)),
  group: (parts, print) => fenced("(", parts.map(print), ")"),
  neg: ([part], print) => math("mrow", {}, operator("−", { form: "prefix" }), print(part)),
  abs: (parts, print) => fenced("|", parts.map(print), "|"),
  root: (parts, print) => math("msqrt", {}, ...parts.map(print)),
  call: ([name, ...parts], print) => {
    const separated = parts.flatMap((part, i) => (i ? [PRINTED.op([","]), print(part)] : [print(part)]));
    return math("mrow", {}, math("mi", { class: "function" }, name), fenced("(", separated, ")"));
  },
  frac: (parts, print) => math("mfrac", {}, ...parts.map(print)),
  power: (parts, print) => math("msup", {}, ...parts.map(print)),
  dot: mathAccent("˙"),
  bar: mathAccent("¯"),
  partial: ([above, below], print) =>
    math("mfrac", {}, partialOf(above, print), partialOf(below, print)),
  mark: ([role, part], print) => math("mrow", { class: `adviz-${role}` }, print(part)),
};

function printed([kind, ...parts], film) {
  return PRINTED[kind](parts, (part) => printed(part, film), film);
}

/** Return a tree as a MathML element, with the same in words as its alternative text. */
function formula(tree, film, attributes = {}) {
  return math("math", { alttext: plain(tree, film), ...attributes }, printed(tree, film));
}

/** Return a part of the narration: words as text, symbols as small formulas. */
function inline(tree, film) {
  const [kind, role, part] = tree;
  if (kind === "text" || kind === "number" || kind === "op") return plain(tree, film);
  if (kind === "slot") return html("span", { title: film.numbers[role]?.[1] ?? "" }, plain(tree, film));
  if (kind === "mark")
    return html(role === "strong" ? "strong" : "span", { class: `adviz-${role}` }, inline(part, film));
  return formula(tree, film);
}

// --- The figure --------------------------------------------------------------------------------

/** Return the elements that show each thing of the state: in the graph, in the table, or both. */
function figureOf(host) {
  const figure = new Map();
  const add = (thing, found) => figure.set(thing, [...(figure.get(thing) ?? []), found]);
  for (const found of host.querySelectorAll("[data-node]")) {
    const id = found.dataset.node;
    add(`node/${id}`, found);
    for (const row of found.querySelectorAll("[data-row]")) {
      add(`row/${id}/${row.dataset.row}`, row);
      add(`cell/${id}/${row.dataset.row}`, row);
    }
  }
  for (const edge of host.querySelectorAll("[data-edge]")) {
    add(`edge/${edge.dataset.edge}`, edge);
    for (const chip of edge.querySelectorAll(".chip")) add(`chip/${edge.dataset.edge}`, chip);
  }
  for (const slot of host.querySelectorAll("[data-slot]")) add(`slot/${slot.dataset.slot}`, slot);
  for (const slot of host.querySelectorAll("[data-slot-node]"))
    add(`shared/${slot.dataset.slotNode}`, slot);
  raiseChips(host);
  return figure;
}

/** Lift the chips above every edge, so that no active edge runs across a number. */
function raiseChips(host) {
  const edges = host.querySelectorAll("[data-edge]");
  if (!edges.length) return;
  const layer = svg("g", { class: "adviz-chips" });
  layer.append(...host.querySelectorAll("[data-edge] .chip"));
  edges[edges.length - 1].after(layer);
}

/** Write a number where it belongs: into a cell, a slot's text, or after a row's label. */
function write(found, thing, text, full) {
  const [part, , row] = thing.split("/");
  const isSlot = part !== "row";
  const place = isSlot ? found.querySelector("text") : (found.querySelector(".number") ?? found);
  const label = isSlot || place !== found || found.namespaceURI !== SVG ? "" : `${row} `;
  place.textContent = label + text;
  found.classList.toggle("is-pending", !isSlot && text === PENDING);
  setTitle(isSlot ? found : place, full === text ? undefined : full);
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

/** Give an edge the arrowhead that an adjoint needs: at the tail, pointing against the edge. */
function addTailHead(edge) {
  const curve = edge.querySelector(".curve");
  if (!curve || edge.querySelector(".tail-head")) return;
  const [tip, along] = [curve.getPointAtLength(0), curve.getPointAtLength(12)];
  const turn = (Math.atan2(along.y - tip.y, along.x - tip.x) * 180) / Math.PI;
  const place = `translate(${tip.x} ${tip.y}) rotate(${turn})`;
  curve.after(svg("path", { class: "tail-head", d: "M0 0L13-7V7Z", transform: place }));
}

/** Scroll a box, and nothing else, so that the given elements are in view. */
function reveal(box, elements, smooth) {
  if (!elements.length) return;
  const view = box.getBoundingClientRect();
  const rects = elements.map((found) => found.getBoundingClientRect());
  const shift = (start, end, near, far) => (start < near ? start - near : Math.max(0, Math.min(end - far, start - near)));
  const least = (side) => Math.min(...rects.map((rect) => rect[side]));
  const most = (side) => Math.max(...rects.map((rect) => rect[side]));
  const left = shift(least("left") - 16, most("right") + 16, view.left, view.right);
  const top = shift(least("top") - 16, most("bottom") + 16, view.top, view.bottom);
  if (left || top) box.scrollBy({ left, top, behavior: smooth ? "smooth" : "instant" });
}

/** Send a token along a curve; returns a function that takes it away at once. */
function fly(layer, curve, text, { backwards, duration, done }) {
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
    const eased = time < 0.5 ? 4 * time ** 3 : 1 - (2 - 2 * time) ** 3 / 2;
    const at = curve.getPointAtLength(length * (backwards ? 1 - eased : eased));
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

// --- The controls ------------------------------------------------------------------------------

const ICONS = {
  first: "M5 4h2.2v12H5zM16 4.4v11.2L8.2 10z",
  back: "M13.5 4.4v11.2L5.7 10z",
  play: "M6 3.6v12.8L16.6 10z",
  pause: "M5 4h3.6v12H5zM11.4 4H15v12h-3.6z",
  next: "M6.5 4.4v11.2l7.8-5.6z",
  last: "M12.8 4H15v12h-2.2zM4 4.4v11.2l7.8-5.6z",
  theme: "M10 2.5a7.5 7.5 0 1 0 0 15zM10 2.5v1.6a5.9 5.9 0 0 1 0 11.8v1.6a7.5 7.5 0 0 0 0-15z",
  full: "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z",
};

const icon = (name) =>
  svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

function button(name, label, onclick, keys = "") {
  const title = keys ? `${label} (${keys})` : label;
  const made = html("button", { type: "button", class: `adviz-${name}`, "aria-label": label, title }, icon(name));
  made.addEventListener("click", onclick);
  return made;
}

const percent = (part) => `${(100 * part).toFixed(4)}%`;

function placed(made, [start, end]) {
  made.style.left = percent(start);
  made.style.width = percent(end - start);
  return made;
}

function phaseNames(film, go) {
  return film.phases.map(({ kind, title, first, last }) => {
    const attributes = { type: "button", "data-phase": kind, "aria-label": `Go to ${title}` };
    const made = html("button", attributes, html("span", {}, title));
    made.addEventListener("click", () => go(first));
    return placed(made, span(film, first, last));
  });
}

function segments(film) {
  return film.phases.map(({ kind, first, last }) =>
    placed(html("i", { class: "segment", "data-phase": kind }, html("i", { class: "fill" })), span(film, first, last)),
  );
}

function ticks(film) {
  const count = film.frames.length;
  const starts = new Set(groupStarts(film));
  const steps = count > MOST_TICKS ? [] : [...film.frames.keys()];
  return steps.map((step) => {
    const tick = html("i", { class: starts.has(step) ? "tick group" : "tick" });
    tick.style.left = percent(step / Math.max(1, count - 1));
    return tick;
  });
}

function speedMenu(onchange) {
  const options = Object.keys(SPEEDS).map((text) => html("option", { value: text }, text));
  const menu = html("select", { "aria-label": "Speed", title: "Speed" }, ...options);
  menu.value = "1×";
  menu.addEventListener("change", () => onchange(SPEEDS[menu.value]));
  return menu;
}

// --- The player --------------------------------------------------------------------------------

const prefers = (feature) => matchMedia(`(prefers-${feature})`).matches;
const isCalm = () => prefers("reduced-motion: reduce");

/** Tell whether the surroundings are dark: the notebook's theme, else the system's. */
function isDarkAround() {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  if (document.body.classList.contains("vscode-light")) return false;
  return document.body.classList.contains("vscode-dark") || prefers("color-scheme: dark");
}

class Player {
  constructor(host, film) {
    Object.assign(this, { host, film, step: 0, speed: 1, timer: 0, land: () => {} });
    this.last = film.frames.length - 1;
    this.graph = host.querySelector(".adviz-graph") ?? host;
    this.table = host.querySelector(".adviz-table");
    this.figure = figureOf(host);
    this.painted = { texts: stateAt(film, this.last).texts, flags: new Map() };
    this.addPill();
    this.addSteps();
    this.addTransport();
    this.listen();
    this.go(0);
  }

  addPill() {
    this.pill = html("span", { class: "adviz-pill" });
    (this.host.querySelector(".adviz-title") ?? this.host).append(this.pill);
  }

  addSteps() {
    this.narration = html("p", { class: "adviz-narration", "aria-live": "polite" });
    this.formula = html("div", { class: "adviz-formula" });
    const steps = html("div", { class: "adviz-steps" }, this.narration, this.formula);
    this.graph.after(steps);
  }

  addTransport() {
    const go = (step) => this.go(step);
    this.playButton = button("play", "Play", () => this.toggle(), "space");
    this.buttons = [
      button("first", "First step", () => go(0), "Home"),
      button("back", "Previous step", () => go(this.step - 1), "←"),
      this.playButton,
      button("next", "Next step", () => this.forward(), "→"),
      button("last", "Last step", () => go(this.last), "End"),
    ];
    this.count = html("span", { class: "adviz-count" });
    const extras = [this.count, speedMenu((speed) => (this.speed = speed)), ...this.viewButtons()];
    const transport = html(
      "div",
      { class: "adviz-transport", role: "group", "aria-label": "Playback" },
      html("div", { class: "adviz-buttons" }, ...this.buttons),
      this.scrubber(go),
      html("div", { class: "adviz-extras" }, ...extras),
    );
    this.formula.parentElement.after(transport);
  }

  viewButtons() {
    this.themeButton = button("theme", "Dark theme", () => this.changeTheme());
    this.showTheme();
    if (!document.fullscreenEnabled) return [this.themeButton];
    return [this.themeButton, button("full", "Full screen", () => this.changeScreen(), "F")];
  }

  scrubber(go) {
    const range = { type: "range", min: 0, max: this.last, step: 1, "aria-label": "Step" };
    this.range = html("input", range);
    this.range.addEventListener("input", () => go(Number(this.range.value)));
    this.fills = segments(this.film);
    return html(
      "div",
      { class: "adviz-scrubber" },
      html("div", { class: "adviz-phases" }, ...phaseNames(this.film, go)),
      html("div", { class: "adviz-track", "aria-hidden": "true" }, ...this.fills, ...ticks(this.film)),
      this.range,
    );
  }

  listen() {
    this.host.tabIndex = -1;
    this.host.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the player
    this.host.addEventListener("keydown", (event) => this.press(event));
    if (document.documentElement.classList.contains("adviz-page"))
      document.body.addEventListener("keydown", (event) => event.target === document.body && this.press(event));
    matchMedia("print").addEventListener("change", ({ matches }) => this.print(matches));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.showTheme());
    addEventListener("beforeprint", () => this.print(true));
    addEventListener("afterprint", () => this.print(false));
  }

  press(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target.tagName === "SELECT" || (key === " " && target.tagName === "BUTTON")) return;
    const actions = {
      ArrowLeft: () => this.go(this.step - 1),
      ArrowRight: () => this.forward(),
      " ": () => this.toggle(),
      Home: () => this.go(0),
      End: () => this.go(this.last),
      f: () => this.changeScreen(),
    };
    if (!Object.hasOwn(actions, key)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[key]();
  }

  /** Show a step at once; a running film stops. */
  go(step) {
    this.stop();
    this.show(step, false);
  }

  /** Go one step forward, the number travelling along its edge; a running film stops. */
  forward() {
    this.stop();
    if (this.step < this.last) this.show(this.step + 1, true);
  }

  toggle() {
    if (this.isPlaying) return this.stop();
    this.isPlaying = true;
    this.showPlaying();
    if (this.step === this.last) this.show(0, false);
    else this.advance();
    if (this.isPlaying) this.wait();
  }

  wait() {
    this.timer = setTimeout(() => {
      if (!this.host.isConnected) return this.stop();
      this.advance();
      if (this.isPlaying) this.wait();
    }, STEP_MS / this.speed);
  }

  advance() {
    if (this.step < this.last) this.show(this.step + 1, true);
    if (this.step === this.last) this.stop();
  }

  stop() {
    clearTimeout(this.timer);
    this.isPlaying = false;
    this.showPlaying();
  }

  show(step, moving) {
    this.land();
    this.step = Math.min(this.last, Math.max(0, step));
    const frame = this.film.frames[this.step];
    const edge = this.figure.get(`edge/${frame.edge}`)?.[0];
    const curve = edge?.querySelector(".curve");
    if (moving && frame.token !== null && curve && !isCalm()) this.send(frame, curve);
    else this.paint(stateAt(this.film, this.step));
    this.describe(frame);
    this.showPosition();
    this.keepInView(frame);
    this.host.dispatchEvent(new CustomEvent("adviz-step", { detail: this.step }));
  }

  send(frame, curve) {
    this.paint(departingState(this.film, this.step));
    const arrive = () => {
      this.land = () => {};
      clear();
      this.paint(stateAt(this.film, this.step));
    };
    const backwards = this.film.phases[frame.phase].kind === "adjoint";
    const duration = Math.min(FLIGHT_MS, (0.7 * STEP_MS) / this.speed);
    const text = textOf(this.film, "slot/", frame.token);
    const clear = fly(curve.closest("svg"), curve, text, { backwards, duration, done: arrive });
    this.land = arrive;
  }

  paint(state) {
    this.host.dataset.phase = this.film.phases[state.phase].kind;
    for (const [thing, key] of differences(this.painted.texts, state.texts))
      for (const found of this.figure.get(thing) ?? [])
        write(found, thing, textOf(this.film, thing, key), this.film.numbers[key]?.[1]);
    for (const [thing, words] of differences(this.painted.flags, state.flags))
      for (const found of this.figure.get(thing) ?? []) this.mark(found, words);
    this.painted = state;
  }

  mark(found, words) {
    if (words) found.dataset.state = words;
    else delete found.dataset.state;
    if (words?.includes("active") && found.dataset.edge) addTailHead(found);
  }

  describe(frame) {
    const { kind, title } = this.film.phases[frame.phase];
    this.pill.textContent = title;
    this.pill.dataset.phase = kind;
    this.narration.replaceChildren(...frame.narration.map((tree) => inline(tree, this.film)));
    const parts = frame.formula ? clauses(frame.formula) : [];
    const arrow = () => html("span", { class: "adviz-arrow" }, "⇒");
    const lines = parts.map((tree) => formula(tree, this.film, { display: "block" }));
    this.formula.replaceChildren(
      ...lines.map((line, i) => html("span", { class: "adviz-clause" }, ...(i ? [arrow()] : []), line)),
    );
  }

  showPosition() {
    const { step, last, film } = this;
    this.host.dataset.step = step;
    this.range.value = step;
    this.range.setAttribute("aria-valuetext", `step ${step + 1} of ${last + 1}: ${caption(film, step)}`);
    this.count.textContent = `step ${step + 1} of ${last + 1}`;
    const at = step / Math.max(1, last);
    film.phases.forEach(({ first, last: end }, i) => {
      const [left, right] = span(film, first, end);
      const part = Math.min(1, Math.max(0, (at - left) / (right - left || 1)));
      this.fills[i].firstChild.style.width = percent(part);
    });
    const [first, back, , next, final] = this.buttons;
    for (const made of [first, back]) made.setAttribute("aria-disabled", step === 0);
    for (const made of [next, final]) made.setAttribute("aria-disabled", step === last);
  }

  showPlaying() {
    const name = this.isPlaying ? "pause" : "play";
    if (this.playButton.dataset.shows === name) return;
    this.playButton.dataset.shows = name;
    const label = this.isPlaying ? "Pause" : "Play";
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (space)`;
    this.playButton.replaceChildren(icon(name));
  }

  keepInView({ nodes }) {
    const found = nodes.flatMap((node) => this.figure.get(`node/${node}`) ?? []);
    const smooth = !isCalm();
    reveal(this.graph, found.filter((one) => this.graph.contains(one)), smooth);
    if (this.table) reveal(this.table, found.filter((one) => this.table.contains(one)), smooth);
  }

  get isDark() {
    const { theme } = this.host.dataset;
    return theme ? theme === "dark" : isDarkAround();
  }

  changeTheme() {
    this.host.dataset.theme = this.isDark ? "light" : "dark";
    this.showTheme();
  }

  showTheme() {
    this.themeButton.setAttribute("aria-pressed", this.isDark);
    this.themeButton.title = this.isDark ? "Light theme" : "Dark theme";
  }

  changeScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.fullscreenEnabled) this.host.requestFullscreen();
  }

  print(isPrinting) {
    if (isPrinting) this.stop();
    this.land();
    this.paint(isPrinting ? restingState(this.film) : stateAt(this.film, this.step));
  }
}

/** Bring a host to life; it already holds the finished figure, table and header of the film. */
export function mount(host, film) {
  return new Player(host, film);
}

/** Mount every player of the page that is not yet alive; each host carries its film as JSON. */
export function mountAll(root = document) {
  for (const host of root.querySelectorAll(".adviz:not([data-step])")) {
    const data = host.querySelector('script[type="application/json"]');
    if (data) mount(host, JSON.parse(data.textContent));
  }
}

/** Make the font of the formulas known, once a page; without it they stand in a system serif. */
export function useFont(base64, family = "Adviz Math") {
  if ([...document.fonts].some((face) => face.family.replaceAll('"', "") === family)) return;
  const face = new FontFace(family, `url(data:font/woff2;base64,${base64})`);
  document.fonts.add(face);
  face.load().catch(() => document.fonts.delete(face));
}

/** Show a widget whose model holds the host's markup, written by Python, and the current step. */
function render({ model, el }) {
  const parsed = new DOMParser().parseFromString(model.get("markup"), "text/html");
  const host = document.adoptNode(parsed.querySelector(".adviz"));
  el.append(host);
  if (model.get("font")) useFont(model.get("font"));
  const player = mount(host, model.get("film"));
  player.go(model.get("step"));
  host.addEventListener("adviz-step", ({ detail }) => {
    model.set("step", detail);
    model.save_changes();
  });
  model.on("change:step", () => model.get("step") !== player.step && player.go(model.get("step")));
}

export default { render };
