"""The arrows of a figure: plain lines with a head, and each partial in a gap of its own line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.render.figure.plan import Plan
from adviz.scene.geometry import Box, Curve, Position, along, through

_TRIES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9)
_ASIDE, _DEAR = (0.0, 0.22, -0.22, 0.44, -0.44), 3.0
_ROUNDS, _SAMPLES = 3, 16
_FINE, _CLEAR = 100.0, 0.15
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


def label_places(plan: Plan) -> dict[int, Position]:
    """Return the middle of each label: on its own line before its head, clear of all others.

    Labels are moved one at a time to the cheapest place: on the page, off other labels, off other
    lines, near the middle of the gap.
    """
    lines = {k: _samples(plan, k) for k in range(len(plan.edges))}
    choices = {k: _choices(plan, k) for k in plan.labels}
    fixed = {
        k: [far + _crossings(box, k, lines) for box, far in places] for k, places in choices.items()
    }
    chosen = {k: places[0][0] for k, places in choices.items()}
    for _ in range(_ROUNDS):
        for k, places in choices.items():
            others = [box for other, box in chosen.items() if other != k]
            costs = [
                fixed[k][n] + 100 * sum(box.overlap(other) for other in others)
                for n, (box, _) in enumerate(places)
            ]
            chosen[k] = places[costs.index(min(costs))][0]
    return {k: box.middle for k, box in chosen.items()}


def _choices(plan: Plan, k: int) -> list[tuple[Box, float]]:
    """Return where a label may stand, in its gap and on the page, and how far from the best."""
    wide, high = plan.labels[k]
    *_, before, left, _, _ = plan.way(k)
    bend = (before, Position((before.x + left.x) / 2, before.y))
    cubic = (*bend, Position(bend[1].x, left.y), left)
    found = []
    for t in _TRIES:
        x, y = along(cubic, t)
        if t != _TRIES[0] and not before.x <= x - wide / 2 <= x + wide / 2 <= left.x:
            continue
        for aside in _ASIDE:
            top = min(max(0.0, y + (aside - 0.5) * high), plan.high - high)
            box = Box(x - wide / 2, top, wide, high)
            far = 4 * abs(t - 0.5) + _DEAR * abs(box.middle.y - y) / high
            found.append((box, far))
    return found


def _samples(plan: Plan, k: int) -> list[Position]:
    """Return points along an edge."""
    line, _ = arrow(plan.way(k), _FINE, backward=False)
    points = [along(c, n / _SAMPLES) for c in line.cubics() for n in range(_SAMPLES + 1)]
    return [Position(x / _FINE, y / _FINE) for x, y in points]


def _crossings(box: Box, own: int, lines: Mapping[int, Sequence[Position]]) -> float:
    """Return what it costs that other lines run through a label, or close by."""
    x, y, wide, high = box
    near = Box(x - _CLEAR, y - _CLEAR, wide + 2 * _CLEAR, high + 2 * _CLEAR)
    return sum(10.0 for k, points in lines.items() if k != own and any(map(near.holds, points)))
