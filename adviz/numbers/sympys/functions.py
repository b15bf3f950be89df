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

from adviz.numbers.sympys.pieces import Piecewise
from adviz.numbers.system import multiprecision, named
from adviz.primitives import TABLE, Primitive

_DIGITS_A_BIT = 0.30103
_GUARD_DIGITS = 5
_MISVALUED = frozenset(["besseli", "chebyshevt", "chebyshevu", "gegenbauer"])
"""Rows of which SymPy has wrong numbers: under `lambdify`, mpmath's `besseli` is complex at
negative arguments, as its `chebyt` and `chebyu` may be, and `gegenbauer` loses a large
or no parameter."""

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


# --- functions of one number ---------------------------------------------------------------------


class re(sympy.re):  # type: ignore[misc]  # noqa: N801 - as floor above
    """The real part of what has a real derivative, such as the logarithm of a gamma function."""

    def _eval_derivative(self, symbol: Any) -> Any:
        return self.args[0].diff(symbol)


# --- functions of an order -----------------------------------------------------------------------


@cache
def of_order(row: Primitive) -> Any:
    """Return SymPy's function of a row whose first argument is an order, with derivative 0 by it.

    SymPy leaves such a derivative undone; an order is a number that does not change.
    """
    kind = getattr(sympy, row.names.get("sympy", row.name), None)
    if kind is None:
        return _derivative_of_any_order(row.name)

    def fdiff(self: Any, argindex: int = row.arity) -> Any:
        return _with_ours(kind.fdiff(self, argindex)) if row.partials[argindex - 1] else S.Zero

    made = type(kind.__name__, (kind,), {"fdiff": fdiff, "__module__": __name__})
    return _valued(row.name)(made) if row.name in _MISVALUED else made


def _with_ours(slope: Any) -> Any:
    """Return a derivative in the functions that have their numbers from here."""
    return slope.replace(
        lambda part: type(part).__name__ in _MISVALUED,
        lambda part: of_order(TABLE[type(part).__name__])(*part.args),
    )


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
