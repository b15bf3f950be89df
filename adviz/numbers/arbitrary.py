"""mpmath numbers of any precision, each precision in a private context.

Arguments so large that a result's exponent or a reduction modulo pi could not be held in memory
are treated as overflow: a bound far beyond any float, and the reason why nothing here hangs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial, wraps
from typing import Any

import mpmath

from adviz.errors import PointError
from adviz.numbers.gammas import digamma, gamma, log_gamma, polygamma
from adviz.numbers.operators import OPERATORS
from adviz.numbers.rules import Function
from adviz.numbers.special import FUNCTIONS
from adviz.numbers.system import Numbers, multiprecision
from adviz.primitives import TABLE, Primitive

_LARGEST_EXPONENT = 2**60
_LARGEST_REDUCTION = 100_000
_LARGEST_ORDER = 200
_OF_ORDER = frozenset(row.name for row in TABLE.values() if row.args[:1] == ("n",))
_PERIODIC = frozenset("sin cos tan sec csc cot sinc spherical_jn besselj bessely".split())
_FAR_OUT: Mapping[str, tuple[float, float, float]] = {
    "exp": (_LARGEST_EXPONENT, 0.0, math.inf),
    "expm1": (_LARGEST_EXPONENT, -1.0, math.inf),
    "sinh": (_LARGEST_EXPONENT, -math.inf, math.inf),
    "cosh": (_LARGEST_EXPONENT, math.inf, math.inf),
    "gamma": (_LARGEST_EXPONENT, math.nan, math.inf),
    "erf": (2**30, -1.0, 1.0),
    "erfc": (2**30, 2.0, 0.0),
    "factorial": (_LARGEST_EXPONENT, math.nan, math.inf),
    "airyai": (1e20, math.nan, 0.0),
    "airybi": (1e20, math.nan, math.inf),
    "airyaiprime": (1e20, math.nan, 0.0),
    "airybiprime": (1e20, math.nan, math.inf),
    "zeta": (4096, math.nan, 1.0),
    "zeta_derivative": (4096, math.nan, 0.0),
    "besselk": (_LARGEST_EXPONENT, math.nan, 0.0),
    "Shi": (_LARGEST_EXPONENT, -math.inf, math.inf),
    "Chi": (_LARGEST_EXPONENT, math.nan, math.inf),
    "Ei": (_LARGEST_EXPONENT, 0.0, math.inf),
    "expn": (_LARGEST_EXPONENT, math.nan, 0.0),
}
"""Beyond which argument a function is its limit, and its limits on either side."""
_LIBRARY = frozenset(
    "sqrt exp expm1 log log10 log1p sin cos tan sec csc cot asin acos atan asec acsc acot sinh "
    "cosh tanh sech csch coth asinh acosh atanh asech acsch acoth hypot sinc erf erfc".split()
)
"""The rows that an mpmath context has under the same name with the same meaning."""


_MOST_DIGITS, _MOST_SPECIAL = 20_000, 1000
_SPECIAL = frozenset(
    {*FUNCTIONS, *"erf erfc ndtr gamma lgamma digamma polygamma spherical_jn".split()}
)


def most_digits(rows: Iterable[Primitive]) -> tuple[int, str]:
    """Return with how many digits rows take a second or two at most, and which one limits them.

    The series of special functions take time with the cube of the digits.

    >>> most_digits([TABLE["sin"], TABLE["exp"]]), most_digits([TABLE["sin"], TABLE["zeta"]])
    ((20000, ''), (1000, 'zeta'))
    """
    slow = next((row.name for row in rows if not _SPECIAL.isdisjoint(_named(row))), "")
    return (_MOST_SPECIAL if slow else _MOST_DIGITS), slow


def _named(row: Primitive) -> set[str]:
    """Return the names in a row's rules, and its own."""
    texts = row.name, row.define, row.stable, *row.partials
    return set(re.findall(r"\w+", " ".join(texts)))


def system(digits: int) -> Numbers:
    """Return the number system of so many decimal digits."""
    context = mpmath.MPContext()
    context.dps = digits
    context.mpf.__reduce__ = lambda number: (_restored, (digits, number.__getstate__()))
    runtime = _Runtime(context).rows()

    def native(name: str) -> Function | None:
        if name in runtime:
            return runtime[name]
        return _total(name, getattr(context, name), context) if name in _LIBRARY else None

    def constant(value: Any) -> Any:
        if isinstance(value, Fraction):
            return context.mpf(value.numerator) / value.denominator
        return context.mpf(value)

    return Numbers(
        name=f"{digits} digits",
        native=native,
        constant=constant,
        finite=context.isfinite,
        isnan=context.isnan,
        given=lambda name, value: constant(_exactly(name, value)),
        total=True,
        following=lambda partial, value: value if value != value else partial,
    )


def _restored(digits: int, state: tuple[Any, ...]) -> Any:
    """Return a pickled number: its class is that of its context, which has no name."""
    number = multiprecision(digits).constant(0)
    number.__setstate__(state)
    return number


def _exactly(name: str, value: Any) -> Any:
    """Return a user's number as one that mpmath reads, which knows no long doubles.

    Raises PointError for -0.0, which it would take for 0: copysign and 1/x have other values there.
    """
    if value == 0 and isinstance(value, float) and math.copysign(1, value) < 0:
        raise PointError(f"{name} = -0.0 has a sign that digits= does not keep; give 0.0")
    if not hasattr(value, "dtype"):
        return value
    return Fraction(*value.as_integer_ratio()) if value - value == 0 else float(value)


def _total(name: str, function: Callable[..., Any], context: Any) -> Function:
    """Return an mpmath function that never raises, leaves the reals, or runs out of memory."""
    nan, inf = context.nan, context.inf
    bounded = name in _PERIODIC
    bound, *limits = _FAR_OUT.get(name, (math.inf,))

    @wraps(function)
    def total(*args: Any) -> Any:
        last = args[-1]
        if name in FUNCTIONS and any(argument != argument for argument in args):
            return nan
        if bounded and (not context.isfinite(last) or _magnitude(last) > _LARGEST_REDUCTION):
            return nan
        if name in _OF_ORDER and not abs(args[0]) <= _LARGEST_ORDER:
            return nan
        if abs(last) > bound:
            return context.mpf(limits[last > 0])
        try:
            value = function(*args)
        except ZeroDivisionError:
            return inf
        except (ValueError, OverflowError, NotImplementedError, context.NoConvergence):
            return nan
        return value if isinstance(value, context.mpf) else _real(value, context)

    return total


def _real(value: Any, context: Any) -> Any:
    """Return a result as a real number; a complex one means outside the domain."""
    return context.nan if isinstance(value, context.mpc) else context.mpf(value)


def _magnitude(x: Any) -> int:
    """Return the binary exponent of a number."""
    _, _, exponent, bits = x._mpf_
    return int(exponent + bits)


class _Runtime:
    """The rows for which mpmath has nothing, another meaning, or an exception."""

    def __init__(self, context: Any) -> None:
        self.context = context

    def rows(self) -> dict[str, Function]:
        """Return these rows by name."""
        context, nan, power = self.context, self.context.nan, self.power
        remainder = self.remainder
        return {
            **OPERATORS,
            **{
                name: _total(name, partial(function, context), context)
                for name, function in FUNCTIONS.items()
            },
            "pi": lambda: +context.pi,
            "div": self.div,
            "pow": power,
            "mod": remainder,
            "floordiv": lambda x, y: context.nint((x - remainder(x, y)) / y) if y != 0 else nan,
            "fmod": lambda x, y: context.sign(x) * remainder(abs(x), abs(y)),
            "cbrt": lambda x: context.sign(x) * context.cbrt(abs(x)),
            "exp2": lambda x: power(context.mpf(2), x),
            "atan2": lambda y, x: context.atan2(y, x) if x or y else context.zero,
            "sign": context.sign,
            "heaviside": lambda x: (1 + context.sign(x)) / 2,
            "floor": self.whole(context.floor),
            "ceil": self.whole(context.ceil),
            "trunc": self.whole(lambda x: context.sign(x) * context.floor(abs(x))),
            "round": self.whole(context.nint),
            "min": lambda x, y: y if y < x or context.isnan(y) else x,
            "max": lambda x, y: y if y > x or context.isnan(y) else x,
            "gamma": _total("gamma", partial(gamma, context), context),
            "digamma": _total("digamma", partial(digamma, context), context),
            "polygamma": _total("polygamma", partial(polygamma, context), context),
            "spherical_jn": _total("spherical_jn", self.bessel, context),
            "lgamma": _total("lgamma", self.lgamma, context),
        }

    def div(self, x: Any, y: Any) -> Any:
        """Divide as IEEE 754 does: a nonzero number by zero is an infinity."""
        if y != 0:
            return x / y
        isnan = self.context.isnan(x)
        return self.context.nan if x == 0 or isnan else self.context.inf * self.context.sign(x)

    def power(self, x: Any, y: Any) -> Any:
        """Raise to a power, without leaving the reals or the memory."""
        context = self.context
        if x == 0 and y < 0:
            return context.inf
        if context.isint(y) and abs(y) < 2:
            return {0: context.one, 1: x, -1: self.div(context.one, x)}[int(y)]
        if not (context.isfinite(x) and context.isfinite(y)) or (x < 0 and not context.isint(y)):
            return _limit_power(x, y, context)
        if x != 0 and abs(y) * (abs(_magnitude(x)) + 1) > _LARGEST_EXPONENT:
            return _limit_power(x, y, context)
        return x**y

    def whole(self, function: Callable[[Any], Any]) -> Function:
        """Return a rounding function that leaves infinities alone."""
        context = self.context
        return lambda x: context.mpf(function(x)) if context.isfinite(x) else x

    def remainder(self, x: Any, y: Any) -> Any:
        """Return what a division to the floor leaves, if it can be held in memory."""
        context = self.context
        if y == 0 or not (context.isfinite(x) and context.isfinite(y)):
            return context.nan
        return x % y if _magnitude(x) - _magnitude(y) < _LARGEST_REDUCTION else context.nan

    def bessel(self, n: Any, x: Any) -> Any:
        """Return the spherical Bessel function of the first kind (NIST DLMF 10.47.3, 10.53.1)."""
        context = self.context
        if x == 0:
            return context.one if n == 0 else context.zero
        half = context.mpf(0.5)
        with context.workprec(context.prec + 10):
            if abs(x) < 1:
                value = x**n / context.fac2(2 * n + 1) * context.hyp0f1(n + 1 + half, -x * x / 4)
            else:
                value = context.sqrt(context.pi / (2 * abs(x))) * context.besselj(n + half, abs(x))
                value = -value if x < 0 and int(n) % 2 else value
        return +value

    def lgamma(self, x: Any) -> Any:
        """Return the logarithm of the size of gamma, below zero by reflection (DLMF 5.5.3)."""
        context = self.context
        if x <= 0 and context.isint(x):
            return context.inf
        if x > 0:
            return log_gamma(context, x)
        return context.log(abs(context.pi / (context.sinpi(x) * gamma(context, 1 - x))))


def _limit_power(x: Any, y: Any, context: Any) -> Any:
    """Return a power whose result has no finite, nonzero, real value that could be held."""
    if context.isnan(x) or context.isnan(y) or (x < 0 and not context.isint(y)):
        return context.nan
    if abs(x) == 1:
        return context.one
    return context.inf if (abs(x) > 1) == (y > 0) else context.zero
