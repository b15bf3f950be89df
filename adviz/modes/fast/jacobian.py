"""Derivatives as bare numbers: the whole Jacobian in one number system, without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.evaluation import evaluated
from adviz.modes.fast.written_out import written_out
from adviz.modes.sweep import Linear, adjoints, tangents
from adviz.numbers import Number, Numbers


def swept(
    graph: Graph, numbers: Numbers, point: Mapping[str, float], wanted: Iterable[str], mode: str
) -> dict[Key, Number]:
    """Return the whole Jacobian by one mode in a number system, without a trace.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> g = adviz.build("x*y")
    >>> swept(g, FLOAT64, {"x": 3.0, "y": 2.0}, ["x", "y"], "reverse")
    {Key(output='f', input='x'): 2.0, Key(output='f', input='y'): 3.0}
    """
    return values_and_jacobian(graph, numbers, point, tuple(wanted), mode)[1]


def values_and_jacobian(
    graph: Graph, numbers: Numbers, point: Mapping[str, float], wanted: tuple[str, ...], mode: str
) -> tuple[list[Number], dict[Key, Number]]:
    """Return every node's value, and the whole Jacobian by one mode."""
    written = None if numbers.many else written_out(graph, mode, wanted).bound(numbers)
    if written is None:
        found = values_at(graph, numbers, point)
        return found, _MODES[mode](graph, numbers, found, wanted)
    found, derivatives = written(*[numbers.constant(point[name]) for name in graph.inputs])
    keys = (Key(label, name) for label in graph.outputs for name in wanted)
    return found, dict(zip(keys, derivatives, strict=True))


def values_at(graph: Graph, numbers: Numbers, point: Mapping[str, float]) -> list[Number]:
    """Return every node's value; None where a branch that is not taken alone needs it."""
    return values_of(graph, numbers, {n: numbers.constant(value) for n, value in point.items()})


def values_of(graph: Graph, numbers: Numbers, point: Mapping[str, Number]) -> list[Number]:
    """Return every node's value at a point whose numbers are those of the system."""
    written = None if numbers.many else written_out(graph, "values", ()).bound(numbers)
    if written is None:
        return evaluated(graph, numbers, point)
    return written(*[point[name] for name in graph.inputs])[0]


def _reverse(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    """Return the Jacobian by reverse mode at values that are known."""
    nodes = {name: graph.inputs[name] for name in wanted}
    linear, one = Linear(graph, numbers, found, nodes.values(), {}), numbers.constant(1)
    rows = {label: adjoints(linear, [(f, one)]) for label, f in graph.outputs.items()}
    return {
        Key(label, name): _number(numbers, held[node])
        for label, held in rows.items()
        for name, node in nodes.items()
    }


def _forward(
    graph: Graph, numbers: Numbers, found: Sequence[Number], wanted: Sequence[str]
) -> dict[Key, Number]:
    """Return the Jacobian by forward mode at values that are known."""
    nodes = {name: graph.inputs[name] for name in wanted}
    linear, one = Linear(graph, numbers, found, nodes.values(), {}), numbers.constant(1)
    columns = {name: tangents(linear, [(x, one)]) for name, x in nodes.items()}
    return {
        Key(label, name): _number(numbers, columns[name][output])
        for label, output in graph.outputs.items()
        for name in wanted
    }


def _number(numbers: Numbers, arrived: Number) -> Number:
    """Return what has arrived; where nothing has, the derivative is 0."""
    return numbers.constant(0) if arrived is None else arrived


_MODES = {"forward": _forward, "reverse": _reverse}
MODES = tuple(_MODES)
"""The modes of adviz itself, which are judged when no other derivative is given."""
