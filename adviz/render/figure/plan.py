"""Where everything in a figure stands, from left to right; from the top it is the mirror image.

Between columns of nodes stand ranks of labels, each on its own edge: as many side by side as the
page's other side has room for. So a label touches no other, no node, and no line but its own, by
construction. Both are filled in the order and at the heights that `scene/heights` finds, then
pushed together as far as the page asks for. Edges bend only between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import hypot, inf, sqrt

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.render.figure.ranks import APART, LANE, MARGIN, Rank, Size, label_height, ranks_of
from adviz.render.figure.styles import Room
from adviz.scene.geometry import Box, Position
from adviz.scene.heights import NODE_GAP, Columns, heights_of, met_beside

_HEAD = 0.7
_BEND, _LEAST_GAP = 0.35, 1.6
_PORT = 0.7
_STEEP, _MOST_MORE = 9.0, 2.0
_STRETCHED = 2.5


@dataclass(frozen=True)
class Plan:
    """A figure from left to right, in the size of its letters.

    `across` is how high it may be: lengths along the flow are found, those across it kept.
    """

    graph: Graph
    column: Sequence[int]
    rooms: Sequence[Room]
    labels: Mapping[int, Size]
    """The room of each edge's label, by edge."""
    across: float = inf
    along: float = 0.0
    """How long it is at least; the gaps take what is left."""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges by number."""
        return tuple(self.graph.edges)

    @cached_property
    def _ranks(self) -> list[list[Rank]]:
        """The labels that stand side by side: the ranks before each column."""
        highs = {k: label_height(size) for k, size in self.labels.items()}
        return ranks_of(self.column, self.edges, highs, self.across)

    @cached_property
    def _place(self) -> list[int]:
        """Per node the place of its column among columns and ranks."""
        before = [*accumulate(1 + len(ranks) for ranks in self._ranks)]
        return [before[column] - 1 for column in self.column]

    @cached_property
    def _columns(self) -> tuple[Columns, dict[int, list[int]]]:
        """The nodes, the labels and the lanes of edges by place, and the spots each edge passes.

        In the unit of `heights_of`, in which neighbours stand `NODE_GAP` apart.
        """
        unit = NODE_GAP / APART
        ranks = [rank for column in self._ranks for rank in (*column, [])]
        columns = Columns([[] for _ in ranks], [])
        lanes: dict[int, list[int]] = {}
        for node, room in enumerate(self.rooms):
            columns.add(self._place[node], room.height * unit)
        for k, edge in enumerate(self.edges):
            spot, lanes[k] = edge.tail, []
            for place in range(self._place[edge.tail] + 1, self._place[edge.head]):
                high = label_height(self.labels[k]) if k in ranks[place] else LANE
                lane = columns.add(place, high * unit)
                columns.links.append((spot, lane, 8 if lanes[k] else 2))
                lanes[k].append(lane)
                spot = lane
            columns.links.append((spot, edge.head, 2 if lanes[k] else 1))
        return columns, lanes

    @property
    def lanes(self) -> Mapping[int, list[int]]:
        """The spots that an edge passes between its ends: lanes, and that of its label."""
        return self._columns[1]

    @cached_property
    def _high(self) -> list[float]:
        """How high each spot is, with the distance to the next one."""
        return [high * APART / NODE_GAP + APART for high in self._columns[0].heights]

    @cached_property
    def least_across(self) -> float:
        """How high the fullest column is, pushed together."""
        spots = self._columns[0].spots
        return max(sum(self._high[s] for s in each) for each in spots) - APART + 2 * MARGIN

    @property
    def _heights(self) -> list[float]:
        """How high spots stand, in the unit of `heights_of`."""
        columns, unit = self._columns[0], NODE_GAP / APART
        ports = [unit * (room.body.middle.y - room.height / 2) for room in self.rooms]
        found = heights_of(columns)
        lanes = [0.0] * (len(found) - len(ports))
        return met_beside(columns, found, [*ports, *lanes]) if any(ports) else found

    @cached_property
    def middles(self) -> list[float]:
        """How high every spot stands, in the page."""
        columns = self._columns[0]
        found = [y * APART / NODE_GAP for y in self._heights]
        half = [high / 2 for high in self._high]
        top = min(y - h for y, h in zip(found, half, strict=True)) - MARGIN + APART / 2
        ys = [y - top for y in found]
        if self.across == inf:
            return ys
        spare = self.across - max(y + h for y, h in zip(ys, half, strict=True)) + APART / 2
        for spots in columns.spots:
            self._push(sorted(spots, key=ys.__getitem__), ys, (spare - MARGIN) / 2)
        return ys

    def _push(self, spots: Sequence[int], ys: list[float], shift: float) -> None:
        """Move the spots of a column between the edges of the page, keeping them apart."""
        before = [0.0, *accumulate(self._high[s] for s in spots)]
        room = self.across - 2 * MARGIN + APART
        for spot, top in zip(spots, before, strict=False):
            half = self._high[spot] / 2
            least = MARGIN - APART / 2 + top + half
            most = least + room - before[-1]
            ys[spot] = min(max(ys[spot] + shift, least), most)

    @cached_property
    def high(self) -> float:
        """How high all of it is."""
        if self.across < inf:
            return self.across
        ends = zip(self.middles, self._high, strict=True)
        return max(y + h / 2 for y, h in ends) - APART / 2 + MARGIN

    @cached_property
    def _least_gaps(self) -> list[float]:
        """How wide the gap behind every place is at least: where a line bends, and for heads."""
        gaps: list[float] = []
        for ranks in self._ranks:
            gaps += [_BEND] * len(ranks) + [_HEAD + _BEND if ranks else _LEAST_GAP]
        return gaps[1:]

    @cached_property
    def _tight_gaps(self) -> list[float]:
        """How wide the gap behind every place is without room to spare."""
        return [least + self._climb(place) for place, least in enumerate(self._least_gaps)]

    @cached_property
    def gaps(self) -> list[float]:
        """How wide the gap behind every place is but the last."""
        spare = max(0.0, self.along - self.least_along)
        most = _STRETCHED * max(self.column)
        return [gap + min(most, spare) / len(self._tight_gaps) for gap in self._tight_gaps]

    @property
    def edge_length(self) -> float:
        """How long an edge is, on an average, from one spot to the next."""
        lengths = (
            hypot(b.x - a.x, b.y - a.y)
            for k in range(len(self.edges))
            for a, b in pairwise(self.way(k))
        )
        return sum(lengths) / max(1, len(self.edges))

    @property
    def crossings(self) -> int:
        """How often edges cross between columns."""
        columns, count = self._columns[0], 0
        place = {spot: n for n, spots in enumerate(columns.spots) for spot in spots}
        links: dict[int, list[tuple[float, float]]] = {}
        for tail, head, _ in columns.links:
            before = links.setdefault(place[tail], [])
            start, end = self.middles[tail], self.middles[head]
            count += sum((start - one) * (end - other) < 0 for one, other in before)
            before.append((start, end))
        return count

    def _climb(self, place: int) -> float:
        """Return how much more room the steepest edge of a gap asks for."""
        return min(_MOST_MORE, max(self._climbs.get(place, [0.0])) / _STEEP)

    @cached_property
    def _climbs(self) -> dict[int, list[float]]:
        """By place, how much higher or lower each edge is at the next one."""
        climbs: dict[int, list[float]] = {}
        for k, edge in enumerate(self.edges):
            spots = pairwise([edge.tail, *self.lanes[k], edge.head])
            for place, (one, other) in enumerate(spots, self._place[edge.tail]):
                climbs.setdefault(place, []).append(abs(self.middles[one] - self.middles[other]))
        return climbs

    @cached_property
    def wides(self) -> list[float]:
        """How wide every place is."""
        labels = [
            [self.labels[k][0] for k in rank] for ranks in self._ranks for rank in (*ranks, [])
        ]
        for node, room in enumerate(self.rooms):
            labels[self._place[node]].append(room.width)
        return [max(wides, default=0.0) for wides in labels]

    @property
    def shortest(self) -> float:
        """How long all of it is at least, whatever its labels ask for."""
        return self.least_along_of(self._least_gaps)

    def least_along_of(self, gaps: Sequence[float]) -> float:
        """Return how long the columns and some gaps are."""
        return sum(self.wides) + sum(gaps) + 2 * MARGIN

    @cached_property
    def least_along(self) -> float:
        """How long all of it is without room to spare."""
        return self.least_along_of(self._tight_gaps)

    @cached_property
    def lefts(self) -> list[float]:
        """Where every column begins; what is left over stands on both sides."""
        spare = max(0.0, self.along - self.least_along_of(self.gaps)) / 2
        steps = [wide + gap for wide, gap in zip(self.wides, [*self.gaps, 0.0], strict=True)]
        return [*accumulate(steps[:-1], initial=MARGIN + spare)]

    def box(self, node: int) -> Box:
        """Return where a node's room stands: in the middle of its column."""
        room, place = self.rooms[node], self._place[node]
        left = self.lefts[place] + (self.wides[place] - room.width) / 2
        return Box(left, self.middles[node] - room.height / 2, room.width, room.height)

    def body(self, node: int) -> Box:
        """Return where a node's outline stands."""
        (x, y, _, _), body = self.box(node), self.rooms[node].body
        return Box(x + body.x, y + body.y, body.width, body.height)

    def label(self, k: int) -> Position:
        """Return the middle of a label."""
        tail, edge = self._place[self.edges[k].tail], self.edges[k]
        ranks = self._ranks[self.column[edge.head]]
        rank = next(n for n, labels in enumerate(ranks) if k in labels)
        place = self._place[edge.head] - len(ranks) + rank
        left, wide = self.lefts[place], self.wides[place]
        return Position(left + wide / 2, self.middles[self.lanes[k][place - tail - 1]])

    def way(self, k: int) -> list[Position]:
        """Return the points of an edge, level at each, from outline to outline."""
        edge = self.edges[k]
        start, end = self._port(k, edge.tail, 1), self._port(k, edge.head, -1)
        tail, head = self._place[edge.tail], self._place[edge.head]
        points = [start, Position(self.lefts[tail] + self.wides[tail], start.y)]
        for place, spot in enumerate(self.lanes[k], tail + 1):
            left = self.lefts[place]
            points += [Position(x, self.middles[spot]) for x in (left, left + self.wides[place])]
        base = Position(end.x - _HEAD, end.y)
        return [*points, Position(min(self.lefts[head], base.x), end.y), base, end]

    def _port(self, k: int, node: int, way: int) -> Position:
        """Return where an edge meets a node's outline, at its right or at its left."""
        body, edges = self.body(node), self._leaving[node] if way > 0 else self._entering[node]
        pitch = min(_PORT, 0.7 * body.height / len(edges))
        off = (edges.index(k) - (len(edges) - 1) / 2) * pitch
        inset = _inset(body, off) if self.rooms[node].round else 0.0
        middle = body.middle
        return Position(middle.x + way * (body.width / 2 - inset), middle.y + off)

    @cached_property
    def _entering(self) -> dict[int, list[int]]:
        """Per node the edges that enter it, in the order of its arguments."""
        entering: dict[int, list[int]] = {}
        for k, edge in enumerate(self.edges):
            entering.setdefault(edge.head, []).append(k)
        return entering

    @cached_property
    def _leaving(self) -> dict[int, list[int]]:
        """Per node the edges that leave it, from the top."""
        leaving: dict[int, list[int]] = {}
        for k, edge in enumerate(self.edges):
            leaving.setdefault(edge.tail, []).append(k)
        for edges in leaving.values():
            edges.sort(key=lambda k: (self._next(k), k))
        return leaving

    def _next(self, k: int) -> tuple[float, int]:
        """Return how high an edge goes on, and by which argument it arrives."""
        edge = self.edges[k]
        return self.middles[[*self.lanes[k], edge.head][0]], edge.position


def _inset(body: Box, off: float) -> float:
    """Return how far a stadium's border stands back at some distance from its middle."""
    radius = min(body.width, body.height) / 2
    bent = max(0.0, abs(off) - (body.height / 2 - radius))
    return radius - sqrt(max(0.0, radius * radius - bent * bent))
