"""The map of a figure that is not all in view: its nodes in small, and what of it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.render.film.camera import Camera
from adviz.render.film.placing import box_at, common, meets, widened
from adviz.render.shapes import Group, Path, Rect, Shape
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.quantities import Look

_WIDE, _HIGH, _LARGEST = 0.18, 0.28, 15.0
"""The most that it takes of a pane's sides, and of its width in letters."""


@dataclass(frozen=True)
class Overview:
    """The map of a figure in a corner of its pane."""

    camera: Camera
    pane: Box

    @property
    def scale(self) -> float:
        """How large it is, as a part of the layout."""
        layout = self.camera.scene.layout
        widest = min(_WIDE * self.pane.width, _LARGEST * self.camera.letter)
        return min(widest / layout.width, _HIGH * self.pane.height / layout.height)

    def corner(self, view: Position, k: int) -> Position | None:
        """Return where it hides nothing that is active, seen from a place; None if nowhere.

        Of such corners it is the one where it hides least of the other nodes.
        """
        letter, to = self.camera.letter, self._origin(view)
        active = [box_at(box, self.camera.scale, to) for box in self.camera.boxes(k)]
        nodes = [box_at(box, self.camera.scale, to) for box in self._nodes]
        free = [at for at in self._corners if not _hides(self._box(at), active, letter)]
        return min(free, key=lambda at: _hidden(self._box(at), nodes), default=None)

    @cached_property
    def _corners(self) -> list[Position]:
        """The corners of the pane, first the one where it hides least in all of the film."""
        found = dict.fromkeys(self._inner_corners(), 0.0)
        for view in self.camera.views:
            nodes = [box_at(one, self.camera.scale, self._origin(view)) for one in self._nodes]
            for at in found:
                found[at] += _hidden(self._box(at), nodes)
        return sorted(found, key=found.__getitem__)

    def _inner_corners(self) -> Iterator[Position]:
        """Yield where it may stand, first at the bottom and at the right."""
        (_, _, wide, high), pane = self._box(Position(0, 0)), self.pane
        margin = 0.6 * self.camera.letter
        left, right = pane.x + margin, pane.x + pane.width - wide - margin
        top, bottom = pane.y + margin, pane.y + pane.height - high - margin
        for y in (bottom, top):
            yield from (Position(right, y), Position(left, y))

    def _box(self, corner: Position) -> Box:
        layout = self.camera.scene.layout
        return Box(*corner, layout.width * self.scale, layout.height * self.scale)

    def _origin(self, view: Position) -> Position:
        return Position(self.pane.x - view.x, self.pane.y - view.y)

    @cached_property
    def _nodes(self) -> list[Box]:
        return [box for (kind, _), box in self.camera.things.items() if kind == "node"]

    def ground(self, corner: Position, k: int, look: Look) -> Group:
        """Return all of the figure, what is active at a step in the colours of a look."""
        shapes = _inside(self.camera, k, look, self.scale, corner)
        return Group("map", (Rect(self._box(corner), 6, "surface", "line", 1.0), *shapes))

    def seen(self, corner: Position, view: Position) -> Rect:
        """Return the frame around that of the figure which is seen from a place.

        It stands on whole pixels, as a number that travels does, so that it is always the same.
        """
        layout, enlarged = self.camera.scene.layout, self.camera.scale
        wide, high = self.camera.width / enlarged, self.camera.height / enlarged
        seen = Box(view.x / enlarged, view.y / enlarged, wide, high)
        inside = common(seen, Box(0, 0, layout.width, layout.height))
        box = Box(*map(round, box_at(inside, self.scale, corner)))
        return Rect(box, stroke="ink", thickness=1.5, kind="view")


def _inside(camera: Camera, k: int, look: Look, scale: float, corner: Position) -> Iterator[Shape]:
    """Yield edges as straight lines and nodes as their boxes, the active ones in colour."""
    boxes = camera.scene.layout.boxes
    for edge in camera.scene.edges:
        tail, head = (boxes[end].middle for end in (edge.tail, edge.head))
        ends = (Position(corner.x + p.x * scale, corner.y + p.y * scale) for p in (tail, head))
        yield Path(Curve(next(ends), ((next(ends),),)), stroke="line", thickness=0.7)
    in_view = set(camera.in_view(k))
    for node, box in enumerate(boxes):
        fill, stroke = (look.stroke, look.stroke) if node in in_view else ("page", "line")
        yield Rect(box_at(box, scale, corner), 1.5, fill, stroke, 0.7)


def _hides(box: Box, active: Sequence[Box], margin: float) -> bool:
    return any(meets(widened(box, margin / 2), one) for one in active)


def _hidden(box: Box, others: Sequence[Box]) -> float:
    """Return how much of other boxes a box hides."""
    return sum(box.overlap(other) for other in others)
