"""The edges along which a derivative travels at a point, and the finite number on each.

Elimination and sums over paths multiply local partials in an order of their own, in which an
infinity may meet a 0; so they are asked to be finite first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adviz.errors import DomainError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.modes.linear import Linear
from adviz.numbers import Number


def leading(linear: Linear, outputs: Iterable[int]) -> Iterator[Edge]:
    """Yield the edges that count and lead to an output, those of the last node first.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> linear = Linear(adviz.build("x*y + floor(x)"), FLOAT64, [3.5, 2.0, 7.0, 3.0, 10.0])
    >>> [edge[:2] for edge in leading(linear, [4])]
    [(2, 4), (3, 4), (0, 3), (0, 2), (1, 2)]
    """
    wanted = bytearray(len(linear.procedure))
    for output in outputs:
        wanted[output] = 1
    for node in range(len(wanted) - 1, -1, -1):
        for edge in linear.uses(node) if wanted[node] else ():
            if linear.taken(edge):
                wanted[edge.tail] = 1
                yield edge


def finite_partial(linear: Linear, graph: Graph, edge: Edge) -> Number:
    """Return the local partial of an edge. Raises DomainError where it is not finite."""
    partial = linear.partial(edge)
    if not linear.numbers.finite(partial):
        raise DomainError(
            f"the local partial of {graph.describe(edge.head)} by {graph.symbol(edge.tail)} is "
            f"{partial}; local partials are multiplied here in any order, so they must be finite: "
            "leave inputs that lead there out of wrt=",
            edge.head,
        )
    return partial
