"""The map of a figure that is not all in view: its nodes in small, and what of it is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adviz.render.film.camera import Camera
from adviz.render.film.placing import box_at, common, meets, widened
from adviz.render.shapes import Group, Path, Rect, Shape
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.quantities import Look

_WIDE, _HIGH, _LARGEST = 0.18, 0.28, 15.0
"""The most that it takes of a pane's sides, and of its width in letters."""


def overview(
    camera: Camera, pane: Box, view: Position, settled: Position, k: int, look: Look
) -> Group:
    """Return the map in a corner of a pane where it hides nothing that is active; else nothing.

    It stays in its corner until the view has settled.
    """
    layout, letter = camera.scene.layout, camera.letter
    widest = min(_WIDE * pane.width, _LARGEST * letter)
    scale = min(widest / layout.width, _HIGH * pane.height / layout.height)
    wide, high = layout.width * scale, layout.height * scale
    active = [
        box_at(box, camera.scale, Position(pane.x - settled.x, pane.y - settled.y))
        for box in camera.boxes(k)
    ]
    corners = _corners(pane, wide, high, letter * 0.6)
    free = [at for at in corners if not _hides(Box(*at, wide, high), active, letter)]
    if not free:
        return Group("map", ())
    ground = Rect(Box(*free[0], wide, high), 6, "surface", "line", 1.0)
    shapes = _inside(camera, k, look, scale, free[0])
    seen = Box(view.x / camera.scale, view.y / camera.scale, *_seen(camera))
    frame = box_at(common(seen, Box(0, 0, layout.width, layout.height)), scale, free[0])
    return Group("map", (ground, *shapes, Rect(frame, stroke="ink", thickness=1.5)))


def _seen(camera: Camera) -> tuple[float, float]:
    return camera.width / camera.scale, camera.height / camera.scale


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
