"""Where a text has room beside a mark: clear of the curves, and within the axes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]

_LETTER, _LINE = 0.6, 1.3
"""How wide a letter and how high a line is, in the size of the font: rather too much."""
_APART = 8.0
"""How much room a text has more than it needs, in points."""
_BETWEEN = 24
"""In how many parts a line between two points of a curve is looked at."""


class Spot(NamedTuple):
    """Where a text stands, seen from its mark: how far right and up, in points, and its edges."""

    right: float
    up: float
    across: str
    along: str

    def box(self, at: Point, wide: float, high: float) -> tuple[float, float, float, float]:
        """Return the left, lower, right and upper ends of a text there."""
        x, y = at[0] + self.right, at[1] + self.up
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.across] * wide
        low = y - {"bottom": 0.0, "center": 0.5, "top": 1.0}[self.along] * high
        return left, low, left + wide, low + high


_NEAR, _FAR, _ASIDE = 17.0, 34.0, 12.0
SPOTS = (
    Spot(0, _NEAR, "center", "bottom"),
    Spot(0, -_NEAR, "center", "top"),
    Spot(_ASIDE, _ASIDE, "left", "bottom"),
    Spot(-_ASIDE, -_ASIDE, "right", "top"),
    Spot(-_ASIDE, _ASIDE, "right", "bottom"),
    Spot(_ASIDE, -_ASIDE, "left", "top"),
    Spot(_NEAR, 0, "left", "center"),
    Spot(-_NEAR, 0, "right", "center"),
    Spot(0, _FAR, "center", "bottom"),
    Spot(0, -_FAR, "center", "top"),
)
"""Where a text may stand, the most usual first."""


def clearest(axes: Axes, text: str, place: Point, curves: Sequence[Sequence[Point]]) -> Spot:
    """Return where a text covers the least of the curves, which are places in the axes' data."""
    from matplotlib.font_manager import FontProperties

    size = FontProperties(size="medium").get_size_in_points()
    wide, high = _LETTER * size * len(text), _LINE * size
    (at,), frame = _in_points(axes, [place]), axes.bbox
    unit = 72 / axes.figure.dpi
    ends = frame.x0 * unit, frame.y0 * unit, frame.x1 * unit, frame.y1 * unit
    seen = [point for curve in curves for point in _followed(_in_points(axes, curve))]

    def covered(spot: Spot) -> float:
        left, low, right, top = spot.box(at, wide + _APART, high + _APART)
        outside = bool(left < ends[0] or low < ends[1] or right > ends[2] or top > ends[3])
        return outside * len(seen) + sum(left < x < right and low < y < top for x, y in seen)

    return min(SPOTS, key=covered)


def _in_points(axes: Axes, places: Sequence[Point]) -> list[Point]:
    """Return places as they lie on the paper, those that can be seen."""
    if not places:
        return []
    unit = 72 / axes.figure.dpi
    found = (axes.transData.transform(places) * unit).tolist()
    return [(x, y) for x, y in found if x == x and y == y]


def _followed(points: Sequence[Point]) -> list[Point]:
    """Return points along a curve, close to each other."""
    parts = [k / _BETWEEN for k in range(_BETWEEN)]
    return [
        (x + part * (to_x - x), y + part * (to_y - y))
        for (x, y), (to_x, to_y) in pairwise(points)
        for part in parts
    ]
