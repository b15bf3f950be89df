"""Where everything in a figure stands, from left to right; from the top it is the mirror image.

Columns are filled in the order and at the heights that `scene/heights` finds, then pushed together
as far as the page's other side asks for. Edges bend only between columns, where the labels are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import inf, sqrt

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.render.figure.styles import Room
from adviz.scene.geometry import Box, Position
from adviz.scene.heights import NODE_GAP, Columns, heights_of

MARGIN = 0.3
_APART, _LANE = 0.9, 0.05
_HEAD = 0.7
_BEFORE_LABEL, _LEAST_GAP = 0.7, 1.6
_PORT = 0.7
_STEEP, _MOST_MORE = 12.0, 2.0
_STRETCHED, _BESIDE = 2.5, 1.2

Size = tuple[float, float]


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
    def _columns(self) -> tuple[Columns, dict[int, list[int]]]:
        """The nodes and the lanes of long edges by column, and each edge's lanes.

        In the unit of `heights_of`, in which neighbours stand `NODE_GAP` apart.
        """
        unit = NODE_GAP / _APART
        columns = Columns([[] for _ in range(max(self.column) + 1)], [])
        lanes: dict[int, list[int]] = {}
        for node, room in enumerate(self.rooms):
            columns.add(self.column[node], room.height * unit)
        for k, edge in enumerate(self.edges):
            spot, lanes[k] = edge.tail, []
            for place in range(self.column[edge.tail] + 1, self.column[edge.head]):
                lane = columns.add(place, _LANE * unit)
                columns.links.append((spot, lane, 8 if lanes[k] else 2))
                lanes[k].append(lane)
                spot = lane
            columns.links.append((spot, edge.head, 2 if lanes[k] else 1))
        return columns, lanes

    @property
    def lanes(self) -> Mapping[int, list[int]]:
        """The spots that an edge passes in the columns between its ends."""
        return self._columns[1]

    @cached_property
    def _high(self) -> list[float]:
        """How high each spot is, with the distance to the next one."""
        return [high * _APART / NODE_GAP + _APART for high in self._columns[0].heights]

    @cached_property
    def least_across(self) -> float:
        """How high the fullest column is, pushed together."""
        spots = self._columns[0].spots
        return max(sum(self._high[s] for s in each) for each in spots) - _APART + 2 * MARGIN

    @cached_property
    def middles(self) -> list[float]:
        """How high every spot stands, in the page."""
        columns = self._columns[0]
        found = [y * _APART / NODE_GAP for y in heights_of(columns)]
        half = [high / 2 for high in self._high]
        top = min(y - h for y, h in zip(found, half, strict=True)) - MARGIN + _APART / 2
        ys = [y - top for y in found]
        if self.across == inf:
            return ys
        spare = self.across - max(y + h for y, h in zip(ys, half, strict=True)) + _APART / 2
        for spots in columns.spots:
            self._push(sorted(spots, key=ys.__getitem__), ys, (spare - MARGIN) / 2)
        return ys

    def _push(self, spots: Sequence[int], ys: list[float], shift: float) -> None:
        """Move the spots of a column between the edges of the page, keeping them apart."""
        before = [0.0, *accumulate(self._high[s] for s in spots)]
        room = self.across - 2 * MARGIN + _APART
        for spot, top in zip(spots, before, strict=False):
            half = self._high[spot] / 2
            least = MARGIN - _APART / 2 + top + half
            most = least + room - before[-1]
            ys[spot] = min(max(ys[spot] + shift, least), most)

    @cached_property
    def high(self) -> float:
        """How high all of it is."""
        if self.across < inf:
            return self.across
        ends = zip(self.middles, self._high, strict=True)
        return max(y + h / 2 for y, h in ends) - _APART / 2 + MARGIN

    @cached_property
    def gaps(self) -> list[float]:
        """How wide the gap behind every column is but the last: for its labels and its climbs."""
        gaps, count = [], max(self.column)
        for place in range(count):
            here = [k for k in self.labels if self.column[self.edges[k].head] == place + 1]
            label = max((self.labels[k][0] for k in here), default=0.0)
            more = max(0, self._crowd(here) - 1) * min(label, _BESIDE)
            need = _HEAD + _BEFORE_LABEL + label + more
            gaps.append(max(_LEAST_GAP, need) + self._climb(place))
        spare = self.along - self.least_along_of(gaps)
        return [gap + min(_STRETCHED, max(0.0, spare) / max(1, count)) for gap in gaps]

    def _crowd(self, edges: Sequence[int]) -> int:
        """Return how many labels of a gap would lie over each other in its middle."""
        middles = (self._bend_middle(k) for k in edges)
        halves = (self.labels[k][1] / 2 for k in edges)
        spans = [(y - half, y + half) for y, half in zip(middles, halves, strict=True)]
        return max((sum(low <= top < high for low, high in spans) for top, _ in spans), default=0)

    def _bend_middle(self, k: int) -> float:
        """Return how high the middle of an edge's last bend is, about."""
        edge = self.edges[k]
        spots = [edge.tail, *self.lanes[k], edge.head]
        return (self.middles[spots[-2]] + self.middles[spots[-1]]) / 2

    def _climb(self, place: int) -> float:
        """Return how much more room the steepest edge of a gap asks for."""
        climbs = [0.0]
        for k, edge in enumerate(self.edges):
            spots = [edge.tail, *self.lanes[k], edge.head]
            offset = place - self.column[edge.tail]
            if 0 <= offset < len(spots) - 1:
                one, other = (self.middles[s] for s in spots[offset : offset + 2])
                climbs.append(abs(one - other))
        return min(_MOST_MORE, max(climbs) / _STEEP)

    @cached_property
    def wides(self) -> list[float]:
        """How wide every column is."""
        wides = [0.0] * (max(self.column) + 1)
        for node, room in enumerate(self.rooms):
            wides[self.column[node]] = max(wides[self.column[node]], room.width)
        return wides

    @property
    def shortest(self) -> float:
        """How long all of it is at least, whatever its labels ask for."""
        return self.least_along_of([_LEAST_GAP] * max(self.column))

    def least_along_of(self, gaps: Sequence[float]) -> float:
        """Return how long the columns and some gaps are."""
        return sum(self.wides) + sum(gaps) + 2 * MARGIN

    @cached_property
    def least_along(self) -> float:
        """How long all of it is."""
        return self.least_along_of(self.gaps)

    @cached_property
    def lefts(self) -> list[float]:
        """Where every column begins; what is left over stands on both sides."""
        spare = max(0.0, self.along - self.least_along) / 2
        steps = [wide + gap for wide, gap in zip(self.wides, [*self.gaps, 0.0], strict=True)]
        return [*accumulate(steps[:-1], initial=MARGIN + spare)]

    def box(self, node: int) -> Box:
        """Return where a node's room stands: in the middle of its column."""
        room, place = self.rooms[node], self.column[node]
        left = self.lefts[place] + (self.wides[place] - room.width) / 2
        return Box(left, self.middles[node] - room.height / 2, room.width, room.height)

    def body(self, node: int) -> Box:
        """Return where a node's outline stands."""
        (x, y, _, _), body = self.box(node), self.rooms[node].body
        return Box(x + body.x, y + body.y, body.width, body.height)

    def way(self, k: int) -> list[Position]:
        """Return the points of an edge, level at each, from outline to outline."""
        edge = self.edges[k]
        start, end = self._port(k, edge.tail, 1), self._port(k, edge.head, -1)
        tail, head = self.column[edge.tail], self.column[edge.head]
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
