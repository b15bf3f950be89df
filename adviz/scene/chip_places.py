"""Where the chips stand: the local partials, on their curves and clear of one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.scene.geometry import Box, Curve, Position, along

CHIP_HEIGHT = 22.0

_TRIES = tuple(
    0.5 + step * side for step in (0.0, *(k / 40 for k in range(1, 17))) for side in (1, -1)
)
_ROUNDS = 4
_CROWDED = 60
_ARROW = 16.0
_BESIDE = 5.0


def place_chips(
    curves: Sequence[Curve], widths: Mapping[int, float], gaps: Mapping[int, float]
) -> dict[int, Position]:
    """Return the centre of every chip.

    `gaps` says at which x the gap of a chip begins. Chips of a gap are moved one at a time to
    the cheapest place on their own curve: clear of other chips, then of other curves, then near
    the middle.
    """
    pieces: dict[float, dict[int, tuple[Position, Position, Position, Position]]] = {}
    for number, curve in enumerate(curves):
        for cubic in curve.cubics():
            if cubic[3].x - cubic[0].x > 1:
                pieces.setdefault(round(cubic[0].x, 3), {})[number] = cubic
    placed: dict[int, Position] = {}
    for left in sorted(set(gaps.values())):
        inside = {number: widths[number] for number, gap in gaps.items() if gap == left}
        placed.update(_place_in_gap(pieces.get(round(left, 3), {}), inside))
    return placed


def _place_in_gap(
    cubics: Mapping[int, tuple[Position, Position, Position, Position]], widths: Mapping[int, float]
) -> dict[int, Position]:
    """Return the places in one gap, by improving them in turn."""
    crowded = len(cubics) > _CROWDED
    paths = {} if crowded else {n: [along(c, k / 24) for k in range(25)] for n, c in cubics.items()}
    order = sorted(widths, key=lambda n: (along(cubics[n], 0.5).y, n))
    choices = {n: _choices(cubics[n], widths[n]) for n in order}
    crossed = {n: [_crossed(box, n, paths) for box in choices[n]] for n in order}
    chosen = {n: choices[n][0] for n in order}
    for _ in range(_ROUNDS):
        before = dict(chosen)
        for n in order:
            reach = abs(cubics[n][3].y - cubics[n][0].y) / 2 + 2 * CHIP_HEIGHT
            y = along(cubics[n], 0.5).y
            others = [b for m, b in chosen.items() if m != n and abs(b.middle.y - y) < reach]
            costs = [
                1000 * sum(_grown(box).overlap(other) for other in others) + 40 * crossed[n][k] + k
                for k, box in enumerate(choices[n])
            ]
            chosen[n] = choices[n][costs.index(min(costs))]
        if chosen == before:
            break
    return {n: box.middle for n, box in chosen.items()}


def _choices(cubic: tuple[Position, Position, Position, Position], width: float) -> list[Box]:
    """Return a chip's possible places, the middle of the gap first, clear of both its ends."""
    left, right = cubic[0].x + _BESIDE, cubic[3].x - _ARROW
    boxes = [_around(along(cubic, t), width) for t in _TRIES]
    free = [box for box in boxes if box.x >= left and box.x + width <= right]
    return list(dict.fromkeys(free or boxes[:1]))


def _around(middle: Position, width: float) -> Box:
    return Box(middle.x - width / 2, middle.y - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)


def _grown(box: Box) -> Box:
    return Box(box.x - 3, box.y - 3, box.width + 6, box.height + 6)


def _crossed(box: Box, own: int, paths: Mapping[int, Sequence[Position]]) -> int:
    """Return how many other curves run through a box."""
    wide = _grown(box)
    top, bottom = wide.y, wide.y + wide.height
    near = (
        path
        for n, path in paths.items()
        # A curve climbs all the way or falls all the way, so its ends bound it.
        if n != own and min(path[0].y, path[-1].y) <= bottom and max(path[0].y, path[-1].y) >= top
    )
    return sum(any(map(wide.holds, path)) for path in near)
