"""How far each target is from the truth, row by row, where digits are in danger."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from laws import (
    HUGE,
    TINIEST,
    UNIT,
    Arguments,
    by_position,
    exactly,
    graph_of,
    point_of,
    rule_alone,
    settled,
)

import adviz
from adviz.compiler.targets import TARGETS, Wanted
from adviz.numbers import ARRAY, FLOAT64, Numbers, multiprecision
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Primitive

Results = Sequence[Sequence[float]]
"""Per point a row's value and its local partials."""
ROWS = tuple(
    row for row in TABLE.values() if row.arity and not (row.condition or row.takes_conditions)
)
_DIGITS = 60
_FINE = 0.75
"""An error in ulps that needs no second look."""
_RULE = 2


@dataclass(frozen=True)
class Worst:
    """The largest error of a row's value, or of a local partial, and where."""

    error: float = 0.0
    at: Arguments = ()
    found: float = 0.0


# --- what a target gives -------------------------------------------------------------------------


def one_point(row: Primitive, at: Sequence[Arguments]) -> Results:
    """Return what a sweep of floats computes with."""
    value = FLOAT64.value(row.name)
    rules = [FLOAT64.partial(row, k) for k in by_position(row)]
    values = [value(*x) for x in at]
    pairs = zip(at, values, strict=True)
    return [[z, *(rule(*x, z) for rule in rules)] for x, z in pairs]


def arrays(row: Primitive, at: Sequence[Arguments]) -> Results:
    """Return what a sweep of arrays computes with."""
    columns = [np.array(column) for column in zip(*at, strict=True)]
    with np.errstate(all="ignore"):
        value = ARRAY.value(row.name)(*columns)
        slopes = [ARRAY.partial(row, k)(*columns, value) for k in by_position(row)]
    return _by_point([value, *slopes], len(at))


def kernel(target: str, row: Primitive, at: Sequence[Arguments]) -> Results | None:
    """Return what a kernel gives at points one by one; None where the target lacks a row."""
    made = _kernel(target, row.name)
    if made is None:
        return None
    return [list(made.function(*point_of(row, one).values())) for one in at]


def kernel_on_arrays(target: str, row: Primitive, at: Sequence[Arguments]) -> Results | None:
    """Return what a kernel gives at all points together."""
    made = _kernel(target, row.name)
    if made is None:
        return None
    columns = [np.array(column) for column in zip(*at, strict=True)]
    found = made(**dict(zip(row.args, columns, strict=True)))
    value, slopes = found if made.kind == "gradient" else (found, {})
    return _by_point([value, *slopes.values()], len(at))


@cache
def _kernel(target: str, name: str) -> adviz.Kernel | None:
    """Return a row's kernel: of its gradient, or of its value alone where that is all there is."""
    graph, wrt = graph_of(TABLE[name]), [TABLE[name].args[k] for k in by_position(TABLE[name])]
    runs = next(one for one in TARGETS if one.name == target).runs
    for kind, inputs in (("gradient", wrt), ("value", [])):
        if runs(Wanted(graph, kind, ["f"], inputs)):
            return adviz.compile(graph, kind, wrt=inputs or None, target=target)
    return None


def _by_point(results: Sequence[Any], count: int) -> Results:
    full = [np.broadcast_to(result, (count,)).tolist() for result in results]
    return [list(one) for one in zip(*full, strict=True)]


HERE: Mapping[str, Callable[[Primitive, Sequence[Arguments]], Results | None]] = {
    "one point": one_point,
    "arrays": arrays,
    "Python kernel": lambda row, at: kernel("python", row, at),
    "Python kernel, arrays": lambda row, at: kernel_on_arrays("python", row, at),
    "machine code": lambda row, at: kernel("native", row, at),
    "machine code, arrays": lambda row, at: kernel_on_arrays("native", row, at),
}
"""The targets that run in this process."""


# --- how far that is from the truth --------------------------------------------------------------


def worst(row: Primitive, at: Sequence[Arguments], results: Results) -> list[Worst]:
    """Return the largest error of a row's value, and of each local partial there is, in ulps.

    The zeros of a function of several arguments are curves, which no formula follows to the last
    digit everywhere: there each argument may be off by half an ulp as well, and by two where a
    rule computes a local partial from them.
    """
    found: list[Worst] = []
    for slot, function in enumerate(_functions(row)[: len(results[0])]):
        given = 2 * _RULE if slot else int(row.arity > 1)
        errors = [
            Worst(_error(row, function, x, numbers[slot], given), x, numbers[slot])
            for x, numbers in zip(at, results, strict=True)
        ]
        found.append(max(errors, key=lambda one: one.error, default=Worst()))
    return found


def _functions(row: Primitive) -> list[Callable[[Numbers], Function]]:
    """Return the value and the local partials as functions of the arguments alone."""
    rules = [rule_alone(row, k, TABLE) for k in by_position(row)]
    return [lambda numbers: numbers.function(row.name), *rules]


def _error(
    row: Primitive, function: Callable[[Numbers], Function], at: Arguments, found: float, given: int
) -> float:
    """Return an error in ulps, less what so many half ulps of the arguments amount to."""

    def precise(digits: int) -> Any:
        numbers = multiprecision(digits)
        return numbers.constant(1) * function(numbers)(*exactly(numbers, at))

    near = precise(_DIGITS)
    if math.isfinite(found) and abs(near - found) <= _FINE * _ulp(near):
        return float(abs(near - found) / _ulp(near))
    truth = settled(precise)
    if truth.value != truth.value or abs(truth.value) > HUGE:
        return 0.0 if not abs(found) < HUGE else math.inf
    if not math.isfinite(found):
        return math.inf
    moved = _moved(row, function, at, given * UNIT) if given and row.ulps else 0
    return float(max(0, abs(truth.value - found) - truth.slack - moved) / _ulp(truth.value))


def _moved(
    row: Primitive, function: Callable[[Numbers], Function], at: Arguments, by: float
) -> Any:
    """Return how far a function moves when its arguments do, relative to their size."""
    numbers = multiprecision(_DIGITS)
    exact, on = exactly(numbers, at), function(numbers)
    here, total = on(*exact), numbers.constant(0)
    for k in by_position(row):
        beside = (
            on(*exact[:k], exact[k] * (1 + side * numbers.constant(by)), *exact[k + 1 :])
            for side in (-1, 1)
        )
        total += max((abs(one - here) for one in beside if numbers.finite(one)), default=0)
    return total


def _ulp(value: Any) -> float:
    return max(math.ulp(float(value)), TINIEST) if abs(value) < HUGE else math.inf
