"""SymPy expressions, built as written: nothing is evaluated, expanded or simplified.

Piecewise stands for `abs`, `sign`, `min` and `max`: SymPy's own derivatives of these are a half at
0, a delta function, or left undone, where adviz has its stated conventions.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy
from sympy import S

from adviz.numbers.rules import Function
from adviz.numbers.system import Numbers
from adviz.primitives import TABLE, Primitive

_LIBRARY = frozenset(
    "exp log sin cos tan sec csc cot asin acos atan asec acsc acot atan2 sinh cosh tanh sech csch "
    "coth asinh acosh atanh asech acsch acoth erf erfc erfinv erfcinv gamma digamma "
    "factorial beta binomial elliptic_k elliptic_e fresnels fresnelc "
    "airyai airybi airyaiprime airybiprime Si Ci Shi Chi Ei li".split()
)


class floor(sympy.floor):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """The floor function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: floor is constant between its jumps."""
        return S.Zero


class ceiling(sympy.ceiling):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """The ceiling function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: ceiling is constant between its jumps."""
        return S.Zero


def _of_order(row: Primitive) -> Any:
    """Return SymPy's function of a row whose first argument is an order, with derivative 0 by it.

    SymPy leaves such a derivative undone; an order is a number that does not change.
    """
    kind = getattr(sympy, row.names.get("sympy", row.name), None)
    if kind is None:
        return _derivative_of_any_order(row.name)

    def fdiff(self: Any, argindex: int = row.arity) -> Any:
        return kind.fdiff(self, argindex) if row.partials[argindex - 1] else S.Zero

    return type(kind.__name__, (kind,), {"fdiff": fdiff, "__module__": __name__})


def _derivative_of_any_order(name: str) -> Any:
    """Return a function of an order and an argument, whose derivative is that of the next order."""

    def fdiff(self: Any, argindex: int = 2) -> Any:
        order, x = self.args
        return S.Zero if argindex == 1 else type(self)(order + 1, x, evaluate=False)

    return type(name, (sympy.Function,), {"fdiff": fdiff, "__module__": __name__})


class laguerre(sympy.laguerre):  # type: ignore[misc]  # noqa: N801 - as hermite below
    """Laguerre's polynomials, of which SymPy differentiates those of order 0 wrongly."""

    def fdiff(self, argindex: int = 2) -> Any:
        """Return the slope by the argument."""
        order, x = self.args
        return _laguerre_slope(order, S.Zero, x) if argindex == 2 else super().fdiff(argindex)


class assoc_laguerre(sympy.assoc_laguerre):  # type: ignore[misc]  # noqa: N801 - as hermite below
    """Associated Laguerre polynomials, the same."""

    def fdiff(self, argindex: int = 3) -> Any:
        """Return the slope by the argument."""
        order, parameter, x = self.args
        wanted = argindex == 3
        return _laguerre_slope(order, parameter, x) if wanted else super().fdiff(argindex)


def _laguerre_slope(order: Any, parameter: Any, x: Any) -> Any:
    """Return a slope by DLMF 18.9.23; no number for what is no order."""
    if order.is_number and not (order.is_integer and order > 0):
        return S.Zero if order == 0 else S.NaN
    return _product(S.NegativeOne, assoc_laguerre(order - 1, parameter + 1, x))


class hermite(sympy.hermite):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """Hermite's function, also of a negative order, which SymPy refuses."""

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Leave it as written."""

    def fdiff(self, argindex: int = 2) -> Any:
        """Return its derivative by the argument (NIST DLMF 18.9.25); there is none by the order."""
        order, x = self.args
        return 2 * order * hermite(order - 1, x) if argindex == 2 and order != 0 else S.Zero


class zeta(sympy.zeta):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """Riemann's zeta function with a derivative, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return its first derivative, by a name of its own."""
        return RUNTIME["zeta_derivative"](S.One, self.args[0])


class ExprCondPair(sympy.functions.elementary.piecewise.ExprCondPair):  # type: ignore[misc]  # SymPy has no types
    """A value and its condition, both as written."""

    def __new__(cls, value: Any, condition: Any) -> Any:
        """Return the pair unevaluated."""
        return sympy.Basic.__new__(cls, value, S.true if condition is True else condition)


class Piecewise(sympy.Piecewise):  # type: ignore[misc]  # SymPy has no types
    """Choices that stay as written.

    SymPy's own rewrites conditions that hold choices, which takes exponential time, and moves
    powers into the branches, so that the root of `abs(x)` has a branch `0**(-1/2)`.
    """

    def __new__(cls, *pieces: Any, **_: Any) -> Any:
        """Return the choices unevaluated."""
        return sympy.Basic.__new__(cls, *(ExprCondPair(*piece) for piece in pieces))

    def _eval_derivative(self, symbol: Any) -> Any:
        slopes = [(value.diff(symbol), condition) for value, condition in self.args]
        return Piecewise(*slopes) if any(slope != 0 for slope, _ in slopes) else S.Zero

    def _eval_power(self, _: Any) -> None:
        return None


def _sum(*terms: Any) -> Any:
    return sympy.Add(*terms, evaluate=False)


def _product(*factors: Any) -> Any:
    return sympy.Mul(*factors, evaluate=False)


def _power(base: Any, exponent: Any) -> Any:
    return sympy.Pow(base, exponent, evaluate=False)


def _quotient(x: Any, y: Any) -> Any:
    return _product(x, _power(y, S.NegativeOne))


def _floor(x: Any) -> Any:
    return floor(x, evaluate=False)


def _truncated(x: Any) -> Any:
    return Piecewise((_floor(x), _relation("ge")(x, S.Zero)), (ceiling(x, evaluate=False), True))


def _relation(name: str) -> Function:
    kind = {
        "lt": sympy.StrictLessThan,
        "le": sympy.LessThan,
        "gt": sympy.StrictGreaterThan,
        "ge": sympy.GreaterThan,
        "eq": sympy.Equality,
        "ne": sympy.Unequality,
    }[name]
    return lambda x, y: kind(x, y, evaluate=False)


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


def _root(x: Any) -> Any:
    third = sympy.Rational(1, 3)
    below = _product(S.NegativeOne, _power(_product(S.NegativeOne, x), third))
    return Piecewise((_power(x, third), _relation("ge")(x, S.Zero)), (below, True))


def _unevaluated(function: Function) -> Function:
    return lambda *args: function(*args, evaluate=False)


_log_gamma, _polygamma = _unevaluated(sympy.loggamma), _unevaluated(sympy.polygamma)

RUNTIME: dict[str, Function] = {
    "pi": lambda: sympy.pi,
    "add": _sum,
    "sub": lambda x, y: _sum(x, _product(S.NegativeOne, y)),
    "mul": _product,
    "div": _quotient,
    "neg": lambda x: _product(S.NegativeOne, x),
    "pow": _power,
    "sqrt": lambda x: _power(x, S.Half),
    "cbrt": _root,
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
    "and": lambda c, d: sympy.And(c, d, evaluate=False),
    "or": lambda c, d: sympy.Or(c, d, evaluate=False),
    "not": lambda c: sympy.Not(c, evaluate=False),
    "where": lambda c, x, y: Piecewise((x, c), (y, True)),
    "xlogy": lambda x, y: _product(x, sympy.log(y, evaluate=False)),
    "lgamma": lambda x: sympy.loggamma(x, evaluate=False),
    "lambertw": lambda x: sympy.LambertW(x, evaluate=False),
    "zeta": lambda x: zeta(x, evaluate=False),
    **{
        row.name: _unevaluated(_of_order(row))
        for row in TABLE.values()
        if row.args[:1] == ("n",) and not row.define
    },
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
    textbook=True,
)
