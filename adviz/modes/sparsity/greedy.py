"""Colourings of a matrix by greedy choice: which of its lines are computed together.

Gebremedhin, Manne & Pothen, "What color is your Jacobian? Graph coloring for computing
derivatives", SIAM Review 47(4), 2005: a line takes the first colour that no earlier choice forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, count

Lines = Sequence[Sequence[int]]
"""Per row the numbers of the columns in which it is not 0, ascending."""
NONE = -1
"""The colour of a column that is 0 throughout: nothing of it has to be computed."""


def apart(lines: Lines, width: int) -> tuple[int, ...]:
    """Return a colour for each column, such that no row meets a colour twice.

    Columns are structurally orthogonal: Curtis, Powell & Reid, "On the estimation of sparse
    Jacobian matrices", J. Inst. Math. Appl. 13, 1974. Coloured smallest last, a banded matrix has
    as many colours as its band is wide. A column that is 0 throughout has none.

    >>> apart([[0, 1], [1, 2], [2, 3]], 5)
    (0, 1, 0, 1, -1)
    """
    if any(len(line) == width for line in lines):
        return tuple(range(width))
    import networkx as nx

    meeting = nx.Graph()
    meeting.add_nodes_from(sorted({column for line in lines for column in line}))
    for line in lines:
        meeting.add_edges_from(combinations(line, 2))
    found = nx.greedy_color(meeting, strategy="smallest_last")
    return _as_met([found.get(column, NONE) for column in range(width)])


def star(lines: Lines) -> tuple[int, ...]:
    """Return a colour for each column of a symmetric matrix, of which either half may be read.

    Neighbours differ, and every path over four columns has three colours, so that two colours
    meet in stars: an element is read in the row of its star's leaf, where it stands alone.
    Algorithm 4.1 of the article above, the columns with most elements first. A column that is 0
    throughout has no colour.

    >>> star([[0, 1, 2, 3], [0, 1], [0, 2], [0, 3]]), star([[0, 1], [0, 1, 2], [1, 2, 3], [2, 3]])
    ((0, 1, 1, 1), (0, 1, 0, 2))
    """
    neighbours = [[other for other in line if other != own] for own, line in enumerate(lines)]
    colours = [-1] * len(lines)
    met: list[dict[int, int]] = [{} for _ in lines]  # of each colour the first neighbour
    closed: list[set[int]] = [set() for _ in lines]  # what would make a star longer
    for own in sorted(range(len(lines)), key=lambda line: -len(lines[line])):
        taken: set[int] = set()
        for other in neighbours[own]:
            taken |= met[other].keys() if colours[other] < 0 else {colours[other], *closed[other]}
        colour = colours[own] = next(free for free in count() if free not in taken)
        for hub in neighbours[own]:
            first = met[hub].setdefault(colour, own)
            if first != own:
                closed[first].add(colours[hub])
                closed[own].add(colours[hub])
    return _as_met([colour if line else NONE for colour, line in zip(colours, lines, strict=True)])


def _as_met(colours: Sequence[int]) -> tuple[int, ...]:
    """Return colours with the numbers 0, 1, … in the order in which they are met."""
    met = dict.fromkeys(colour for colour in colours if colour != NONE)
    numbers = {NONE: NONE, **{colour: number for number, colour in enumerate(met)}}
    return tuple([numbers[colour] for colour in colours])
