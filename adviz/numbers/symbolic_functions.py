"""The functions of SymPy that adviz completes: what SymPy leaves undone, refuses or gets wrong.

A derivative that SymPy leaves undone is given here, and so are the numbers of a function of which
SymPy has none, or wrong ones, under `evalf` and `sympy.lambdify` alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import sympy
from sympy import S

from adviz.numbers.system import multiprecision, named
from adviz.primitives import TABLE, Primitive

_DIGITS_A_BIT = 0.30103
_GUARD_DIGITS = 5
_DIGITS_COMPARED = 20
_MISVALUED = frozenset(["besseli", "gegenbauer"])
"""Rows of which SymPy has wrong numbers: under `lambdify`, mpmath's `besseli` is complex at
negative arguments, and its `gegenbauer` loses a large or no parameter."""


# --- numbers -------------------------------------------------------------------------------------


def _valued(name: str) -> Callable[[Any], Any]:
    """Return what gives a SymPy function the numbers of a row, in `evalf` and in `lambdify`."""

    def evaluated(self: Any, prec: int) -> Any:
        digits = int(prec * _DIGITS_A_BIT) + _GUARD_DIGITS
        arguments = [sympy.N(argument, digits) for argument in self.args]
        if not all(argument.is_Float or argument.is_Integer for argument in arguments):
            return None
        return sympy.Float._new(_precisely(name, digits, arguments), prec)

    def valued(function: Any) -> Any:
        function._eval_evalf = evaluated
        function._imp_ = staticmethod(lambda *arguments: _in_numbers(name, arguments))
        return function

    return valued


def _precisely(name: str, digits: int, arguments: Any) -> Any:
    """Return a row's value as mpmath holds it inside."""
    numbers = multiprecision(digits)
    exact = [numbers.constant(sympy.Float(one, digits)._mpf_ if one else 0) for one in arguments]
    return numbers.function(name)(*exact)._mpf_


def _in_numbers(name: str, arguments: tuple[Any, ...]) -> Any:
    """Return a row's value in the kind of numbers that its arguments are."""
    precise = next((one.context for one in arguments if hasattr(one, "_mpf_")), None)
    if precise is not None:
        return +precise.make_mpf(_precisely(name, precise.dps + _GUARD_DIGITS, arguments))
    if any(getattr(argument, "ndim", 0) for argument in arguments):
        return named("array").function(name)(*arguments)
    return named("float64").function(name)(*map(float, arguments))


# --- pieces --------------------------------------------------------------------------------------


class floor(sympy.floor):  # type: ignore[misc]  # noqa: N801 - SymPy is untyped; its classes are named like functions
    """The floor function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: floor is constant between its jumps."""
        return S.Zero


class ceiling(sympy.ceiling):  # type: ignore[misc]  # noqa: N801 - as floor above
    """The ceiling function with derivative 0, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0: ceiling is constant between its jumps."""
        return S.Zero


class re(sympy.re):  # type: ignore[misc]  # noqa: N801 - as floor above
    """The real part of what has a real derivative, such as the logarithm of a gamma function."""

    def _eval_derivative(self, symbol: Any) -> Any:
        return self.args[0].diff(symbol)


def decided(kind: Any) -> Any:
    """Return a relation of SymPy's whose truth between numbers is found with digits enough.

    SymPy's own looks at two, by which `log(1 + exp(-30)) > 0` is false.
    """

    def new(cls: Any, left: Any, right: Any, **options: Any) -> Any:
        if options.get("evaluate", True) and left.is_number and right.is_number:
            left, right = _compared(left, right)
        return kind.__new__(cls, left, right, **options)

    def turned(how: str) -> Any:
        return property(lambda self: getattr(kind(*self.args, evaluate=False), how))

    turns = {how: turned(how) for how in ("negated", "reversed", "reversedsign")}
    return type(kind.__name__, (kind,), {"__new__": new, "__module__": __name__, **turns})


def _compared(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two numbers, or their difference and 0 where it is known to be none."""
    difference = sympy.N(left - right, _DIGITS_COMPARED)
    known = difference.is_Float and difference._prec > 1 and difference != 0
    return (difference, S.Zero) if known else (left, right)


class ExprCondPair(sympy.functions.elementary.piecewise.ExprCondPair):  # type: ignore[misc]  # SymPy has no types
    """A value and its condition, both as written."""

    def __new__(cls, value: Any, condition: Any) -> Any:
        """Return the pair unevaluated."""
        return sympy.Basic.__new__(cls, value, S.true if condition is True else condition)


class Piecewise(sympy.Piecewise):  # type: ignore[misc]  # SymPy has no types
    """Choices that stay as written until it is known which of them is taken.

    SymPy's own rewrites conditions that hold choices, which takes exponential time, and moves
    powers into the branches, so that the root of `abs(x)` has a branch `0**(-1/2)`.
    """

    def __new__(cls, *pieces: Any, **_: Any) -> Any:
        """Return the choices that are left, or the value of the first that is taken for sure."""
        pairs = [ExprCondPair(*piece) for piece in pieces]
        left = [pair for pair in pairs if pair.cond is not S.false]
        sure = next((k for k, pair in enumerate(left) if pair.cond is S.true), len(left))
        return sympy.Basic.__new__(cls, *left[: sure + 1]) if sure else left[0].expr

    def _eval_derivative(self, symbol: Any) -> Any:
        slopes = [(value.diff(symbol), condition) for value, condition in self.args]
        return Piecewise(*slopes) if any(slope != 0 for slope, _ in slopes) else S.Zero

    def _eval_power(self, _: Any) -> None:
        return None


# --- hyperbolic functions ------------------------------------------------------------------------


def _incurious(kind: Any) -> Any:
    """Return a hyperbolic function that neither asks nor answers questions in symbols.

    When SymPy builds a function or a logarithm of its own, it asks whether the argument is 0, and
    so for the real and imaginary parts of every hyperbolic function inside it: where these are
    inside each other that takes exponential time.
    """

    def evaluated(_: Any, argument: Any) -> Any:
        return kind.eval(argument) if argument.is_number else None

    def fdiff(self: Any, argindex: int = 1) -> Any:
        dummy, slope = _hyperbolic_slope(kind)
        return slope.xreplace({dummy: self.args[0]})

    own = {"eval": classmethod(evaluated), "fdiff": fdiff, "__module__": __name__}
    return type(kind.__name__, (sympy.Function,), own)


HYPERBOLIC: dict[str, Any] = {
    kind.__name__: _incurious(kind)
    for kind in (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)
}
"""The hyperbolic functions by name, to be differentiated."""


@cache
def _hyperbolic_slope(kind: Any) -> tuple[Any, Any]:
    """Return SymPy's derivative by a dummy, in functions that stay as they are."""
    dummy = sympy.Dummy("x")
    slope = kind(dummy, evaluate=False).fdiff()
    return dummy, slope.replace(
        lambda part: type(part).__name__ in HYPERBOLIC,
        lambda part: HYPERBOLIC[type(part).__name__](*part.args),
    )


def handed_out(expression: Any) -> Any:
    """Return an expression with SymPy's own hyperbolic functions, unevaluated as all around them.

    >>> x = sympy.Symbol("x")
    >>> handed_out(2*HYPERBOLIC["tanh"](x)) == 2*sympy.tanh(x)
    True
    """
    made: dict[Any, Any] = {}
    stack = [expression]
    while stack:
        part = stack.pop()
        missing = [argument for argument in part.args if argument not in made]
        if missing:
            stack += [part, *missing]
        else:
            made[part] = _remade(part, [made[argument] for argument in part.args])
    return made[expression]


def _remade(part: Any, arguments: list[Any]) -> Any:
    """Return a part with other arguments, or itself."""
    kind = type(part)
    if HYPERBOLIC.get(kind.__name__) is kind:
        return getattr(sympy, kind.__name__)(*arguments, evaluate=False)
    if all(mine is other for mine, other in zip(part.args, arguments, strict=True)):
        return part
    return kind(*arguments) if kind is ExprCondPair else kind(*arguments, evaluate=False)


# --- functions of an order -----------------------------------------------------------------------


def of_order(row: Primitive) -> Any:
    """Return SymPy's function of a row whose first argument is an order, with derivative 0 by it.

    SymPy leaves such a derivative undone; an order is a number that does not change.
    """
    kind = getattr(sympy, row.names.get("sympy", row.name), None)
    if kind is None:
        return _derivative_of_any_order(row.name)

    def fdiff(self: Any, argindex: int = row.arity) -> Any:
        return kind.fdiff(self, argindex) if row.partials[argindex - 1] else S.Zero

    made = type(kind.__name__, (kind,), {"fdiff": fdiff, "__module__": __name__})
    return _valued(row.name)(made) if row.name in _MISVALUED else made


def _derivative_of_any_order(name: str) -> Any:
    """Return a function of an order and an argument, whose derivative is that of the next order."""

    def fdiff(self: Any, argindex: int = 2) -> Any:
        order, x = self.args
        return S.Zero if argindex == 1 else type(self)(order + 1, x, evaluate=False)

    return _valued(name)(type(name, (sympy.Function,), {"fdiff": fdiff, "__module__": __name__}))


@_valued("spherical_jn")
class jn(sympy.jn):  # type: ignore[misc]  # noqa: N801 - as floor above
    """Spherical Bessel functions, of which SymPy has the wrong sign at negative arguments."""

    def fdiff(self, argindex: int = 2) -> Any:
        """Return the slope by NIST DLMF 10.51.2, where SymPy divides by an argument of 0."""
        order, x = self.args
        if argindex == 1:
            return S.Zero
        lower, upper = order * jn(sympy.Abs(order - 1), x), (order + 1) * jn(order + 1, x)
        return (lower - upper) / (2 * order + 1)


@_valued("laguerre")
class laguerre(sympy.laguerre):  # type: ignore[misc]  # noqa: N801 - as floor above
    """Laguerre's polynomials, of which SymPy differentiates those of order 0 wrongly."""

    def fdiff(self, argindex: int = 2) -> Any:
        """Return the slope by the argument."""
        order, x = self.args
        return _laguerre_slope(order, S.Zero, x) if argindex == 2 else super().fdiff(argindex)


@_valued("genlaguerre")
class assoc_laguerre(sympy.assoc_laguerre):  # type: ignore[misc]  # noqa: N801 - as floor above
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
    lower = assoc_laguerre(order - 1, parameter + 1, x)
    slope = sympy.Mul(S.NegativeOne, lower, evaluate=False)
    return slope if order.is_number else Piecewise((S.Zero, sympy.Eq(order, 0)), (slope, True))


class hermite(sympy.hermite):  # type: ignore[misc]  # noqa: N801 - as floor above
    """Hermite's function, also of a negative order, which SymPy refuses."""

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Leave it as written."""

    def fdiff(self, argindex: int = 2) -> Any:
        """Return its derivative by the argument (NIST DLMF 18.9.25); there is none by the order."""
        order, x = self.args
        return 2 * order * hermite(order - 1, x) if argindex == 2 and order != 0 else S.Zero


# --- others --------------------------------------------------------------------------------------


class sinc(sympy.sinc):  # type: ignore[misc]  # noqa: N801 - as floor above
    """The sine over its argument, of which SymPy has a wrong second derivative at 0."""

    @classmethod
    def eval(cls, argument: Any) -> Any:
        """Return 1 at 0, and leave it as written elsewhere."""
        return S.One if argument.is_zero else None

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the slope, which is a spherical Bessel function (NIST DLMF 10.49.3, 10.51.1)."""
        return -jn(S.One, self.args[0])


class Si(sympy.Si):  # type: ignore[misc]  # as floor above
    """The sine integral, in whose derivative SymPy divides by an argument of 0."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the slope (NIST DLMF 6.2.9)."""
        return sinc(self.args[0])


_zeta_derivative = of_order(TABLE["zeta_derivative"])


class zeta(sympy.zeta):  # type: ignore[misc]  # noqa: N801 - as floor above
    """Riemann's zeta function with a derivative, which SymPy leaves undone."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return its first derivative, by a name of its own."""
        return _zeta_derivative(S.One, self.args[0], evaluate=False)


@_valued("erfcinv")
class erfcinv(sympy.erfcinv):  # type: ignore[misc]  # noqa: N801 - as floor above
    """What erfc takes to a number: SymPy has no numbers of it."""


@_valued("lambertw")
class LambertW(sympy.LambertW):  # type: ignore[misc]  # as floor above
    """The inverse of x*exp(x), whose numbers by SciPy are complex."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Return the slope (NIST DLMF 4.13.4), where SymPy divides by an argument of 0."""
        return sympy.exp(-self) / (1 + self)
