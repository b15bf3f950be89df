"""A gradient that is a finite difference: its errors are those that one step leaves everywhere.

The remainder of a difference quotient is a power of its step times a higher derivative (Press et
al., *Numerical Recipes*, 3rd ed., section 5.7). The step that explains the error at one point is
found by that law; it is the cause where it explains the errors at other points too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from adviz.checking.verdicts.claim import Claim
from adviz.checking.witnesses import Question
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.modes.fast.jacobian import swept
from adviz.numbers import Number

_ELSEWHERE = (1.37, 0.71)
"""Factors of a point to others, where the same step must explain the error."""
_ALIKE = 0.1
"""How much of an error rounding, and the step's own last digits, may add."""
_REFINED = 6
"""How often a step is corrected by the law."""
_LARGEST = 0.5
"""The largest step that is called one, against the point or 1."""


class Difference(NamedTuple):
    """A quotient of differences, by the places it looks at in steps."""

    name: str
    ends: tuple[int, int]
    order: int
    """The power of the step that it is off by."""


DIFFERENCES = (
    Difference("central difference", (-1, 1), 2),
    Difference("forward difference", (0, 1), 1),
    Difference("backward difference", (-1, 0), 1),
)
_USUAL = (*map(float, range(-16, 1)), math.log10(2.0**-26), math.log10(2.0**-52) / 3)
"""The decimal logarithms of usual steps: powers of ten, and the roots of a double's unit."""
_SCALES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("", lambda _: 1.0),
    (" times the input", abs),
    (" times 1 + the input", lambda x: 1 + abs(x)),
)
"""What a step may be relative to, as it is said."""


class _Errors:
    """The errors of a claim, and those of differences, at places along one input."""

    def __init__(self, claim: Claim, graph: Graph, key: Key, point: Mapping[str, float]) -> None:
        self.claim, self.graph, self.key, self.point = claim, graph, key, point

    def asked(self, x: float) -> Question:
        return Question(self.graph, self.key, {**self.point, self.key.input: x})

    def true(self, x: float) -> Number:
        asked = self.asked(x)
        found = swept(self.graph, asked.precise, asked.point, [self.key.input], "reverse")
        return found[self.key]

    def claimed(self, x: float) -> float:
        """Return how far the claim is off."""
        return float(self.claim.at(self.asked(x).point).numbers[self.key] - self.true(x))

    def left(self, difference: Difference, x: float, step: float) -> float:
        """Return how far a difference is off."""
        asked = self.asked(x)
        h, here = asked.precise.constant(step), asked.precise.constant(x)
        low, high = (asked.value(asked.precise, here + end * h) for end in difference.ends)
        return float((high - low) / (h * (difference.ends[1] - difference.ends[0])) - self.true(x))


def finite_difference(claim: Claim, graph: Graph, key: Key, point: Mapping[str, float]) -> str:
    """Return what is said of a claim that is a finite difference; nothing of any other.

    >>> import math
    >>> import adviz
    >>> graph, key = adviz.build("exp(x)"), Key("f", "x")
    >>> def slope(x):
    ...     return (math.exp(x + 1e-3) - math.exp(x - 1e-3)) / 2e-3
    >>> finite_difference(Claim(graph, (key,), slope), graph, key, {"x": 1.0})
    'it is a central difference: every error is what a step of about 0.001 leaves'
    """
    found = list(_steps(_Errors(claim, graph, key, point), point[key.input]))
    if not found:
        return ""
    step, difference, said = min(found, key=lambda one: _unusual(one[0]))
    about = f"{in_text(float(f'{step:.2g}'))}{said}"
    return f"it is a {difference.name}: every error is what a step of about {about} leaves"


def _steps(errors: _Errors, here: float) -> Iterator[tuple[float, Difference, str]]:
    """Yield the steps that explain the errors, of which differences, and relative to what."""
    places = [here * factor if here else factor for factor in _ELSEWHERE]
    for difference in DIFFERENCES:
        step = _step(errors, difference, here)
        for said, scale in _SCALES if step else ():
            if scale(here) and all(
                _explained(errors, difference, x, step * scale(x) / scale(here)) for x in places
            ):
                yield step / scale(here), difference, said


def _unusual(step: float) -> float:
    """Return how far a step is from those that people choose, in decades.

    Where the second and the third derivative are in proportion, as for exp, one kind of difference
    leaves the errors of another with another step.
    """
    return min(abs(math.log10(step) - usual) for usual in _USUAL)


def _step(errors: _Errors, difference: Difference, x: float) -> float:
    """Return the step that leaves the error at a place; 0 where none does."""
    error, step = errors.claimed(x), 1e-3 * (abs(x) or 1.0)
    for _ in range(_REFINED):
        ratio = error / (errors.left(difference, x, step) or math.nan)
        if not 0 < ratio < math.inf:
            return 0.0
        step *= ratio ** (1 / difference.order)
        if not step <= _LARGEST * max(abs(x), 1.0):
            return 0.0
    return step if _explained(errors, difference, x, step) else 0.0


def _explained(errors: _Errors, difference: Difference, x: float, step: float) -> bool:
    error = errors.claimed(x)
    return bool(error) and abs(errors.left(difference, x, step) - error) <= _ALIKE * abs(error)
