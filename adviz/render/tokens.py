"""The number that travels along an edge: the pill that carries it, and where it is when.

The pill stands aside of the curve, with a tip towards it, so that the chip of the edge can be read
while it passes; where it starts and lands it hides nothing of the nodes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import hypot

from adviz.modes.trace import BACKWARD
from adviz.render.shapes import Path, Rect, Run, Shape, Text
from adviz.render.timeline import Shot
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.geometry import Box, Curve, Position, along
from adviz.scene.lettering import signed
from adviz.scene.quantities import quantity
from adviz.scene.scene import Scene
from adviz.scene.text_width import width

HEIGHT = 24.0
"""How high a pill is."""
SAMPLES = 8
"""How many intervals of time a flight is cut into."""
_FARTHEST, _STEP = 120, 4
_TIP = 5
"""How far a pill's tip stands out, and how far a pill stays from what its curve joins."""
_WAYS = tuple(Position(*way) for way in [(0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1)])


def token_shapes(scene: Scene, shot: Shot) -> tuple[Shape, ...]:
    """Return the pill that carries a shot's number, and its tip towards the origin."""
    text, wide = signed(scene.text(shot.token)), _wide(scene, shot)
    fill = quantity(shot.state.kind).look.text
    x, y = _shift(scene, shot, wide)
    stem = Path(Curve(tip(Position(x, y), wide), ((Position(x, y),),)), stroke=fill, thickness=2)
    pill = Rect(Box(x - wide / 2, y - HEIGHT / 2, wide, HEIGHT), 12, fill, "page", 2)
    return stem, pill, Text(x, y + 4.6, (Run(text, "bold", "page"),), 13, "middle")


def _wide(scene: Scene, shot: Shot) -> float:
    """Return how wide the pill of a shot is."""
    return max(30.0, width(signed(scene.text(shot.token)), 13, "bold") + 18)


def tip(shift: Position, wide: float) -> Position:
    """Return where the tip of a pill is that stands aside: just outside of it, towards its curve.

    >>> tip(Position(0, -28), 40.0), tip(Position(0, 0), 40.0)
    (Position(x=0.0, y=-11.0), Position(x=0, y=0))
    """
    if not any(shift):
        return shift
    ways = ((wide / 2, abs(shift.x)), (HEIGHT / 2, abs(shift.y)))
    inside = min(half / far for half, far in ways if far)
    part = max(0.0, 1 - inside - _TIP / hypot(*shift))
    return Position(shift.x * part, round(shift.y * part, 9))


def gone(part: float, length: float, wide: float) -> float:
    """Return how far along a curve a pill is at a part of its way: at neither end over a node.

    >>> gone(0.0, 200.0, 40.0), gone(1.0, 200.0, 40.0), gone(0.0, 30.0, 40.0)
    (25.0, 175.0, 10.0)
    """
    rim = min(wide / 2 + _TIP, length / 3)
    return rim + part * (length - 2 * rim)


def _shift(scene: Scene, shot: Shot, wide: float) -> Position:
    """Return how far from its curve a pill is; nowhere where there is no chip to pass."""
    edge = None if shot.state.frame is None else shot.state.frame.edge
    if edge is None or edge not in scene.layout.chips:
        return Position(0, 0)
    (x, y), chip = scene.layout.chips[edge], scene.layout.chip_widths[edge]
    box = Box(x - chip / 2, y - CHIP_HEIGHT / 2, chip, CHIP_HEIGHT)
    return aside(_points(scene, edge), box, wide)


def aside(points: Sequence[Position], chip: Box, wide: float) -> Position:
    """Return how far from a curve a pill has to be so that it never covers the chip on the curve.

    The nearest place is taken, above rather than below, and beside where the curve is steep; the
    player's `aside` is the same. Where no place is near enough the pill is on the curve.

    >>> flat, chip = [Position(x, 0) for x in range(0, 100, 10)], Box(35, -11, 30, 22)
    >>> aside(flat, chip, 40), aside([Position(50, x - 50) for x, _ in flat], chip, 40)
    (Position(x=0, y=-28), Position(x=40, y=0))
    """
    (x, y), across, down = chip.middle, (chip.width + wide) / 2 + 2, (chip.height + HEIGHT) / 2 + 2
    for far in range(0, _FARTHEST, _STEP):
        for way in _WAYS:
            dx, dy = way.x * far - x, way.y * far - y
            if all(abs(p.x + dx) >= across or abs(p.y + dy) >= down for p in points):
                return Position(way.x * far, way.y * far)
    return Position(0, 0)


def _points(scene: Scene, edge: int) -> tuple[Position, ...]:
    """Return points of an edge's curve, in order."""
    return _way(scene.layout.curves[edge])[0]


@lru_cache(maxsize=64)
def _way(curve: Curve) -> tuple[tuple[Position, ...], tuple[float, ...]]:
    """Return points of a curve, in order, and how far along it they are."""
    points = tuple(along(cubic, k / 32) for cubic in curve.cubics() for k in range(33))
    return points, (0.0, *accumulate(_distance(a, b) for a, b in pairwise(points)))


def token_path(scene: Scene, shot: Shot, samples: int = SAMPLES) -> list[Position]:
    """Return where a shot's token is at even intervals of time, eased in and out."""
    return _places(scene, shot, [k / samples for k in range(samples + 1)])


def token_place(scene: Scene, shot: Shot, time: float) -> Position:
    """Return where a shot's token is at a part of its time, eased in and out."""
    return _places(scene, shot, [time])[0]


def _places(scene: Scene, shot: Shot, times: Sequence[float]) -> list[Position]:
    """Return where a shot's token is at some parts of its time."""
    frame = shot.state.frame
    if frame is None or frame.edge is None:
        return []
    points, lengths = _way(scene.layout.curves[frame.edge])
    parts = [1 - eased(t) if shot.state.kind in BACKWARD else eased(t) for t in times]
    wide = _wide(scene, shot)
    return [_at(points, lengths, gone(part, lengths[-1], wide)) for part in parts]


def _distance(a: Position, b: Position) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def eased(t: float) -> float:
    """Return how much of its way a token has gone at a part of its time, eased in and out."""
    return 4 * t**3 if t < 0.5 else 1 - (2 - 2 * t) ** 3 / 2


def _at(points: Sequence[Position], lengths: Sequence[float], length: float) -> Position:
    """Return the point at a length along a polygon."""
    k = min(max(1, bisect_left(lengths, length)), len(points) - 1)
    span = lengths[k] - lengths[k - 1]
    part = min(1.0, (length - lengths[k - 1]) / span) if span else 0.0
    a, b = points[k - 1], points[k]
    return Position(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
