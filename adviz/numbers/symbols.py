"""SymPy expressions, built as written: nothing is evaluated, expanded or simplified.

Piecewise stands for `abs`, `sign`, `min` and `max`: SymPy's own derivatives of these are a half at
0, a delta function, or left undone, where adviz has its stated conventions. A constant is one
number, for what `sympy.lambdify` prints of a quotient of integers is a quotient of doubles.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import S

from adviz.numbers.rules import Function
from adviz.numbers.sympys.functions import (
    LambertW,
    Si,
    assoc_laguerre,
    erfcinv,
    hermite,
    jn,
    laguerre,
    of_order,
    re,
    sinc,
    zeta,
)
from adviz.numbers.sympys.hyperbolic import HYPERBOLIC
from adviz.numbers.sympys.pieces import Piecewise, ceiling, decided, floor
from adviz.numbers.system import Numbers
from adviz.primitives import TABLE

_LIBRARY = frozenset(
    "exp log sin cos tan sec csc cot asin acos atan asec acsc acot atan2 "
    "asinh acosh atanh asech acsch acoth erf erfc erfinv gamma loggamma digamma "
    "beta binomial elliptic_k elliptic_e fresnels fresnelc "
    "airyai airybi airyaiprime airybiprime Ci Shi Chi Ei li".split()
)


def _sum(*terms: Any) -> Any:
    return sympy.Add(*terms, evaluate=False)


def _product(*factors: Any) -> Any:
    return sympy.Mul(*factors, evaluate=False)


def _power(base: Any, exponent: Any) -> Any:
    inverse = base.is_Integer and base != 0 and exponent == -1
    return sympy.Pow(base, exponent, evaluate=bool(inverse))


def _quotient(x: Any, y: Any) -> Any:
    number = x.is_Rational and y.is_Rational and y != 0
    return x / y if number else _product(x, _power(y, S.NegativeOne))


def _floor(x: Any) -> Any:
    return floor(x, evaluate=False)


def _truncated(x: Any) -> Any:
    return Piecewise((_floor(x), _relation("ge")(x, S.Zero)), (ceiling(x, evaluate=False), True))


_RELATIONS = {
    "lt": decided(sympy.StrictLessThan),
    "le": decided(sympy.LessThan),
    "gt": decided(sympy.StrictGreaterThan),
    "ge": decided(sympy.GreaterThan),
    "eq": decided(sympy.Equality),
    "ne": decided(sympy.Unequality),
}


def _relation(name: str) -> Function:
    """Return a comparison: between real numbers true or false, and as written elsewhere."""
    kind = _RELATIONS[name]
    return lambda x, y: kind(x, y, evaluate=_is_real_number(x) and _is_real_number(y))


def _is_real_number(x: Any) -> bool:
    return bool(x.is_number and x.is_real)


def _connective(kind: Any) -> Function:
    """Return and, or, not: where a part is known, what is left of it, and as written elsewhere."""
    return lambda *parts: kind(*parts, evaluate=any(part in (S.true, S.false) for part in parts))


def _extreme(name: str) -> Function:
    """Return min or max; at a tie the mean, so that its derivative is shared."""
    first, second = ("lt", "gt") if name == "min" else ("gt", "lt")
    half = sympy.Rational(1, 2)

    def extreme(x: Any, y: Any) -> Any:
        mean = _product(half, _sum(x, y))
        return Piecewise((x, _relation(first)(x, y)), (y, _relation(second)(x, y)), (mean, True))

    return extreme


def _by_sign(above: Any, below: Any, x: Any) -> Any:
    return Piecewise(
        (above, _relation("gt")(x, S.Zero)), (below, _relation("lt")(x, S.Zero)), (S.Zero, True)
    )


def _unevaluated(function: Function) -> Function:
    return lambda *args: function(*args, evaluate=False)


_polygamma = _unevaluated(sympy.polygamma)


def _log_gamma(x: Any) -> Any:
    return re(sympy.loggamma(x, evaluate=False), evaluate=False)


RUNTIME: dict[str, Function] = {
    "pi": lambda: sympy.pi,
    "add": _sum,
    "sub": lambda x, y: _sum(x, _product(S.NegativeOne, y)),
    "mul": _product,
    "div": _quotient,
    "neg": lambda x: _product(S.NegativeOne, x),
    "pow": _power,
    "sqrt": lambda x: _power(x, S.Half),
    "mod": lambda x, y: _sum(x, _product(S.NegativeOne, y, _floor(_quotient(x, y)))),
    "floordiv": lambda x, y: _floor(_quotient(x, y)),
    "fmod": lambda x, y: _sum(x, _product(S.NegativeOne, y, _truncated(_quotient(x, y)))),
    "abs": lambda x: _by_sign(x, _product(S.NegativeOne, x), x),
    "sign": lambda x: _by_sign(S.One, S.NegativeOne, x),
    "floor": _floor,
    "ceil": lambda x: ceiling(x, evaluate=False),
    "trunc": _truncated,
    "min": _extreme("min"),
    "max": _extreme("max"),
    **{name: _relation(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    "and": _connective(sympy.And),
    "or": _connective(sympy.Or),
    "not": _connective(sympy.Not),
    "where": lambda c, x, y: Piecewise((x, c), (y, True)),
    "xlogy": lambda x, y: _product(x, sympy.log(y, evaluate=False)),
    "xlog1py": lambda x, y: _product(x, sympy.log(_sum(S.One, y), evaluate=False)),
    **{name: _unevaluated(kind) for name, kind in HYPERBOLIC.items()},
    "sinc": _unevaluated(sinc),
    "Si": _unevaluated(Si),
    "lgamma": _log_gamma,
    "lambertw": _unevaluated(LambertW),
    "zeta": lambda x: zeta(x, evaluate=False),
    **{
        row.name: _unevaluated(of_order(row))
        for row in TABLE.values()
        if row.args[:1] == ("n",) and not row.define
    },
    "spherical_jn": _unevaluated(jn),
    "erfcinv": _unevaluated(erfcinv),
    "hermite": hermite,
    "lbeta": lambda x, y: _sum(
        _log_gamma(x), _log_gamma(y), _product(S.NegativeOne, _log_gamma(_sum(x, y)))
    ),
    "polygamma_difference": lambda n, x, y: _sum(
        _polygamma(n, _sum(x, y)), _product(S.NegativeOne, _polygamma(n, x))
    ),
    "laguerre": _unevaluated(laguerre),
    "genlaguerre": _unevaluated(assoc_laguerre),
}


def native(name: str) -> Function | None:
    """Return SymPy's function of a row, or None when it must be taken by definition."""
    if name in RUNTIME:
        return RUNTIME[name]
    if name not in _LIBRARY:
        return None
    return _unevaluated(getattr(sympy, name))


def exact(value: int | float | Fraction) -> Any:
    """Return exactly the integer, quotient or double."""
    if isinstance(value, int):
        return sympy.Integer(value)
    return sympy.Rational(*value.as_integer_ratio())


SYMBOLS = Numbers(
    name="sympy",
    native=native,
    constant=exact,
    finite=lambda _: True,
    isnan=lambda _: False,
    many=True,
    eager=True,
    textbook=True,
)
