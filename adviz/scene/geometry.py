"""The geometry of a picture: points, boxes, and curves that are straight where they meet a box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import NamedTuple


class Position(NamedTuple):
    """A place; y points down."""

    x: float
    y: float

    @property
    def turned(self) -> Position:
        """The place in the picture mirrored at its diagonal: across becomes down."""
        return Position(self.y, self.x)

    def towards(self, way: Position, by: float) -> Position:
        """Return the place so much further along a way of length 1."""
        return Position(self.x + by * way.x, self.y + by * way.y)


class Box(NamedTuple):
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Position:
        """The centre."""
        return Position(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def turned(self) -> Box:
        """The rectangle in the picture mirrored at its diagonal."""
        return Box(self.y, self.x, self.height, self.width)

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down)

    def holds(self, point: Position) -> bool:
        """Return whether a point lies inside."""
        inside = self.x <= point.x <= self.x + self.width
        return inside and self.y <= point.y <= self.y + self.height


def around(middle: Position, width: float, height: float) -> Box:
    """Return the rectangle of a size about its centre."""
    return Box(middle.x - width / 2, middle.y - height / 2, width, height)


Piece = tuple[Position, ...]
"""What follows a point: one point for a line, three for a cubic Bézier."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A start and the pieces after it."""

    start: Position
    pieces: tuple[Piece, ...]

    @property
    def end(self) -> Position:
        """Where the curve arrives."""
        return self.pieces[-1][-1]

    @property
    def turned(self) -> Curve:
        """The curve in the picture mirrored at its diagonal."""
        pieces = tuple(tuple(point.turned for point in piece) for piece in self.pieces)
        return Curve(self.start.turned, pieces)

    def heading(self, end: Position) -> Position:
        """Return the way, of length 1, in which the curve points at one of its ends."""
        points = [self.start, *(point for piece in self.pieces for point in piece)]
        inwards = points if end == self.start else points[::-1]
        before = next((point for point in inwards if point != end), end)
        across, down = end.x - before.x, end.y - before.y
        length = hypot(across, down) or 1.0
        return Position(across / length, down / length)

    def shortened(self, end: Position, by: float) -> Curve:
        """Return the curve without the last bit before one of its ends, where a head is drawn."""
        way, stop = self.heading(end), end.towards(self.heading(end), -by)
        if end == self.start:
            return Curve(stop, self.pieces)
        *most, last = self.pieces
        if len(last) == 3:
            left = (end.x - last[1].x) * way.x + (end.y - last[1].y) * way.y
            return Curve(
                self.start, (*most, (last[0], stop.towards(way, min(0.0, by - left)), stop))
            )
        return Curve(self.start, (*most, (stop,)))

    def cubics(self) -> Iterator[tuple[Position, Position, Position, Position]]:
        """Yield the pieces as cubics with their starts."""
        before = self.start
        for piece in self.pieces:
            yield (before, *(piece if len(piece) == 3 else (before, piece[0], piece[0])))
            before = piece[-1]


def along(cubic: Sequence[Position], t: float) -> Position:
    """Return the point of a cubic Bézier at a parameter from 0 to 1."""
    s = 1 - t
    weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return Position(
        sum(w * p.x for w, p in zip(weights, cubic, strict=True)),
        sum(w * p.y for w, p in zip(weights, cubic, strict=True)),
    )


def through(points: Sequence[Position]) -> Curve:
    """Return a curve through points, level at each of them.

    Level stretches become lines, and what bends is a cubic with level ends.
    """
    corners = [points[0]]
    for point in points[1:]:
        if point != corners[-1]:
            corners.append(point)
    pieces: list[Piece] = []
    for before, after in pairwise(corners):
        straight = abs(after.y - before.y) < 0.5 and len(corners) > 2
        pieces.append((after,) if straight else _bend(before, after))
    return Curve(points[0], tuple(pieces))


def _bend(before: Position, after: Position) -> Piece:
    middle = (before.x + after.x) / 2
    return Position(middle, before.y), Position(middle, after.y), after


class Turn(NamedTuple):
    """An end of a curve, and the way, of length 1, in which it points."""

    at: Position
    way: Position


def arrowhead(tip: Turn, length: float) -> Curve:
    """Return a triangle that points at an end of a curve; curves are straight there.

    >>> arrowhead(Turn(Position(9, 5), Position(1, 0)), 8).pieces[:2]
    ((Position(x=1.0, y=1.0),), (Position(x=1.0, y=9.0),))
    """
    back, half = tip.at.towards(tip.way, -length), length * 0.5
    aside = Position(-tip.way.y, tip.way.x)
    corners = (back.towards(aside, -half), back.towards(aside, half), tip.at)
    return Curve(tip.at, tuple((corner,) for corner in corners))


def rounded(points: Sequence[Position], radius: float) -> tuple[Piece, ...]:
    """Return the pieces of a way along the axes through its corners, each rounded off."""
    pieces: list[Piece] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, inner = (_beside(corner, before, part * radius) for part in (1.0, 0.45))
        far, outer = (_beside(corner, after, part * radius) for part in (1.0, 0.45))
        pieces += [(near,), (inner, outer, far)]
    return (*pieces, (points[-1],))


def _beside(corner: Position, other: Position, by: float) -> Position:
    """Return the place on the straight way from a corner to another, at most half of it."""
    length = hypot(other.x - corner.x, other.y - corner.y) or 1.0
    way = Position((other.x - corner.x) / length, (other.y - corner.y) / length)
    return corner.towards(way, min(by, length / 2))
