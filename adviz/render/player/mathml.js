// How a notation tree is written as MathML Core, and a narration as words with formulas in it.

import { html, math } from "./elements.js";
import { gridOf } from "./film.js";
import { isNumber, isTranspose, letters, plain, raised, scientific, slotText, standing } from "./notation.js";

const operator = (sign, spacing = {}) => math("mo", spacing, sign);
const tight = { lspace: "0", rspace: "0" };
const TALL = new Set(["frac", "partial", "power", "root"]);

/** Tell whether a part is higher than a line, so that what encloses it has to grow. */
function isTall(part) {
  if (!Array.isArray(part)) return false;
  const byItself = TALL.has(part[0]) && !(part[0] === "power" && isTranspose(part[2]));
  return byItself || part.slice(1).some((inner) => isTall(inner));
}

/** Enclose parts; a sign grows only where it must, since one that can grow takes more room. */
function fenced(before, after, parts, inner) {
  const look = { ...tight, fence: "true", stretchy: String(parts.some(isTall)) };
  return math("mrow", {}, operator(before, look), ...inner, operator(after, look));
}

/** Holds a root's bar at the height of the root sign, whatever low letter stands below it. */
const STRUT = { height: "0.76em", depth: "0.12em", width: "0" };

/** The letters that are no higher than an x. */
const LOW = new Set("acegmnopqrsuvwxyzαγεηικμνοπρςστυχψω");

/** Return a letter that holds its accents clear of it. */
function belowAccents(stem) {
  const height = [...stem].every((letter) => LOW.has(letter)) ? "0.58em" : "0.73em";
  return math("mrow", {}, math("mi", {}, stem), math("mspace", { height, width: "0" }));
}

/** Return a variable, perhaps under accents; what it is raised to stands above its subscript. */
function mathName(name, decorate, raisedTo) {
  const [stem, index] = letters(name);
  const isLetter = [...stem].length === 1;
  const bare = decorate && isLetter ? belowAccents(stem) : math("mi", {}, stem);
  const base = decorate ? decorate(bare, isLetter) : bare;
  if (!index) return raisedTo ? math("msup", {}, base, raisedTo) : base;
  const below = math(isNumber(index) ? "mn" : "mi", {}, index);
  return raisedTo ? math("msubsup", {}, base, below, raisedTo) : math("msub", {}, base, below);
}

function mathNumber(text, full) {
  const [mantissa, power] = scientific(text);
  const shown = full && full !== text ? html("span", { title: full }, mantissa) : mantissa;
  if (!power) return math("mn", {}, shown);
  const ten = math("msup", {}, math("mn", {}, "10"), math("mn", {}, power));
  return math("mrow", {}, math("mn", {}, shown), operator("×"), ten);
}

/** Return the elements of an array as a table; its brackets are borders, which fit any height. */
export function matrix(grid) {
  const cell = (text) => math("mtd", {}, mathNumber(text));
  const lines = grid.map((line) => math("mtr", {}, ...line.map(cell)));
  return math("mtable", { class: "adviz-matrix" }, ...lines);
}

const ACCENTS = { dot: "˙", bar: "¯" };

const underSign = (base, sign) =>
  math("mover", { accent: "true" }, base, operator(sign, { ...tight, stretchy: "false" }));

/** Put an accent over what is wider than a letter: a bar is as wide as that, by the style sheet. */
function overAll(base, sign) {
  if (sign !== ACCENTS.bar) return underSign(base, sign);
  const stretched = operator("‾", { ...tight, stretchy: "true" });
  return math("mover", { accent: "true", class: "adviz-over" }, base, stretched);
}

/** Return what is below accents, and what puts these on it; nothing where there are none. */
function unaccented(part) {
  const marks = [];
  for (; part[0] in ACCENTS; part = part[1]) marks.unshift(ACCENTS[part[0]]);
  const decorate = (base, isLetter) =>
    marks.reduce((made, sign) => (isLetter ? underSign : overAll)(made, sign), base);
  return [part, marks.length ? decorate : undefined];
}

/** Print accents on a variable's letter or word, not on its subscript, or over a whole part. */
const mathAccent =
  (kind) =>
  ([inner], print) => {
    const [part, decorate] = unaccented([kind, inner]);
    return part[0] === "name" ? mathName(part[1], decorate) : decorate(print(part), false);
  };

const partialOf = (part, print) => math("mrow", {}, math("mi", {}, "∂"), print(part));

const PRINTED = {
  name: ([name]) => mathName(name),
  number: ([text]) => mathNumber(text),
  slot: ([key], _, film) => {
    const grid = gridOf(film, key);
    return grid ? matrix(grid) : mathNumber(slotText(film, key), film.numbers[key]?.[1]);
  },
  held: ([key], print, film) => print(standing(key, film)),
  text: ([text]) => math("mtext", {}, text.replace(/^ | $/g, "\u00a0")),
  op: ([sign]) =>
    sign === "@"
      ? math("mspace", { width: "0.2em" })
      : operator(sign, sign === "," ? { lspace: "0", rspace: "0.35em" } : {}),
  row: (parts, print) => math("mrow", {}, ...parts.map(print)),
  lines: (parts, print) =>
    math(
      "mtable",
      { displaystyle: "true" },
      ...parts.map((part) => math("mtr", {}, math("mtd", {}, print(part)))),
    ),
  group: (parts, print) => fenced("(", ")", parts, parts.map(print)),
  neg: ([part], print) => math("mrow", {}, operator("−", { form: "prefix" }), print(part)),
  abs: (parts, print) => fenced("|", "|", parts, parts.map(print)),
  root: (parts, print) => math("msqrt", {}, math("mspace", STRUT), ...parts.map(print)),
  call: ([name, ...parts], print) => {
    const separated = parts.flatMap((part, i) =>
      i ? [PRINTED.op([","]), print(part)] : [print(part)],
    );
    return math(
      "mrow",
      {},
      math("mi", { class: "function" }, name),
      fenced("(", ")", parts, separated),
    );
  },
  entry: ([part, key], print) => math("mrow", {}, print(part), math("mtext", {}, key)),
  frac: (parts, print) => math("mfrac", {}, ...parts.map(print)),
  power: ([part, exponent], print, film) => {
    const base = raised(part, film);
    const [letter, decorate] = unaccented(base);
    return letter[0] === "name"
      ? mathName(letter[1], decorate, print(exponent))
      : math("msup", {}, print(base), print(exponent));
  },
  dot: mathAccent("dot"),
  bar: mathAccent("bar"),
  partial: ([above, below], print) =>
    math("mfrac", {}, partialOf(above, print), partialOf(below, print)),
  mark: ([role, part], print) => math("mrow", { class: `adviz-${role}` }, print(part)),
  node: ([id, part], print) => math("mrow", { "data-node": id }, print(part)),
};

function printed([kind, ...parts], film) {
  return PRINTED[kind](parts, (part) => printed(part, film), film);
}

/** Return a tree as a MathML element, with the same in words as its alternative text. */
export function formula(tree, film, attributes = {}) {
  return math("math", { alttext: plain(tree, film), ...attributes }, printed(tree, film));
}

/** Return a part of the narration: words as text, symbols as small formulas. */
export function inline(tree, film) {
  const [kind, role, part] = tree;
  if (kind === "text" || kind === "number" || kind === "op") return plain(tree, film);
  if (kind === "slot" && gridOf(film, role)) return formula(tree, film);
  if (kind === "slot")
    return html("span", { title: film.numbers[role]?.[1] ?? "" }, plain(tree, film));
  if (kind === "mark")
    return html(
      role === "strong" ? "strong" : "span",
      { class: `adviz-${role}` },
      inline(part, film),
    );
  return formula(tree, film);
}
