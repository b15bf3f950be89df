"""A graph as the formula that a person types: what has no name is written wherever it is used."""

from __future__ import annotations

from adviz.graph.graph import Graph
from adviz.graph.procedure import Procedure
from adviz.graph.text import formula

_LARGEST = 1000
"""The largest tree that is written out."""


def typed(graph: Graph) -> str:
    """Return the formula that builds a graph, as one types it.

    Of a large one what has no name is named instead, as in `Graph.text`.

    >>> import adviz
    >>> typed(adviz.build("sin(x*y)*x + exp(x*y)/y"))
    'f(x, y) = sin(x*y)*x + exp(x*y)/y'
    """
    return formula(graph, graph.names, shared=False) if _is_small(graph) else graph.text


def _is_small(procedure: Procedure) -> bool:
    """Return whether the outputs, as trees, are no larger than what is written out."""
    sizes: list[int] = []
    for arguments in procedure.args:
        size = 1 + sum([sizes[argument] for argument in arguments])
        sizes.append(min(size, _LARGEST + 1))  # the exact size may have as many bits as nodes
    return sum(sizes[node] for node in procedure.outputs.values()) <= _LARGEST
