"""The points at which a function loses its digits first, found for any row of the table.

Nothing is known of a row but its domain and its values: landmarks are whole and half numbers, the
edges of the domain, and the zeros and poles that a walk along the axis comes upon. Around each
stand points nearer and nearer, down to the next double.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise, product

from laws import Arguments, inside

from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, Primitive

_DECADES = (
    *(-320, -310, -308, -300, -200, -100, -30, -16, -9, -6, -4, -3, -2, -1),
    *(0, 1, 2, 3, 6, 9, 15, 22, 100, 300),
)
_NEARNESS = (0.1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14, 0.0)
_WALK = tuple(0.273 * k for k in range(-40, 70))
_MARKS = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 10.0, -20.0)
_ZEROS = 6
_HIGH = 5
"""From which order on a walk takes too long."""
_ORDERS = (0.0, 1.0, 2.0, 3.0, 10.0, 100.0)
_MORE_ORDERS = (0.5, -2.5, -1.0, -50.0)
_FEW = (
    -7.3, -2.0, -1.0, -0.999999, -0.5, -1e-9, -1e-200, 0.0, 1e-300, 1e-17, 1e-5, 0.3, 0.5,
    1.0, 1.0000000000000002, 1.5, 2.0, 3.7, 12.0, 41.3, 150.0, 1e5, 1e12, 1e40, 1e200, 1e308,
)  # fmt: skip
_MOST = 400


@cache
def nasty(name: str, most: int = _MOST) -> tuple[Arguments, ...]:
    """Return points in a row's domain where its digits are in danger, or `most` of them."""
    row = TABLE[name]
    found = [at for at in dict.fromkeys(_candidates(row)) if inside(row, at)]
    if len(found) > most:
        found = random.Random(name).sample(found, most)
    return tuple(at for at in found if math.isfinite(FLOAT64.function(name)(*at)))


def _candidates(row: Primitive) -> Iterator[Arguments]:
    if not row.arity:
        return iter([()])
    if row.arity == 1:
        return ((x,) for x in _line(row, ()))
    if row.orders == (0,):
        return _of_orders(row)
    return _near_pairs(row.arity)


def _of_orders(row: Primitive) -> Iterator[Arguments]:
    """Yield the points of a function of an order, and of a parameter between where it has one."""
    if row.arity == 2:
        for order in (*_ORDERS, *_MORE_ORDERS):
            yield from ((order, x) for x in _line(row, (order,)))
    else:
        for order, middle in product(_ORDERS[:4], (-0.4, 7.3)):
            yield from ((order, middle, x) for x in _line(row, (order, middle)))


def _near_pairs(arity: int) -> Iterator[Arguments]:
    """Yield points of several arguments, of unlike sizes and nearly equal."""
    yield from product(_FEW, repeat=arity)
    for x, near in product(_FEW, _NEARNESS):
        for side in (-1, 1):
            yield (x, *[side * x * (1 + near)] * (arity - 1))
            yield (side * x * (1 + near), *[x] * (arity - 1))


def _line(row: Primitive, first: Arguments) -> Iterator[float]:
    """Yield the points of the last argument: magnitudes, and the surroundings of landmarks."""
    yield from (0.0, -0.0)
    for decade in _DECADES:
        for digit in (1.0, 3.7):
            yield from (digit * 10.0**decade, -digit * 10.0**decade)
    for mark in (*_MARKS, *_found_marks(row, first)):
        yield mark
        for near in _NEARNESS:
            for side in (-math.inf, math.inf):
                moved = mark + math.copysign(near * max(1.0, abs(mark)), side)
                yield moved if near else math.nextafter(mark, side)


def _found_marks(row: Primitive, first: Arguments) -> Iterator[float]:
    """Yield the edges of a domain, and the zeros and poles nearest to 0 on both sides."""
    function = FLOAT64.function(row.name)
    walk = _WALK[:: 3 if first else 1] if max(first, default=0) < _HIGH else ()

    def side(x: float) -> float:
        if not inside(row, (*first, x)):
            return math.nan
        return math.copysign(1.0, function(*first, x))

    signs = [(x, side(x)) for x in walk]
    changes = [
        (a, b) for (a, one), (b, two) in pairwise(signs) if a * b > 0 and repr(one) != repr(two)
    ]
    below = [pair for pair in changes if pair[1] <= 0][-_ZEROS:]
    for a, b in (*below, *[pair for pair in changes if pair[1] > 0][:_ZEROS]):
        yield _bisected(side, a, b)


def _bisected(side: Callable[[float], float], a: float, b: float) -> float:
    """Return the last double before a change."""
    before = repr(side(a))
    while (middle := (a + b) / 2) not in (a, b):
        a, b = (middle, b) if repr(side(middle)) == before else (a, middle)
    return a
