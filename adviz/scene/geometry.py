"""The geometry of a picture: points, boxes, and curves that are level where they meet a box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Position(NamedTuple):
    """A place; y points down."""

    x: float
    y: float


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

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down)

    def holds(self, point: Position) -> bool:
        """Return whether a point lies inside."""
        inside = self.x <= point.x <= self.x + self.width
        return inside and self.y <= point.y <= self.y + self.height


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

    def shortened(self, end: Position, by: float) -> Curve:
        """Return the curve without the last bit before one of its ends, where a head is drawn."""
        start = Position(self.start.x + by, self.start.y) if end == self.start else self.start
        if end == self.start:
            return Curve(start, self.pieces)
        *most, last = self.pieces
        stop = Position(end.x - by, end.y)
        moved = (
            (last[0], Position(min(last[1].x, stop.x), stop.y), stop) if len(last) == 3 else (stop,)
        )
        return Curve(self.start, (*most, moved))

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
    """An end of a curve, and the way it points: 1 to the right, -1 to the left."""

    at: Position
    way: int


def arrowhead(tip: Turn, length: float) -> Curve:
    """Return a triangle that points at an end of a curve; curves are level there."""
    (x, y), back = tip.at, -tip.way * length
    half = length * 0.5
    corners = (Position(x + back, y - half), Position(x + back, y + half), Position(x, y))
    return Curve(Position(x, y), tuple((corner,) for corner in corners))
