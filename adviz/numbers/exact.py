"""Fractions: exact arithmetic through the rational rows, an error elsewhere."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import Any

from adviz.errors import PointError
from adviz.language.asked import shown
from adviz.numbers.operators import OPERATORS
from adviz.numbers.rules import Function
from adviz.numbers.system import Numbers

_LARGEST_BITS = 1_000_000
"""An exact power with more bits than this is refused, so that nothing hangs."""


def _given(name: str, value: Any) -> Fraction:
    """Return a user's number as a Fraction. Raises PointError for what is not finite."""
    try:
        return Fraction(value)
    except (OverflowError, ValueError):
        raise PointError(
            f"{name} = {shown(value)} is no Fraction, as the numbers of the point are"
        ) from None


def _finite(x: Any) -> bool:
    return isinstance(x, Fraction) or math.isfinite(x)


def _div(x: Any, y: Any) -> Any:
    if y == 0:
        return math.nan if x == 0 else (math.inf if x > 0 else -math.inf)
    return x / y


def _pow(x: Any, y: Any) -> Any:
    if y != int(y):
        raise LookupError("Fractions have no power with a broken exponent")
    if x == 0 and y < 0:
        return math.inf
    if abs(int(y)) * (x.numerator.bit_length() + x.denominator.bit_length()) > _LARGEST_BITS:
        raise LookupError(f"an exact power with exponent {int(y)} has too many digits")
    return x ** int(y)


def _total(function: Function) -> Function:
    """Return an operation in which, beside an infinity, a Fraction beyond floats is but a sign."""

    def total(*args: Any) -> Any:
        try:
            return function(*args)
        except OverflowError:
            return function(*[_within(x) if isinstance(x, Fraction) else x for x in args])

    return total


def _within(x: Fraction) -> float:
    return sys.float_info.max if x > 0 else -sys.float_info.max


RUNTIME: dict[str, Function] = {
    **{name: _total(function) for name, function in OPERATORS.items()},
    "div": _div,
    "pow": _pow,
    "mod": lambda x, y: x % y if y else math.nan,
    "floordiv": lambda x, y: Fraction(x // y) if y else math.nan,
    "fmod": lambda x, y: x - y * math.trunc(x / y) if y else math.nan,
    "sign": lambda x: Fraction((x > 0) - (x < 0)),
    "floor": lambda x: Fraction(math.floor(x)),
    "ceil": lambda x: Fraction(math.ceil(x)),
    "trunc": lambda x: Fraction(math.trunc(x)),
    "round": lambda x: Fraction(round(x)),
    "min": min,
    "max": max,
}

EXACT = Numbers(
    name="exact",
    native=RUNTIME.get,
    constant=Fraction,
    finite=_finite,
    isnan=lambda x: bool(x != x),
    given=_given,
    exact=True,
)
