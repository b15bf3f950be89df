"""The verb: every way to differentiate a function, counted, and held against the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adviz.checking.verdicts.nonfinite import told, without_advice
from adviz.comparison.comparison import Comparison, Row
from adviz.comparison.computation import Computation
from adviz.comparison.subject import Subject
from adviz.comparison.timing import ratios
from adviz.comparison.ways import WAYS, Way
from adviz.errors import AdvizError, DomainError, GraphError, PointError, TooLarge
from adviz.graph.graph import Graph
from adviz.language.asked import require, truth
from adviz.modes.building import built_at, of_numbers
from adviz.modes.point import named
from adviz.modes.run import Run
from adviz.modes.verbs import wanted_inputs, with_output
from adviz.numbers.given import float64
from adviz.sources import Source


def compare(
    subject: Source,
    at: Any = None,
    *,
    of: str | None = None,
    wrt: str | Sequence[str] | None = None,
    times: bool = False,
    verify: bool = True,
) -> Comparison:
    """Count what the ways to differentiate cost, and say how exact each is at a point.

    `subject` is anything `adviz.build` takes, `of` chooses one of several outputs and `wrt` limits
    the inputs to differentiate by. Without `at` costs alone are compared. `times=True` measures
    too: the time that each way's operations take, one by one, as a multiple of one evaluation. What
    would take too long is left out and says why. `verify=False` does not compare a callable with
    its graph. Counts: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapter 4.

    Raises GraphError for an unknown output, PointError for a point that does not fit, DomainError
    where the function has no value.

    >>> import adviz
    >>> found = adviz.compare("x1*x2*x3*x4", at={"x1": 1, "x2": 2, "x3": 3, "x4": 4})
    >>> found["value"].counts.work.mults, found["derivative graph"].counts.work.mults
    (3, 7)
    >>> found["reverse"].ulps
    0.0
    """
    graph = with_output(of_numbers(built_at(subject, at, verify)), of)
    if not graph.inputs:
        raise AdvizError("the formula has no inputs, so there is nothing to compare")
    wanted = tuple(wanted_inputs(graph, wrt))
    require(bool(wanted), "wrt", list(wanted), "at least one input, by which is differentiated")
    point = None if at is None else _floats(graph, at)
    if truth("times", times) and point is None:
        raise PointError("times are measured at a point: at={'x': 3.0}")
    whole = Subject(graph, wanted, point)
    made = {way: _made(way, whole) for way in WAYS}
    measured = _measured(made, point) if times and point is not None else {}
    rows = [_row(way, whole, one, measured.get(way)) for way, one in made.items()]
    return Comparison(graph, wanted, point, tuple(rows), _unknown(whole))


def _floats(graph: Graph, at: Any) -> Mapping[str, float]:
    """Return a point in float64 at which the function has a value.

    Errors are told without the advice to give what only a sweep is given.
    """
    with told(without_advice):
        point = {name: float64(name, value) for name, value in named(graph, at).items()}
        Run(graph, point, errors="raise")
    return point


def _made(way: Way, subject: Subject) -> Computation | str:
    """Return what a way does, or why it is left out."""
    try:
        return way.made(subject)
    except (TooLarge, DomainError, GraphError) as error:
        return str(error)


def _measured(
    made: Mapping[Way, Computation | str], point: Mapping[str, float]
) -> dict[Way, float]:
    runs: dict[Way, Callable[[], object]] = {}
    for way, one in made.items():
        run = None if isinstance(one, str) else one.timed(point)
        if run is not None:
            runs[way] = run
    return ratios(runs)


def _row(way: Way, subject: Subject, made: Computation | str, time: float | None) -> Row:
    """Return the row of a way."""
    if isinstance(made, str):
        return Row(way.name, way.sweeps(subject), note=f"left out: {made}")
    ulps, worst = _error(subject, made)
    return Row(way.name, way.sweeps(subject), made.counts, made.tape, ulps, worst, time)


def _error(subject: Subject, made: Computation) -> tuple[float | None, str]:
    """Return how far a way is off at the point, and which derivative that is."""
    if subject.point is None:
        return None, ""
    if made.recorded.procedure is subject.graph:
        return subject.value_error, ""
    found = made.derivatives(subject.point)
    worst = subject.error(found) if found else None
    return (None, "") if worst is None else (worst[0], str(worst[1]))


def _unknown(subject: Subject) -> tuple[str, ...]:
    """Return the derivatives whose truth is not known at the point."""
    asked = subject.keys if subject.point is not None else []
    return tuple(str(key) for key in asked if key not in subject.truths)
