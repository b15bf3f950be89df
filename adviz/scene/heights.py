"""How high everything stands: the vertical order of nodes and long edges in their columns.

Every edge that spans several columns reserves a *lane* in each column it passes. Small graphs
are ordered by Graphviz's dot, in-process and for its positions only; large ones by the
barycentre method of Sugiyama, Tagawa & Toda (1981), whose cost is linear in the lanes. Which of
the two is chosen by size alone, so that the same graph always looks the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

DOT_LIMIT = 120
"""The most spots that dot is asked to order; beyond them it takes seconds, then minutes."""

NODE_GAP = 26.0
LANE = 12.0
_SWEEPS = 8
_LEVEL = 50
"""How many links those of one height are worth."""
_POINTS_PER_INCH = 72


@dataclass
class Columns:
    """Spots by column, their heights, and the links between neighbouring columns.

    A spot is a place to stand in: of a node, whose number it has, or of a lane.
    """

    spots: list[list[int]]
    heights: list[float]
    links: list[tuple[int, int, int]] = field(default_factory=list)
    """From spot, to spot, and how much the link wants to be straight."""
    level: list[tuple[int, int]] = field(default_factory=list)
    """Spots, the earlier column's first, that want one height though no edge joins them."""
    gap: float = NODE_GAP
    """The least room between the spots of a column."""

    def add(self, column: int | None, height: float) -> int:
        """Add a spot to a column, or to none, and return its number."""
        self.heights.append(height)
        spot = len(self.heights) - 1
        if column is not None:
            self.spots[column].append(spot)
        return spot

    def part(self, kept: Sequence[int]) -> Columns:
        """Return some spots, numbered anew in their order, and what links them to each other."""
        new = {spot: place for place, spot in enumerate(kept)}
        columns = ([new[spot] for spot in spots if spot in new] for spots in self.spots)
        return Columns(
            [spots for spots in columns if spots],
            [self.heights[spot] for spot in kept],
            [(new[a], new[b], w) for a, b, w in self.links if a in new and b in new],
            [(new[a], new[b]) for a, b in self.level if a in new and b in new],
            self.gap,
        )


def columns_of(args: Sequence[Sequence[int]], fixed_first: Sequence[bool]) -> list[int]:
    """Return every node's column: its longest path from the leaves.

    Leaves that are not fixed in the first column stand just before their first consumer.
    """
    column = [0] * len(args)
    for node, arguments in enumerate(args):
        column[node] = 1 + max((column[a] for a in arguments), default=-1)
    first: dict[int, int] = {}
    for node, arguments in enumerate(args):
        for argument in arguments:
            first[argument] = min(first.get(argument, column[node]), column[node])
    return [
        c if args[node] or fixed_first[node] else max(0, first.get(node, 1) - 1)
        for node, c in enumerate(column)
    ]


def heights_of(columns: Columns) -> list[float]:
    """Return the vertical centre of every spot, in a picture whose y points down."""
    if len(columns.heights) <= DOT_LIMIT:
        try:
            import pygraphviz
        except ImportError:  # no wheel for this platform; the other method needs none
            return _barycentre(columns)
        return _dot(columns, pygraphviz)
    return _barycentre(columns)


def _dot(columns: Columns, pygraphviz: object) -> list[float]:
    """Return the positions that Graphviz gives to boxes of these sizes."""
    picture = pygraphviz.AGraph(  # type: ignore[attr-defined]  # the module has no types
        strict=False, directed=True, rankdir="LR", nslimit=2, nslimit1=2, ranksep=0.5,
        nodesep=columns.gap / _POINTS_PER_INCH, ordering="in",
    )  # fmt: skip
    picture.node_attr.update(shape="box", fixedsize="true", label="", width=0.2)
    for spots in columns.spots:
        for spot in spots:
            picture.add_node(spot, height=columns.heights[spot] / _POINTS_PER_INCH)
        picture.add_subgraph(spots, rank="same")
    for tail, head, weight in columns.links:
        picture.add_edge(tail, head, weight=weight)
    for tail, head in columns.level:
        picture.add_edge(tail, head, weight=_LEVEL)
    objects = json.loads(picture.draw(format="json", prog="dot"))["objects"]
    up = {int(o["name"]): float(o["pos"].split(",")[1]) for o in objects if "pos" in o}
    picture.close()
    return _upright(columns, [up[spot] for spot in range(len(up))])


def _upright(columns: Columns, heights: list[float]) -> list[float]:
    """Return heights with y down, mirrored if the first column then reads in its own order."""
    flipped = [-y for y in heights]
    return min((flipped, heights), key=lambda ys: (_inversions(columns, ys), ys is heights))


def _inversions(columns: Columns, ys: Sequence[float]) -> int:
    """Return how many neighbours of a column, and arguments of a node, stand upside down."""
    first = columns.spots[0]
    pairs = [*pairwise(first)]
    before: dict[int, int] = {}
    for tail, head, _ in columns.links:
        if head in before:
            pairs.append((before[head], tail))
        before[head] = tail
    return sum(ys[upper] > ys[lower] for upper, lower in pairs)


def _barycentre(columns: Columns) -> list[float]:
    """Return positions by sweeping: each spot near the mean of those it is linked to."""
    earlier, later = _neighbours(columns)
    ys = [0.0] * len(columns.heights)
    for spots in columns.spots:
        _stack(columns, spots, [0.0] * len(spots), ys)
    for sweep in range(_SWEEPS):
        near, order = (earlier, 1) if sweep % 2 == 0 else (later, -1)
        for spots in columns.spots[::order]:
            wanted = {s: _mean([ys[n] for n in near.get(s, ())], ys[s]) for s in spots}
            spots.sort(key=lambda spot, wanted=wanted: wanted[spot])  # type: ignore[misc]  # bound now
            _stack(columns, spots, [wanted[spot] for spot in spots], ys)
    _level(columns, ys)
    return ys


def met_beside(columns: Columns, ys: Sequence[float], ports: Sequence[float]) -> list[float]:
    """Return heights of spots whose links meet them that much below their middles.

    The order of a column is kept; each spot goes to where its links are as level as may be.
    """
    found = list(ys)
    linked: dict[int, list[int]] = {}
    for tail, head, weight in columns.links:
        linked.setdefault(tail, []).extend([head] * weight)
        linked.setdefault(head, []).extend([tail] * weight)
    for _ in range(_SWEEPS):
        for column in columns.spots:
            spots = sorted(column, key=found.__getitem__)
            wanted = [
                _mean([found[n] + ports[n] - ports[s] for n in linked.get(s, ())], found[s])
                for s in spots
            ]
            _stack(columns, spots, wanted, found)
    return found


def _level(columns: Columns, ys: list[float]) -> None:
    """Slide every column so that most of its links from the one before are level."""
    entering: dict[int, list[int]] = {}
    for tail, head, _ in columns.links:
        entering.setdefault(head, []).append(tail)
    for spots in columns.spots[1:]:
        climbs = [ys[spot] - ys[tail] for spot in spots for tail in entering.get(spot, ())]
        slide = median(climbs) if climbs else 0.0
        for spot in spots:
            ys[spot] -= slide


def _neighbours(columns: Columns) -> tuple[Mapping[int, list[int]], Mapping[int, list[int]]]:
    earlier: dict[int, list[int]] = {}
    later: dict[int, list[int]] = {}
    for tail, head in [*(link[:2] for link in columns.links), *columns.level * _LEVEL]:
        later.setdefault(tail, []).append(head)
        earlier.setdefault(head, []).append(tail)
    return earlier, later


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _stack(
    columns: Columns, spots: Sequence[int], wanted: Sequence[float], ys: list[float]
) -> None:
    """Put spots of one column as near to the wanted heights as their order and sizes allow.

    Overlapping spots are pooled into blocks that take the mean wish of their members (isotonic
    regression by pooling adjacent violators).
    """
    offsets = list(_offsets([columns.heights[spot] for spot in spots], columns.gap))
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wanted, offsets, strict=True):
        total, count = wish - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            previous = blocks.pop()
            total, count = total + previous[0], count + previous[1]
        blocks.append((total, count))
    bases = (total / count for total, count in blocks for _ in range(count))
    for spot, base, offset in zip(spots, bases, offsets, strict=True):
        ys[spot] = base + offset


def _offsets(heights: Sequence[float], gap: float) -> Iterator[float]:
    """Yield the centres of boxes stacked with no more than a gap between them."""
    top = 0.0
    for height in heights:
        yield top + height / 2
        top += height + gap
