"""The complex step: the derivative as the imaginary part that a tiny imaginary step gathers.

Squire & Trapp, *Using Complex Variables to Estimate Derivatives of Real Functions*, SIAM Review
40(1), 1998, doi:10.1137/S003614459631241X; Martins, Sturdza & Alonso, *The Complex-Step Derivative
Approximation*, ACM Trans. Math. Software 29(3), 2003.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import work
from adviz.checking.witnesses.question import Question
from adviz.modes.rounding import TINIEST, UNIT
from adviz.numbers import COMPLEX

NAME = "complex step"
TOO_SMALL = "an imaginary part is too small for float64"
STEPS = ((-120, -1060), (-210, -1050), (-300, -1040))
"""Powers of two: the steps relative to the point, and the least they may be.

They lie far below what any double resolves, and far above underflow; beside 0 they are different,
so that a step that is not small enough is noticed.
"""
_DIGITS = 200
"""Complex special functions take as long as real ones of so many digits: an imaginary part that is
far below the real one is to be resolved."""
_LOOSER = 4.0
"""Complex arithmetic takes more operations than the sweeps whose rounding bound is used."""


class Estimate(NamedTuple):
    """The imaginary part that a step has gathered, over the step; and what underflow may take."""

    slope: float
    underflow: float


def states(asked: Question) -> Statement:
    """Return what the complex step finds, and how much the choice of the step matters.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> from decimal import Decimal
    >>> states(Question(adviz.build("x**3"), Key("f", "x"), {"x": 2.0}, truth=Decimal(12))).value
    12.0
    """
    if asked.kinked:
        return asked.silent(NAME, "the point lies on a kink, where no function is analytic")
    estimates = [_estimate(asked, *powers) for powers in STEPS]
    known = [estimate for estimate in estimates if math.isfinite(estimate.slope)]
    if not known:
        return asked.judged(NAME, math.nan, math.nan, lambda: "complex arithmetic overflows")
    pair = min(combinations(known, 2), key=_apart, default=(known[0], known[0]))
    slope, underflow = pair[0]
    error = _LOOSER * (asked.allowed + underflow) + 2 * UNIT * abs(slope) + _apart(pair)
    return asked.judged(NAME, slope, error, lambda: _reason(asked, known, error))


def _apart(pair: Sequence[Estimate]) -> float:
    return abs(pair[0].slope - pair[1].slope)


def _estimate(asked: Question, relative: int, least: int) -> Estimate:
    _, size = math.frexp(asked.here or 1.0)
    step = math.ldexp(1.0, max(size + relative, least))
    asked.budget.spend(work(asked.graph, _DIGITS))
    value = asked.value(COMPLEX.over(asked.graph.rows), complex(asked.here, step))
    return Estimate(float(value.imag / step), TINIEST / step)


def _reason(asked: Question, known: Sequence[Estimate], error: float) -> str:
    """Return why the complex step is off."""
    slopes = [slope for slope, _ in known]
    if _LOOSER * known[0].underflow > error / 2:
        return TOO_SMALL
    if min(slopes) != max(slopes):
        spread = f"between {min(slopes):.3g} and {max(slopes):.3g}"
        return f"the result depends on the step, {spread}: no step is small enough"
    return asked.stray("forward")
