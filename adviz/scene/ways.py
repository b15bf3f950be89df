"""How edges run through a plan, and where on their curves the chips stand.

A curve is level across columns and bends only in the gaps between them. Where the chips of a gap
find no clear places on the bends, the edges bend sooner and come level side by side to the
chips, which then stand in line before the nodes: as far apart as they are broad.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise

from adviz.scene.chip_places import Strand, places
from adviz.scene.geometry import Box, Curve, Piece, Position, around, rounded, through
from adviz.scene.plan import ARROW, RADIUS, TRACK, Plan

_CLEAR = 4.0


class Ways:
    """The boxes, curves and chips of a plan, as they stand along the flow."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The nodes: at the start of their columns, constants at the end or on their edges."""
        plan, boxes = self.plan, []
        on_edge = {node: self._middles[number] for number, node in plan.set_down.items()}
        for node, room in enumerate(plan.rooms):
            if node in on_edge:
                boxes.append(around(on_edge[node], *room.node))
                continue
            span = plan.spans[plan.column[node]]
            x = span.end - room.node.along if room.small else span.start
            boxes.append(Box(x, plan.ys[node] - room.node.across / 2, *room.node))
        return tuple(boxes)

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """The curve of every edge."""
        return tuple(map(self._curve, range(len(self.plan.edges))))

    def _curve(self, number: int) -> Curve:
        """Return an edge's curve: its stretch in each row, and between them the ways there."""
        plan = self.plan
        tail, head = plan.edges[number].tail, plan.edges[number].head
        room, box = plan.rooms[tail], self.boxes[tail]
        if number in plan.set_down:
            start = Position(box.x + box.width, box.middle.y)
            return through([start, *self._arrival(number, head)[1:]])
        behind = room.slot.along if room.slots and (room.shared or number in room.slots) else 0.0
        y = plan.leaving(number)
        start = Position(box.x + box.width + behind, y)
        points, pieces = [start, Position(plan.spans[plan.column[tail]].end, y)], list[Piece]()
        for column, lane in enumerate(plan.lanes[number], plan.column[tail] + 1):
            span, y = plan.spans[column], plan.ys[lane]
            if column - 1 in plan.turns:
                pieces += through(points).pieces
                turn = self._turn(plan.row_of[column - 1], points[-1], Position(span.end, y))
                pieces += rounded([points[-1], *turn], RADIUS)
                points = [turn[-1]]
            else:
                points += [Position(x, y) for x in (self.bends[column - 1], *span)]
        return Curve(start, (*pieces, *through([*points, *self._arrival(number, head)]).pieces))

    def _arrival(self, number: int, head: int) -> list[Position]:
        """Return the points at which an edge comes to its head: past its chip, to its port."""
        plan, gap = self.plan, self.plan.gap_of(number)
        start, y = plan.spans[gap + 1].start, plan.entering(number)
        approach = plan.approach(number) if plan.gathered[gap] else y
        level = Position(self.bends[gap], approach), Position(start - plan.gathered[gap], approach)
        return [*level, Position(start, y), Position(self.boxes[head].x, y)]

    def _turn(self, row: int, end: Position, start: Position) -> list[Position]:
        """Return the corners of the way from the end of a row to the start of the next.

        The lower it starts the sooner it turns, the lower it is to go on the further back it runs:
        ways that keep their order do not cross.
        """
        tracks = self.plan.tracks[row]
        leaving = sorted((self.plan.ys[lane] for lane, _ in tracks), reverse=True)
        coming = sorted(self.plan.ys[lane] for _, lane in tracks)
        place = leaving.index(end.y)
        out = end.x + 2 * RADIUS + TRACK * place
        back = start.x - 2 * RADIUS - TRACK * coming.index(start.y)
        between = self.plan.track_y(row, place)
        corners = (out, end.y), (out, between), (back, between), (back, start.y)
        return [*(Position(*corner) for corner in corners), start]

    @cached_property
    def bends(self) -> list[float]:
        """Where in every gap the bends end: where it does, or before the chips."""
        plan, found = self.plan, self._on_bends
        ends = [span.start for span in plan.spans[1:]]
        for gap, members in self._gaps.items():
            if gap not in found:
                longest = max(plan.chips[number].along for number in members)
                ends[gap] = self._lined_up(gap) - longest / 2 - _CLEAR
        return ends

    def _lined_up(self, gap: int) -> float:
        """Return where the middles of the chips of a gap stand in line."""
        plan = self.plan
        gathered = plan.gathered[gap]
        longest = max(plan.chips[number].along for number in self._gaps[gap])
        after = gathered + _CLEAR if gathered else ARROW
        return plan.spans[gap + 1].start - after - longest / 2

    @cached_property
    def _gaps(self) -> dict[int, list[int]]:
        """The edges whose chips stand in a gap."""
        gaps: dict[int, list[int]] = {}
        for number in self.plan.chips:
            gaps.setdefault(self.plan.gap_of(number), []).append(number)
        return gaps

    @cached_property
    def _strands(self) -> list[dict[int, Strand]]:
        """Per gap the edges in it, and where across the flow they come in and go out."""
        plan = self.plan
        strands: list[dict[int, Strand]] = [{} for _ in plan.spans]
        for number, edge in enumerate(plan.edges):
            heights = [*plan.heights(number)[:-1], self._at_chip(number)]
            for gap, ends in enumerate(pairwise(heights), plan.column[edge.tail]):
                strands[gap][number] = Strand(*ends)
        return strands

    @cached_property
    def _on_bends(self) -> dict[int, dict[int, Position]]:
        """The middles of the chips by gap, where they have clear places on the bends."""
        plan, found = self.plan, {}
        for gap, members in self._gaps.items():
            chips = {number: plan.chips[number] for number in members}
            ends = plan.spans[gap].end, plan.spans[gap + 1].start
            placed = None if plan.gathered[gap] else places(self._strands[gap], chips, *ends)
            if placed is not None:
                found[gap] = placed
        return found

    @cached_property
    def chips(self) -> Mapping[int, Position]:
        """The middles of all chips."""
        middles, constants = self._middles, self.plan.set_down
        return {number: middles[number] for number in middles if number not in constants}

    @cached_property
    def _middles(self) -> Mapping[int, Position]:
        """The middles of what stands on edges: on their bends, or in line before their heads."""
        plan, placed = self.plan, dict[int, Position]()
        for gap, members in sorted(self._gaps.items()):
            level = {k: Position(self._lined_up(gap), self._at_chip(k)) for k in members}
            placed |= self._on_bends.get(gap, level)
        return {number: placed[number] for number in plan.chips}

    def _at_chip(self, number: int) -> float:
        """Return where across the flow an edge is as it comes to its chip."""
        plan = self.plan
        gathered = plan.gathered[plan.gap_of(number)]
        return plan.approach(number) if gathered else plan.entering(number)

    @cached_property
    def slots(self) -> dict[int, Box]:
        """The slots by edge, each where its edge leaves."""
        plan, slots = self.plan, {}
        for node, room in enumerate(plan.rooms):
            for number in () if room.shared else sorted(room.slots):
                y = plan.leaving(number) - room.slot.across / 2
                slots[number] = Box(self._behind(node), y, *room.slot)
        return slots

    @cached_property
    def shared_slots(self) -> dict[int, Box]:
        """The shared slots by node."""
        plan = self.plan
        return {
            node: Box(self._behind(node), plan.ys[node] - room.slot.across / 2, *room.slot)
            for node, room in enumerate(plan.rooms)
            if room.shared
        }

    def _behind(self, node: int) -> float:
        return self.boxes[node].x + self.boxes[node].width
