"""The derivative of a function along a direction, found without reading the function.

Two ways: central differences extrapolated to the step 0 (Ridders, *Accurate computation of F'(x)
and F'(x)F''(x)*, Advances in Engineering Software 4 (1982) 75-76), which say how far they may be
off, and the complex step (Squire and Trapp, *Using complex variables to estimate derivatives of
real functions*, SIAM Review 40 (1998) 110-112), which is exact to rounding where the function
happens to be analytic code and nonsense elsewhere, so that only its agreement counts.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

STEPS = (1e-9, 1e-6, 1e-4, 1e-2)
SHRINK, ROWS = 1.6, 8
FAIR = 0.05
TINY = 1e-40
EPSILON = sys.float_info.epsilon

Along = Callable[[complex], Any]
"""A function along a direction: at which multiple of it, to the value there, in any precision."""


class Slope(NamedTuple):
    """A derivative by differences, and how far it may be from the truth."""

    value: float
    error: float


UNKNOWN = Slope(0.0, math.inf)


def differences(along: Along) -> list[Slope]:
    """Return the derivative at 0 of a function of one number, by differences of several sizes.

    A large step knows more digits and sees less of what is near.
    """
    return [_extrapolated(along, h) for h in STEPS]


def believed(found: Sequence[Slope]) -> Slope:
    """Return the best of slopes by growing steps that agree, each with a smaller one.

    Unknown where the smallest sees nothing clear, which the others miss, or no other agrees.
    """
    best, agreed = found[0], False
    for one in found[1:]:
        agrees = abs(one.value - best.value) <= 3 * (best.error + one.error) < math.inf
        best = one if agrees and one.error < best.error else best
        agreed = agreed or agrees
    return best if agreed else UNKNOWN


def complex_step(along: Along) -> float | None:
    """Return the derivative by the complex step; None for a function that takes no such number."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part discarded
        try:
            value = complex(along(TINY * 1j))
        except Exception:
            return None
    return value.imag / TINY if math.isfinite(value.imag) else None


def _extrapolated(along: Along, h: float) -> Slope:
    """Return the derivative by differences of shrinking steps, extrapolated to none (Neville).

    Unknown where even the smallest steps see something else each: a jump, or an oscillation.
    """
    best = UNKNOWN
    row: list[float] = []
    last: list[float] = []
    for _ in range(ROWS):
        ahead, behind = along(h).real, along(-h).real
        noise = 4 * float(_epsilon(ahead) * (abs(ahead) + abs(behind))) / h
        new = [float((ahead - behind) / (2 * h))]
        for power, old in enumerate(row, 1):
            factor = SHRINK ** (2 * power)
            new.append((new[-1] * factor - old) / (factor - 1))
            change = max(abs(new[-1] - new[-2]), abs(new[-1] - old)) + noise
            best = Slope(new[-1], change) if change < best.error else best
        last = [*last[-2:], new[0]]
        row, h = new, h / SHRINK
    steady = max(last) - min(last) <= FAIR * abs(last[-1]) + 2 * noise
    return best if steady else UNKNOWN


def _epsilon(number: Any) -> Any:
    """Return the rounding unit of a number's kind."""
    return np.finfo(type(number)).eps if isinstance(number, np.floating) else EPSILON


def directions(size: int, most: int = 8) -> Iterator[np.ndarray]:
    """Yield the axes, some of them where there are many, and an oblique direction."""
    for axis in range(0, size, max(1, -(-size // most))):
        yield np.eye(size)[axis]
    if size > most:
        yield np.cos(np.arange(size) + 1.0)
