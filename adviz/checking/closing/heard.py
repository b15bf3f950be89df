"""What is known of the derivatives at a film's point: the verdict on each mode, and on SymPy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adviz.checking.closing.ways import written
from adviz.checking.closing.written import Formula
from adviz.checking.finding import Statement
from adviz.checking.truth.agreement import decimal
from adviz.checking.truth.budget import WITNESS, Budget, Spent, swept_work
from adviz.checking.truth.settling import FIRST_DIGITS, Truth
from adviz.checking.verdicts.known import Job, Known
from adviz.checking.verdicts.point import Bench, Judged
from adviz.checking.witnesses import Question
from adviz.checking.witnesses.sweeps import formula_float64, sympy_float64
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.language.numerals import full
from adviz.primitives import own

_MOST_WORK = 200_000
"""What the sweeps with many digits may take, in a budget's units: all of a check about a second."""


@dataclass(frozen=True)
class Heard:
    """What is known of one derivative at one point."""

    point: Mapping[str, float]
    truth: Truth
    modes: Mapping[str, Judged]
    """The verdict on forward and on reverse mode."""
    sympy: Statement | None
    """What SymPy's own derivative gives in float64; None where that was not asked."""


@dataclass(frozen=True)
class Hearing:
    """What was found out about a film's derivatives, or why nothing was."""

    heard: Mapping[Key, Heard]
    formulas: Mapping[Key, Formula]
    """SymPy's derivatives as they are shown, those that fit on a card."""
    unheard: str = ""
    """Why nothing was found out."""


def hearing(
    graph: Graph,
    point: Mapping[str, Any],
    wanted: Sequence[str],
    shown: Iterable[Key],
    *,
    checked: bool = True,
    sympys: bool = True,
) -> Hearing:
    """Judge the derivatives by some inputs at a point, as `adviz.check` does, if they are to be.

    Those that are shown are written as formulas. Unless `sympys` is false, SymPy's own derivatives
    are also asked for in float64, which takes long where there are many.

    The point has to be one of doubles, of which `check` is; and what takes about a second or more
    is not done. What a hearing does not find out, it gives a reason for.

    >>> import adviz
    >>> key = Key("f", "x")
    >>> found = hearing(adviz.build("x*y"), {"x": 3.0, "y": 2.0}, ["x", "y"], [key])
    >>> one = found.heard[key]
    >>> [judged.verdict for judged in one.modes.values()], one.sympy.verdict
    (['agrees', 'agrees'], 'agrees')
    >>> hearing(adviz.build("x*y"), {"x": 3.0, "y": math.inf}, ["x"], [key]).unheard
    'y = inf is no finite double'
    """
    foreign = next((row.foreign for row in own(graph.rows) if row.foreign), None)
    if foreign is not None:
        return Hearing({}, {}, f"some of it is computed by {foreign.program} alone")
    job = Job(graph, tuple(wanted), None)
    if swept_work(graph, len(job.wanted), FIRST_DIGITS) > _MOST_WORK:
        return Hearing({}, {}, "it would take too long here; ask adviz.check")
    made = written(graph, job.wanted, shown)
    unheard = _no_doubles(point)
    if unheard or not checked:
        return Hearing({}, made, unheard)
    doubles = {label: float(number) for label, number in point.items()}
    asked = made if sympys else None
    return Hearing(_judged(job, doubles, asked), made)


def _no_doubles(point: Mapping[str, Any]) -> str:
    """Return which number of a point is not one that `check` can be asked for, if any."""
    for label, number in point.items():
        scalar = not getattr(number, "shape", ())
        if not (scalar and math.isfinite(number) and float(number) == number):
            return f"{label} = {full(number)} is no finite double"
    return ""


def _judged(
    job: Job, point: Mapping[str, float], shown: Mapping[Key, Formula] | None
) -> dict[Key, Heard]:
    bench = Bench(job)
    _, known = bench.known(0, point)
    modes: dict[Key, dict[str, Judged]] = {key: {} for key in known}
    for judged in bench.judge(0, point):
        modes[judged.key][judged.subject] = judged
    return {
        key: Heard(
            point,
            one.truth,
            modes[key],
            None if shown is None else _sympys(job, key, point, one, shown.get(key)),
        )
        for key, one in known.items()
    }


def _sympys(
    job: Job, key: Key, point: Mapping[str, float], known: Known, shown: Formula | None
) -> Statement | None:
    """Return what SymPy's derivative gives in float64, where there is a truth to hold it to.

    It is the very formula that is shown, where one is.
    """
    truth = known.truth
    if known.verdict is not None or not truth.value.context.isfinite(truth.value):
        return None
    budget, told = Budget(WITNESS), decimal(truth.value)
    asked = Question(job.graph, key, point, truth=told, digits=truth.digits, budget=budget)
    try:
        return formula_float64(asked, shown.graph, shown.label) if shown else sympy_float64(asked)
    except Spent:
        return None
