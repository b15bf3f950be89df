"""The order of elimination that takes the fewest multiplications, by search.

What is left after some vertices are eliminated does not depend on their order, so the search goes
through sets of vertices instead of orders. The problem is NP-complete, and the best exact method
known takes 2^n steps: Bentert, Crane, Drange, Mizutani & Sullivan, *Structural Optimal Jacobian
Accumulation and Minimum Edge Count are NP-Complete Under Vertex Elimination* (2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from adviz.comparison.elimination.linearized import Arrow, Linearized
from adviz.comparison.elimination.shrinking import structure
from adviz.errors import TooLarge

if TYPE_CHECKING:
    import networkx

LIMIT = 16
"""The most vertices whose best order is searched for: 65536 sets of them."""


def optimum(linearized: Linearized, known: Sequence[Sequence[int]]) -> Sequence[int]:
    """Return an order than which none takes fewer multiplications; the first known one, if it is.

    A* search (Hart, Nilsson & Raphael, 1968) over the sets of vertices that are eliminated: what
    is still to come costs at least the sum of `bounds`. Raises TooLarge for more than LIMIT
    vertices.

    >>> import adviz
    >>> from adviz.comparison.elimination.linearized import linearized
    >>> from adviz.modes.run import Run
    >>> graph = adviz.build(["cos(x*sin(x*y))", "x*sin(x*y)/y"])
    >>> found = linearized(Run(graph, {"x": 1, "y": 2}))
    >>> order = optimum(found, [found.intermediates])
    >>> [cost(found.partials, one) for one in (found.intermediates, order)]
    [8, 7]
    """
    vertices = linearized.intermediates
    if len(vertices) > LIMIT:
        raise TooLarge(
            f"the best of all orders of {len(vertices)} vertices is searched for among their "
            f"2**{len(vertices)} sets; it is found for up to {LIMIT} (order='markowitz' is for any)"
        )
    best = min(known, key=lambda order: cost(linearized.partials, order))
    better = _Search(linearized.partials, vertices).better(cost(linearized.partials, best))
    return best if better is None else better


def cost(partials: Mapping[Arrow, object], order: Sequence[int]) -> int:
    """Return how many multiplications an order takes."""
    graph = structure(partials)
    return sum(graph.eliminate(vertex).multiplications for vertex in order)


def bounds(partials: Mapping[Arrow, object], vertices: Sequence[int]) -> list[int]:
    """Return how many multiplications a vertex takes at least, whenever it is eliminated.

    Its predecessors then cut it off from all inputs, so they are no fewer than there are paths to
    it from the inputs that share no vertex (Menger's theorem); likewise its successors.

    >>> bounds({(0, 2): 1, (1, 2): 1, (2, 3): 1, (3, 4): 1, (3, 5): 1}, [2, 3])
    [2, 2]
    """
    import networkx

    down: networkx.DiGraph[int] = networkx.DiGraph(list(partials))
    up = down.reverse()
    return [_paths(down, vertex) * _paths(up, vertex) for vertex in vertices]


def _paths(graph: networkx.DiGraph[int], vertex: int) -> int:
    """Return how many paths from sources to a vertex share no other vertex."""
    from networkx.algorithms.connectivity import local_node_connectivity

    start, sources = -1, [one for one, entering in graph.in_degree() if not entering]
    led = graph.copy()
    led.add_edges_from((start, source) for source in sources)
    return int(local_node_connectivity(led, start, vertex))


class _Search:
    """A search for an order; a set of vertices is a number, a bit for each."""

    def __init__(self, partials: Mapping[Arrow, object], vertices: Sequence[int]) -> None:
        self.vertices, self.bounds = vertices, bounds(partials, vertices)
        ends = dict.fromkeys([*vertices, *(end for arrow in partials for end in arrow)])
        place = {vertex: 1 << bit for bit, vertex in enumerate(ends)}
        self.into, self.out = [0] * len(ends), [0] * len(ends)
        for tail, head in partials:
            self.into[place[head].bit_length() - 1] |= place[tail]
            self.out[place[tail].bit_length() - 1] |= place[head]

    def better(self, most: int) -> Sequence[int] | None:
        """Return an order of fewer than so many multiplications, of all the best; None without."""
        whole, waste = (1 << len(self.vertices)) - 1, {0: 0}
        came: dict[int, tuple[int, int]] = {}
        most -= sum(self.bounds)
        queue = [(0, 0, 0)]
        while queue:
            spent, _, gone = heappop(queue)
            if spent > waste[gone]:
                continue
            if gone == whole:
                return self._order(came)
            for bit, more in self._choices(gone):
                after, total = gone | 1 << bit, spent + more
                if total < min(most, waste.get(after, most)):
                    waste[after], came[after] = total, (bit, gone)
                    heappush(queue, (total, -after.bit_count(), after))
        return None

    def _choices(self, gone: int) -> Iterator[tuple[int, int]]:
        """Yield the vertices that are left, and by how much each costs more than it must."""
        for bit, least in enumerate(self.bounds):
            if not gone >> bit & 1:
                across = _beyond(self.into, bit, gone) * _beyond(self.out, bit, gone)
                yield bit, across - least

    def _order(self, came: Mapping[int, tuple[int, int]]) -> Sequence[int]:
        order, gone = [], (1 << len(self.vertices)) - 1
        while gone:
            bit, gone = came[gone]
            order.append(self.vertices[bit])
        return order[::-1]


def _beyond(beside: Sequence[int], bit: int, gone: int) -> int:
    """Return how many vertices that are left are beside one, at once or through those gone."""
    found, passed = beside[bit], 0
    while through := found & gone & ~passed:
        passed |= through
        while through:
            low = through & -through
            found |= beside[low.bit_length() - 1]
            through ^= low
    return (found & ~gone).bit_count()
