"""The orders in which vertices may be eliminated: one line each.

Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapter 9: in the order of the
evaluation elimination is forward mode with sparse tangents, against it reverse mode with sparse
adjoints; the Markowitz rule takes the vertex that is cheapest at the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import Any

from adviz.comparison.elimination.linearized import Linearized
from adviz.comparison.elimination.optimum import optimum
from adviz.comparison.elimination.shrinking import structure
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.asked import several, shown
from adviz.language.brief import few


def forward(linearized: Linearized) -> Sequence[int]:
    """Return the vertices in the order of the evaluation."""
    return linearized.intermediates


def reverse(linearized: Linearized) -> Sequence[int]:
    """Return the vertices against the order of the evaluation."""
    return linearized.intermediates[::-1]


def markowitz(linearized: Linearized) -> Sequence[int]:
    """Return always the vertex next that is cheapest by then; of equal ones the last evaluated.

    So it is reverse mode where nothing speaks against that. Source: Griewank & Reese, *On the
    calculation of Jacobian matrices by the Markowitz rule* (1991).
    """
    return [*_cheapest_first(linearized)]


def _cheapest_first(linearized: Linearized) -> Iterator[int]:
    graph, left = structure(linearized.partials), {*linearized.intermediates}
    queue = [(graph.degree(vertex), -vertex) for vertex in left]
    heapify(queue)
    while queue:
        degree, vertex = heappop(queue)
        vertex = -vertex
        if vertex not in left or degree != graph.degree(vertex):
            continue  # it is gone, or stands in the queue once more with what it costs now
        left.remove(vertex)
        yield vertex
        step = graph.eliminate(vertex)
        for other in left.intersection((*step.predecessors, *step.successors)):
            heappush(queue, (graph.degree(other), -other))


def optimal(linearized: Linearized) -> Sequence[int]:
    """Return an order than which none takes fewer multiplications; see `optimum`."""
    return optimum(linearized, [order(linearized) for order in (forward, reverse, markowitz)])


ORDERS: Mapping[str, Callable[[Linearized], Sequence[int]]] = MappingProxyType(
    {"forward": forward, "reverse": reverse, "markowitz": markowitz, "optimal": optimal}
)


def ordered(linearized: Linearized, order: Any) -> tuple[str, Sequence[int]]:
    """Return what an order is called, and the vertices in it.

    `order` is a name of the table, or all intermediate vertices by name or number. Raises
    AdvizError for any other.
    """
    if isinstance(order, str) and order in ORDERS:
        return order, ORDERS[order](linearized)
    if isinstance(order, str) or not several(order):
        words = ", ".join(map(repr, ORDERS))
        raise AdvizError(f"order = {shown(order)}; it is {words}, or a list of vertices")
    return "given", _given(linearized, [_vertex(linearized, one) for one in order])


def _vertex(linearized: Linearized, given: Any) -> int:
    """Return an intermediate vertex that was named or numbered."""
    vertex = _node(linearized.graph, given) if isinstance(given, str) else given
    if type(vertex) is int and vertex in linearized.intermediates:
        return vertex
    raise AdvizError(f"order: {shown(given)} is no vertex to eliminate; {_vertices(linearized)}")


def _node(graph: Graph, given: str) -> int | None:
    """Return the node that has a name: an author's, an output's, or one it is shown by."""
    symbols = {symbol: node for node, symbol in enumerate(graph.symbols)}
    return (symbols | dict(graph.outputs) | dict(graph.names)).get(given)


def _given(linearized: Linearized, vertices: Sequence[int]) -> Sequence[int]:
    name, met = linearized.name, {*vertices}
    twice = [vertex for vertex in vertices if vertices.count(vertex) > 1]
    if twice:
        raise AdvizError(f"order: {name(twice[0])} stands there twice; {_vertices(linearized)}")
    missing = [name(vertex) for vertex in linearized.intermediates if vertex not in met]
    if missing:
        raise AdvizError(f"order leaves out {few(missing)}; {_vertices(linearized)}")
    return vertices


def _vertices(linearized: Linearized) -> str:
    names = [*map(linearized.name, linearized.intermediates)]
    return f"each of {few(names)} is eliminated once" if names else "there are none"
