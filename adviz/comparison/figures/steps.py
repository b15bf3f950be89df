"""The error of a derivative against the step: what differences can reach, and what AD has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from adviz.checking.truth.settling import Truth
from adviz.checking.witnesses.question import Question
from adviz.comparison.figures.chart import Axis, Chart, Curve, Mark
from adviz.comparison.figures.doubles import (
    STEPPED,
    asked,
    by_reverse,
    relative_error,
    true_there,
    written,
)
from adviz.errors import PointError
from adviz.language.asked import several, shown
from adviz.language.numerals import short
from adviz.numbers.given import float64
from adviz.sources import Source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = tuple(10.0 ** (-k / 4) for k in range(4, 73))
"""From a tenth of the point down to where nothing is left of a step: four in a decade."""
EXACT = 1e-17
"""An error that no double can have but 0 is drawn as this."""
_WHOLE = 1e3
"""Larger errors are drawn as this."""
_MOST = 10_000


def step_errors(
    subject: Source,
    at: Any,
    *,
    of: str | None = None,
    wrt: str | None = None,
    steps: Iterable[float] = STEPS,
    ax: Axes | None = None,
) -> Chart:
    """Return the error of differences and of the complex step against the step, beside AD's.

    The error is relative to the derivative as `adviz.check` knows it, with many digits; `steps`
    are parts of the input, or of 1 where the input is 0, as the error is absolute where the
    derivative is 0. Of several outputs and inputs, `of` and `wrt` choose. The figure is
    painted into `ax`, where axes of matplotlib's are given. Why the curves are V-shaped: Press et
    al., *Numerical Recipes*, 3rd ed. (2007), section 5.7.

    Raises PointError for what does not fit the formula or is no step, and DomainError where the
    function or the true derivative is not known.

    >>> import adviz
    >>> found = adviz.step_errors("sin(x)", at={"x": 1.0})
    >>> [round(math.log10(mark.x)) for mark in found.marks]
    [-8, -5]
    """
    question = asked(subject, at, of, wrt)
    truth = true_there(question)
    wanted = _steps(steps)
    stepped = [_curve(question, name, wanted, truth) for name in STEPPED]
    curves = (*stepped, _ours(question, wanted, truth))
    found = Chart(
        title=f"Error of {question.key} for {written(question)} at {_place(question)}",
        caption=" ".join([_caption(curves), *_drawn(curves)]),
        x=Axis(_step(question)),
        y=Axis(_error(question, truth), low=EXACT, high=_WHOLE),
        curves=curves,
        marks=tuple(map(_best, curves[:2])),
    )
    return found.painted(ax)


def _steps(steps: Iterable[float]) -> list[float]:
    """Return steps in ascending order."""
    if not several(steps):
        raise PointError(f"steps = {shown(steps)}; they are several numbers, such as [1e-8, 1e-6]")
    wanted = sorted(float64("step", step) for step in islice(steps, _MOST + 1))
    if not 0 < len(wanted) <= _MOST or not wanted[0] > 0 or not math.isfinite(wanted[-1]):
        raise PointError(f"steps = {shown(wanted)}; they must be 1 to {_MOST} positive numbers")
    return wanted


def _curve(question: Question, name: str, steps: Iterable[float], truth: Truth) -> Curve:
    slope = STEPPED[name]
    points = ((step, relative_error(slope(question, step), truth)) for step in steps)
    return Curve(name, name, tuple(points))


def _ours(question: Question, steps: list[float], truth: Truth) -> Curve:
    """Return the error of reverse mode, which takes no step."""
    error = relative_error(by_reverse(question), truth)
    return Curve("AD (reverse mode)", "reverse", ((steps[0], error), (steps[-1], error)))


def _step(question: Question) -> str:
    """Return what a step is a part of."""
    name = question.key.input
    return f"step h relative to {name}" if question.here else f"step h (absolute, as {name} = 0)"


def _error(question: Question, truth: Truth) -> str:
    """Return what an error is a part of."""
    key = question.key
    return f"relative error of {key}" if truth.value else f"absolute error of {key}, which is 0"


def _drawn(curves: Sequence[Curve]) -> Iterator[str]:
    """Yield how errors are drawn that have no place of their own."""
    errors = [error for curve in curves for _, error in curve.points]
    if 0 in errors:
        yield "An error of 0 is drawn at 10⁻¹⁷."
    if any(_WHOLE < error < math.inf for error in errors):
        yield "Errors above 10³ are drawn there."
    if not all(map(math.isfinite, errors)):
        yield "Where a way gives no number, its curve has a gap."


def _best(curve: Curve) -> Mark:
    """Return the least error that a curve reaches."""
    x, y = _least(curve)
    return Mark(x, max(y, EXACT), f"{_digits(y):.0f} digits" if y else "exact")


def _least(curve: Curve) -> tuple[float, float]:
    return min(curve.points, key=lambda point: point[1])


def _digits(error: float) -> float:
    return -math.log10(error) if error else math.inf


def _place(question: Question) -> str:
    return ", ".join(f"{name} = {short(value)}" for name, value in question.point.items())


def _caption(curves: tuple[Curve, ...]) -> str:
    """Return what there is to see."""
    forward, central, *_ = curves
    best = [_digits(_least(curve)[1]) for curve in (forward, central)]
    return (
        "A large step cuts the Taylor series short, a small one leaves nothing but the rounding of "
        f"the function: a forward difference keeps {best[0]:.1f} digits at best, a central one "
        f"{best[1]:.1f}. The complex step subtracts nothing and may be as small as one likes; AD "
        "takes no step at all."
    )
