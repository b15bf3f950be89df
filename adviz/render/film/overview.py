"""The map of a figure that is not all in view: its nodes in small, and what of it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
        """Return where it hides nothing that is active, seen from a place; None if nowhere."""
        layout, letter, pane = self.camera.scene.layout, self.camera.letter, self.pane
        wide, high = layout.width * self.scale, layout.height * self.scale
        to = Position(pane.x - view.x, pane.y - view.y)
        active = [box_at(box, self.camera.scale, to) for box in self.camera.boxes(k)]
        corners = _corners(pane, wide, high, letter * 0.6)
        free = (at for at in corners if not _hides(Box(*at, wide, high), active, letter))
        return next(free, None)

    def ground(self, corner: Position, k: int, look: Look) -> Group:
        """Return all of the figure, what is active at a step in the colours of a look."""
        layout, scale = self.camera.scene.layout, self.scale
        box = Box(*corner, layout.width * scale, layout.height * scale)
        shapes = _inside(self.camera, k, look, scale, corner)
        return Group("map", (Rect(box, 6, "surface", "line", 1.0), *shapes))

    def seen(self, corner: Position, view: Position) -> Rect:
        """Return the frame around that of the figure which is seen from a place."""
        layout, enlarged = self.camera.scene.layout, self.camera.scale
        wide, high = self.camera.width / enlarged, self.camera.height / enlarged
        seen = Box(view.x / enlarged, view.y / enlarged, wide, high)
        inside = common(seen, Box(0, 0, layout.width, layout.height))
        return Rect(box_at(inside, self.scale, corner), stroke="ink", thickness=1.5, kind="view")


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


def _corners(pane: Box, wide: float, high: float, margin: float) -> list[Position]:
    left, right = pane.x + margin, pane.x + pane.width - wide - margin
    top, bottom = pane.y + margin, pane.y + pane.height - high - margin
    return [Position(x, y) for x, y in ((right, bottom), (left, bottom), (right, top), (left, top))]


def _hides(box: Box, active: Sequence[Box], margin: float) -> bool:
    return any(meets(widened(box, margin / 2), one) for one in active)
