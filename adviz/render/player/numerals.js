// How numbers are shown: as adviz/language/numerals.py shows a float. Pure.

import { typeset } from "./notation.js";

const WORDS = { Infinity: "∞", "-Infinity": "−∞", NaN: "NaN" };

/** Return a number to so many significant digits, as it is set. */
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

/** Return the digits of a mantissa with the point where it belongs. */
function pointed(mantissa, exponent) {
  const [sign, digits] = [/^-?/.exec(mantissa)[0], mantissa.replace(/[-.]/g, "")];
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Return a number with all its digits, as Python writes it. */
export function full(number) {
  if (!Number.isFinite(number)) return WORDS[number];
  const [mantissa, power] = number.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const sign = Object.is(number, -0) ? "-" : "";
  return `${sign}${number}${Number.isInteger(number) ? ".0" : ""}`;
}
