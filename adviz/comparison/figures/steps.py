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
from adviz.comparison.figures.headings import Part, formula, heading, point, slope, variable
from adviz.errors import PointError
from adviz.language.asked import several, shown
from adviz.language.numerals import in_text
from adviz.numbers.given import float64
from adviz.scene.lines import Line
from adviz.sources import Source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = tuple(10.0 ** (-k / 4) for k in range(4, 73))
"""From a tenth of the point down to where nothing is left of a step: four in a decade."""
EXACT = 1e-17
"""An error that no double can have but 0 is drawn as this."""
_WHOLE = 1e3
"""Larger errors are drawn as this."""
NOTHING = 10**-0.5
"""From this error on not even half a digit is right."""
NOTABLE = 1e-12
"""An error of a way without subtraction that is spoken of."""
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
        caption=" ".join([_caption(curves, truth), *_drawn(curves)]),
        x=Axis(_step(question), heading=heading(question, *_set_step(question))),
        y=Axis(_error(question, truth), True, EXACT, _WHOLE, _set_error(question, truth)),
        curves=curves,
        marks=tuple(mark for curve in curves[:2] for mark in _best(curve, truth)),
        heading=heading(question, "Error of ", slope, " for ", formula, " at ", point),
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


def _set_step(question: Question) -> tuple[Part, ...]:
    if question.here:
        return "step h relative to ", variable
    return "step h (absolute, as ", variable, " = 0)"


def _set_error(question: Question, truth: Truth) -> Line:
    relative = bool(truth.value)
    before = "relative error of " if relative else "absolute error of "
    return heading(question, before, slope, "" if relative else ", which is 0")


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


def _best(curve: Curve, truth: Truth) -> Iterator[Mark]:
    """Yield the least error that a curve reaches; none where no digit is right there."""
    x, error = _least(curve)
    if error < NOTHING:
        yield Mark(x, max(error, EXACT), _marked(error, bool(truth.value)))


def _marked(error: float, relative: bool) -> str:
    if not error:
        return "exact"
    return _digits(error) if relative else f"off by {in_text(error, 1)}"


def _least(curve: Curve) -> tuple[float, float]:
    """Return where the error is least; one that is not known is infinite."""
    known = [(x, error) for x, error in curve.points if not math.isnan(error)]
    return min(known, key=lambda point: point[1], default=(math.nan, math.inf))


def _digits(error: float, places: int = 0) -> str:
    count = f"{-math.log10(error):.{places}f}"
    return f"{count} digit{'s' * (count != '1')}"


def _place(question: Question) -> str:
    return ", ".join(f"{name} = {in_text(value)}" for name, value in question.point.items())


def _caption(curves: Sequence[Curve], truth: Truth) -> str:
    """Return what there is to see, in the words that fit the least errors."""
    forward, central, imaginary, ours = (_least(curve)[1] for curve in curves)
    relative = bool(truth.value)
    told = _told(forward, relative), _told(central, relative)
    both = "a forward difference {}, a central one {}".format(*told)
    if min(forward, central) >= NOTHING:
        said = f"No step helps a difference: {both}."
    elif relative and min(forward, central) > 0:
        said = f"{_SHAPE}: {both}."
    else:
        said = f"{both[0].upper()}{both[1:]}."
    smallest = curves[2].points[0][1]
    return f"{said} {_imaginary(imaginary, smallest, relative)} {_without_step(ours, relative)}"


_SHAPE = (
    "A large step cuts the Taylor series short, a small one leaves nothing but the rounding of the "
    "function"
)


def _told(error: float, relative: bool) -> str:
    """Return what a least error amounts to."""
    if error == 0:
        return "is exact at best"
    if error == math.inf:
        return "gives no number"
    if not relative:
        return f"is off by {in_text(error, 2)} at best"
    return f"keeps {_digits(error, 1)} at best" if error < NOTHING else "keeps no digit"


def _imaginary(best: float, smallest: float, relative: bool) -> str:
    """Return what the complex step has, at its best and at the smallest step."""
    if max(best, smallest) < NOTABLE:
        return "The complex step subtracts nothing and may be as small as one likes;"
    return f"The complex step {_told(best, relative)};"


def _without_step(error: float, relative: bool) -> str:
    """Return what AD has: it takes no step, and loses what the formula loses."""
    if error < NOTABLE:
        return "AD takes no step at all."
    if error == math.inf:
        return "AD takes no step, and gives no number either: a value on the way is none."
    kept = _told(error, relative).removesuffix(" at best")
    return f"AD takes no step, yet {kept}: what float64 loses on the way, AD loses too."
