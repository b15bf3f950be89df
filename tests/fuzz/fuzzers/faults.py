"""Faults: mistakes put into right gradients, each of which `check` must find; and none else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st
from laws import gradient_rounding
from samples import cases

import adviz
from adviz.checking.faults.gallery import ENGINE_FAULTS, FAULTS, Fault
from adviz.checking.finding import WRONG
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from fuzzers.fuzzer import Fuzzer

Slopes = Mapping[str, float]
CLEAR = 1000
"""Times what rounding explains: a departure beyond that is a mistake to anyone."""


class Claimed(NamedTuple):
    """A graph, a regular point, and the gradient that somebody says it has there."""

    graph: Graph
    at: Mapping[str, float]
    slopes: Slopes
    mistake: str
    """What is wrong with it; empty: nothing."""

    def __repr__(self) -> str:
        return (
            f"{self.graph.text!r} at {dict(self.at)}, claimed {dict(self.slopes)} "
            f"({self.mistake or 'right'})"
        )


def _entry(change: Callable[[float], float]) -> Callable[[st.DrawFn, Slopes], Slopes]:
    def changed(draw: st.DrawFn, slopes: Slopes) -> Slopes:
        name = draw(st.sampled_from(sorted(slopes)))
        return {**slopes, name: change(slopes[name])}

    return changed


def _exchanged(draw: st.DrawFn, slopes: Slopes) -> Slopes:
    names = sorted(slopes)
    return dict(zip(names, (slopes[name] for name in draw(st.permutations(names))), strict=True))


def _slightly_off(draw: st.DrawFn, slopes: Slopes) -> Slopes:
    size = 10.0 ** -draw(st.integers(1, 12))
    return _entry(lambda slope: slope * (1 + size))(draw, slopes)


CHANGES: Mapping[str, Callable[[st.DrawFn, Slopes], Slopes]] = {
    "a sign": _entry(lambda slope: -slope),
    "a zero": _entry(lambda slope: 0.0),
    "a one too many": _entry(lambda slope: slope + 1),
    "doubled": _entry(lambda slope: 2 * slope),
    "inputs exchanged": _exchanged,
    "digits": _slightly_off,
}
"""Mistakes in a finished gradient."""


@st.composite
def claims(draw: st.DrawFn) -> Claimed:
    """Draw a gradient that is right, or with a mistake that shows at the point."""
    graph, at, *_ = draw(cases())
    try:
        right = adviz.gradient(graph, at)
    except AdvizError:
        assume(False)
    claimed = {f"{name} in the result": change(draw, right) for name, change in CHANGES.items()}
    for fault in _possible(graph):
        claimed[fault.name] = fault.gradient(graph)(*at.values())
    allowed = gradient_rounding(graph, at, next(iter(graph.outputs)))
    shown = {
        mistake: slopes
        for mistake, slopes in claimed.items()
        if any(not abs(slopes[name] - right[name]) <= CLEAR * allowed[name] for name in at)
    }
    mistake = draw(st.sampled_from(["", *shown]))
    return Claimed(graph, at, shown.get(mistake, right), mistake)


@cache
def _operations(fault: Fault) -> frozenset[str]:
    return frozenset(adviz.build(fault.example).ops)


def _possible(graph: Graph) -> list[Fault]:
    """Return the faults of engines, and of the rules that a graph uses."""
    rules = [fault for fault in FAULTS if fault not in ENGINE_FAULTS]
    return [*ENGINE_FAULTS, *(fault for fault in rules if _operations(fault) & {*graph.ops})]


def law(claim: Claimed) -> str:
    """Find every mistake, and none where there is none."""
    report = adviz.check(claim.graph, at=claim.at, gradient=lambda *_: dict(claim.slopes))
    if claim.mistake:
        assert report.verdict != "agrees", str(report)
        return f"{claim.mistake.partition(' of ')[0]}: {report.verdict}"
    assert report.verdict not in WRONG, str(report)
    return f"right: {report.verdict}"


FUZZER = Fuzzer(
    "faults",
    "Gradients of random graphs that are right, that a sweep of the gallery of broken AD gives, or "
    "of which an entry was changed. Every mistake beyond rounding is found, never is a right one "
    "called wrong.",
    claims(),
    law,
    examples=30,
)
