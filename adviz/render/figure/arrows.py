"""The arrows of a figure: plain lines with a head."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.scene.geometry import Curve, Position, through

_HALF_HEAD = 0.22


def arrow(way: Sequence[Position], size: float, backward: bool) -> tuple[Curve, Curve]:
    """Return the line and the head of an arrow along level points, scaled by a size.

    The last two points are the base of the head and its tip; backward the head stands at the
    start.
    """
    points = [Position(point.x * size, point.y * size) for point in way]
    long = points[-1].x - points[-2].x
    if backward:
        start = points[0]
        base = Position(start.x + long, start.y)
        line = [base, *(point for point in points[1:] if point.x > base.x)]
        return through(line), _head(base, start, size)
    return through(points[:-1]), _head(points[-2], points[-1], size)


def _head(base: Position, tip: Position, size: float) -> Curve:
    half = _HALF_HEAD * size
    corners = (Position(base.x, base.y - half), Position(base.x, base.y + half), tip)
    return Curve(tip, tuple((corner,) for corner in corners))
