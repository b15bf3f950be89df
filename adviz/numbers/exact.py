"""Fractions: exact arithmetic through the rational rows, an error elsewhere."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from adviz.numbers.operators import OPERATORS
from adviz.numbers.rules import Function
from adviz.numbers.system import Numbers

_LARGEST_BITS = 1_000_000
"""An exact power with more bits than this is refused, so that nothing hangs."""


def _div(x: Any, y: Any) -> Any:
    if y == 0:
        return math.nan if x == 0 else math.copysign(math.inf, x)
    return x / y


def _pow(x: Any, y: Any) -> Any:
    if y != int(y):
        raise LookupError("Fractions have no power with a broken exponent")
    if x == 0 and y < 0:
        return math.inf
    if abs(int(y)) * (x.numerator.bit_length() + x.denominator.bit_length()) > _LARGEST_BITS:
        raise LookupError(f"an exact power with exponent {int(y)} has too many digits")
    return x ** int(y)


RUNTIME: dict[str, Function] = {
    **OPERATORS,
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
    finite=math.isfinite,
    isnan=math.isnan,
    exact=True,
)
