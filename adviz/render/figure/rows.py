"""In which row or column of a figure each node stands: by depth, or in full ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from adviz.graph.graph import Graph
from adviz.scene.heights import columns_of

Order = Callable[[Graph], list[int]]
"""Gives the rank of every node; the least comes first."""


def by_depth(graph: Graph) -> list[int]:
    """Return every node's longest path from the leaves; all inputs stand in the first column.

    >>> import adviz
    >>> by_depth(adviz.build("(x + y)*z"))
    [0, 0, 1, 0, 2]
    """
    inputs = {*graph.inputs.values()}
    return columns_of(graph.args, [node in inputs for node in range(len(graph))])


def filled(
    graph: Graph, widths: Sequence[float], room: float, order: Order | None = None
) -> list[int]:
    """Return columns that hold as many nodes as there is room for, and always one.

    From the outputs on, each column takes those nodes whose consumers all have theirs, the first
    of an order first: list scheduling, which for trees of equal widths gives the fewest columns
    with the order of Hu, "Parallel sequencing and assembly line problems", Operations Research 9
    (1961), `longest_first`, which is that unless given.

    >>> import adviz
    >>> graph = adviz.build("a*b + c*d")
    >>> filled(graph, [1] * 7, 2), filled(graph, [1] * 7, 2, latest_first)
    ([1, 1, 2, 0, 0, 2, 3], [0, 0, 2, 1, 1, 2, 3])
    """
    ranks = (order or longest_first)(graph)
    waiting = [len({edge.head for edge in edges}) for edges in graph.consumers]
    ready = [node for node, count in enumerate(waiting) if not count]
    behind: list[int] = [0] * len(graph)
    column = 0
    while ready:
        ready.sort(key=ranks.__getitem__)
        reach = [*accumulate(widths[node] for node in ready)]
        count = max(1, sum(wide <= room for wide in reach))
        taken, ready = ready[:count], ready[count:]
        for node in taken:
            behind[node] = column
            for argument in dict.fromkeys(graph.args[node]):
                waiting[argument] -= 1
                ready += [argument] * (not waiting[argument])
        column += 1
    return [column - 1 - place for place in behind]


def longest_first(graph: Graph) -> list[int]:
    """Return ranks by which those nodes come first that have the longest path to a leaf."""
    depths = columns_of(graph.args, [False] * len(graph))
    return [-depth for depth in depths]


def latest_first(graph: Graph) -> list[int]:
    """Return ranks by which nodes come in the reverse of the order in which they were written.

    So the arguments of an operation stand together, and right before it.
    """
    return [-node for node in range(len(graph))]


ORDERS: tuple[Order, ...] = (longest_first, latest_first)
"""In which order nodes get their columns, from the outputs on."""
