"""How numbers are compared: digits that agree, units in the last place."""

from __future__ import annotations

import math
import sys
from decimal import Decimal

from adviz.numbers import Number

AGREED_DIGITS = 30
"""What truth is told to."""
BELOW_DOUBLES = -350
"""The power of ten that no double reaches down to."""

_LARGEST_MAGNITUDE = 10**15
"""The largest binary exponent that is written out."""


def agreement(found: Number, expected: Number) -> float:
    """Return how many decimal digits of a number are right.

    >>> agreement(3.1416, 3.14159) > 5, agreement(1.0, 1.0), agreement(1.0, -1.0)
    (True, inf, 0.0)
    """
    if found == expected:
        return math.inf
    error = abs(found - expected)
    size = max(abs(found), abs(expected))
    if not error < size:
        return 0.0
    ratio = error / size
    return -float(ratio.context.log10(ratio)) if hasattr(ratio, "context") else -math.log10(ratio)


def same(found: Number, expected: Number) -> bool:
    """Return whether two numbers of many digits agree to what truth asks for."""
    return agreement(found, expected) >= AGREED_DIGITS - 2


def ulps(error: Number, expected: Number) -> float:
    """Return an error in units in the last place of a double close to the expected number.

    >>> ulps(2**-52, 1.0)
    1.0
    """
    return float(error / math.ulp(min(abs(float(expected)), sys.float_info.max)))


def decimal(number: Number) -> Decimal:
    """Return a number of many digits rounded to 30, as a plain decimal.

    One whose exponent no decimal can hold becomes 0 or an infinity.

    >>> from adviz.numbers import multiprecision
    >>> decimal(multiprecision(50).constant(1)/3)
    Decimal('0.333333333333333333333333333333')
    """
    context = number.context
    if number and context.isfinite(number) and abs(context.mag(number)) > _LARGEST_MAGNITUDE:
        return Decimal(0 if abs(number) < 1 else "inf").copy_sign(
            Decimal(int(context.sign(number)))
        )
    return Decimal(context.nstr(number, AGREED_DIGITS, strip_zeros=True))
