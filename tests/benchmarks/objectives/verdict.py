"""What becomes of one objective function: traced at three points, and compared with itself."""

from __future__ import annotations

import inspect
import math
import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from limiting import at_most

import adviz
from objectives.sources import Objective
from objectives.witness import Along, Slope, believed, complex_step, differences, directions

POINTS, TRIES = 3, 12
VERDICTS = ("wrong", "escaped", "slow", "refused", "unjudged", "right", "unfit")
"""From worst to best; unfit is a function that gives no number, or not the same one again."""
CLOSE, FAR = 1e-6, 1e-4
LONGEST = 400

Verdict = tuple[str, str]
"""One of VERDICTS, and the reason."""


class Outcome(NamedTuple):
    """What was found out about one function."""

    name: str
    verdict: str
    reason: str = ""


class SlowError(BaseException):
    """The time for one function is over; nothing that catches Exception keeps it."""


def judged(objective: Objective, seconds: float) -> Outcome:
    """Return the worst that is found at several points."""
    points = list(_points(objective))
    if not points:
        return Outcome(objective.name, "unfit", "it gives no finite number, or another each time")
    return Outcome(objective.name, *_worst(_at(objective, point, seconds) for point in points))


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=lambda one: VERDICTS.index(one[0]))


def _points(objective: Objective) -> Iterator[list[float]]:
    """Yield points in the bounds at which the function gives the same finite numbers twice."""
    draw = random.Random(zlib.crc32(objective.name.encode()))
    found = 0
    for _ in range(TRIES):
        point = [
            draw.uniform(low + 0.01 * (high - low), high - 0.01 * (high - low))
            for low, high in objective.bounds
        ]
        try:
            value = _total(objective, point)
            fit = math.isfinite(value.real) and value == _total(objective, point)
        except Exception:
            fit = False
        if fit:
            found += 1
            yield point
        if found == POINTS:
            return


def _total(objective: Objective, point: Any) -> Any:
    """Return all that a function returns, weighed and added up."""
    made = np.array(point) if objective.form is None else objective.form(list(point))
    with np.errstate(all="ignore"):
        result = objective.function(made)
    numbers = np.ravel(np.asarray(result))
    return sum(weight * one for weight, one in zip(_weights(), numbers, strict=False))


def _weights() -> Iterator[float]:
    """Yield the factors that tell several outputs apart."""
    yield 1.0
    number = 1
    while True:
        yield 0.6 + 0.3 * math.cos(number)
        number += 1


def _at(objective: Objective, point: list[float], seconds: float) -> Verdict:
    """Return the verdict at one point, and the reason."""
    try:
        with at_most(seconds, SlowError):
            value, gradient = _traced(objective, point)
    except SlowError:
        return "slow", f"more than {seconds:g} s"
    except adviz.AdvizError as error:
        return "refused", _said(error)
    except Exception as error:
        return "escaped", f"{type(error).__name__}: {_said(error)}"
    return _compared(objective, point, value, gradient)


def _said(error: Exception) -> str:
    return str(error).partition("\n")[0][:LONGEST]


def _traced(objective: Objective, point: list[float]) -> tuple[float, np.ndarray]:
    """Return the value and gradient by adviz, of all outputs weighed and added up."""
    argument = next(iter(inspect.signature(objective.function).parameters))
    at = {argument: np.array(point) if objective.form is None else objective.form(point)}
    graph = adviz.build(objective.function, at=at)
    weights = dict(zip(graph.outputs, _weights(), strict=False))
    sweep = adviz.reverse(graph, at=at, cotangent=weights)
    values = sweep.values
    total = sum(weight * values[graph.outputs[name]] for name, weight in weights.items())
    gradient = sweep.gradient
    return total, np.array([gradient[name] for name in graph.inputs], dtype=float)


def _compared(
    objective: Objective, point: list[float], value: float, gradient: np.ndarray
) -> Verdict:
    """Return what the function itself says about a value and a gradient of it."""
    expected = _total(objective, point).real
    x = np.array(point)
    noise = max(abs(_total(objective, x * (1 + sign * 1e-15)).real - expected) for sign in (-1, 1))
    if not abs(value - expected) <= 1e-10 * abs(expected) + 100 * noise + 1e-300:
        return "wrong", f"the value {value!r}, not {expected!r}"
    ways = [way * np.maximum(np.abs(x), 1e-3) for way in directions(len(x))]
    return _worst(
        _slope(_along(objective, x, way), float(gradient @ way), abs(expected)) for way in ways
    )


def _slope(along: Callable[[type], Along], ours: float, size: float) -> Verdict:
    """Return what witnesses say about a slope of a function that is so large."""
    stepped = complex_step(along(complex))
    if stepped and abs(stepped - ours) <= FAR * abs(stepped):
        return "right", ""
    for kind in (float, np.longdouble):  # not every function keeps the longer ones all the way
        found = differences(along(kind))
        if any(_confirms(one, ours, size) for one in found):
            return "right", ""
    value, error = believed(found)
    if abs(value - ours) > FAR * abs(value) + 30 * error + 1e-13 * size:
        return "wrong", f"the slope {ours!r}, not {float(value)!r}"
    return "unjudged", "no witness of its gradient is good enough"


def _confirms(witness: Slope, ours: float, size: float) -> bool:
    """Return whether a slope by differences is good enough, and the same."""
    value, error = witness
    off = abs(value - ours)
    good = error <= FAR * max(abs(value), size)
    return good and off <= CLOSE * abs(value) + 3 * error + 1e-13 * size


def _along(objective: Objective, x: np.ndarray, way: np.ndarray) -> Callable[[type], Along]:
    """Return a function along a direction, in numbers of any kind."""

    def in_numbers(kind: type) -> Along:
        start: np.ndarray = x.astype(kind)

        def along(step: complex) -> Any:
            try:
                return _total(objective, start + step * way)
            except (ArithmeticError, ValueError, AssertionError):
                return math.nan

        return along

    return in_numbers
