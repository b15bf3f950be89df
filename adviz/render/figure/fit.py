"""Which arrangement of a figure has its text at the wanted size in the wanted width."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from json import dumps
from math import inf
from types import MappingProxyType
from typing import Any

from adviz.graph.graph import Graph
from adviz.render.figure.asked import Asked
from adviz.render.figure.lengths import UNITS, in_centimetres
from adviz.render.figure.plan import Plan
from adviz.render.figure.ranks import APART, MARGIN, Size
from adviz.render.figure.rows import ORDERS, by_depth, filled
from adviz.render.figure.styles import LINE, STYLES, Direction, Room
from adviz.render.figure.words import PARTS, Part, Writer
from adviz.render.moment import Moment
from adviz.scene.geometry import Box, Position

SIZES = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0)
"""The sizes of text, in points, of which a figure takes the first that fits unless it is given."""
_LONG = 3.0
"""How much of the height is given for edges that are shorter by one."""
_LABEL_PADDING, _LABEL_HEIGHT = 0.3, LINE - 0.15


@dataclass(frozen=True)
class Arranged:
    """A plan and the direction in which it is read; lengths are in the size of the letters."""

    plan: Plan
    direction: Direction

    @cached_property
    def needs(self) -> float:
        """The width without which nothing fits."""
        plan = self.plan
        return plan.least_along if self.direction == "LR" else plan.least_across

    @cached_property
    def size(self) -> Size:
        """How wide and how high it is."""
        plan = self.plan
        along = max(plan.along, plan.least_along)
        return (along, plan.high) if self.direction == "LR" else (plan.high, along)

    @cached_property
    def untidiness(self) -> float:
        """How hard it is to read: it is high, edges are long, or cross."""
        return self.size[1] + _LONG * self.plan.edge_length + self.plan.crossings

    @cached_property
    def label_places(self) -> Mapping[int, Position]:
        """The middle of each label in the plan."""
        return {k: self.plan.label(k) for k in self.plan.labels}


@dataclass(frozen=True)
class Fitting:
    """A moment of a film, and what is asked for its figure."""

    now: Moment
    asked: Asked

    @cached_property
    def writer(self) -> Writer:
        """What is written."""
        return Writer(self.now, self.asked.show)

    def best(self, size: float) -> Arranged | None:
        """Return the lowest of the arrangements that fit with text of a size, if any does.

        In each direction it is the one that is read best.
        """
        best = (
            min(self._fitting(way, size), key=lambda one: one.untidiness, default=None)
            for way in self._directions
        )
        fits = [one for one in best if one is not None]
        return min(fits, key=lambda one: one.size[1], default=None)

    @property
    def _directions(self) -> tuple[Direction, ...]:
        if self.asked.direction != "auto":
            return (self.asked.direction,)
        return ("LR",) if self.asked.width is None else ("LR", "TB")

    def _fitting(self, direction: Direction, size: float) -> Iterator[Arranged]:
        """Yield the arrangements of a direction that fit the width and a page's height."""
        wide = self.asked.width
        if wide is None:
            yield next(self._arranged(direction, inf))
            return
        limit = wide if direction == "LR" else self.asked.height
        for one in self._arranged(direction, wide / size):
            short = one.plan.shortest * size <= limit  # which is known at once
            if short and one.needs * size <= wide and one.size[1] * size <= self.asked.height:
                yield one

    def _arranged(self, direction: Direction, width: float) -> Iterator[Arranged]:
        """Yield the arrangements of a direction in a width, in the size of the letters."""
        graph, rooms, labels = self.now.scene.graph, self._rooms(direction), self._labels(direction)
        for column in _COLUMNS[direction](graph, [room.height for room in rooms], width):
            plan = Plan(graph, column, rooms, labels)
            yield Arranged(_in_a_pane(plan, direction, width), direction)

    def _rooms(self, direction: Direction) -> list[Room]:
        style = STYLES[self.asked.style]
        rooms = [style.room(self.writer, node, direction) for node in self.now.scene.nodes]
        return [_along(room, direction) for room in rooms]

    def _labels(self, direction: Direction) -> dict[int, Size]:
        rooms = {k: self.writer.partial_room(k) for k in range(len(self.now.scene.edges))}
        sizes = {k: (room + _LABEL_PADDING, _LABEL_HEIGHT) for k, room in rooms.items() if room}
        return {k: size if direction == "LR" else size[::-1] for k, size in sizes.items()}

    def refusal(self) -> str:
        """Return why nothing fits, and what would."""
        size = self.asked.font_size or self.asked.sizes[-1]
        wide = self.asked.width or 0.0
        cures = [*self._wider(size), *self._smaller(size), *self._less(size)]
        said = " or ".join(cures) or "a smaller part of the formula"
        bare = f" ({wide:g} pt; a length without a unit is in points)" if wide < UNITS["in"] else ""
        return (
            f"a figure {in_centimetres(wide)} wide{bare} with text of {size:g} pt does not hold "
            f"this graph on a page; what fits: {said}"
        )

    def _wider(self, size: float) -> Iterator[str]:
        """Yield the width that holds text of a size, found by halving, where one does."""
        low, high = self.asked.width or 0.0, self._natural * size + UNITS["mm"]
        if high < low or not self._holds(size, width=high):
            return
        while high - low > UNITS["mm"]:
            middle = (low + high) / 2
            low, high = (low, middle) if self._holds(size, width=middle) else (middle, high)
        yield f'width="{in_centimetres(high)}"'

    @property
    def _natural(self) -> float:
        """The greatest width that is of use, in the size of the letters."""
        free = replace(self, asked=replace(self.asked, width=None))
        return max(next(free._arranged(way, inf)).size[0] for way in self._widths)

    @property
    def _widths(self) -> tuple[Direction, ...]:
        """The directions in which a wider page may help."""
        return ("LR", "TB") if self.asked.direction == "auto" else (self.asked.direction,)

    def _smaller(self, size: float) -> Iterator[str]:
        """Yield the largest text that fits, in halves of a point, where it can be read."""
        halves = (
            half / 2 for half in range(int(2 * size) - 1, int(2 * self.asked.sizes[-1]) - 1, -1)
        )
        fits = next((each for each in halves if self._holds(each)), None)
        if fits is not None:
            yield f"font_size={fits:g}"

    def _less(self, size: float) -> Iterator[str]:
        """Yield the other style, or the most that can be shown, where it fits."""
        others: list[dict[str, Any]] = [{"style": style} for style in STYLES]
        others += [{"show": self.asked.show & parts} for parts in _FEWER]
        for other in others:
            (name, value), *_ = other.items()
            if value != getattr(self.asked, name) and self._holds(size, **other):
                yield f"{name}={dumps(value if name == 'style' else sorted(value))}"
                return

    def _holds(self, size: float, **others: Any) -> bool:
        return Fitting(self.now, replace(self.asked, **others)).best(size) is not None


_Columns = Iterable[Sequence[int]]


def _rows(graph: Graph, widths: Sequence[float], width: float) -> _Columns:
    """Return every node's row: by depth, and in rows of which some part is filled."""
    found = [by_depth(graph)]
    if width < inf:
        room, each = width - 2 * MARGIN + APART, [wide + APART for wide in widths]
        found += [filled(graph, each, part * room, way) for way in ORDERS for part in _FILLED]
    return dict.fromkeys(map(tuple, found))


_COLUMNS: Mapping[Direction, Callable[[Graph, Sequence[float], float], _Columns]]
_COLUMNS = MappingProxyType({"LR": lambda graph, *_: [by_depth(graph)], "TB": _rows})
"""Where nodes stand along the flow."""
_FILLED = (1.0, 0.9, 0.8, 0.7, 0.6, 0.45, 0.3, 0.0)
"""How much of a row nodes may take; the rest is for the edges that pass."""
_FEWER: tuple[frozenset[Part], ...] = (
    PARTS - {"partials"},
    PARTS - {"partials", "operations"},
    frozenset({"names", "adjoints", "tangents"}),
    frozenset({"names"}),
)
"""What may be left out, the least first."""


def _in_a_pane(plan: Plan, direction: Direction, width: float) -> Plan:
    """Return a plan that keeps to a width, in the size of the letters; any will do if infinite."""
    if width == inf:
        return plan
    return replace(plan, along=width) if direction == "LR" else replace(plan, across=width)


def _along(room: Room, direction: Direction) -> Room:
    """Return a room as it is seen along the flow."""
    if direction == "LR":
        return room
    return Room(room.height, room.width, turned(room.body), room.round)


def turned(box: Box) -> Box:
    """Return a box in the mirror of the diagonal: what is from the top is from the left there."""
    return Box(box.y, box.x, box.height, box.width)
