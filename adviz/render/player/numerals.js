// How numbers are shown, as adviz/language/numerals.py shows a float, and how they are read. Pure.

import { typeset } from "./notation.js";

const TRUTHS = { true: "true", false: "false" };
const WORDS = { Infinity: "∞", "-Infinity": "−∞", NaN: "NaN", ...TRUTHS };
const TYPED = { Infinity: "inf", "-Infinity": "-inf", NaN: "nan", ...TRUTHS };

/** Return a number to so many significant digits, as it is set; or a truth. */
export function short(number, significant = 6) {
  if (!Number.isFinite(number)) return WORDS[number];
  const [mantissa, power] = rounded(number, significant).split("e");
  const exponent = Number(power);
  const isPlain = exponent >= -4 && exponent < significant;
  const digits = isPlain ? pointed(mantissa, exponent) : mantissa;
  const trimmed = digits.includes(".") ? digits.replace(/\.?0*$/, "") : digits;
  return typeset(isPlain ? trimmed : `${trimmed}e${exponent}`);
}

/** Return a number in scientific form; halfway between two it is the even one, as in Python. */
function rounded(number, significant) {
  const [mantissa, power] = number.toExponential(significant - 1).split("e");
  const digits = /^-?(.*)e/.exec(number.toExponential(100))[1].replace(".", "");
  const isHalfway = /^50*$/.test(digits.slice(significant));
  const last = Number(mantissa.at(-1));
  return `${isHalfway && last % 2 ? mantissa.slice(0, -1) + (last - 1) : mantissa}e${power}`;
}

/** A text's words before its number, the number's sign, and its digits. */
const PARTS = /^(.* = )?([+−] ?)?(\d\S*(?: × 10\S+)?)$/;

/** How wide characters are in bold, in parts of their size; in few fonts are they wider. */
const WIDTHS = [
  [/[+−=×∞–<>≤≥]/, 0.84],
  [/[ .,\p{No}⁻]/u, 0.45],
];
const LETTER = 0.7;

/** Return about how wide a text is at most, in parts of its size: any number may become bold. */
export const wide = (text) =>
  [...text]
    .map((one) => WIDTHS.find(([kind]) => kind.test(one))?.[1] ?? LETTER)
    .reduce((sum, width) => sum + width, 0);

/** Return a text if it is at most so wide, else with fewer digits, or its number alone. */
export function fitted(text, all, room) {
  if (wide(text) <= room || !PARTS.test(text)) return text;
  const [words = "", sign = "", digits] = PARTS.exec(text).slice(1);
  const number = Math.abs(Number(all ?? digits.replace("−", "-")));
  if (!Number.isFinite(number)) return text;
  const written = (before, counts) => counts.map((count) => before + sign + short(number, count));
  const texts = [...written(words, [6, 5, 4, 3]), ...written("", [6, 5, 4, 3, 2, 1])];
  return texts.find((one) => wide(one) <= room) ?? texts.at(-1);
}

/** Return the digits of a mantissa with the point where it belongs. */
function pointed(mantissa, exponent) {
  const [sign, digits] = [/^-?/.exec(mantissa)[0], mantissa.replace(/[-.]/g, "")];
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Return a number with all its digits, as Python writes it. */
export function full(number) {
  if (!Number.isFinite(number)) return TYPED[number];
  const [mantissa, power] = number.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const sign = Object.is(number, -0) ? "-" : "";
  return `${sign}${number}${Number.isInteger(number) ? ".0" : ""}`;
}

/** An integer or a decimal, with a point or a comma, and a power of ten. */
const DECIMAL = String.raw`((?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+−]?\d+)?)`;
const QUOTIENT = new RegExp(String.raw`^([-+−]?)\s*${DECIMAL}(?:\s*/\s*${DECIMAL})?$`);

/** Return the number that a text says, as "−1.5", "0,5", "2e-3" or "1/3"; NaN where it says none. */
export function numberSaid(text) {
  const [, sign = "", ...parts] = QUOTIENT.exec(text.trim()) ?? [];
  const [above, below] = parts.map((part = "1") => Number(part.replace(",", ".").replace("−", "-")));
  const number = /[-−]/.test(sign) ? -above / below : above / below;
  return Number.isFinite(number) ? number : NaN;
}
