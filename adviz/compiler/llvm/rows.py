"""The rows of the table as LLVM instructions, with the meaning they have in float64.

A row that is not here is expanded by its definition. What is taken from the C library for several
points side by side is its vector form where that keeps the row's digits, else one call a point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from adviz.compiler.llvm.instructions import Code, Value
from adviz.compiler.llvm.vectors import VECTORS

Rule = Callable[..., Value]


def _instruction(name: str) -> Rule:
    return lambda code, *x: code.op(name, *x)


def _compared(predicate: str) -> Rule:
    return lambda code, x, y: code.op(f"fcmp {predicate}", x, y)


def _intrinsic(name: str) -> Rule:
    return lambda code, *x: code.intrinsic(name, *x)


def _library(name: str) -> Rule:
    """Return a function of the C library."""

    def called(code: Code, *x: Value) -> Value:
        processor = code.processor
        if processor.width == 1:
            return code.call(name, *x)
        if processor.fused and name in VECTORS:
            return code.called(code.helper(name, len(x), VECTORS[name]), *x)
        if name in processor.vectors:
            return code.call(processor.mangling.format(name=name, v="v" * len(x)), *x)
        return code.called(code.helper(name, len(x), lambda inner: inner.lanes(name, len(x))), *x)

    return called


def _power(code: Code, x: Value, y: Value) -> Value:
    """Return a power; the exponents of which a product or quotient is rounded but once."""
    for exponent, rule in _POWERS.items():
        if y == code.constant(exponent):
            return rule(code, x)
    for exponent, rule in _FUSED_POWERS.items():
        if y == code.constant(exponent) and code.processor.fused:
            return rule(code, x)
    return _library("pow")(code, x, y)


def _root(code: Code, x: Value) -> Value:
    """Return x**0.5 as C99 has it: a square root without a sign, and of -inf an infinity."""
    infinite = code.op("fcmp oeq", x, code.constant(-math.inf))
    root = code.intrinsic("sqrt", code.op("fadd", x, code.constant(0.0)))
    return code.choose(infinite, code.constant(math.inf), root)


def _cube(code: Code, x: Value) -> Value:
    """Return x**3 from a square and what rounding took from it, or plainly where that overflows."""
    square = code.op("fmul", x, x)
    lost = code.fma(x, x, code.op("fneg", square))
    fine = code.fma(square, x, code.op("fmul", lost, x))
    return _unless_infinite(code, code.op("fmul", square, x), fine)


def _fourth(code: Code, x: Value) -> Value:
    """Return x**4 likewise."""
    square = code.op("fmul", x, x)
    lost = code.fma(x, x, code.op("fneg", square))
    plain = code.op("fmul", square, square)
    rest = code.fma(square, square, code.op("fneg", plain))
    rest = code.fma(code.op("fadd", square, square), lost, rest)
    return _unless_infinite(code, plain, code.op("fadd", plain, rest))


def _unless_infinite(code: Code, plain: Value, fine: Value) -> Value:
    size = code.intrinsic("fabs", plain)
    return code.choose(code.op("fcmp olt", size, code.constant(math.inf)), fine, plain)


_POWERS: Mapping[float, Rule] = {
    0: lambda code, x: code.constant(1),
    1: lambda code, x: x,
    2: lambda code, x: code.op("fmul", x, x),
    -1: lambda code, x: code.op("fdiv", code.constant(1), x),
    0.5: _root,
}
"""The exponents for which one operation is rounded but once."""
_FUSED_POWERS: Mapping[float, Rule] = {3: _cube, 4: _fourth}
"""The exponents for which few operations keep the digits where one can multiply and add."""


def _sign(code: Code, x: Value) -> Value:
    zero = code.constant(0)
    below = code.choose(code.op("fcmp olt", x, zero), code.constant(-1), x)
    below = code.choose(code.op("fcmp oeq", x, zero), zero, below)
    return code.choose(code.op("fcmp ogt", x, zero), code.constant(1), below)


def _extreme(predicate: str) -> Rule:
    """Return min or max: the second number where it lies beyond the first, or is none."""

    def extreme(code: Code, x: Value, y: Value) -> Value:
        beyond = code.op(f"fcmp {predicate}", y, x)
        return code.choose(code.logic("or", beyond, code.op("fcmp uno", y, y)), y, x)

    return extreme


def _remainder(code: Code, x: Value, y: Value) -> tuple[Value, Value, Value]:
    """Return C's remainder, whether it is 0, and whether its sign is not that of `y`."""
    zero = code.constant(0)
    rest = code.op("frem", x, y)
    below, under = code.op("fcmp olt", y, zero), code.op("fcmp olt", rest, zero)
    return rest, code.op("fcmp oeq", rest, zero), code.logic("xor", below, under)


def _mod(code: Code, x: Value, y: Value) -> Value:
    """Return Python's remainder, which has the sign of `y`."""
    rest, none, other = _remainder(code, x, y)
    rest = code.choose(other, code.op("fadd", rest, y), rest)
    return code.choose(none, code.intrinsic("copysign", code.constant(0), y), rest)


def _floordiv(code: Code, x: Value, y: Value) -> Value:
    """Return Python's quotient, by its own steps (CPython, Objects/floatobject.c)."""
    rest, none, other = _remainder(code, x, y)
    one, zero = code.constant(1), code.constant(0)
    quotient = code.op("fdiv", code.op("fsub", x, rest), y)
    down = code.choose(none, zero, code.choose(other, one, zero))
    quotient = code.op("fsub", quotient, down)
    whole = code.intrinsic("floor", quotient)
    over = code.op("fcmp ogt", code.op("fsub", quotient, whole), code.constant(0.5))
    whole = code.choose(over, code.op("fadd", whole, one), whole)
    signed = code.intrinsic("copysign", zero, code.op("fdiv", x, y))
    return code.choose(code.op("fcmp oeq", quotient, zero), signed, whole)


def _square(code: Code, x: Value) -> tuple[Value, Value]:
    """Return a square and what rounding took from it (Dekker 1971)."""
    shifted = code.op("fmul", x, code.constant(2.0**27 + 1))
    high = code.op("fsub", shifted, code.op("fsub", shifted, x))
    low, square = code.op("fsub", x, high), code.op("fmul", x, x)
    rest = code.op("fsub", code.op("fmul", high, high), square)
    cross = code.op("fmul", code.op("fmul", code.constant(2), high), low)
    return square, code.op("fadd", code.op("fadd", rest, cross), code.op("fmul", low, low))


def _ndtr(code: Code, x: Value) -> Value:
    """Return the normal distribution; `adviz.numbers.float64.tail` says how below -1."""
    half, erfc, exp = code.constant(0.5), _library("erfc"), _library("exp")
    t = code.op("fmul", code.op("fneg", x), code.constant(math.sqrt(0.5)))
    plain = code.op("fmul", erfc(code, t), half)
    (wanted, beyond_wanted), (got, beyond_got) = _square(code, x), _square(code, t)
    first = code.op("fsub", code.op("fmul", wanted, half), got)
    second = code.op("fsub", code.op("fmul", beyond_wanted, half), beyond_got)
    taken = code.op("fdiv", code.op("fadd", first, second), code.op("fadd", t, t))
    slope = code.op("fdiv", exp(code, code.op("fneg", got)), code.constant(math.sqrt(math.pi)))
    inner = code.op("fsub", plain, code.op("fmul", slope, taken))
    above = code.op("fcmp ogt", x, code.constant(-60))
    inside = code.logic("and", above, code.op("fcmp olt", x, code.constant(-1)))
    return code.choose(inside, inner, plain)


def _scaled(factor: float) -> Rule:
    return lambda code, x: code.op("fmul", x, code.constant(factor))


_C = "exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh \
acosh atanh cbrt hypot erf erfc lgamma"
"""Rows that are called in C as they are here."""

ROWS: Mapping[str, Rule] = {
    **{name: _library(name) for name in _C.split()},
    "add": _instruction("fadd"),
    "sub": _instruction("fsub"),
    "mul": _instruction("fmul"),
    "div": _instruction("fdiv"),
    "neg": _instruction("fneg"),
    "fmod": _instruction("frem"),
    "lt": _compared("olt"),
    "le": _compared("ole"),
    "gt": _compared("ogt"),
    "ge": _compared("oge"),
    "eq": _compared("oeq"),
    "ne": _compared("une"),
    "and": lambda code, c, d: code.logic("and", c, d),
    "or": lambda code, c, d: code.logic("or", c, d),
    "not": lambda code, c: code.logic("xor", c, code.true()),
    "where": lambda code, c, x, y: code.choose(c, x, y),
    "abs": _intrinsic("fabs"),
    "sqrt": _intrinsic("sqrt"),
    "copysign": _intrinsic("copysign"),
    "floor": _intrinsic("floor"),
    "ceil": _intrinsic("ceil"),
    "trunc": _intrinsic("trunc"),
    "round": _intrinsic("rint"),
    "pi": lambda code: code.constant(math.pi),
    "sign": _sign,
    "min": _extreme("olt"),
    "max": _extreme("ogt"),
    "mod": _mod,
    "floordiv": _floordiv,
    "pow": _power,
    "gamma": _library("tgamma"),
    "ndtr": _ndtr,
    "degrees": _scaled(180 / math.pi),
    "radians": _scaled(math.pi / 180),
}
