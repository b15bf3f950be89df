"""How many digits are right along an input: what the formula loses, and what the problem does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from adviz.calculus.derivatives import hessian
from adviz.checking.truth.settling import Truth
from adviz.checking.truth.truth import Oracle
from adviz.checking.witnesses.question import Question
from adviz.comparison.figures import doubles
from adviz.comparison.figures.chart import Axis, Chart, Curve
from adviz.comparison.figures.headings import formula, heading, slope, variable
from adviz.errors import DomainError, PointError
from adviz.language.asked import require, several, shown
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.modes.rounding import UNIT
from adviz.numbers.given import float64, whole
from adviz.sources import Source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HELD = -math.log10(UNIT)
"""The decimal digits of a double: of those that are right, no more are counted."""
CENTRAL, IMAGINARY = 2.0**-17, 2.0**-210
"""The steps relative to the input: about the cube root of the precision of doubles, where
truncation and rounding are equally large (Press et al., *Numerical Recipes*, 3rd ed., 5.7), and
one of whose square nothing is left."""

Way = Callable[[Question], float | None]
"""What finds a derivative; None where it says nothing."""
WAYS: Mapping[str, tuple[str, Way]] = MappingProxyType(
    {
        "AD, forward mode": ("forward", doubles.by_forward),
        "AD, reverse mode": ("reverse", doubles.by_reverse),
        "SymPy's derivative": ("symbolic", doubles.by_sympy),
        "central difference": (
            "central difference",
            partial(doubles.by_central_difference, step=CENTRAL),
        ),
        "complex step": ("complex step", partial(doubles.by_complex_step, step=IMAGINARY)),
    }
)
"""Who is held against the truth: how it is drawn, and what it finds."""
OURS, LIMIT = "AD, reverse mode", "what the condition allows"
_MOST = 10_000
"""The most points: each is evaluated with many digits."""
_NOTABLE = 2.0
"""The digits whose loss is spoken of."""


def lost_digits(
    subject: Source,
    at: Any,
    along: str,
    between: tuple[float, float],
    *,
    of: str | None = None,
    points: int = 49,
    ax: Axes | None = None,
) -> Chart:
    """Return how many digits of a derivative are right in float64, along one of the inputs.

    The derivative is by the input `along`, which goes `between` two positive numbers in equal
    ratios, or two others in equal steps; `at` gives the other inputs, and a value of this one that
    is not used. Beside what each way keeps stands what no way can exceed: an input that is itself
    rounded costs log₁₀ κ digits, κ = Σ|xⱼ ∂²f/∂x∂xⱼ| / |∂f/∂x| (Higham, *Accuracy and Stability of
    Numerical Algorithms*, 2nd ed. (2002), section 1.6). What lies below that line is lost by the
    formula. Where nothing is known, a curve has a gap (NaN).

    Raises PointError for what does not fit the formula, DomainError where no true derivative is
    known along the way.

    >>> import adviz
    >>> found = adviz.lost_digits("(1 - cos(x))/x**2", {"x": 1}, "x", (1e-8, 1.0), points=9)
    >>> [round(y) for x, y in found["AD, reverse mode"].points]
    [0, 0, 0, 0, 0, 4, 7, 11, 15]
    """
    question = doubles.asked(subject, at, of, along, chosen_by="along")
    places = [_moved(question, x) for x in _places(*_ends(between), whole("points", points, _MOST))]
    oracle = Oracle(question.graph, [question.key.input])
    truths = [doubles.true(place, oracle) for place in places]
    if not any(truths):
        raise DomainError(f"the true {question.key} is not known anywhere between {shown(between)}")
    return _chart(question, places, truths).painted(ax)


def _ends(between: object) -> tuple[float, float]:
    """Return the two ends. Raises PointError unless they are two numbers, the first the smaller."""
    wanted = "two numbers, the smaller one first, such as (1e-8, 1.0)"
    require(several(between), "between", between, wanted, PointError)
    ends = [float64("between", end) for end in between]  # type: ignore[attr-defined]  # it is several
    good = len(ends) == 2 and -math.inf < ends[0] < ends[1] < math.inf
    require(good, "between", between, wanted, PointError)
    return ends[0], ends[1]


def _places(low: float, high: float, count: int) -> list[float]:
    """Return numbers from one end to the other: in equal ratios where both are positive."""
    parts = [k / max(count - 1, 1) for k in range(count)]
    if low > 0:
        return [low * (high / low) ** part for part in parts]
    return [low + (high - low) * part for part in parts]


def _moved(question: Question, x: float) -> Question:
    return Question(question.graph, question.key, {**question.point, question.key.input: x})


def _chart(question: Question, places: Sequence[Question], truths: Sequence[Truth | None]) -> Chart:
    pairs = [*zip(places, truths, strict=True)]
    kept = {name: [_kept(*pair, way) for pair in pairs] for name, (_, way) in WAYS.items()}
    allowed = [_allowed(*pair) for pair in pairs]
    curves = [Curve(name, WAYS[name][0], _along(places, found)) for name, found in kept.items()]
    key, text = question.key, doubles.written(question)
    return Chart(
        title=f"Right digits of {key} for {text}",
        caption=_caption(key, places, kept[OURS], allowed) + _unknown(places, truths),
        x=Axis(key.input, log=places[0].here > 0, heading=variable(question)),
        y=Axis(
            f"right decimal digits of {key}",
            log=False,
            low=0.0,
            high=HELD,
            heading=heading(question, "right decimal digits of ", slope),
        ),
        curves=(Curve(LIMIT, "limit", _along(places, allowed)), *curves),
        heading=heading(question, "Right digits of ", slope, " for ", formula),
    )


def _unknown(places: Sequence[Question], truths: Sequence[Truth | None]) -> str:
    """Return where no true derivative is known, and nothing is drawn."""
    gaps = [place.here for place, truth in zip(places, truths, strict=True) if truth is None]
    if not gaps:
        return ""
    ends = [in_text(end, 2) for end in (gaps[0], gaps[-1])]
    name = places[0].key.input
    where = f"at {name} = {ends[0]}"
    if len(gaps) > 1:
        where = f"at {len(gaps)} of {len(places)} points, from {name} = {ends[0]} to {ends[1]}"
    return f" No true derivative is known {where}: nothing is drawn there."


def _along(places: Iterable[Question], found: Iterable[float]) -> tuple[tuple[float, float], ...]:
    return tuple((one.here, digits) for one, digits in zip(places, found, strict=True))


def _kept(place: Question, truth: Truth | None, way: Way) -> float:
    """Return how many digits of what a way finds are right; NaN where it finds nothing."""
    return digits(doubles.relative_error(way(place), truth)) if truth else math.nan


def _allowed(place: Question, truth: Truth | None) -> float:
    """Return how many digits the inputs' own rounding leaves; NaN where it is not known."""
    if truth is None:
        return math.nan
    output, name = place.key
    try:
        slopes = hessian(place.graph, place.point, of=output, digits=truth.digits)[name]
    except DomainError:
        return math.nan
    carried = sum(abs(place.point[other] * slope) for other, slope in slopes.items())
    return digits(UNIT * float(carried / abs(truth.value))) if truth.value else 0.0


def digits(error: float) -> float:
    """Return the right decimal digits of a double that has a relative error, from 0 on.

    >>> digits(1e-3), digits(2.0), round(digits(0.0), 2)
    (3.0, 0.0, 15.95)
    >>> digits(1.0), digits(math.nan)  # and not -0.0
    (0.0, nan)
    """
    return min(max(-math.log10(error), 0.0) + 0.0, HELD) if error else HELD  # -0.0 + 0.0 is 0.0


def _caption(
    key: Key, places: Sequence[Question], kept: Sequence[float], allowed: Sequence[float]
) -> str:
    """Return what there is to see: where reverse mode loses the most, and whose fault that is."""
    gaps = [
        (most - ours, one.here, ours, most)
        for one, ours, most in zip(places, kept, allowed, strict=True)
    ]
    gap, x, ours, most = max((one for one in gaps if not math.isnan(one[0])), default=(0.0,) * 4)
    if gap < _NOTABLE:
        return f"AD keeps what the condition allows, within {max(gap, 0.0):.1f} digits, all along."
    return (
        f"At {key.input} = {in_text(x, 2)} reverse mode keeps {ours:.0f} of the {most:.0f} digits "
        "that the condition allows. What lies between is lost by the formula as it is written, and "
        "every way that evaluates it loses it too: that they agree says nothing."
    )
