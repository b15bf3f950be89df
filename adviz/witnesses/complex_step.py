"""The complex step: the derivative as the imaginary part that a tiny imaginary step gathers.

Squire & Trapp, *Using Complex Variables to Estimate Derivatives of Real Functions*, SIAM Review
40(1), 1998, doi:10.1137/S003614459631241X; Martins, Sturdza & Alonso, *The Complex-Step Derivative
Approximation*, ACM Trans. Math. Software 29(3), 2003.
"""

from __future__ import annotations

import math
from itertools import combinations

from adviz.finding import Statement
from adviz.numbers import COMPLEX
from adviz.witnesses.case import Case

NAME = "complex step"
STEPS = (2.0**-120, 2.0**-210, 2.0**-300)
"""The steps, relative to the point: far below what any double resolves, and far above underflow."""
_SMALLEST = 2.0**-1000
_LOOSER = 4.0
"""Complex arithmetic takes more operations than the sweeps whose rounding bound is used."""


def states(case: Case) -> Statement:
    """Return what the complex step finds, and how much the choice of the step matters.

    >>> import adviz
    >>> from adviz.finding import Key
    >>> from decimal import Decimal
    >>> states(Case(adviz.build("x**3"), Key("f", "x"), {"x": 2.0}, truth=Decimal(12))).value
    12.0
    """
    if case.kinked:
        return case.silent(NAME, "the point lies on a kink, where no function is analytic")
    estimates = [_slope(case, step) for step in STEPS]
    known = [estimate for estimate in estimates if math.isfinite(estimate)]
    if not known:
        return case.judged(NAME, math.nan, math.nan, lambda: "complex arithmetic has no value here")
    closest = min(combinations(known, 2), key=_apart, default=(known[0], known[0]))
    error = _LOOSER * case.allowed + _apart(closest)
    return case.judged(NAME, closest[0], error, lambda: _reason(known))


def _apart(pair: tuple[float, float]) -> float:
    return abs(pair[0] - pair[1])


def _slope(case: Case, relative: float) -> float:
    """Return the imaginary part that a step gathers, over the step."""
    step = max((abs(case.here) or 1.0) * relative, _SMALLEST)
    value = case.value(COMPLEX.over(case.graph.rows), complex(case.here, step))
    return float(value.imag / step)


def _reason(estimates: list[float]) -> str:
    """Return why the complex step is off: its result must not depend on the step."""
    if min(estimates) == max(estimates):
        return ""
    spread = f"between {min(estimates):.3g} and {max(estimates):.3g}"
    return f"its result depends on the step, {spread}: an imaginary part is too small or too large"
