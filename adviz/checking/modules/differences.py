"""The slope of a function of which only numbers are known, with a bound of its own error.

Central differences extrapolated to the limit, as `adviz.checking.witnesses.ridders` has them. What
rounding does to the values is not known from any formula, so it is measured: Moré and Wild,
*Estimating Computational Noise*, SIAM Journal on Scientific Computing 33(3), 2011, 1292-1314.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from adviz.checking.witnesses.ridders import Quotient, extrapolated
from adviz.modes.rounding import UNIT

_POWERS = range(-26, 0, 2)
"""The steps are these powers of 2, times the size of the number."""
_SAMPLES, _SPACINGS = 9, (3e-11, 1.3e-6, 1.7e-6)
"""The values by which the noise is told, and how far apart, relatively, they are. What is too
close is all rounded alike, and so may be what lies a whole number of last places apart."""
_SAFE = 4.0
_NEAR, _NEARER = -12, -16
"""The powers of the steps at which one-sided slopes tell a kink from a curve."""


class Slope(NamedTuple):
    """A derivative by differences: its value, a bound of its error, and both sides at a kink."""

    value: float
    error: float
    sides: tuple[float, float] | None = None


def slope(function: Callable[[float], float], x: float) -> Slope:
    """Return the derivative of a function at a number, and how far it may be off.

    >>> found = slope(math.exp, 1.0)
    >>> abs(found.value - math.e) < found.error < 1e-9
    True
    >>> slope(abs, 0.0).sides
    (-1.0, 1.0)
    """
    size = 2.0 ** math.frexp(abs(x) or 1.0)[1]
    noise = max(
        noise_of([function(x + size * spacing * k) for k in range(_SAMPLES)])
        for spacing in _SPACINGS
    )
    sides = _sides(function, x, size, noise)
    if sides is not None:
        return Slope(sum(sides) / 2, abs(sides[1] - sides[0]) / 2, sides)
    found = extrapolated(_quotients(function, x, size, noise))
    return Slope(found.value, _SAFE * found.error)


def noise_of(values: Sequence[float]) -> float:
    """Return how far rounding carries a function's values, from some that lie close together.

    It is what is left of them in high differences, which the function itself does not reach.
    """
    least = UNIT * max(map(abs, values))
    row, levels = list(values), []
    for order in range(1, len(values) - 2):
        row = [after - before for before, after in pairwise(row)]
        scale = math.factorial(order) ** 2 / math.factorial(2 * order)
        levels.append(math.sqrt(scale * sum(d * d for d in row) / len(row)))
    return max(least, *levels[-2:])


def _quotients(
    function: Callable[[float], float], x: float, size: float, noise: float
) -> Iterator[Quotient]:
    """Yield the central differences, in the order of growing steps."""
    for power in _POWERS:
        low, high = x - size * 2.0**power, x + size * 2.0**power
        value = (function(high) - function(low)) / (high - low)
        if math.isfinite(value):
            margin = _SAFE * 2 * noise / (high - low) + 2 * UNIT * abs(value)
            yield Quotient(high - x, value, margin)


def _sides(
    function: Callable[[float], float], x: float, size: float, noise: float
) -> tuple[float, float] | None:
    """Return both one-sided slopes where they differ: a curve's come together as steps shrink."""
    here = function(x)

    def both(power: int) -> tuple[float, float]:
        step = size * 2.0**power
        return (here - function(x - step)) / step, (function(x + step) - here) / step

    (left, right), (nearer_left, nearer_right) = both(_NEAR), both(_NEARER)
    apart, still = abs(right - left), abs(nearer_right - nearer_left)
    heard = 8 * _SAFE * noise / (size * 2.0**_NEARER)
    return (nearer_left, nearer_right) if still > max(apart / 2, heard) else None
