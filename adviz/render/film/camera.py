"""At which scale a film is seen, and where its view stands at every step: the player's laws.

Where all of a graph is legible in its pane, all of it is seen. Else letters keep their size, and
the view follows what is active.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf

from adviz.render.film.placing import around, bounds
from adviz.render.paint import paint
from adviz.render.shapes import Group, Shape, Text
from adviz.scene.frames import Frame
from adviz.scene.geometry import Box, Position
from adviz.scene.scene import Scene, active

MARGIN = 16.0
"""What is left free around that which is shown, in pixels of a film of 1080 lines."""
_MOST_STEPS = 0.9
"""The part of the steps whose nodes and edge have room together; along longer edges it travels."""
_LARGEST_LETTER = 2.2
"""The most that a figure grows beyond its natural size."""
_USUAL_LETTER = 16.0
_FREE = 5.0
"""How far a number that travels stays from the edge of the view, in letters."""


@dataclass(frozen=True)
class Camera:
    """What a film's view is chosen by: its figure, the pane, and what is legible there."""

    scene: Scene
    width: float
    height: float
    letter: float
    """The size of letters that is legible."""
    least: float
    """How far they may shrink for what is active to have room together."""

    @property
    def margin(self) -> float:
        """What is left free around that which is shown."""
        return MARGIN * self.letter / 18

    @cached_property
    def figure(self) -> tuple[Shape, ...]:
        """The finished picture."""
        return paint(self.scene).shapes

    @cached_property
    def things(self) -> Mapping[tuple[str, str], Box]:
        """The boxes of nodes, edges and chips, as they are painted."""
        found: dict[tuple[str, str], list[Box]] = {}
        for shape in self.figure:
            if isinstance(shape, Group) and shape.data and shape.data[0][0] in ("node", "edge"):
                found.setdefault(shape.data[0], []).append(bounds([shape]))
        return {thing: around(boxes) for thing, boxes in found.items()}

    @cached_property
    def scale(self) -> float:
        """The one scale of the film: all of the figure where that is legible, else what is."""
        layout, letter = self.scene.layout, _smallest_letter(self.figure)
        together = [around(self.boxes(k)) for k in range(len(self.scene.frames))]
        scales = sorted(
            (self._fitting(b.width, b.height) for b in together if b.width), reverse=True
        )
        roomy = scales[ceil(len(scales) * _MOST_STEPS) - 1] if scales else inf
        near = max(self.least / letter, min(self.letter / letter, roomy))
        most = _LARGEST_LETTER * self.letter / 18
        return min(
            max(most, self.letter / letter), max(self._fitting(layout.width, layout.height), near)
        )

    def _fitting(self, width: float, height: float) -> float:
        """Return the largest scale at which a size has room in the pane."""
        return min((self.width - 2 * self.margin) / width, (self.height - 2 * self.margin) / height)

    @property
    def length(self) -> tuple[float, float]:
        """How wide and how high the enlarged figure is."""
        layout = self.scene.layout
        return layout.width * self.scale, layout.height * self.scale

    @cached_property
    def shows_all(self) -> bool:
        """Whether all of the figure is in view at all times."""
        (wide, high), slack = self.length, 0.5
        return wide <= self.width + slack and high <= self.height + slack

    def in_view(self, k: int) -> list[int]:
        """Return the nodes to be kept in view at a step: in focus, and at ends of what changes."""
        return in_view(self.scene, self.scene.frames[k])

    def boxes(self, k: int) -> list[Box]:
        """Return the boxes of what is active at a step."""
        edge = self.scene.frames[k].edge
        things = [("node", str(node)) for node in self.in_view(k)]
        return self._found([*things, *([] if edge is None else [("edge", str(edge))])])

    def _found(self, things: Iterable[tuple[str, str]]) -> list[Box]:
        return [self.things[thing] for thing in things if thing in self.things]

    @cached_property
    def views(self) -> tuple[Position, ...]:
        """Where the view begins at every step, in pixels of the enlarged figure."""
        return tuple(self._views())

    def _views(self) -> Iterator[Position]:
        at = self.start(Position(0.0, 0.0), Box(0, 0, 0, 0))
        for k in range(len(self.scene.frames)):
            groups = [
                self.boxes(k),
                self._found(("node", str(n)) for n in self.scene.frames[k].nodes),
            ]
            shown = [around(boxes) for boxes in groups if boxes]
            if shown:
                box = next((box for box in shown if self.has_room(box)), shown[-1])
                at = self.start(at, box)
            yield at

    def has_room(self, box: Box) -> bool:
        """Return whether the pane has room for a box of the figure."""
        return box.width * self.scale <= self.width and box.height * self.scale <= self.height

    def start(self, now: Position, box: Box) -> Position:
        """Return where the view begins that shows a box: where it is, if it shows it already."""
        layout, scale = self.scene.layout, self.scale
        across = (box.x * scale, (box.x + box.width) * scale)
        down = (box.y * scale, (box.y + box.height) * scale)
        return Position(
            view_start(now.x, self.width, across, layout.width * scale, self.margin),
            view_start(now.y, self.height, down, layout.height * scale, self.margin),
        )

    def around(self, point: Position) -> Position:
        """Return where the view begins that has a point of the figure in its middle."""
        return self.start(Position(-inf, -inf), Box(point.x, point.y, 0, 0))

    def keeping(self, at: Position, point: Position) -> Position:
        """Return the place nearest to one from which a point of the figure is seen, and about it.

        A number that sets out fast is not lost while the view still goes over to it.
        """
        sides = zip(at, point, (self.width, self.height), self.length, strict=True)
        return Position(*(self._keeping(*side) for side in sides))

    def sees(self, at: Position, point: Position) -> bool:
        """Return whether a point of the figure is seen from a place."""
        return Box(*at, self.width, self.height).holds(
            Position(point.x * self.scale, point.y * self.scale)
        )

    def _keeping(self, at: float, point: float, length: float, whole: float) -> float:
        if whole <= length:
            return at
        free, place = min(_FREE * self.letter, length / 2), point * self.scale
        kept = min(max(at, place + free - length), place - free)
        return min(max(kept, 0.0), whole - length)


def in_view(scene: Scene, frame: Frame) -> list[int]:
    """Return the nodes to be kept in view in a frame: in focus, and at ends of what changes."""
    edges = (scene.edges[edge] for edge in sorted(active(scene, frame)))
    return [*dict.fromkeys([*frame.nodes, *(end for e in edges for end in (e.tail, e.head))])]


def view_start(
    start: float, length: float, span: tuple[float, float], whole: float, margin: float
) -> float:
    """Return where a view begins along one axis so that it shows a span with a margin.

    It stays if it does; else the span comes to its middle, as far as there is something to show.
    What is no longer than the view stands in its middle.

    >>> view_start(0, 100, (90, 110), 300, 5), view_start(0, 100, (20, 60), 300, 5)
    (50.0, 0)
    """
    if whole <= length:
        return (whole - length) / 2
    first, last = span
    if first - margin >= start and last + margin <= start + length:
        return start
    return max(0.0, min(whole - length, (first + last - length) / 2))


def _smallest_letter(shapes: Sequence[Shape]) -> float:
    """Return the size of the smallest letters of a figure's nodes and edges, but for indices."""
    inside = (
        one
        for shape in shapes
        if isinstance(shape, Group) and shape.data
        for one in _texts([shape])
    )
    sizes = [text.size * max(run.size for run in text.runs) for text in inside if text.runs]
    return min([*sizes, _USUAL_LETTER])


def _texts(shapes: Iterable[Shape]) -> Iterator[Text]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _texts(shape.shapes)
        elif isinstance(shape, Text):
            yield shape
