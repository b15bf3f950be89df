"""A sheet worked out: every number on it, by any way of working, from what is written already.

The sweep is the engine's own. Each number that a student has written takes the place of the one
that was computed before anything else is computed from it, so what comes out is what this way of
working gives from *these* numbers: by the right way it tells errors from what follows from them,
by a wrong way whether that is how the student went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from adviz.checking.exercise.blanks import Blank
from adviz.checking.exercise.ways import Way
from adviz.graph.procedure import Edge
from adviz.modes.evaluation import values
from adviz.modes.linear import Linear
from adviz.modes.sweep import STANDARD, Parts, pull_back, push_forward, seeded
from adviz.modes.trace import Trace
from adviz.numbers import Number

Written = Mapping[Blank, float]
"""The numbers that somebody has written into blanks."""


def worked(trace: Trace, way: Way, written: Written | None = None) -> dict[Blank, Number]:
    """Return every number of a sweep as a way of working gives it, from what is written.

    In another order than the usual one a node is never complete when it is come to, so no number
    that is written can stand for it: then all is worked from the start.

    >>> import adviz
    >>> from adviz.checking.exercise.ways import RIGHTLY
    >>> trace = adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> found = worked(trace, RIGHTLY, {Blank("adjoints", 3): 7.0})
    >>> found[Blank("adjoints", 3)], found[Blank("adjoints", 0)], found[Blank("adjoints", 1)]
    (5.0, 8.0, -6.0)
    """
    given = written if written and way.broken.parts.order is STANDARD.order else {}
    found, computed = _values(trace, way, given)
    linear = Linear(trace.graph, way.broken.numbers.over(trace.graph.rows), found, _wanted(trace))
    for edge in trace.partials:
        computed[Blank("partials", edge)] = way.broken.parts.partial(linear, edge)
    sweep = _SWEEPS.get(trace.mode)
    return computed if sweep is None else computed | sweep(trace, way, linear, given)


def _values(trace: Trace, way: Way, written: Written) -> tuple[list[Number], dict[Blank, Number]]:
    """Return what every node holds, and what was computed for it."""
    graph, numbers = trace.graph, way.broken.numbers.over(trace.graph.rows)
    point = {name: numbers.constant(float(value)) for name, value in trace.point.items()}
    found: list[Number] = [None] * len(graph)
    computed: dict[Blank, Number] = {}
    for node in values(graph, numbers, point, found, meaning=way.meaning(graph.rows)):
        blank = Blank("values", node)
        computed[blank], found[node] = found[node], written.get(blank, found[node])
    return found, computed


def _wanted(trace: Trace) -> list[int]:
    """Return the inputs along which the sweep goes."""
    inputs = trace.graph.inputs
    if trace.mode == "forward":
        return [inputs[name] for name, seed in trace.seed.items() if seed]
    return [node for node in inputs.values() if trace.adjoints and trace.adjoints[node] is not None]


def _tangents(trace: Trace, way: Way, linear: Linear, written: Written) -> dict[Blank, Number]:
    inputs = trace.graph.inputs
    held = seeded(linear, ((inputs[name], float(seed)) for name, seed in trace.seed.items()))
    carry = _carrying("tangents", linear, held, trace.graph.args.__getitem__, written)
    return carry(push_forward, _partials_written(way.broken.parts, written))


def _adjoints(trace: Trace, way: Way, linear: Linear, written: Written) -> dict[Blank, Number]:
    outputs, start = trace.graph.outputs, way.broken.start
    seeds = (
        (node, linear.multiply(float(weight), number))
        for label, weight in trace.seed.items()
        for node, number in start(linear, outputs[label]).items()
    )
    carry = _carrying("adjoints", linear, seeded(linear, seeds), lambda node: (node,), written)
    return carry(pull_back, _partials_written(way.broken.parts, written))


_SWEEPS: Mapping[str, Callable[[Trace, Way, Linear, Written], dict[Blank, Number]]] = {
    "forward": _tangents,
    "reverse": _adjoints,
}


def _partials_written(parts: Parts, written: Written) -> Parts:
    """Return parts by which local partials are those that are written, where they are."""

    def partial(linear: Linear, edge: Edge) -> Number:
        blank = Blank("partials", edge)
        return written[blank] if blank in written else parts.partial(linear, edge)

    return replace(parts, partial=partial)


def _carrying(
    kind: str,
    linear: Linear,
    held: list[Number],
    ready: Callable[[int], Iterable[int]],
    written: Written,
) -> Callable[[Any, Parts], dict[Blank, Number]]:
    """Return what runs a sweep; `ready` are the nodes that are complete when one is come to."""
    computed: dict[Blank, Number] = {}

    def come_to(node: int) -> None:
        for one in ready(node):
            blank = Blank(kind, one)
            if blank in written and blank not in computed:
                computed[blank], held[one] = linear.arrived(held[one]), written[blank]

    def carry(sweep: Any, parts: Parts) -> dict[Blank, Number]:
        for _ in sweep(linear.telling(come_to), held, parts):
            pass
        rest = {Blank(kind, node): linear.arrived(number) for node, number in enumerate(held)}
        return rest | computed

    return carry
