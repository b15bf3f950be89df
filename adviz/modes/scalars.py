"""A graph with arrays as a graph of numbers: what it computes, element by element.

The array graph is run in arrays of nodes under construction. What knows numbers only, such as
symbolic mode, is asked about that graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from adviz.errors import AdvizError, GraphError, TooLarge
from adviz.graph.builder import Builder
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.modes.evaluation import values
from adviz.numbers import Number, Numbers
from adviz.numbers.tensor import arrays_of, elements
from adviz.primitives import extend, own
from adviz.primitives.row import Shape
from adviz.sources.function import Traced
from adviz.sources.structure import Blank, labels_of, numbers_in

MOST_ELEMENTS = 1_000_000
"""The most elements, and products in contractions, of a graph that is expanded."""
MOST_COMPARED = 50_000
"""The most of a graph that is compared with the callable it was traced from."""


def in_elements(traced: Traced, verify: Callable[[Traced], None]) -> None:
    """Compare a callable with its graph element by element, where these are not very many.

    A graph with operations that another program computes is compared as a whole.
    """
    if _foreign(traced.graph):
        from adviz.modes.verification import verify_whole

        verify_whole(traced)
    elif elements_in(traced.graph) <= MOST_COMPARED:
        named = tuple(traced.graph.inputs)
        verify(replace(traced, graph=expanded(traced.graph), inputs=named))


def elements_of(name: str, shape: Shape) -> tuple[str, ...]:
    """Return what the elements of an input are called.

    >>> elements_of("W", (2, 1)), elements_of("x", ())
    (('W0_0', 'W1_0'), ('x',))
    """
    return tuple(numbers_in(name, Blank(shape)))


@remembered(16)
def expanded(graph: Graph) -> Graph:
    """Return the graph of numbers that a graph with arrays is; see `adviz.expand`."""
    _check_size(graph)
    for row in _foreign(graph):
        raise AdvizError(
            f"{row.label} is computed by {row.foreign.program} as a whole, not element by element; "
            "sweeps at one point are what this graph is for"
        )
    builder = Builder(extend(own(graph.rows)))
    with PAUSED:
        point = {name: _input(builder, name, graph.shape(n)) for name, n in graph.inputs.items()}
        found: list[Number] = [None] * len(graph)
        system = arrays_of(_nodes(builder))
        for node in values(graph, system, point, found):
            _tell(builder, graph, node, found[node])
    for name, node in graph.names.items():
        _name(builder, name, graph.shape(node), found[node])
    for guard in graph.guards:
        for condition in elements(found[guard.node]):
            builder.require(condition, guard.reason)
    return builder.finish(_outputs(graph, found))


def _nodes(builder: Builder) -> Numbers:
    """Return the nodes of a graph under construction as numbers, nothing being simplified."""
    return Numbers(
        name="nodes",
        native=lambda name: lambda *args: builder.node(name, args),
        constant=builder.constant,
        finite=lambda _: True,
        isnan=lambda _: False,
    )


def _input(builder: Builder, name: str, shape: Shape) -> Number:
    """Return an input's elements as nodes."""
    names = elements_of(name, shape)
    taken = [one for one in names if one in builder.inputs]
    if taken:
        raise GraphError(f"the element {taken[0]} of {name} is called as another input; rename it")
    nodes = [builder.input(one) for one in names]
    if not shape:
        return nodes[0]
    builder.vectors[name] = names
    return np.array(nodes, dtype=object).reshape(shape)


def _tell(builder: Builder, graph: Graph, node: int, number: Number) -> None:
    """Say of a node's elements where they come from."""
    source = (graph.sources or {}).get(node)
    if source is not None:
        for one in elements(number):
            builder.sources.setdefault(one, source)


def _name(builder: Builder, name: str, shape: Shape, number: Number) -> None:
    """Name a node's elements after it, as a traced vector's are, where the names are free."""
    for called, one in zip(elements_of(name, shape), elements(number), strict=True):
        builder.names.setdefault(called, one)


def _outputs(graph: Graph, found: list[Number]) -> Mapping[str, int]:
    """Return the elements of the outputs by label."""
    outputs: dict[str, Any] = {}
    for label, node in graph.outputs.items():
        labels = labels_of(label, graph.shape(node))
        for called, one in zip(labels, elements(found[node]), strict=True):
            if called in outputs:
                raise GraphError(f"the element {called} of {label} is called as another output")
            outputs[called] = one
    return outputs


def _foreign(graph: Graph) -> list[Any]:
    """Return the rows of a graph's nodes that another program computes."""
    return [row for row in own(graph.rows) if row.foreign is not None and row.name in graph.ops]


def elements_in(graph: Graph) -> int:
    """Return how many operations a graph is, element by element, at most."""
    return sum(_size(graph, node) for node in range(len(graph)))


def _check_size(graph: Graph) -> None:
    """Refuse a graph of too many elements; a contraction counts by its products."""
    total = elements_in(graph)
    if total > MOST_ELEMENTS:
        raise TooLarge(f"{total} elements are more than the {MOST_ELEMENTS} that are expanded")


def _size(graph: Graph, node: int) -> int:
    """Return how many operations a node is, element by element, at most."""
    sizes = [graph.shape(one) for one in (node, *graph.args[node])]
    if graph.ops[node] != "einsum":
        return max(map(prod, sizes))
    first, second, _ = (graph.params or {})[node]
    letters = dict(zip(first + second, sizes[1] + sizes[2], strict=True))
    return prod(letters.values())
