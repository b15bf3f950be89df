// How a notation tree is written in words; pure. The trees are those of adviz/language/notation/trees.py.

/** What stands for a number that is not there yet. */
export const PENDING = "–";

/** What stands for a number that is asked for. */
export const ASKED = "?";

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

const SUBSCRIPTED =
  /^([\p{L}\p{Nl}\p{No}]+)(?:_?(\p{Nd}+(?:_\p{Nd}+)*)|_([\p{L}\p{N}]{1,3}))$/u;
const DIGITS = /^[\p{Nd},]+$/u;

/** Tell whether a subscript is a number, or several. */
export const isNumber = (index) => DIGITS.test(index);

/** Return a variable's letters and its subscript: "theta_1" is θ and 1; a word has none. */
export function letters(name) {
  const spelled = (stem) => (Object.hasOwn(GREEK, stem) ? GREEK[stem] : stem);
  const [, stem, numbers, word] = SUBSCRIPTED.exec(name) ?? [];
  if (!stem || [...spelled(stem)].length > 1) return [spelled(name), ""];
  return [spelled(stem), (numbers ?? word).replaceAll("_", ",")];
}

/** Return the mantissa of a number and its power of ten, as it is typed or shown. */
export function scientific(text) {
  const [, mantissa, power] = /^([-−]?[\d.]+)(?:e| × 10)([-+−⁻]?[\d⁰¹²³⁴-⁹]+)$/.exec(text) ?? [];
  const real = (typed) => typed.replaceAll("-", "−");
  return power ? [real(mantissa), real(String(+power.normalize("NFKC").replace("−", "-")))] : [real(text), ""];
}

/** Return a number as it is set: with a real minus, and its power of ten raised. */
export function typeset(text) {
  const [mantissa, power] = scientific(text);
  return power ? `${mantissa} × 10${shifted(power, SUPERSCRIPTS)}` : mantissa;
}

export const slotText = (film, key) => film.numbers[key]?.[0] ?? PENDING;

/** Return a held slot as its number wants it: in parentheses, if it has a minus sign. */
export function standing(key, film) {
  const slot = ["slot", key];
  return slotText(film, key).startsWith("−") ? ["group", slot] : slot;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const shifted = (text, digits) =>
  text.replace(/[-−]/g, "⁻").replace(/\d/g, (digit) => digits[Number(digit)]);

/** Return a part itself, whatever node of a graph it is, and its kind. */
const bare = (part) => (part[0] === "node" ? bare(part[2]) : part);
const kindOf = (part) => bare(part)[0];

/** Return a part's text, in parentheses unless it holds together by itself. */
const held = (part, text) => {
  const [kind, said] = [kindOf(part), text(part)];
  return isNumeral(kind) && / × |^−/.test(said) || ["row", "neg", "frac"].includes(kind)
    ? `(${said})`
    : said;
};

const isNumeral = (kind) => kind === "number" || kind === "slot";

/** Tell whether a row has factors only. */
const areFactors = (parts) =>
  !parts.some(([kind, sign]) => kind === "text" || (kind === "op" && !"·×".includes(sign)));

/** Return a part's text before a stroke: factors, and a minus, are read from the left. */
function beforeStroke(part, text) {
  let inner = bare(part);
  while (inner[0] === "neg" || (inner[0] === "row" && areFactors(inner.slice(1))))
    inner = bare(inner[1]);
  const isWhole = isNumeral(inner[0]) ? text(inner).includes(" × ") : ["row", "frac"].includes(inner[0]);
  return isWhole ? `(${text(part)})` : text(part);
}

/** Tell whether a part is a letter or digits: a root of it needs no parentheses. */
const isAlone = (part, text) =>
  kindOf(part) === "name" ||
  (isNumeral(kindOf(part)) && /^[\d.]+$/.test(text(part)));

/** Tell whether a part is a quotient that follows a sign of multiplication. */
const isFactor = (part, before) =>
  kindOf(part) === "frac" && before?.[0] === "op" && ["·", "×", "//", "mod"].includes(before[1]);

/** Return what is raised to a power, in parentheses if it is a number with a power of ten. */
export function raised(part, film) {
  const [kind, text] = bare(part);
  const shown = { number: text, slot: kind === "slot" && slotText(film, text) }[kind];
  return shown && scientific(shown)[1] ? ["group", part] : part;
}

/** Tell whether an exponent is that of a transpose. */
export const isTranspose = ([kind, text]) => kind === "text" && text === "T";

/** Return what puts a mark on a letter, above those that it has. */
const accented = (mark) => ([part], text) =>
  text(part).replace(/^.\p{Mn}*/su, (letter) => letter + mark);

const [DOT, BAR, OVERLINE] = ["\u0307", "\u0304", "\u0305"];

/** Return a name under a bar: on its letter, or, on each letter of it, over the whole word. */
function barred(name, text) {
  const stem = [...letters(name)[0]];
  const shown = stem.length === 1 ? stem[0] + BAR : stem.map((one) => one + OVERLINE).join("");
  return shown + text.slice(stem.join("").length);
}

/** Tell whether an exponent is of every element. */
const isElementwise = ([kind, first]) => kind === "row" && first?.[0] === "text" && first[1] === "∘";

/** Return what is raised to a power as a text: a root in parentheses. */
const rooted = (base, film, text) =>
  kindOf(base) === "root" ? `(${text(base)})` : text(raised(base, film));

const PLAIN = {
  name: ([name]) => {
    const [stem, index] = letters(name);
    return stem + (isNumber(index) ? shifted(index, SUBSCRIPTS) : index && `_${index}`);
  },
  number: ([text]) => typeset(text),
  slot: ([key], _, film) => slotText(film, key),
  held: ([key], text, film) => text(standing(key, film)),
  text: ([text]) => text,
  op: ([sign]) => (sign === "@" ? " " : sign === "," || sign === "not" ? `${sign} ` : ` ${sign} `),
  row: (parts, text) =>
    parts.map((part, k) => (isFactor(part, parts[k - 1]) ? `(${text(part)})` : text(part))).join(""),
  lines: (parts, text) => parts.map(text).join(""),
  group: ([part], text) => `(${text(part)})`,
  neg: ([part], text) => `−${text(part)}`,
  abs: ([part], text) => `|${text(part)}|`,
  root: ([part], text) => (isAlone(part, text) ? `√${text(part)}` : `√(${text(part)})`),
  call: ([name, ...parts], text) => `${name}(${parts.map(text).join(", ")})`,
  entry: ([part, key], text) => text(part) + key,
  frac: ([over, under], text) => `${beforeStroke(over, text)}/${held(under, text)}`,
  power: ([base, exponent], text, film) =>
    isTranspose(exponent)
      ? `${rooted(base, film, text)}ᵀ`
      : /^([-−]?\d+|•)$/.test(text(exponent))
        ? rooted(base, film, text) + shifted(text(exponent), SUPERSCRIPTS)
        : `${rooted(base, film, text)}^${isElementwise(exponent) ? text(exponent) : held(exponent, text)}`,
  dot: accented(DOT),
  bar: (parts, text) => {
    const [[kind, name]] = parts;
    return kind === "name" ? barred(name, text(parts[0])) : accented(BAR)(parts, text);
  },
  partial: ([above, below], text) => `∂${text(above)}/∂${text(below)}`,
  mark: ([, part], text) => text(part),
  node: ([, part], text) => text(part),
};

/** Return a tree as one line of text, for screen readers and names. */
export function plain([kind, ...parts], film) {
  return PLAIN[kind](parts, (part) => plain(part, film), film);
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
