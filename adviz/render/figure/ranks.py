"""Which labels of a figure stand side by side between two columns, each on its own edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.graph.procedure import Edge

MARGIN = 0.3
APART, LANE = 0.9, 0.05
"""How far spots stand apart, and how high the spot of a line is, in the size of the letters."""
_OVER = 0.4
"""By how much less than others labels stand apart from what is beside them."""

Rank = list[int]
"""The edges whose labels stand side by side."""
Size = tuple[float, float]


def label_height(size: Size) -> float:
    """Return how high the spot of a label is."""
    return max(LANE, size[1] - _OVER)


def ranks_of(
    column: Sequence[int], edges: Sequence[Edge], heights: Mapping[int, float], across: float
) -> list[list[Rank]]:
    """Return the ranks of labels before each column: as few as have room across.

    `heights` is that of each label's spot, by edge. Beside its labels a rank is passed by the
    lines of all other edges that go on there.

    >>> import adviz
    >>> edges = list(adviz.build("x*y").edges)
    >>> ranks_of([0, 0, 1], edges, {0: 5, 1: 5}, 20), ranks_of([0, 0, 1], edges, {0: 5, 1: 5}, 8)
    ([[], [[0, 1]]], [[], [[0], [1]]])
    """
    return [
        _ranks(
            {k: high for k, high in heights.items() if column[edges[k].head] == place},
            across - _passed(sum(column[e.tail] < place <= column[e.head] for e in edges)),
        )
        for place in range(max(column) + 1)
    ]


def _passed(lines: int) -> float:
    """Return the room of so many lines without labels, and of the margins."""
    return lines * (LANE + APART) - APART + 2 * MARGIN


def _ranks(heights: Mapping[int, float], room: float) -> list[Rank]:
    """Return labels in as many ranks as it takes, where a line takes no room."""
    ranks: list[Rank] = []
    left = 0.0
    for k, high in heights.items():
        if not ranks or high - LANE > left:
            ranks.append([])
            left = room
        ranks[-1].append(k)
        left -= high - LANE
    return ranks
