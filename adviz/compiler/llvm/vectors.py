"""Elementary functions of several numbers side by side, where the C library's lose digits.

glibc's libmvec errs by up to 2.8 units in the last place for exp and 3.2 for sin, more than the
rows allow. These forms keep a row's digits: arguments are reduced with fused multiplications and
the reduced argument's rounding is carried along (Muller, *Elementary Functions*, 3rd ed., 2016,
chapter 11). The polynomials of log, sin and cos are those of Sun's fdlibm.

Largest errors found, in units in the last place, against 200 bits at 1.2 million points each with
extremes, subnormals and neighbours of 1: exp 0.75, exp2 0.79, expm1 0.85, log 0.74, log1p 0.74,
sin 0.74, cos 0.73.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from adviz.compiler.llvm.instructions import Code, Value

_ROUNDER = 1.5 * 2.0**52
"""Added to a number, it leaves the nearest integer in the last bits."""
_LN2, _LN2_REST = math.log(2), float.fromhex("0x1.abc9e3b39803fp-56")
_HALF_PI = (math.pi / 2, float.fromhex("0x1.1a62633145c07p-54"), -1.4973849048591698e-33)
_FAR = 2.0**26
"""Where the reduction of an angle needs more of pi than `_HALF_PI` has."""

_EXP = (
    0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326136, 0.0013888888888883748,
    0.00019841269874820627, 2.4801587325547743e-05, 2.7557255400206422e-06,
    2.75572736431103e-07, 2.5105217004720745e-08, 2.0914686968086876e-09,
)  # fmt: skip
"""(exp(r) - 1 - r)/r**2 for |r| <= log(2)/2, to 2**-62 (Chebyshev interpolation)."""
_LOG = (
    6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
    2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
    1.479819860511658591e-01,
)  # fmt: skip
_SIN = (
    8.33333333332248946124e-03, -1.98412698298579493134e-04, 2.75573137070700676789e-06,
    -2.50507602534068634195e-08, 1.58969099521155010221e-10,
)  # fmt: skip
_SIN_FIRST = -1.66666666666666324348e-01
_COS = (
    4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
    -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11,
)  # fmt: skip


def _clamped(code: Code, x: Value, low: float, high: float) -> Value:
    """Return a number held between two; NaN stays."""
    least, most = code.constant(low), code.constant(high)
    x = code.choose(code.op("fcmp ogt", x, most), most, x)
    return code.choose(code.op("fcmp olt", x, least), least, x)


def _two_to(code: Code, rounded: Value) -> Value:
    """Return 2 to the integer in the last bits of a number."""
    shifted = code.bits("shl", code.as_integer(rounded), code.whole(52))
    return code.as_number(code.bits("add", shifted, code.whole(1023 << 52)))


def _scaled_exp(code: Code, power: Value, high: Value, low: Value) -> Value:
    """Return exp(high + low) times 2 to a power, in two steps as that may underflow."""
    rest = code.fma(code.op("fmul", high, high), code.polynomial(high, _EXP), low)
    result = code.op("fadd", code.constant(1), code.op("fadd", high, rest))
    rounder = code.constant(_ROUNDER)
    half = code.fma(power, code.constant(0.5), rounder)
    other = code.op("fsub", power, code.op("fsub", half, rounder))
    result = code.op("fmul", result, _two_to(code, half))
    return code.op("fmul", result, _two_to(code, code.op("fadd", other, rounder)))


def _reduced(code: Code, x: Value) -> tuple[Value, Value, Value]:
    """Return an exponent less the nearest multiple of log(2), in two parts, and which."""
    rounder = code.constant(_ROUNDER)
    power = code.op("fsub", code.fma(x, code.constant(1 / _LN2), rounder), rounder)
    down = code.op("fneg", power)
    first = code.fma(down, code.constant(_LN2), x)
    high = code.fma(down, code.constant(_LN2_REST), first)
    low = code.fma(down, code.constant(_LN2_REST), code.op("fsub", first, high))
    return high, low, power


def _exp(code: Code) -> Value:
    high, low, power = _reduced(code, _clamped(code, "%x0", -746.0, 710.0))
    return _scaled_exp(code, power, high, low)


def _expm1(code: Code) -> Value:
    """Return half of 2**k*(1 + r) - 1, doubled: what each sum loses is added last."""
    high, low, power = _reduced(code, _clamped(code, "%x0", -60.0, 710.0))
    rest = code.fma(code.op("fmul", high, high), code.polynomial(high, _EXP), low)
    half = code.constant(0.5)
    scale = _two_to(code, code.op("fadd", power, code.constant(_ROUNDER - 1)))
    product = code.op("fmul", scale, high)
    first = code.op("fadd", scale, product)
    lost = code.op("fsub", product, code.op("fsub", first, scale))
    second = code.op("fsub", first, half)
    taken = code.op("fsub", second, first)
    left = code.op("fsub", first, code.op("fsub", second, taken))
    lost = code.op("fadd", lost, code.op("fsub", left, code.op("fadd", half, taken)))
    result = code.op("fadd", second, code.fma(scale, rest, lost))
    tiny = code.op("fcmp olt", code.intrinsic("fabs", "%x0"), code.constant(2.0**-54))
    return code.choose(tiny, "%x0", code.op("fadd", result, result))


def _exp2(code: Code) -> Value:
    x, rounder = _clamped(code, "%x0", -1076.0, 1025.0), code.constant(_ROUNDER)
    power = code.op("fsub", code.op("fadd", x, rounder), rounder)
    rest, factor = code.op("fsub", x, power), code.constant(_LN2)
    high = code.op("fmul", rest, factor)
    low = code.fma(rest, factor, code.op("fneg", high))
    low = code.fma(rest, code.constant(_LN2_REST), low)
    return _scaled_exp(code, power, high, low)


def _split(code: Code, x: Value, bias: Value) -> tuple[Value, Value]:
    """Return k + bias - 1023 - 2**52 and f for x = 2**k*(1 + f), f from sqrt(1/2) - 1 on."""
    root = 0x3FE6A09E667F3BCD
    bits = code.bits("add", code.as_integer(x), code.whole((1023 << 52) - root))
    exponent = code.bits("or", code.bits("lshr", bits, code.whole(52)), code.whole(1075 << 52))
    mantissa = code.bits("and", bits, code.whole((1 << 52) - 1))
    fraction = code.as_number(code.bits("add", mantissa, code.whole(root)))
    k = code.op("fsub", code.as_number(exponent), bias)
    return k, code.op("fsub", fraction, code.constant(1))


def _log_of(code: Code, k: Value, f: Value, low: Value) -> Value:
    """Return k*log(2) + log(1 + f) + low by fdlibm's e_log.c."""
    s = code.op("fdiv", f, code.op("fadd", code.constant(2), f))
    z = code.op("fmul", s, s)
    half = code.op("fmul", code.op("fmul", code.constant(0.5), f), f)
    series = code.op("fadd", half, code.op("fmul", z, code.polynomial(z, _LOG)))
    inner = code.fma(s, series, code.fma(k, code.constant(_LN2_REST), low))
    result = code.op("fsub", code.op("fsub", half, inner), f)
    return code.fma(k, code.constant(_LN2), code.op("fneg", result))


def _ended(code: Code, x: Value, pole: float, result: Value) -> Value:
    """Return a logarithm with its values at infinity and NaN, at its pole and below that."""
    place, none = code.constant(pole), code.constant(math.nan)
    result = code.choose(code.op("fcmp olt", x, code.constant(math.inf)), result, x)
    result = code.choose(code.op("fcmp oeq", x, place), code.constant(-math.inf), result)
    return code.choose(code.op("fcmp olt", x, place), none, result)


def _log(code: Code) -> Value:
    x, bias = "%x0", 2.0**52 + 1023
    tiny = code.op("fcmp olt", x, code.constant(2.0**-1022))
    normal = code.choose(tiny, code.op("fmul", x, code.constant(2.0**54)), x)
    k, f = _split(code, normal, code.choose(tiny, code.constant(bias + 54), code.constant(bias)))
    return _ended(code, x, 0.0, _log_of(code, k, f, code.constant(0)))


def _log1p(code: Code) -> Value:
    """Return log(u) and what rounding took from u = 1 + x; near 0, where u is 1 + f, f is x."""
    x, one, zero = "%x0", code.constant(1), code.constant(0)
    u = code.op("fadd", one, x)
    back = code.op("fsub", u, one)
    left = code.op("fsub", one, code.op("fsub", u, back))
    lost = code.op("fadd", left, code.op("fsub", x, back))
    k, f = _split(code, u, code.constant(2.0**52 + 1023))
    near = code.op("fcmp oeq", k, zero)
    low = code.choose(near, zero, code.op("fdiv", lost, u))
    result = _log_of(code, k, code.choose(near, x, f), low)
    result = code.choose(code.op("fcmp oeq", x, zero), x, result)
    return _ended(code, x, -1.0, result)


def _angle(code: Code, x: Value) -> tuple[Value, Value, Value]:
    """Return an angle less the nearest multiple of a right angle, in two parts, and which."""
    rounder = code.constant(_ROUNDER)
    turns = code.fma(x, code.constant(2 / math.pi), rounder)
    down = code.op("fneg", code.op("fsub", turns, rounder))
    first, second, third = map(code.constant, _HALF_PI)
    near = code.fma(down, first, x)
    taken = code.op("fmul", down, second)
    missed = code.fma(down, second, code.op("fneg", taken))
    high = code.op("fadd", near, taken)
    back = code.op("fsub", high, near)
    left = code.op("fsub", near, code.op("fsub", high, back))
    low = code.op("fadd", left, code.op("fsub", taken, back))
    low = code.op("fadd", low, code.fma(down, third, missed))
    return high, low, code.as_integer(turns)


def _sine(code: Code, r: Value, low: Value, z: Value) -> Value:
    v = code.op("fmul", z, r)
    inner = code.op("fmul", v, code.polynomial(z, _SIN))
    inner = code.fma(low, code.constant(0.5), code.op("fneg", inner))
    inner = code.fma(z, inner, code.op("fneg", low))
    inner = code.fma(v, code.constant(-_SIN_FIRST), inner)
    return code.op("fsub", r, inner)


def _cosine(code: Code, r: Value, low: Value, z: Value) -> Value:
    half = code.op("fmul", z, code.constant(0.5))
    high = code.op("fsub", code.constant(1), half)
    lost = code.op("fsub", code.op("fsub", code.constant(1), high), half)
    series = code.op("fmul", z, code.polynomial(z, _COS))
    rest = code.fma(z, series, code.op("fneg", code.op("fmul", r, low)))
    return code.op("fadd", high, code.op("fadd", lost, rest))


def _wave(name: str, quarter: int) -> Callable[[Code], Value]:
    """Return sin, or cos, which is sin a quarter of a turn on."""

    def wave(code: Code) -> Value:
        size = code.intrinsic("fabs", "%x0")
        code.leave_where(code.op("fcmp uge", size, code.constant(_FAR)), name)
        r, low, turns = _angle(code, "%x0")
        z = code.op("fmul", r, r)
        turns = code.bits("add", turns, code.whole(quarter))
        odd = code.bits("and", turns, code.whole(1))
        is_odd = code.bits("icmp ne", odd, code.whole(0))
        result = code.choose(is_odd, _cosine(code, r, low, z), _sine(code, r, low, z))
        half_turn = code.bits("and", turns, code.whole(2))
        sign = code.bits("shl", half_turn, code.whole(62))
        return code.as_number(code.bits("xor", code.as_integer(result), sign))

    return wave


VECTORS: Mapping[str, Callable[[Code], Value]] = {
    "exp": _exp,
    "exp2": _exp2,
    "expm1": _expm1,
    "log": _log,
    "log1p": _log1p,
    "sin": _wave("sin", 0),
    "cos": _wave("cos", 1),
}
"""The bodies of functions of `%x0`, for processors that multiply and add with one rounding."""
