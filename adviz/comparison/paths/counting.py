"""How many paths lead from an input to an output, counted without going along any.

The number of paths into a node is the sum of the numbers into those before it, so one pass over
the edges counts them all, though there may be more than there are atoms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from adviz.errors import TooLarge
from adviz.graph.procedure import Edge
from adviz.language.labels import Key

_DIGITS = 4_000
MOST = 10**_DIGITS
"""The most paths that are counted: of more digits whole numbers are neither written nor small."""


class Work(NamedTuple):
    """What it takes to compute derivatives from local partials."""

    multiplications: int
    additions: int


@dataclass(frozen=True, eq=False)
class Sum:
    """One derivative as a sum over paths, which are counted; parallel edges are paths apart."""

    key: Key
    source: int
    sink: int
    through: Mapping[Edge, int]
    """How many paths go along each edge; edges on none are left out. By head, then argument."""
    count: int
    """How many paths there are; one without edges, where the output is the input."""

    @property
    def work(self) -> Work:
        """What it takes to multiply along every path and to add up.

        The first factor of a product is there already, and so is the first term of the sum.
        """
        factors = sum(self.through.values())
        products = self.count if self.through else 0
        return Work(factors - products, max(self.count - 1, 0))

    @cached_property
    def leaving(self) -> Mapping[int, Sequence[Edge]]:
        """The edges by the node they leave."""
        found: dict[int, list[Edge]] = {}
        for edge in self.through:
            found.setdefault(edge.tail, []).append(edge)
        return found

    def paths(self) -> Iterator[tuple[Edge, ...]]:
        """Yield every path, from the source to the sink, as its edges."""
        if self.count and not self.through:
            yield ()
        path: list[Edge] = []
        stack = [iter(self.leaving.get(self.source, ()))]
        while stack:
            edge = next(stack[-1], None)
            if edge is None:
                stack.pop()
                if path:
                    path.pop()
            elif edge.head == self.sink:
                yield (*path, edge)
            else:
                path.append(edge)
                stack.append(iter(self.leaving[edge.head]))


def counted(key: Key, ends: tuple[int, int], edges: Sequence[Edge]) -> Sum:
    """Return the sum over all paths between two nodes; edges come by head.

    Raises TooLarge for a count of more digits than Python writes.

    >>> import adviz
    >>> graph = adviz.build("a = x*x; a*a")
    >>> found = counted(Key("f", "x"), (0, 2), [*graph.edges])
    >>> found.count, found.work, [len(path) for path in found.paths()]
    (4, Work(multiplications=4, additions=3), [2, 2, 2, 2])
    """
    source, sink = ends
    into, out = {source: 1}, {sink: 1}
    for edge in edges:
        arrived = into[edge.head] = into.get(edge.head, 0) + into.get(edge.tail, 0)
        if arrived > MOST:
            raise TooLarge(f"{key} has more than 10^{_DIGITS} paths; leave it out by wrt= or of=")
    for edge in reversed(edges):
        out[edge.tail] = out.get(edge.tail, 0) + out.get(edge.head, 0)
    along = {edge: into.get(edge.tail, 0) * out.get(edge.head, 0) for edge in edges}
    through = {edge: count for edge, count in along.items() if count}
    return Sum(key, source, sink, through, into.get(sink, 0))


def swept(sums: Iterable[Sum]) -> Work:
    """Return what one sweep back from the output of some sums takes to give them all.

    An edge is one multiplication of an adjoint, but those that enter the output, whose adjoint is
    1, are none; what arrives at a node first is not added. Griewank & Walther, *Evaluating
    Derivatives* (2nd ed., 2008), section 3.2.

    >>> import adviz
    >>> graph = adviz.build("a = x*x; a*a")
    >>> swept([counted(Key("f", "x"), (0, 2), [*graph.edges])])
    Work(multiplications=2, additions=2)
    """
    sinks, edges = set[int](), set[Edge]()
    for one in sums:
        sinks.add(one.sink)
        edges.update(one.through)
    tails = {edge.tail for edge in edges}
    return Work(sum(edge.head not in sinks for edge in edges), len(edges) - len(tails))
