"""Derivatives as bare numbers: the whole Jacobian in one number system, without a trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key
from adviz.modes.evaluation import evaluated
from adviz.modes.fast.written_out import written_out
from adviz.modes.linear import Linear
from adviz.modes.sweep import rows_by_forward, rows_by_reverse
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
    written = None if numbers.eager else written_out(graph, mode, wanted).bound(numbers)
    if written is None:
        found = values_at(graph, numbers, point)
        inputs = tuple(graph.inputs[name] for name in wanted)
        linear = prepared(graph, numbers, inputs).at(found)
        derivatives = [*chain(*_ROWS[mode](linear, graph.outputs.values(), inputs))]
    else:
        found, derivatives = written(*[numbers.constant(point[name]) for name in graph.inputs])
    keys = (Key(label, name) for label in graph.outputs for name in wanted)
    return found, dict(zip(keys, derivatives, strict=True))


def values_at(graph: Graph, numbers: Numbers, point: Mapping[str, float]) -> list[Number]:
    """Return every node's value; None where a branch that is not taken alone needs it.

    A point may have more inputs than the graph.
    """
    return values_of(graph, numbers, {n: numbers.constant(point[n]) for n in graph.inputs})


def values_of(graph: Graph, numbers: Numbers, point: Mapping[str, Number]) -> list[Number]:
    """Return every node's value at a point whose numbers are those of the system."""
    written = None if numbers.eager else written_out(graph, "values", ()).bound(numbers)
    if written is None:
        return evaluated(graph, numbers, point)
    return written(*[point[name] for name in graph.inputs])[0]


@remembered(64)
def prepared(graph: Graph, numbers: Numbers, wanted: tuple[int, ...]) -> Linear:
    """Return a graph ready to be linearized at any values, for the derivatives by some nodes."""
    return Linear(graph, numbers, (), wanted)


_ROWS = {"forward": rows_by_forward, "reverse": rows_by_reverse}
MODES = tuple(_ROWS)
"""The modes of adviz itself, which are judged when no other derivative is given."""
