"""Derivatives as bare numbers: the whole Jacobian in one number system, without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.fast.calls import At, calls
from adviz.modes.fast.written_out import straight
from adviz.modes.sweep import active, pull_back, values
from adviz.numbers import Number, Numbers

Point = Mapping[str, float]
Jacobian = Mapping[Key, Number]


def swept(
    graph: Graph, numbers: Numbers, point: Point, wanted: Iterable[str], mode: str
) -> dict[Key, Number]:
    """Return the whole Jacobian by one mode in a number system, without a trace.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> g = adviz.build("x*y")
    >>> swept(g, FLOAT64, {"x": 3.0, "y": 2.0}, ["x", "y"], "reverse")
    {Key(output='f', input='x'): 2.0, Key(output='f', input='y'): 3.0}
    """
    return whole(graph, numbers, point, tuple(wanted), mode)[1]


def whole(
    graph: Graph, numbers: Numbers, point: Point, wanted: tuple[str, ...], mode: str
) -> tuple[list[Number], dict[Key, Number]]:
    """Return every node's value, and the whole Jacobian by one mode."""
    written = None if numbers.many else straight(graph, mode, wanted).bound(numbers)
    if written is None:
        found = evaluated(graph, numbers, point)
        return found, _SWEEPS[mode](graph, numbers, found, wanted)
    found, derivatives = written(*[numbers.constant(point[name]) for name in graph.inputs])
    keys = (Key(label, name) for label in graph.outputs for name in wanted)
    return found, dict(zip(keys, derivatives, strict=True))


def evaluated(graph: Graph, numbers: Numbers, point: Point) -> list[Number]:
    """Return every node's value; None where a branch that is not taken alone needs it."""
    return valued(graph, numbers, {n: numbers.constant(value) for n, value in point.items()})


def valued(graph: Graph, numbers: Numbers, point: Mapping[str, Number]) -> list[Number]:
    """Return every node's value at a point whose numbers are those of the system."""
    if not numbers.many:
        written = straight(graph, "values", ()).bound(numbers)
        if written is not None:
            return written(*[point[name] for name in graph.inputs])[0]
        return calls(graph, numbers, None).values(point)
    found: list[Number] = [None] * len(graph)
    for _ in values(graph, numbers, {graph.inputs[n]: v for n, v in point.items()}, found):
        pass
    return found


def _reverse(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    """Return the Jacobian by reverse mode at values that are known."""
    if numbers.many:
        return _behind_gates(graph, numbers, found, wanted)
    at = _at(graph, numbers, found, wanted)
    rows = {label: at.adjoints(output) for label, output in graph.outputs.items()}
    return {
        Key(label, name): _number(numbers, adjoints[graph.inputs[name]])
        for label, adjoints in rows.items()
        for name in wanted
    }


def _forward(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    at, outputs = _at(graph, numbers, found, wanted), graph.outputs.values()
    columns: dict[str, list[Number]] = {}
    for name in wanted:
        tangents = at.tangents(graph.inputs[name])
        columns[name] = [tangents[output] for output in outputs]
    return {
        Key(label, name): _number(numbers, columns[name][row])
        for row, label in enumerate(graph.outputs)
        for name in wanted
    }


def _at(graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]) -> At:
    return At(calls(graph, numbers, tuple(graph.inputs[name] for name in wanted)), found)


def _number(numbers: Numbers, arrived: Number) -> Number:
    """Return what has arrived; where nothing has, the derivative is 0."""
    return numbers.constant(0) if arrived is None else arrived


def _behind_gates(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    """Return the Jacobian by reverse mode in numbers that stand for many points."""
    reached = active(graph, [graph.inputs[name] for name in wanted])
    derivatives: dict[Key, Number] = {}
    for label, output in graph.outputs.items():
        adjoints: list[Number] = [None] * len(graph)
        adjoints[output] = numbers.constant(1)
        for _ in pull_back(graph, numbers, found, adjoints, reached):
            pass
        for name in wanted:
            derivatives[Key(label, name)] = _number(numbers, adjoints[graph.inputs[name]])
    return derivatives


_SWEEPS = {"forward": _forward, "reverse": _reverse}
MODES = tuple(_SWEEPS)
"""The modes of adviz itself, which are judged when no other derivative is given."""
