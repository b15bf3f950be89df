"""What stands where along the flow and across it, whichever way the flow then runs in a picture.

Columns follow each other along the flow, `x`; what stands in a column is told apart across it, `y`.
A graph that is long and thin is broken into rows of columns, like a text into lines. A column
without width ends a row, another begins the next; what goes on has a lane in both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.scene.card import FULL, Card
from adviz.scene.extents import Extent, Room, Span
from adviz.scene.heights import DOT_LIMIT, LANE, Columns, heights_of

ARROW = 16.0
"""The room before a node that an arrowhead needs."""
RADIUS, TRACK = 10.0, 12.0
"""How round the way from one row to the next turns, and how far apart such ways are."""

_TURNING_GAP = 36.0
_PORT_PITCH = 26.0
_BETWEEN_CHIPS, _BETWEEN_SLOTS = 4.0, 4.0
_LEAVING_PITCH = 14.0
_STEEP = 10.0
_CROWD, _PER_EDGE = 6, 6.0
_MORE_GAP = 110.0
_ROW_GAP = 18.0
_GATHERED, _MOST_GATHERED = 12.0, 44.0


_Trunks = dict[tuple[int, int], int]
"""Lanes by whose they are and by column."""


@dataclass(frozen=True)
class Plan:
    """The places of a graph's nodes, lanes and ports; edges are numbered as in `Graph.edges`."""

    graph: Graph
    rooms: Sequence[Room]
    chips: Mapping[int, Extent]
    rank: Sequence[int]
    """The column of every node, before there are rows."""
    breaks: Sequence[int] = ()
    """The first columns of the second row and those after it."""
    beside: Sequence[tuple[int, int]] = ()
    """Nodes that want to stand at one height, of which the second is in a later column."""
    card: Card = FULL
    margin: float = 0.0
    set_down: Mapping[int, int] = field(default_factory=dict)
    """By edge the constants that stand on it, as chips do; of these the edge has the size."""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges by number."""
        return tuple(self.graph.edges)

    @cached_property
    def column(self) -> list[int]:
        """Every node's column; before each later row there are two more."""
        columns = [rank + 2 * bisect_right(self.breaks, rank) for rank in self.rank]
        for number, node in self.set_down.items():
            columns[node] = columns[self.edges[number].head] - 1
        return columns

    @cached_property
    def turns(self) -> list[int]:
        """The columns at which rows end; in the columns after them the next rows begin."""
        return [first + 2 * number for number, first in enumerate(self.breaks)]

    @cached_property
    def row_of(self) -> list[int]:
        """The row that every column stands in."""
        return [bisect_left(self.turns, column) for column in range(max(self.column) + 1)]

    @property
    def columns(self) -> Columns:
        """The spots of nodes and lanes, and what links them."""
        return self._linked[0]

    @property
    def lanes(self) -> Sequence[Sequence[int]]:
        """The spots of the lanes of every edge, in the columns it passes."""
        return self._linked[1]

    @cached_property
    def _linked(self) -> tuple[Columns, list[list[int]]]:
        columns = Columns([[] for _ in range(max(self.column) + 1)], [], gap=self.card.between)
        for node, room in enumerate(self.rooms):
            column = None if node in self._apart else self.column[node]
            columns.add(column, max(room.node.across, self._around(node)))
        trunks: _Trunks = {}
        lanes = [self._link(columns, number, trunks) for number in range(len(self.edges))]
        columns.level.extend(self.beside)
        return columns, lanes

    @cached_property
    def _apart(self) -> frozenset[int]:
        """The nodes that stand in no column."""
        return frozenset(self.set_down.values())

    def _around(self, node: int) -> float:
        """Return how broad a node's slots are, and the chips before it."""
        room = self.rooms[node]
        leaving = len(self.graph.consumers[node]) if room.slots else 0
        own = leaving * (room.slot.across + _BETWEEN_SLOTS)
        slots = room.slot.across if room.shared else own
        offsets = self._approaches[node]
        reach = (o + way * self._breadth(k) / 2 for k, o in offsets.items() for way in (-1, 1))
        return max(slots, 2 * max(map(abs, reach), default=0.0))

    def _link(self, columns: Columns, number: int, trunks: _Trunks) -> list[int]:
        """Link an edge's ends through a lane in each column between them; return the lanes."""
        tail, head, _ = self.edges[number]
        spot, lanes = tail, list[int]()
        if number in self.set_down:
            return lanes
        for column in range(self.column[tail] + 1, self.column[head]):
            owner = tail if self.bundled else len(self.graph) + number
            lane = trunks.get((owner, column))
            if lane is None:
                lane = trunks[owner, column] = columns.add(column, LANE)
                columns.links.append((spot, lane, 8 if spot != tail else 2))
            lanes.append(lane)
            spot = lane
        columns.links.append((spot, head, 2 if lanes else 1))
        return lanes

    @cached_property
    def bundled(self) -> bool:
        """Whether the long edges of a node share their lanes: in large graphs they do."""
        spans = (self.column[edge.head] - self.column[edge.tail] - 1 for edge in self.edges)
        return len(self.graph) + sum(spans) > DOT_LIMIT

    @cached_property
    def rows(self) -> list[list[int]]:
        """The spots of every row."""
        bounds = [0, *(turn + 1 for turn in self.turns), len(self.columns.spots)]
        columns = (self.columns.spots[first:end] for first, end in pairwise(bounds))
        return [sorted(spot for spots in row for spot in spots) for row in columns]

    @cached_property
    def ys(self) -> list[float]:
        """Centres across the flow of nodes and lanes, row below row."""
        high, ys, top = self.columns.heights, [0.0] * len(self.columns.heights), self.margin
        for row, spots in enumerate(self.rows):
            found = heights_of(self.columns.part(spots))
            least = min(y - high[spot] / 2 for spot, y in zip(spots, found, strict=True))
            for spot, y in zip(spots, found, strict=True):
                ys[spot] = y - least + top
            if row < len(self.turns):
                lanes = len(self.columns.spots[self.turns[row]])
                bottom = max(ys[spot] + high[spot] / 2 for spot in spots)
                top = bottom + 2 * _ROW_GAP + TRACK * (lanes - 1)
        return ys

    @cached_property
    def tracks(self) -> list[list[tuple[int, int]]]:
        """The lanes that lead from every row to the next: where they end, and where they go on."""
        ends: list[dict[int, int]] = [{} for _ in self.turns]
        for edge, lanes in zip(self.edges, self.lanes, strict=True):
            passed = dict(enumerate(lanes, self.column[edge.tail] + 1))
            for row, turn in enumerate(self.turns):
                if turn in passed:
                    ends[row][passed[turn]] = passed[turn + 1]
        return [sorted(pairs.items(), key=lambda pair: -self.ys[pair[0]]) for pairs in ends]

    def track_y(self, row: int, place: int) -> float:
        """Return where a way from a row to the next runs back between the two."""
        bottom = max(self.ys[spot] + self.columns.heights[spot] / 2 for spot in self.rows[row])
        return bottom + _ROW_GAP + TRACK * place

    @cached_property
    def gutter(self) -> float:
        """The room at both ends of a row for the ways from row to row."""
        most = max((len(lanes) for lanes in self.tracks), default=0)
        return 2 * RADIUS + TRACK * (most - 1) if most else 0.0

    @cached_property
    def _approaches(self) -> list[dict[int, float]]:
        """Per node the edges that enter it, and how far from its centre their chips have room."""
        entering: list[list[int]] = [[] for _ in self.rooms]
        for number, edge in enumerate(self.edges):
            entering[edge.head].append(number)
        return [
            self._side_by_side(sorted(n, key=lambda k: self.edges[k].position)) for n in entering
        ]

    def _side_by_side(self, numbers: Sequence[int]) -> dict[int, float]:
        """Return the offsets of edges whose chips stand side by side, about 0."""
        halves = [self._breadth(number) / 2 + _BETWEEN_CHIPS / 2 for number in numbers]
        steps = (max(_PORT_PITCH, a + b) for a, b in pairwise(halves))
        places = [*accumulate(steps, initial=0.0)]
        return {
            number: place - places[-1] / 2 for number, place in zip(numbers, places, strict=False)
        }

    def _breadth(self, number: int) -> float:
        return self.chips[number].across if number in self.chips else 0.0

    def approach(self, number: int) -> float:
        """Return where across the flow an edge comes to its head, with room for its chip."""
        head = self.edges[number].head
        return self.ys[head] + self._approaches[head][number]

    def entering(self, number: int) -> float:
        """Return where an edge enters its head: in argument order."""
        head = self.edges[number].head
        offsets = self._approaches[head]
        widest = max(abs(offset) for offset in offsets.values()) * 2
        room = self.rooms[head].node.across - 20
        return self.ys[head] + offsets[number] * min(1.0, room / widest if widest else 1.0)

    @cached_property
    def leaving_order(self) -> dict[int, list[int]]:
        """Per node the edges that leave it, in the order of where they go."""
        leaving: dict[int, list[int]] = {}
        for number, edge in enumerate(self.edges):
            leaving.setdefault(edge.tail, []).append(number)
        for numbers in leaving.values():
            numbers.sort(key=self._next_height)
        return leaving

    def _next_height(self, number: int) -> tuple[float, float, int]:
        lanes, end = self.lanes[number], self.entering(number)
        return (self.ys[lanes[0]] if lanes else end), end, number

    def leaving(self, number: int) -> float:
        """Return where an edge leaves its tail, or the slot after it."""
        if number in self.set_down:
            return self.approach(number)
        tail = self.edges[number].tail
        order, room = self.leaving_order[tail], self.rooms[tail]
        space = room.slot.across - 8 if room.shared else room.node.across - 24
        pitch = min(_LEAVING_PITCH, space / max(1, len(order) - 1))
        if room.slots and not room.shared:
            pitch = room.slot.across + _BETWEEN_SLOTS
        return self.ys[tail] + (order.index(number) - (len(order) - 1) / 2) * pitch

    def heights(self, number: int) -> list[float]:
        """Return where an edge is across the flow: as it leaves, in its lanes, as it comes."""
        lanes = (self.ys[lane] for lane in self.lanes[number])
        return [self.leaving(number), *lanes, self.approach(number)]

    def gap_of(self, number: int) -> int:
        """Return the gap that holds an edge's chip: the last one, before its head."""
        return self.column[self.edges[number].head] - 1

    @cached_property
    def gathered(self) -> list[float]:
        """How much of the end of every gap brings edges from beside their chips to their ports."""
        room = [0.0] * (max(self.column) + 1)
        for number in range(len(self.edges)):
            bend = abs(self.approach(number) - self.entering(number))
            if bend > 0.5:
                least = min(_MOST_GATHERED, _GATHERED + bend / 3)
                gap = self.gap_of(number)
                room[gap] = max(room[gap], least)
        return room

    @cached_property
    def spans(self) -> list[Span]:
        """Start and end of every column."""
        first = self.margin + self.gutter
        left, spans = first, list[Span]()
        for column, (length, gap) in enumerate(zip(self._lengths(), self.gaps, strict=True)):
            spans.append(Span(left, left + length))
            left = first if column in self.turns else left + (length + gap)
        return spans

    def _lengths(self) -> list[float]:
        """Return how long every column is: nodes with their slots behind them."""
        nodes, whole = [0.0] * (max(self.column) + 1), [0.0] * (max(self.column) + 1)
        standing = [
            (column, self.rooms[node])
            for node, column in enumerate(self.column)
            if node not in self._apart
        ]
        for column, room in standing:
            nodes[column] = max(nodes[column], 0.0 if room.small else room.node.along)
        for column, room in standing:
            after = room.slot.along if room.slots else 0.0
            whole[column] = max(whole[column], room.node.along, nodes[column] + after)
        return whole

    @cached_property
    def gaps(self) -> list[float]:
        """How long the gap after every column is: for chips, and for edges that climb."""
        turning = {turn - 1 for turn in self.turns}
        gaps = [
            _TURNING_GAP if c in turning else self.card.gap for c in range(max(self.column) + 1)
        ]
        for number, chip in self.chips.items():
            gap = self.gap_of(number)
            gaps[gap] = max(gaps[gap], chip.along + self.card.beside_chip)
        for gap, climbs in self._climbs().items():
            crowd = max(0, len(climbs) - _CROWD) * _PER_EDGE
            gaps[gap] += min(_MORE_GAP, max(climbs) / _STEEP + crowd)
        return [gap + gathered for gap, gathered in zip(gaps, self.gathered, strict=True)]

    def _climbs(self) -> dict[int, list[float]]:
        """Return per gap how far its edges climb: steep curves, and many, need more room."""
        climbs: dict[int, list[float]] = {}
        for number, edge in enumerate(self.edges):
            for gap, (a, b) in enumerate(pairwise(self.heights(number)), self.column[edge.tail]):
                climbs.setdefault(gap, []).append(max(0.0, abs(b - a) - 60))
        return climbs
