"""What the tests of numbers share: sample points, truth, and how large an error may be."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive, Table

UNIT = 2.0**-53
"""The unit roundoff of float64."""
TINIEST = 2.0**-1074
FIRST_DIGITS, MOST_DIGITS, AGREED = 50, 1600, 30

Arguments = tuple[Any, ...]


# --- truth -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """A number as it settles with growing precision, and how far from it the truth may lie."""

    value: Any
    slack: Any

    def departs(self, found: Number, allowed: Any) -> bool:
        """Return whether a number is further from the truth than allowed; NaN always is."""
        return not abs(self.value.context.mpf(found) - self.value) <= self.slack + allowed


def settled(compute: Callable[[Numbers], Number], rows: Table = TABLE) -> Truth:
    """Return a number from 50 digits on, doubled until two results agree to 30 digits.

    What has not settled at the cap keeps the last change as its slack: a number that shrinks
    with the precision is a zero whose rounding is left.
    """
    digits, before = FIRST_DIGITS, None
    while True:
        after = compute(multiprecision(digits).over(rows))
        if before is not None:
            change = abs(after - before)
            if change <= abs(after) * 10.0**-AGREED or digits >= MOST_DIGITS:
                return Truth(after, change)
        before, digits = after, 2 * digits


def slope(numbers: Numbers, function: Callable[..., Number], at: Arguments, k: int) -> Number:
    """Return a central difference quotient, its step and its precision far beyond the digits."""
    context = numbers.constant(0).context
    digits = context.prec
    x = at[k]
    size = min(abs(x), context.one) if x else context.one
    with context.workprec(4 * digits + 2 * abs(context.mag(size)) + abs(context.mag(x or 1))):
        step = context.ldexp(size, -digits)
        beside = [(*at[:k], x + side * step, *at[k + 1 :]) for side in (1, -1)]
        return (function(*beside[0]) - function(*beside[1])) / (2 * step)


# --- sample points -----------------------------------------------------------------------------


def _wide(source: random.Random) -> float:
    return source.choice((-1, 1)) * 10.0 ** source.uniform(-300, 300)


def _decades(source: random.Random) -> float:
    return source.choice((-1, 1)) * 10.0 ** source.uniform(-9, 9)


def _near_one(source: random.Random) -> float:
    near = 1 + source.choice((-1, 1)) * 10.0 ** source.uniform(-15, -1)
    return source.choice((-1, 1)) * near


_DRAWS: tuple[Callable[[random.Random], float], ...] = (
    _wide,
    _decades,
    _near_one,
    lambda source: source.uniform(-1, 1),
    lambda source: source.uniform(-6, 6),
    lambda source: source.uniform(-40, 40),
    lambda source: float(source.randint(-5, 5)),
)
"""Magnitudes from tiny to huge, and the places where functions change their behaviour."""


def drawn(row: Primitive, source: random.Random) -> Arguments:
    """Return arguments of a row, related in size as often as not, without asking for its domain."""
    alike = source.random() < 0.5
    draw = source.choice(_DRAWS)
    arguments: list[Any] = []
    for position in range(row.arity):
        if row.is_condition(position):
            arguments.append(source.random() < 0.5)
        elif alike and arguments and not isinstance(arguments[-1], bool) and draw is _wide:
            arguments.append(arguments[-1] * source.uniform(-3, 3))
        else:
            arguments.append(draw(source) if alike else source.choice(_DRAWS)(source))
    return tuple(arguments)


def inside(row: Primitive, at: Arguments, value: Number, rows: Table = TABLE) -> bool:
    """Return whether a point is in a row's own domain."""
    numbers = FLOAT64.over(rows)
    return not row.domain or bool(numbers.rule(row, row.domain)(*at, value))


def smooth(row: Primitive, at: Arguments, value: Number, rows: Table = TABLE) -> bool:
    """Return whether a row says that it is differentiable at a point."""
    numbers = FLOAT64.over(rows)
    return not any(
        text and numbers.rule(row, text)(*at, value) for text in (row.kink, row.pole)
    )


@cache
def points(row: Primitive, count: int, seed: int = 0) -> tuple[Arguments, ...]:
    """Return points of a row's domain where its value is finite and its derivative exists."""
    source = random.Random(f"{row.name} {seed}")
    rows = TABLE if row.name in TABLE else {**TABLE, row.name: row}
    function = FLOAT64.over(rows).function(row.name)
    found: list[Arguments] = []
    for _ in range(2000 * count):
        at = drawn(row, source)
        if not inside(row, at, math.nan, rows):
            continue
        value = function(*at)
        if math.isfinite(value) and smooth(row, at, value, rows):
            found.append(at)
            if len(found) == count or not row.arity:
                return tuple(found)
    raise AssertionError(f"no {count} points lie in the domain of {row.name}")


def exactly(numbers: Numbers, at: Arguments) -> Arguments:
    """Return arguments in a number system; conditions stay what they are."""
    return tuple(a if isinstance(a, bool) else numbers.constant(a) for a in at)
