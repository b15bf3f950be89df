"""Where everything stands: boxes, curves, chips and slots of a picture, from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from adviz.errors import TooLarge
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.scene.chip_places import CHIP_HEIGHT, place_chips
from adviz.scene.geometry import Box, Curve, Position, through
from adviz.scene.heights import DOT_LIMIT, LANE, Columns, columns_of, heights_of

LIMIT = 400
"""The most nodes that are drawn; a picture of more cannot be read."""

MARGIN = 24.0
SLOT_HEIGHT = 24.0
SLOT_PITCH = 28.0
SHARED_AFTER = 4
"""A node with more slots than this shares one among all its consumers."""

_GAP = 72.0
_BESIDE_CHIP = 64.0
_PORT_PITCH = 26.0
_LEAVING_PITCH = 14.0
_STEEP = 10.0
_CROWD, _PER_EDGE = 6, 6.0
_MORE_GAP = 110.0


class NodeSize(NamedTuple):
    """What a node needs: its box, and beside it a column of slots of this width."""

    width: float
    height: float
    slot_width: float = 0.0
    slots: frozenset[int] = frozenset()
    """The leaving edges that get a slot each, or share one when there are many."""

    @property
    def shared(self) -> bool:
        """Whether the slots are one for all."""
        return len(self.slots) > SHARED_AFTER


@dataclass(frozen=True)
class Layout:
    """A finished layout; edges are numbered in the order of `Graph.edges`."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    chips: Mapping[int, Position]
    """Centres of the chips by edge."""
    slots: Mapping[int, Box]
    """Slots by edge."""
    shared_slots: Mapping[int, Box]
    """Slots by node, for nodes with many consumers."""
    chip_widths: Mapping[int, float] = field(default_factory=dict)
    """The room of the chips by edge."""
    legend: tuple[Position, ...] = ()
    """Where the items of the legend begin, at half their height."""


def layout(
    graph: Graph,
    sizes: Sequence[NodeSize],
    chips: Mapping[int, float],
    level: Sequence[Sequence[int]] = (),
) -> Layout:
    """Lay a graph out for nodes of these sizes and chips of these widths, by edge.

    `level` are groups of nodes that want to stand beside each other, at one height.
    """
    return _Plan(graph, sizes, chips, level).finish()


def refuse_unreadable(graph: Graph) -> None:
    """Raise TooLarge, before anything is laid out, for more nodes than a picture can show."""
    if len(graph) > LIMIT:
        raise TooLarge(
            f"a picture of {len(graph)} nodes cannot be read (the limit is {LIMIT}); draw a "
            f"slice of it, with of=, wrt= or around=, or use adviz.table"
        )


_Trunks = dict[tuple[int, int], int]
"""Lanes by whose they are and by column."""


@dataclass
class _Plan:
    """A layout in progress."""

    graph: Graph
    sizes: Sequence[NodeSize]
    chip_widths: Mapping[int, float]
    level: Sequence[Sequence[int]] = ()
    lanes: dict[int, list[int]] = field(default_factory=dict)
    """Spots of the lanes of an edge, in the columns it passes."""

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        return tuple(self.graph.edges)

    @cached_property
    def column(self) -> list[int]:
        inputs = set(self.graph.inputs.values())
        before = [*self.graph.args]
        for one, other in self.beside:
            before[other] = (*before[other], one)
        return columns_of(before, [n in inputs for n in range(len(self.graph))])

    @cached_property
    def ys(self) -> list[float]:
        """Vertical centres of nodes and lanes, the topmost box at the margin."""
        heights = [max(size.height, self.slots_height(n)) for n, size in enumerate(self.sizes)]
        columns = Columns([[] for _ in range(max(self.column) + 1)], [])
        for node, height in enumerate(heights):
            columns.add(self.column[node], height)
        trunks: _Trunks = {}
        for number, edge in enumerate(self.edges):
            self._link(columns, number, edge, trunks)
        columns.level.extend(self.beside)
        ys = heights_of(columns)
        top = min(y - h / 2 for y, h in zip(ys, columns.heights, strict=True))
        return [y - top + MARGIN for y in ys]

    @cached_property
    def beside(self) -> list[tuple[int, int]]:
        """Neighbours in the groups of one height, of which the second stands further right."""
        return [pair for group in self.level for pair in pairwise(sorted(group))]

    def _link(self, columns: Columns, number: int, edge: Edge, trunks: _Trunks) -> None:
        """Link an edge's ends through a lane in each column between them."""
        spot, lanes = edge.tail, self.lanes.setdefault(number, [])
        for column in range(self.column[edge.tail] + 1, self.column[edge.head]):
            owner = edge.tail if self.bundled else len(self.graph) + number
            lane = trunks.get((owner, column))
            if lane is None:
                lane = trunks[owner, column] = columns.add(column, LANE)
                columns.links.append((spot, lane, 8 if spot != edge.tail else 2))
            lanes.append(lane)
            spot = lane
        columns.links.append((spot, edge.head, 2 if lanes else 1))

    @cached_property
    def bundled(self) -> bool:
        """Whether the long edges of a node share their lanes: in large graphs they do."""
        spans = (self.column[edge.head] - self.column[edge.tail] - 1 for edge in self.edges)
        return len(self.graph) + sum(spans) > DOT_LIMIT

    def slots_height(self, node: int) -> float:
        """Return the height of a node's slots."""
        size = self.sizes[node]
        count = len(self.graph.consumers[node]) if size.slots and not size.shared else 0
        return count * SLOT_PITCH

    @cached_property
    def leaving(self) -> dict[int, list[int]]:
        """Per node the edges that leave it, from the top: in the order of where they go."""
        leaving: dict[int, list[int]] = {}
        for number, edge in enumerate(self.edges):
            leaving.setdefault(edge.tail, []).append(number)
        for numbers in leaving.values():
            numbers.sort(key=self._next_height)
        return leaving

    def _next_height(self, number: int) -> tuple[float, float, int]:
        lanes = self.lanes[number]
        end = self.entering_height(number)
        return (self.ys[lanes[0]] if lanes else end), end, number

    def entering_height(self, number: int) -> float:
        """Return where an edge enters its head: in argument order from the top."""
        edge = self.edges[number]
        count = len(self.graph.args[edge.head])
        room = self.sizes[edge.head].height - 20
        pitch = min(_PORT_PITCH, room / max(1, count - 1))
        return self.ys[edge.head] + (edge.position - (count - 1) / 2) * pitch

    def leaving_height(self, number: int) -> float:
        """Return where an edge leaves its tail, or the slot beside it."""
        tail = self.edges[number].tail
        order, size = self.leaving[tail], self.sizes[tail]
        room = SLOT_HEIGHT - 8 if size.shared else size.height - 24
        pitch = min(_LEAVING_PITCH, room / max(1, len(order) - 1))
        if size.slots and not size.shared:
            pitch = SLOT_PITCH
        return self.ys[tail] + (order.index(number) - (len(order) - 1) / 2) * pitch

    @cached_property
    def gap_of(self) -> dict[int, int]:
        """The gap that holds an edge's chip: the last one, beside the head."""
        return {number: self.column[self.edges[number].head] - 1 for number in self.chip_widths}

    @cached_property
    def edges_x(self) -> list[tuple[float, float]]:
        """Left and right of every column."""
        count = max(self.column) + 1
        widths, gaps = [*self.node_widths], [_GAP] * count
        for node, size in enumerate(self.sizes):
            c = self.column[node]
            widths[c] = max(widths[c], size.width, self.node_widths[c] + size.slot_width)
        for number, column in self.gap_of.items():
            gaps[column] = max(gaps[column], self.chip_widths[number] + _BESIDE_CHIP)
        for column, climbs in self._climbs().items():
            crowd = max(0, len(climbs) - _CROWD) * _PER_EDGE
            gaps[column] += min(_MORE_GAP, max(climbs) / _STEEP + crowd)
        left, columns = MARGIN, []
        for width, gap in zip(widths, gaps, strict=True):
            columns.append((left, left + width))
            left += width + gap
        return columns

    def _climbs(self) -> dict[int, list[float]]:
        """Return per gap how far its edges climb: steep curves, and many, need more room."""
        climbs: dict[int, list[float]] = {}
        for number, edge in enumerate(self.edges):
            ys = [self.leaving_height(number), *(self.ys[s] for s in self.lanes[number])]
            ys.append(self.entering_height(number))
            for offset, (a, b) in enumerate(pairwise(ys)):
                gap = self.column[edge.tail] + offset
                climbs.setdefault(gap, []).append(max(0.0, abs(b - a) - 60))
        return climbs

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Nodes fill their column; small ones without arguments stand at its right."""
        boxes = []
        for node, size in enumerate(self.sizes):
            left, right = self.edges_x[self.column[node]]
            small = self.small(node)
            wide = size.width if small else self.node_widths[self.column[node]]
            x = right - size.width if small else left
            boxes.append(Box(x, self.ys[node] - size.height / 2, wide, size.height))
        return tuple(boxes)

    def small(self, node: int) -> bool:
        """Return whether a node is only a constant."""
        return not self.graph.args[node] and node not in self.graph.inputs.values()

    @cached_property
    def node_widths(self) -> list[float]:
        """The common width of the nodes of every column."""
        widths = [0.0] * (max(self.column) + 1)
        for node, size in enumerate(self.sizes):
            if not self.small(node):
                widths[self.column[node]] = max(widths[self.column[node]], size.width)
        return widths

    def curve(self, number: int) -> Curve:
        """Return an edge's curve: level across columns, bending only in the gaps."""
        edge = self.edges[number]
        size, box = self.sizes[edge.tail], self.boxes[edge.tail]
        beside = size.slot_width if size.shared or number in size.slots else 0.0
        points = [Position(box.x + box.width + beside, self.leaving_height(number))]
        first = self.edges_x[self.column[edge.tail]][1]
        points.append(Position(first, points[0].y))
        for column, spot in enumerate(self.lanes[number], self.column[edge.tail] + 1):
            points += [Position(x, self.ys[spot]) for x in self.edges_x[column]]
        left = self.edges_x[self.column[edge.head]][0]
        head = Position(self.boxes[edge.head].x, self.entering_height(number))
        return through([*points, Position(left, head.y), head])

    def slots(self) -> tuple[dict[int, Box], dict[int, Box]]:
        """Return the slots by edge, and the shared ones by node."""
        own: dict[int, Box] = {}
        shared: dict[int, Box] = {}
        for node, size in enumerate(self.sizes):
            x = self.boxes[node].x + self.boxes[node].width
            middles = {} if size.shared else {e: self.leaving_height(e) for e in size.slots}
            for number in sorted(middles):
                top = middles[number] - SLOT_HEIGHT / 2
                own[number] = Box(x, top, size.slot_width, SLOT_HEIGHT)
            if size.shared:
                top = self.ys[node] - SLOT_HEIGHT / 2
                shared[node] = Box(x, top, size.slot_width, SLOT_HEIGHT)
        return own, shared

    def finish(self) -> Layout:
        """Return the layout."""
        self.ys  # noqa: B018 - lanes are laid with the heights
        curves = tuple(self.curve(number) for number in range(len(self.edges)))
        own, shared = self.slots()
        gaps = {number: self.edges_x[gap][1] for number, gap in self.gap_of.items()}
        chips = place_chips(curves, self.chip_widths, gaps)
        reach = [*self.boxes, *own.values(), *shared.values()]
        bottoms = [box.y + box.height for box in reach]
        bottoms += [y + CHIP_HEIGHT / 2 for _, y in chips.values()]
        right = max(box.x + box.width for box in reach)
        wide, high = right + MARGIN, max(bottoms) + MARGIN
        return Layout(wide, high, self.boxes, curves, chips, own, shared, self.chip_widths)
