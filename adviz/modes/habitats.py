"""Where an input may live about which nothing is known: ranges, and how they are drawn from."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

Span = Callable[[float], float]
"""Takes a fraction from 0 to 1 to a number: a uniform fraction gives a number drawn."""

DECADES = 1000.0
"""From this ratio of its ends on, a range is drawn by its decades."""


def span_between(low: float, high: float) -> Span:
    """Return a range as a span: by its decades when it covers three of them, else evenly.

    Ends of one sign are log-uniform. A range that holds 0 and reaches a thousand is drawn by its
    inverse hyperbolic sine: evenly between -1 and 1, and by decades beyond.

    >>> [round(span_between(1e-4, 1e4)(t), 4) for t in (0, 0.25, 0.5, 1)]
    [0.0001, 0.01, 1.0, 10000.0]
    >>> [round(span_between(-1e6, 1e6)(t)) for t in (0, 0.25, 0.5, 0.75, 1)]
    [-1000000, -707, 0, 707, 1000000]
    """
    if low > 0 and high / low >= DECADES:
        return partial(_stretched, math.exp, math.log(low), math.log(high), low, high)
    if high < 0 and low / high >= DECADES:
        return lambda t: -span_between(-high, -low)(1 - t)
    if low <= 0 <= high and max(-low, high) >= DECADES:
        return partial(_stretched, _sinh, math.asinh(low), math.asinh(high), low, high)
    return partial(_stretched, float, low, high, low, high)


def _stretched(
    scale: Callable[[float], float], first: float, last: float, low: float, high: float, t: float
) -> float:
    """Return a number between two ends, evenly placed before it passes a scale."""
    return min(max(scale(first * (1 - t) + last * t), low), high)


def _sinh(x: float) -> float:
    return math.sinh(min(max(x, -710.0), 710.0))  # 710.5 would overflow


HABITATS: tuple[Span, ...] = (
    span_between(-2, 2),
    span_between(-1, 1),
    span_between(1e-3, 1e3),
    span_between(0, 1),
    span_between(1, 1e3),
    span_between(-1e3, -1e-3),
    span_between(-1, 0),
    span_between(-1e3, -1),
    span_between(10, 1e5),
    span_between(-1e5, -10),
    span_between(-0.1, 0.1),
    span_between(0, 0.1),
    span_between(-1e9, 1e9),
    lambda t: float(math.floor(11 * t)),
)
"""Where an input without a range may live, the most telling first: the last is 0, 1, …, 10."""
