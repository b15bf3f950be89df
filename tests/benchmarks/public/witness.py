"""The derivative of a function along a direction, found without reading the function.

Two ways: central differences extrapolated to the step 0 (Ridders, *Accurate computation of F'(x)
and F'(x)F''(x)*, Advances in Engineering Software 4 (1982) 75-76), which say how far they may be
off, and the complex step (Squire and Trapp, *Using complex variables to estimate derivatives of
real functions*, SIAM Review 40 (1998) 110-112), which is exact to rounding where the function
happens to be analytic code and nonsense elsewhere, so that it counts only where the differences
agree with it.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

STEPS = (1e-5, 1e-3, 1e-1)
SHRINK, ROWS = 1.6, 8
TINY = 1e-40
EPSILON = sys.float_info.epsilon

Along = Callable[[complex], complex]
"""A function along a direction: at which multiple of it, to the value there."""


class Slope(NamedTuple):
    """A derivative, and how far it may be from the truth."""

    value: float
    error: float
    exact: bool = False
    """Whether the complex step found it."""


def slope(along: Along) -> Slope:
    """Return the derivative at 0 of a function of one number.

    A large step knows more digits and sees less of what is near; it is believed as far as it
    agrees with a smaller one.
    """
    best, *larger = (_extrapolated(along, h) for h in STEPS)
    for one in larger:
        if one.error < best.error and abs(one.value - best.value) <= 3 * (best.error + one.error):
            best = one
    stepped = _complex_step(along)
    if stepped is not None and abs(stepped - best.value) <= 10 * best.error + 1e-6 * abs(stepped):
        return Slope(stepped, 1e-13 * abs(stepped), exact=True)
    return best


def _complex_step(along: Along) -> float | None:
    """Return the derivative by the complex step; None for a function that takes no such number."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part discarded
        try:
            value = complex(along(TINY * 1j))
        except Exception:
            return None
    return value.imag / TINY if math.isfinite(value.imag) else None


def _extrapolated(along: Along, h: float) -> Slope:
    """Return the derivative by differences of shrinking steps, extrapolated to none."""
    return min(_tableau(along, h), key=lambda one: one.error)


def _tableau(along: Along, h: float) -> Iterator[Slope]:
    """Yield what each shrunken step adds, extrapolated with all before it."""
    row: Sequence[float] = ()
    for _ in range(ROWS):
        ahead, behind = along(h).real, along(-h).real
        noise = 4 * EPSILON * (abs(ahead) + abs(behind)) / h
        new = [(ahead - behind) / (2 * h)]
        for power, old in enumerate(row, 1):
            factor = SHRINK ** (2 * power)
            new.append((new[-1] * factor - old) / (factor - 1))
        for power in range(1, len(new)):
            change = max(abs(new[power] - new[power - 1]), abs(new[power] - row[power - 1]))
            if math.isfinite(change):
                yield Slope(new[power], change + noise)
        row, h = new, h / SHRINK
    yield Slope(0.0, math.inf)


def directions(size: int, most: int = 8) -> Iterator[np.ndarray]:
    """Yield the axes, some of them where there are many, and an oblique direction."""
    for axis in range(0, size, max(1, -(-size // most))):
        yield np.eye(size)[axis]
    if size > most:
        yield np.cos(np.arange(size) + 1.0)
