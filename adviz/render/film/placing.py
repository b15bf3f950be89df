"""Shapes enlarged and moved to their place in a frame, and how much room they take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import ceil, floor

from adviz.render.shapes import Group, Path, Shape, Text
from adviz.scene.geometry import Box, Curve, Position

_ABOVE, _BELOW = 1.15, 0.4
"""How far letters reach above and below their base line, accents and indices too."""


def placed(shapes: Iterable[Shape], scale: float, to: Position) -> tuple[Shape, ...]:
    """Return shapes enlarged, their origin moved to a place.

    >>> from adviz.render.shapes import Rect
    >>> (rect,) = placed([Rect(Box(1, 2, 3, 4), 1)], 2, Position(10, 0))
    >>> rect.box, rect.radius
    (Box(x=12, y=4, width=6, height=8), 2)
    """
    return tuple(_placed(shape, scale, to) for shape in shapes)


def _placed(shape: Shape, scale: float, to: Position) -> Shape:
    if isinstance(shape, Group):
        return replace(shape, shapes=placed(shape.shapes, scale, to))
    if isinstance(shape, Text):
        x, y = to.x + shape.x * scale, to.y + shape.y * scale
        return replace(shape, x=x, y=y, size=shape.size * scale)
    dash, thickness = tuple(one * scale for one in shape.dash), shape.thickness * scale
    if isinstance(shape, Path):
        curve = _moved(shape.curve, scale, to)
        return replace(shape, curve=curve, thickness=thickness, dash=dash)
    box = box_at(shape.box, scale, to)
    return replace(shape, box=box, radius=shape.radius * scale, thickness=thickness, dash=dash)


def box_at(box: Box, scale: float, to: Position) -> Box:
    """Return a box enlarged, its origin moved to a place."""
    x, y, width, height = box
    return Box(to.x + x * scale, to.y + y * scale, width * scale, height * scale)


def _moved(curve: Curve, scale: float, to: Position) -> Curve:
    start, pieces = curve.start, curve.pieces
    return Curve(
        Position(to.x + start.x * scale, to.y + start.y * scale),
        tuple(
            tuple(Position(to.x + p.x * scale, to.y + p.y * scale) for p in piece)
            for piece in pieces
        ),
    )


def bounds(shapes: Iterable[Shape]) -> Box:
    """Return the box around some shapes, their lines and letters; an empty one around none.

    >>> from adviz.render.shapes import Rect
    >>> bounds([Rect(Box(0, 0, 9, 9)), Rect(Box(20, 0, 9, 9), stroke="ink", thickness=2)])
    Box(x=0, y=-1.0, width=30.0, height=11.0)
    """
    return around(list(_boxes(shapes)))


def around(boxes: Iterable[Box]) -> Box:
    """Return the box around some boxes; an empty one around none."""
    given = list(boxes)
    if not given:
        return Box(0, 0, 0, 0)
    left, top = min(box.x for box in given), min(box.y for box in given)
    right = max(box.x + box.width for box in given)
    bottom = max(box.y + box.height for box in given)
    return Box(left, top, right - left, bottom - top)


def _boxes(shapes: Iterable[Shape]) -> Iterator[Box]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _boxes(shape.shapes)
        elif isinstance(shape, Text):
            yield _of_text(shape)
        elif isinstance(shape, Path):
            yield _around_points(shape)
        else:
            yield widened(shape.box, shape.thickness / 2 if shape.stroke else 0.0)


def _of_text(text: Text) -> Box:
    wide, size = text.width, text.size
    left = text.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    return Box(left, text.y - _ABOVE * size, wide, (_ABOVE + _BELOW) * size)


def _around_points(path: Path) -> Box:
    points = [path.curve.start, *(point for piece in path.curve.pieces for point in piece)]
    box = around(Box(x, y, 0, 0) for x, y in points)
    return widened(box, path.thickness / 2 if path.stroke else 0.0)


def widened(box: Box, by: float) -> Box:
    """Return a box with so much around it."""
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by) if by else box


def meets(box: Box, other: Box) -> bool:
    """Return whether two boxes have anything in common, be it that one is flat."""
    across = box.x <= other.x + other.width and other.x <= box.x + box.width
    return across and box.y <= other.y + other.height and other.y <= box.y + box.height


def common(box: Box, other: Box) -> Box:
    """Return what two boxes have in common; where they have nothing, its sides are negative."""
    left, top = max(box.x, other.x), max(box.y, other.y)
    right = min(box.x + box.width, other.x + other.width)
    bottom = min(box.y + box.height, other.y + other.height)
    return Box(left, top, right - left, bottom - top)


def rounded_out(box: Box) -> Box:
    """Return the least area of whole pixels that holds a box."""
    left, top = floor(box.x), floor(box.y)
    return Box(left, top, ceil(box.x + box.width) - left, ceil(box.y + box.height) - top)


def has_pixels(box: Box) -> bool:
    """Return whether there is anything in a box."""
    return box.width > 0 and box.height > 0


def corners(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box of whole pixels."""
    x, y, width, height = map(int, box)
    return x, y, x + width, y + height
