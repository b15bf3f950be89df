"""Derivatives as bare numbers: the whole Jacobian in one number system, without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from adviz.finding import Key
from adviz.graph import Graph
from adviz.numbers import Number, Numbers
from adviz.sweep import active, pull_back, push_forward, values

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
    found = evaluated(graph, numbers, point)
    return _SWEEPS[mode](graph, numbers, found, list(wanted))


def evaluated(graph: Graph, numbers: Numbers, point: Point) -> list[Number]:
    """Return every node's value; None where a branch that is not taken alone needs it."""
    found: list[Number] = [None] * len(graph)
    for _ in values(graph, numbers, leaves(graph, numbers, point), found):
        pass
    return found


def leaves(graph: Graph, numbers: Numbers, point: Point) -> dict[int, Number]:
    """Return the inputs' numbers by node."""
    return {graph.inputs[name]: numbers.constant(value) for name, value in point.items()}


def reverse_swept(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    """Return the Jacobian by reverse mode at values that are known."""
    reached = active(graph, [graph.inputs[name] for name in wanted])
    zero, derivatives = numbers.constant(0), {}
    for label, output in graph.outputs.items():
        adjoints: list[Number] = [None] * len(graph)
        adjoints[output] = numbers.constant(1)
        for _ in pull_back(graph, numbers, found, adjoints, reached):
            pass
        for name in wanted:
            arrived = adjoints[graph.inputs[name]]
            derivatives[Key(label, name)] = zero if arrived is None else arrived
    return derivatives


def _forward(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    zero, derivatives = numbers.constant(0), {}
    for name in wanted:
        node = graph.inputs[name]
        tangents: list[Number] = [None] * len(graph)
        tangents[node] = numbers.constant(1)
        for _ in push_forward(graph, numbers, found, tangents, active(graph, [node])):
            pass
        for label, output in graph.outputs.items():
            arrived = tangents[output]
            derivatives[Key(label, name)] = zero if arrived is None else arrived
    return {
        Key(label, name): derivatives[Key(label, name)]
        for label in graph.outputs
        for name in wanted
    }


_SWEEPS = {"forward": _forward, "reverse": reverse_swept}
MODES = tuple(_SWEEPS)
"""The modes of adviz itself, which are judged when no other derivative is given."""
