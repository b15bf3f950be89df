"""Derivatives of graphs with arrays: what the graph of their elements gives, as arrays again.

A derivative of an array by an array has the axes of both: first those of the output, then those of
the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from adviz.graph.graph import Graph
from adviz.modes.scalars import elements_of, expanded
from adviz.numbers import Number
from adviz.numbers.tensor import elements
from adviz.primitives.row import Shape
from adviz.sources.structure import labels_of

ByElement = Mapping[str, Mapping[str, Number]]
"""Derivatives by element of an output, or of an input, and by element of an input."""


def jacobian(
    graph: Graph, wanted: Sequence[str], computed: Callable[[Graph, list[str]], ByElement]
) -> dict[str, dict[str, Number]]:
    """Return the derivatives of the outputs by some inputs, as arrays of their axes together.

    `computed` gives the derivatives of a graph of numbers by some inputs.
    """
    rows = {label: graph.shape(node) for label, node in graph.outputs.items()}
    found = computed(expanded(graph), _names(graph, wanted))
    return {
        label: {name: _block(found, labels_of(label, shape), shape, graph, name) for name in wanted}
        for label, shape in rows.items()
    }


def hessian(graph: Graph, wanted: Sequence[str], found: ByElement) -> dict[str, dict[str, Number]]:
    """Return second derivatives by elements as arrays of the axes of two inputs together."""
    rows = {name: graph.shape(graph.inputs[name]) for name in wanted}
    return {
        row: {name: _block(found, elements_of(row, shape), shape, graph, name) for name in wanted}
        for row, shape in rows.items()
    }


def gathered(graph: Graph, wanted: Sequence[str], found: Mapping[str, Number]) -> dict[str, Number]:
    """Return numbers by element of an input as arrays by input."""
    return {
        name: _shaped([found[one] for one in elements_of(name, shape)], shape)
        for name in wanted
        for shape in [graph.shape(graph.inputs[name])]
    }


def spread(graph: Graph, given: Mapping[str, Any]) -> dict[str, Number]:
    """Return arrays by input as numbers by element."""
    return {
        one: number
        for name, value in given.items()
        for one, number in zip(
            elements_of(name, graph.shape(graph.inputs[name])), elements(value), strict=True
        )
    }


def _names(graph: Graph, wanted: Sequence[str]) -> list[str]:
    return [one for name in wanted for one in elements_of(name, graph.shape(graph.inputs[name]))]


def _block(found: ByElement, rows: Sequence[str], shape: Shape, graph: Graph, name: str) -> Number:
    """Return the derivatives of all elements of one array by all of an input."""
    own = graph.shape(graph.inputs[name])
    columns = elements_of(name, own)
    return _shaped([found[row][column] for row in rows for column in columns], (*shape, *own))


def _shaped(numbers: list[Number], shape: Shape) -> Number:
    """Return numbers as an array of a shape; one that has none as it is."""
    if not shape:
        return numbers[0]
    made: Any = np.empty(len(numbers), float if type(numbers[0]) is float else object)
    made[:] = numbers
    return made.reshape(shape)
