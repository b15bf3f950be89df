"""What is to be laid out, and how an arrangement of it is chosen, estimated and made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise, product
from typing import Literal, NamedTuple, get_args

from adviz.graph.graph import Graph
from adviz.scene.card import FULL, Card
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.extents import Extent, Room
from adviz.scene.geometry import Position
from adviz.scene.heights import LANE, columns_of
from adviz.scene.layout import SLOT_HEIGHT, Layout, NodeSize
from adviz.scene.plan import Plan
from adviz.scene.ways import Ways

Flow = Literal["LR", "TB"]
"""Which way a picture runs: from left to right, or from the top to the bottom."""

Direction = Literal["auto", "LR", "TB"]
"""Which way a picture is to run: one of these, or as it is read best."""

_LANE = 8.0
"""How far a curve that runs in the margin stays from its edge."""
_COMBINATIONS = 9
"""About how many ways to break it into so many rows are compared."""
_PER_CROSSING = 0.08
"""How much less of a row's length is worth one edge less from it to the next."""
_BETWEEN_ROWS, _PER_TRACK, _ROUND = 24.0, 12.0, 12.0
"""About how much room is between two rows, for every edge from one to the other, and for turns."""


class Arrangement(NamedTuple):
    """A way to lay a graph out: which way it runs, and where it is broken into rows."""

    flow: Flow = "LR"
    breaks: tuple[int, ...] = ()
    """The first columns of all rows but the first."""


AS_READ = Arrangement()
"""From left to right, in one row."""


@dataclass(frozen=True)
class Floor:
    """What is to be laid out, in one arrangement or in several; edges are numbered.

    The nodes of a column are equally wide, whichever way the graph then runs.
    """

    graph: Graph
    sizes: Sequence[NodeSize]
    chips: Mapping[int, float]
    """The widths of the chips by edge."""
    level: Sequence[Sequence[int]] = ()
    """Groups of nodes that want to stand beside each other, across the way the graph runs."""
    card: Card = FULL
    """How the nodes are set out, and how close they stand."""

    @cached_property
    def rank(self) -> list[int]:
        """The column of every node."""
        inputs = {*self.graph.inputs.values()} if self.card.inputs_first else set[int]()
        before = [*self.graph.args]
        for one, other in self.beside:
            before[other] = (*before[other], one)
        return columns_of(before, [n in inputs for n in range(len(self.graph))])

    @cached_property
    def beside(self) -> list[tuple[int, int]]:
        """Neighbours in the groups of one height, of which the second stands further on."""
        return [pair for group in self.level for pair in pairwise(sorted(group))]

    def small(self, node: int) -> bool:
        """Return whether a node is only a constant."""
        return not self.graph.args[node] and node not in self.graph.inputs.values()

    @cached_property
    def even(self) -> list[NodeSize]:
        """The sizes, in each column as wide as its widest node."""
        widest: dict[int, float] = {}
        for node, size in enumerate(self.sizes):
            if not self.small(node):
                widest[self.rank[node]] = max(widest.get(self.rank[node], 0.0), size.width)
        return [
            size if self.small(node) else size._replace(width=widest[self.rank[node]])
            for node, size in enumerate(self.sizes)
        ]

    def layout(self, arrangement: Arrangement = AS_READ) -> Layout:
        """Return where everything stands in an arrangement."""
        if arrangement not in self._made:
            self._made[arrangement] = self._arranged(arrangement)
        return self._made[arrangement]

    @cached_property
    def _made(self) -> dict[Arrangement, Layout]:
        """What has been laid out."""
        return {}

    def _arranged(self, arrangement: Arrangement) -> Layout:
        flow, rooms = arrangement.flow, self._rooms(arrangement.flow)
        plan = Plan(
            self.graph, rooms, self._on_edges(flow), self.rank, arrangement.breaks, self.beside,
            self.card, self.card.margin, self.set_down,
        )  # fmt: skip
        return _framed(Ways(plan), flow, self.chips)

    @cached_property
    def set_down(self) -> Mapping[int, int]:
        """By edge the constants that are used once, which stand on it: where its chip would be."""
        apart = {*self.graph.outputs.values(), *(node for group in self.level for node in group)}
        return {
            number: edge.tail
            for number, edge in enumerate(self.graph.edges)
            if self.small(edge.tail) and len(self.graph.consumers[edge.tail]) == 1
            if number not in self.chips and edge.tail not in apart
        }

    def _on_edges(self, flow: Flow) -> Mapping[int, Extent]:
        """Return how large what stands on edges is: chips, and constants that are used once."""
        rooms = self._rooms(flow)
        chips = {k: _extent(wide, CHIP_HEIGHT, flow) for k, wide in self.chips.items()}
        return chips | {k: rooms[node].node for k, node in self.set_down.items()}

    def _standing(self, flow: Flow) -> list[tuple[int, Room]]:
        """Return the nodes that stand in columns, and their room."""
        apart = {*self.set_down.values()}
        return [(n, room) for n, room in enumerate(self._rooms(flow)) if n not in apart]

    def _room(self, node: int, size: NodeSize, flow: Flow) -> Room:
        box = _extent(size.width, size.height, flow)
        slot = _extent(size.slot_width, SLOT_HEIGHT, flow)
        return Room(box, slot, size.slots, size.shared, self.small(node))

    def arrangements(self, flow: Flow, rows: int) -> list[Arrangement]:
        """Return some ways to break a graph into so many rows, the likeliest first.

        The rows are about equally long, and broken where few edges cross.
        """
        ends = [*accumulate(self._columns[flow][0])]
        aims = [ends[-1] * row / rows for row in range(1, rows)]
        near = [self._breaks_near(aim, ends, rows) for aim in aims]
        return [
            Arrangement(flow, breaks) for breaks in dict.fromkeys(map(_ordered, product(*near)))
        ]

    def _breaks_near(self, aim: float, ends: Sequence[float], rows: int) -> list[int]:
        """Return the best columns to begin a row with about as far on as an aim."""
        costs = [
            abs(end - aim) * rows / ends[-1] + _PER_CROSSING * crossing
            for end, crossing in zip(ends[:-1], self.crossings, strict=True)
        ]
        most = int(_COMBINATIONS ** (1 / (rows - 1)))
        return sorted(range(1, len(ends)), key=lambda first: costs[first - 1])[:most] or [0]

    @cached_property
    def _columns(self) -> Mapping[Flow, tuple[list[float], list[float]]]:
        """How long and how deep every column is, by the way a picture runs."""
        return {flow: (self._lengths(flow), self._depths(flow)) for flow in get_args(Flow)}

    def _lengths(self, flow: Flow) -> list[float]:
        """Return how long every column is along the flow, with the gap before it."""
        nodes, gaps = ([0.0] * (max(self.rank) + 1) for _ in range(2))
        on_edges, bare = self._on_edges(flow), Extent(0.0, 0.0)
        for node, room in self._standing(flow):
            rank, behind = self.rank[node], room.slot.along if room.slots else 0.0
            nodes[rank] = max(nodes[rank], room.node.along + behind)
        for number, edge in enumerate(self.graph.edges):
            gap, long = self.rank[edge.head], on_edges.get(number, bare).along
            gaps[gap] = max(gaps[gap], long + self.card.beside_chip)
        return [node + gap for node, gap in zip(nodes, gaps, strict=True)]

    @cached_property
    def crossings(self) -> list[int]:
        """How many edges go on from every column, but the last, to those after it."""
        ends = [(self.rank[edge.tail], self.rank[edge.head]) for edge in self.graph.edges]
        return [sum(a <= rank < b for a, b in ends) for rank in range(max(self.rank))]

    def estimated(self, arrangement: Arrangement) -> tuple[float, float]:
        """Return about how wide and high an arrangement is, before anything is placed."""
        lengths, depths = self._columns[arrangement.flow]
        breaks = arrangement.breaks
        rows = [slice(a, b) for a, b in pairwise([0, *breaks, len(lengths)])]
        tracks = [self.crossings[first - 1] for first in breaks]
        turns = 2 * (_ROUND + _PER_TRACK * max(tracks)) if tracks else 0.0
        along = max(sum(lengths[row]) for row in rows) + turns
        between = sum(_BETWEEN_ROWS + _PER_TRACK * track for track in tracks)
        return _extent(along, sum(max(depths[row]) for row in rows) + between, arrangement.flow)

    def _depths(self, flow: Flow) -> list[float]:
        """Return how deep every column is across the flow: its nodes and lanes upon each other."""
        depths = [0.0] * (max(self.rank) + 1)
        before = self._before(flow)
        for node, room in self._standing(flow):
            behind = len(room.slots) * (0.0 if room.shared else room.slot.across)
            wide = max(room.node.across, behind, before[node])
            depths[self.rank[node]] += wide + self.card.between
        for edge in self.graph.edges:
            for rank in range(self.rank[edge.tail] + 1, self.rank[edge.head]):
                depths[rank] += LANE + self.card.between
        return depths

    def _before(self, flow: Flow) -> list[float]:
        """Return how broad what stands on the edges to every node is, side by side."""
        broad = [0.0] * len(self.graph)
        for number, extent in self._on_edges(flow).items():
            broad[self._heads[number]] += extent.across
        return broad

    @cached_property
    def _heads(self) -> list[int]:
        """The heads of all edges."""
        return [edge.head for edge in self.graph.edges]

    def _rooms(self, flow: Flow) -> list[Room]:
        return [self._room(node, size, flow) for node, size in enumerate(self.even)]


def _ordered(breaks: Sequence[int]) -> tuple[int, ...]:
    """Return each break once, in order; before the first column there is none."""
    return tuple(sorted({*breaks} - {0}))


def _extent(width: float, height: float, flow: Flow) -> Extent:
    return Extent(width, height) if flow == "LR" else Extent(height, width)


def _framed(ways: Ways, flow: Flow, chip_widths: Mapping[int, float]) -> Layout:
    """Return a plan's ways as a picture with a margin, turned to run as it should."""
    boxes = [*ways.boxes, *ways.slots.values(), *ways.shared_slots.values()]
    margin = ways.plan.margin
    far = [p for curve in ways.curves for piece in curve.pieces for p in piece]
    chips = [p.y + ways.plan.chips[number].across / 2 for number, p in ways.chips.items()]
    low = (p.y + _LANE - margin for p in far)
    size = Position(
        max([*(box.x + box.width for box in boxes), *(p.x for p in far)]) + margin,
        max([*(box.y + box.height for box in boxes), *chips, *low]) + margin,
    )
    laid = Layout(
        *size, ways.boxes, ways.curves, ways.chips, ways.slots, ways.shared_slots, chip_widths
    )
    return laid if flow == "LR" else laid.turned
