"""In which row or column of a figure each node stands: by depth, or with so many in one at most."""

from __future__ import annotations

from adviz.graph.graph import Graph
from adviz.scene.heights import columns_of


def by_depth(graph: Graph) -> list[int]:
    """Return every node's longest path from the leaves; all inputs stand in the first column.

    >>> import adviz
    >>> by_depth(adviz.build("(x + y)*z"))
    [0, 0, 1, 0, 2]
    """
    inputs = {*graph.inputs.values()}
    return columns_of(graph.args, [node in inputs for node in range(len(graph))])


def at_most(graph: Graph, most: int) -> list[int]:
    """Return columns of at most so many nodes each, as few as the longest path allows.

    From the outputs on, each column takes those nodes whose consumers all have theirs, the one
    with the longest path to a leaf first: the list scheduling of Hu, "Parallel sequencing and
    assembly line problems", Operations Research 9 (1961).

    >>> import adviz
    >>> at_most(adviz.build("a*b + c*d"), 2)
    [1, 1, 2, 0, 0, 2, 3]
    """
    depth = columns_of(graph.args, [False] * len(graph))
    waiting = [len({edge.head for edge in edges}) for edges in graph.consumers]
    ready = [node for node, count in enumerate(waiting) if not count]
    behind: list[int] = [0] * len(graph)
    column = 0
    while ready:
        ready.sort(key=lambda node: -depth[node])
        taken, ready = ready[:most], ready[most:]
        for node in taken:
            behind[node] = column
            for argument in dict.fromkeys(graph.args[node]):
                waiting[argument] -= 1
                ready += [argument] * (not waiting[argument])
        column += 1
    return [column - 1 - place for place in behind]
