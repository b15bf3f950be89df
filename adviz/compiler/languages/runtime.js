// The rows of adviz's table that JavaScript's Math lacks or rounds otherwise than Python does.
// A paragraph is a definition; a program brings along those it uses. Beside each special function
// stands the largest error in units in the last place that was measured against 50 digits (V8
// 11.3); what tests/test_languages.py measures again must not be larger than the row says.

function signum(x) {
  return x > 0 ? 1 : x < 0 ? -1 : x - x;
}

function minimum(x, y) {
  return y < x || y !== y ? y : x;
}

function maximum(x, y) {
  return y > x || y !== y ? y : x;
}

function copysign(x, y) {
  return y < 0 || (y === 0 && 1 / y < 0) ? -Math.abs(x) : Math.abs(x);
}

// A power as C99 has it: 1 to the power of anything is 1.
function powerOf(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}

// The remainder of a division to the floor; it has the sign of y.
function modulo(x, y) {
  const rest = x % y;
  return rest === 0 ? copysign(0, y) : rest < 0 !== y < 0 ? rest + y : rest;
}

function floordiv(x, y) {
  if (y === 0 || x - x !== 0) return NaN;
  const rest = x % y;
  const quotient = (x - rest) / y - (rest !== 0 && rest < 0 !== y < 0 ? 1 : 0);
  if (quotient === 0) return copysign(0, x / y);
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

// Numbers of 106 bits: unevaluated sums [high, low]. Dekker 1971, Numerische Mathematik 18;
// Hida, Li, Bailey 2001, Algorithms for quad-double precision floating point arithmetic. The
// second argument of ddTimes and ddOver is a plain number.
function twoSum(a, b) {
  const high = a + b, rest = high - a;
  return [high, (a - (high - rest)) + (b - rest)];
}

function twoProduct(a, b) {
  const high = a * b, s = a * 134217729, t = b * 134217729; // 2**27 + 1 halves the digits
  const a1 = s - (s - a), b1 = t - (t - b), a2 = a - a1, b2 = b - b1;
  return [high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2];
}

function ddJoin(high, low) {
  const whole = high + low;
  return [whole, low - (whole - high)];
}

function ddAdd(x, y) {
  const high = twoSum(x[0], y[0]), low = twoSum(x[1], y[1]);
  const whole = ddJoin(high[0], high[1] + low[0]);
  return ddJoin(whole[0], whole[1] + low[1]);
}

function ddSub(x, y) {
  return ddAdd(x, [-y[0], -y[1]]);
}

function ddMul(x, y) {
  const high = twoProduct(x[0], y[0]);
  return ddJoin(high[0], high[1] + (x[0] * y[1] + x[1] * y[0]));
}

function ddTimes(x, a) {
  const high = twoProduct(x[0], a);
  return ddJoin(high[0], high[1] + x[1] * a);
}

function ddOver(x, a) {
  const first = x[0] / a, taken = twoProduct(first, a);
  return ddJoin(first, ((x[0] - taken[0]) - taken[1] + x[1]) / a);
}

function ddDiv(x, y) {
  const first = x[0] / y[0], rest = ddSub(x, ddTimes(y, first));
  return ddJoin(first, rest[0] / y[0]);
}

function ddPow(x, n) {
  let result = [1, 0];
  for (let square = x; n > 0; n = Math.floor(n / 2), square = ddMul(square, square)) {
    if (n % 2 === 1) result = ddMul(result, square);
  }
  return result;
}

// x times 2**n, in steps that neither overflow nor vanish.
function ldexp(x, n) {
  for (; n > 1000; n -= 1000) x *= 2 ** 1000;
  for (; n < -900; n += 900) x *= 2 ** -900;
  return x * 2 ** n;
}

// The whole n for which x / 2**n lies about 1.
function exponentOf(x) {
  return Math.round(Math.log2(x));
}

function ddScale(x, n) {
  return [ldexp(x[0], n), ldexp(x[1], n)];
}

// log(x) = n*log(2) + 2*atanh((m - 1)/(m + 1)), its series: NIST DLMF 4.6.4.
function ddLog(x) {
  const n = exponentOf(x[0]), m = ddScale(x, -n);
  const t = ddDiv(ddAdd(m, [-1, 0]), ddAdd(m, [1, 0])), square = ddMul(t, t);
  let series = [0, 0];
  for (let k = 45; k > 0; k -= 2) series = ddAdd(ddMul(series, square), ddOver([1, 0], k));
  const near = ddMul([2 * t[0], 2 * t[1]], series);
  return ddAdd(ddTimes([0.6931471805599453, 2.3190468138462996e-17], n), near);
}

// exp of a sum: the low part to first order.
function ddExp(x) {
  return Math.exp(x[0]) * (1 + x[1]);
}

const BERNOULLI = [ // B2, B4, ... as fractions: NIST DLMF table 24.2.1
  [1, 6], [-1, 30], [1, 42], [-1, 30], [5, 66], [-691, 2730], [7, 6], [-3617, 510],
  [43867, 798], [-174611, 330], [854513, 138], [-236364091, 2730], [8553103, 6],
  [-23749461029, 870], [8615841276005, 14322],
];

// What remains of a sum of t**-s, (t + 1)**-s, ... beyond its integral, times t**s, by Euler and
// Maclaurin: NIST DLMF 2.10.1. Holds for t > 20 + s.
function eulerMaclaurin(s, t) {
  const inverse = ddDiv([1, 0], t), square = ddMul(inverse, inverse);
  let total = [0.5, 0], term = ddTimes(inverse, s / 2);
  for (let k = 0; k < BERNOULLI.length; k += 1) {
    const [numerator, denominator] = BERNOULLI[k];
    total = ddAdd(total, ddOver(ddTimes(term, numerator), denominator));
    const next = (s + 2 * k + 1) * (s + 2 * k + 2);
    term = ddOver(ddTimes(ddMul(term, square), next), (2 * k + 3) * (2 * k + 4));
  }
  return total;
}

// The sum of (c/(a + k))**s over k = 0, 1, ...: c**s times Hurwitz's zeta function.
function hurwitz(s, a, c) {
  let total = [0, 0], t = a;
  for (; t[0] < 20 + s; t = ddAdd(t, [1, 0])) {
    const term = ddPow(ddDiv(c, t), s);
    total = ddAdd(total, term);
    if (term[0] * t[0] < 1e-34 * total[0]) return total;
  }
  const tail = ddAdd(ddOver(t, s - 1), eulerMaclaurin(s, t));
  return ddAdd(total, ddMul(ddPow(ddDiv(c, t), s), tail));
}

// Digamma for a > 0: the recurrence upwards, then NIST DLMF 5.11.2.
function ddDigamma(a) {
  let total = [0, 0], t = a;
  for (; t[0] < 21; t = ddAdd(t, [1, 0])) total = ddAdd(total, ddDiv([1, 0], t));
  return ddSub(ddSub(ddLog(t), ddDiv(eulerMaclaurin(1, t), t)), total);
}

// Measured: 0.51 ulps; 22 at the double next to a zero. Below zero by reflection, NIST DLMF
// 5.5.4, whose cotangent is itself a difference of two digammas.
function digamma(x) {
  if (x > 1e30) return Math.log(x);
  if (Math.abs(x) < 1e-30) return x === 0 ? NaN : -1 / x;
  if (x > 0) return ddDigamma([x, 0])[0];
  const whole = Math.floor(x);
  if (!(x - whole > 0)) return NaN;
  const above = twoSum(x, -whole), below = twoSum(whole + 1, -x);
  return ddAdd(ddSub(ddDigamma(above), ddDigamma(below)), ddDigamma(twoSum(1, -x)))[0];
}

// n! c**-s z, where neither overflow nor underflow on the way may count.
function factorialOver(n, z, c, s) {
  let result = z;
  for (let k = 2; k <= n; k += 1) result = ddTimes(result, k);
  const exponent = exponentOf(c[0]);
  result = ddDiv(result, ddPow(ddScale(c, -exponent), s));
  return ldexp(result[0], -s * exponent);
}

// Measured: 0.5 ulps; next to a zero as far from the truth as x being off by an ulp. NIST DLMF
// 5.15.1 says that it is Hurwitz's zeta function; below zero the sum's negative terms are those of
// 1 - fraction that do not belong to 1 - x.
function polygamma(n, x) {
  if (n === 0) return digamma(x);
  if (!(n > 0 && n <= 120 && n === Math.floor(n)) || x !== x) return NaN;
  const odd = n % 2 === 1 ? 1 : -1, s = n + 1;
  if (x > 1e30) return x === Infinity ? 0 : odd * factorialOver(n - 1, [1, 0], [x, 0], n);
  if (x > 0) return odd * factorialOver(n, hurwitz(s, [x, 0], [x, 0]), [x, 0], s);
  const whole = Math.floor(x);
  if (!(x - whole > 0)) return NaN;
  const above = twoSum(x, -whole), below = twoSum(whole + 1, -x);
  const unit = above[0] < below[0] ? above : below;
  const beyond = ddSub(hurwitz(s, below, unit), hurwitz(s, twoSum(1, -x), unit));
  const total = ddAdd(hurwitz(s, above, unit), [odd * beyond[0], odd * beyond[1]]);
  return odd * factorialOver(n, total, unit, s);
}

// The Taylor coefficients of log gamma at 2: digamma(2) and (zeta(k) - 1)/k, NIST DLMF 5.7.3.
const LGAMMA_AT_2 = [ddDigamma([2, 0])];
for (let k = 2; k <= 54; k += 1) {
  LGAMMA_AT_2.push(ddOver(hurwitz(k, [2, 0], [1, 0]), k % 2 === 0 ? k : -k));
}

// log gamma as two parts: a Taylor series about 2 and the factor that shifts x there.
function lgammaParts(x) {
  const whole = Math.floor(x + 0.5), rest = x - whole;
  let series = [0, 0], factor = [1, 0];
  for (let k = LGAMMA_AT_2.length - 1; k >= 0; k -= 1) {
    series = ddTimes(ddAdd(series, LGAMMA_AT_2[k]), rest);
  }
  for (let k = whole; k < 2; k += 1) factor = ddMul(factor, twoSum(rest, k));
  for (let k = 2; k < whole; k += 1) factor = ddMul(factor, twoSum(rest, k));
  return [series, factor, whole];
}

// Stirling's series for log gamma of t > 15: NIST DLMF 5.11.1.
function ddStirling(t) {
  let series = 0;
  for (let k = 8; k > 0; k -= 1) {
    const [numerator, denominator] = BERNOULLI[k - 1];
    series = series / (t[0] * t[0]) + numerator / (denominator * 2 * k * (2 * k - 1));
  }
  const leading = ddSub(ddMul(ddAdd(t, [-0.5, 0]), ddLog(t)), t);
  const rest = ddAdd([0.9189385332046728, -3.8782941580672414e-17], twoSum(series / t[0], 0));
  return ddAdd(leading, rest);
}

// pi over the sine of pi*x for x that is not whole.
function piOverSine(x) {
  const whole = Math.floor(x + 0.5);
  return Math.PI / Math.sin(Math.PI * (x - whole)) * (whole % 2 === 0 ? 1 : -1);
}

// Measured: 3.5 ulps. Below -25 by reflection, NIST DLMF 5.5.3.
function Gamma(x) {
  if (x <= 0 && x === Math.floor(x)) return x === 0 ? 1 / x : NaN;
  if (x !== x) return NaN;
  if (x > 172) return Infinity;
  if (x > 15) return ddExp(ddStirling([x, 0]));
  if (x > -25) {
    const [series, factor, whole] = lgammaParts(x), value = ddExp(series);
    return whole < 2 ? value / factor[0] : value * factor[0];
  }
  if (x < -200) return piOverSine(x) * 0;
  const large = ddStirling(twoSum(1, -x)), root = Math.exp(-large[0] / 2);
  return root * piOverSine(x) * root * (1 - large[1]);
}

// Measured: 3 ulps, next to its zeros too.
function lgamma(x) {
  if (Math.abs(x) === Infinity || (x <= 0 && x === Math.floor(x))) return Infinity;
  if (x !== x) return NaN;
  if (x > 1e30) return x * (Math.log(x) - 1);
  if (x > 15) return ddStirling([x, 0])[0];
  if (x <= -25) return Math.log(Math.abs(piOverSine(x))) - lgamma(1 - x);
  const [series, factor, whole] = lgammaParts(x);
  const log = ddLog(factor[0] < 0 ? [-factor[0], -factor[1]] : factor);
  return (whole < 2 ? ddSub(series, log) : ddAdd(series, log))[0];
}

// The error function by its Maclaurin series, NIST DLMF 7.6.1; the digits that the alternating
// sum loses are less than half of those it has.
function ddErf(t) {
  const square = ddMul(t, t);
  let total = t, term = t;
  for (let k = 1; Math.abs(term[0]) > 1e-33 * Math.abs(total[0]); k += 1) {
    term = ddOver(ddMul(term, square), -k);
    total = ddAdd(total, ddOver(term, 2 * k + 1));
  }
  return ddMul(total, [1.1283791670955126, 1.533545961316588e-17]);
}

// The complement for t > 3 by its continued fraction, NIST DLMF 7.9.2; what the exponential and
// the fraction keep beyond a double is put back, and sqrt(pi) is in the exponent.
function erfcTail(t) {
  const square = ddMul(t, t), double = [2 * square[0], 2 * square[1]];
  let fraction = 0;
  for (let k = 40; k > 0; k -= 1) {
    fraction = (2 * k - 1) * 2 * k / (double[0] + 4 * k + 1 - fraction);
  }
  const factor = ddDiv([2 * t[0], 2 * t[1]], ddAdd(double, twoSum(1, -fraction)));
  const exponent = ddSub([-0.5723649429247001, -5.132975581353913e-18], square);
  return Math.exp(exponent[0]) * (factor[0] + (factor[0] * exponent[1] + factor[1]));
}

function ddErfc(t) {
  if (t[0] > 3) return t[0] > 40 ? 0 : erfcTail(t);
  return t[0] < -3 ? 2 - ddErfc([-t[0], -t[1]]) : ddSub([1, 0], ddErf(t))[0];
}

// Measured: 0.6 ulps.
function erf(x) {
  if (Math.abs(x) < 1e-150) return 1.1283791670955126 * x;
  if (Math.abs(x) <= 3) return ddErf([x, 0])[0];
  return x < 0 ? ddErfc([-x, 0]) - 1 : 1 - ddErfc([x, 0]);
}

// Measured: 1.9 ulps.
function erfc(x) {
  return ddErfc([x, 0]);
}

// Measured: 1.9 ulps. The argument -x/sqrt(2) keeps its low part, which counts in the tail.
function ndtr(x) {
  if (Math.abs(x) > 60) return x > 0 ? 1 : 0;
  return ddErfc(ddTimes([0.7071067811865476, -4.833646656726457e-17], -x)) / 2;
}

// Sine and cosine: the argument less a multiple of pi/2 in three parts, then Maclaurin's series.
// Beyond a million Math's own digits must do.
function sineAndCosine(x) {
  if (x > 1e6) return [[Math.sin(x), 0], [Math.cos(x), 0]];
  const turns = Math.round(x / 1.5707963267948966);
  let rest = [x, 0];
  for (const part of [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33]) {
    rest = ddSub(rest, twoProduct(turns, part));
  }
  const square = ddMul(rest, rest);
  let sine = [0, 0], cosine = [0, 0];
  for (let k = 28; k > 0; k -= 2) {
    sine = ddOver(ddMul(ddAdd([1, 0], sine), square), -k * (k + 1));
    cosine = ddOver(ddMul(ddAdd([1, 0], cosine), square), -k * (k - 1));
  }
  let [s, c] = [ddMul(ddAdd([1, 0], sine), rest), ddAdd([1, 0], cosine)];
  for (let k = turns % 4; k > 0; k -= 1) [s, c] = [c, [-s[0], -s[1]]];
  return [s, c];
}

// The power series, NIST DLMF 10.53.1; up to 20 its alternating sum loses less digits than it has.
function besselSeries(n, x) {
  const exponent = x === 0 ? 0 : exponentOf(x), m = ldexp(x, -exponent);
  const half = ddOver(twoProduct(x, x), -2);
  let total = [1, 0], term = [1, 0], factor = [1, 0];
  for (let k = 1; Math.abs(term[0]) > 1e-33 * Math.abs(total[0]); k += 1) {
    term = ddOver(ddMul(term, half), k * (2 * n + 2 * k + 1));
    total = ddAdd(total, term);
  }
  for (let k = 1; k <= n; k += 1) factor = ddOver(ddTimes(factor, m), 2 * k + 1);
  return ldexp(ddMul(total, factor)[0], n * exponent);
}

// The recurrence NIST DLMF 10.51.1 from one order to another, upwards or downwards; `before` is
// of the order before the first.
function besselSteps(before, value, from, to, x) {
  const step = from < to ? 1 : -1;
  for (let k = from; k !== to; k += step) {
    const next = ddSub(ddOver(ddTimes(value, 2 * k + 1), x), before);
    [before, value] = [value, next];
  }
  return [before, value];
}

// Miller's algorithm for orders beyond x, NIST DLMF 3.6(iii): downwards from zeros, where the
// recurrence is stable, and scaled by the larger of orders 0 and 1.
function besselDown(n, x, zero, one) {
  const [above, value] = besselSteps([0, 0], [1e-250, 0], n + 80, n, x);
  const [first, last] = besselSteps(above, value, n, 0, x);
  const larger = Math.abs(zero[0]) > Math.abs(one[0]);
  return ddMul(value, larger ? ddDiv(zero, last) : ddDiv(one, first))[0];
}

// Measured: 0.5 ulps up to a million, then as far from the truth as x being off by an ulp.
// From zero up to the order x the recurrence is stable.
function spherical_jn(n, x) {
  if (!(n >= 0 && n <= 120 && n === Math.floor(n)) || x - x !== 0) return NaN;
  if (x < 0) return n % 2 === 1 ? -spherical_jn(n, -x) : spherical_jn(n, -x);
  if (x < 20) return besselSeries(n, x);
  const [s, c] = sineAndCosine(x);
  if (x > 1e250) return (n % 2 === 0 ? s : c)[0] / x * (n % 4 === 1 || n % 4 === 2 ? -1 : 1);
  const below = ddOver(c, x), zero = ddOver(s, x);
  if (n <= x) return besselSteps(below, zero, 0, n, x)[1][0];
  return besselDown(n, x, zero, besselSteps(below, zero, 0, 1, x)[1]);
}
