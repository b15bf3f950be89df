"""Where the chips of a gap stand on its curves, each clear of the other curves and chips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from adviz.scene.geometry import Box, Position

CHIP_HEIGHT = 22.0

_BEFORE, _AFTER = 5.0, 16.0
"""How far a chip stays from the start of its gap, and from its end, where an arrowhead is."""
_CLEAR = 3.0
_MANY = 16
"""With more curves in a gap the search for clear places does not pay: there are hardly any."""
_TRIES = tuple(
    0.5 + step * side for step in (0.0, *(k / 40 for k in range(1, 17))) for side in (1, -1)
)


class Strand(NamedTuple):
    """Where a curve is across the flow as it enters a gap, and as it leaves it."""

    start: float
    end: float

    def at(self, part: float) -> float:
        """Return where it is when it has gone a part of its climb."""
        return self.start + part * (self.end - self.start)


class _Place(NamedTuple):
    """A place for a chip of a length: where its middle is, and how far curves climb around it."""

    along: float
    climbed: float
    before: float
    after: float


def places(
    strands: Mapping[int, Strand],
    chips: Mapping[int, tuple[float, float]],
    start: float,
    end: float,
) -> dict[int, Position] | None:
    """Return the middle of every chip, as near to that of the gap as is clear; None if none is.

    `chips` are lengths and breadths, along the flow and across it. In a gap all curves climb
    alike, level at both ends, so that where a chip stands tells how far each has climbed.
    """
    if len(strands) > _MANY:
        return None
    lengths = {long for long, _ in chips.values()}
    known = {long: [*_places(long, start, end)] for long in lengths}
    taken: list[Box] = []
    found: dict[int, Position] = {}
    for number in sorted(chips, key=lambda k: (strands[k].at(0.5), k)):
        others = [strand for other, strand in strands.items() if other != number]
        boxes = _boxes(strands[number], *chips[number], known[chips[number][0]])
        clear = (box for place, box in boxes if _is_clear(place, box, others, taken))
        box = next(clear, None)
        if box is None:
            return None
        taken.append(box)
        found[number] = box.middle
    return found


def _places(long: float, start: float, end: float) -> Iterator[_Place]:
    """Yield the places between the ends of a gap, those near its middle first."""
    gap = end - start
    for t in dict.fromkeys(_TRIES):
        middle = start + gap * (1.5 * t * (1 - t) + t**3)
        left, right = middle - long / 2, middle + long / 2
        if left >= start + _BEFORE and right <= end - _AFTER:
            around = ((x - start) / gap for x in (left - _CLEAR, right + _CLEAR))
            yield _Place(middle, _climbed(t), *(_climbed(_parameter(part)) for part in around))


def _climbed(t: float) -> float:
    """Return which part of its climb a curve that is level at both ends has done."""
    return t * t * (3 - 2 * t)


def _parameter(part: float) -> float:
    """Return the parameter of the curves of a gap at a part of its length, by Newton's method."""
    t = part = min(1.0, max(0.0, part))
    for _ in range(5):
        t -= (1.5 * t * (1 - t) + t**3 - part) / (1.5 - 3 * t + 3 * t * t)
    return t


def _boxes(
    strand: Strand, long: float, broad: float, known: Sequence[_Place]
) -> Iterator[tuple[_Place, Box]]:
    for place in known:
        y = strand.at(place.climbed)
        yield place, Box(place.along - long / 2, y - broad / 2, long, broad)


def _is_clear(place: _Place, box: Box, others: Sequence[Strand], taken: Sequence[Box]) -> bool:
    """Return whether a box is clear of curves and chips; a curve only climbs or only falls."""
    top, bottom = box.y - _CLEAR, box.y + box.height + _CLEAR
    for strand in others:
        low, high = sorted((strand.at(place.before), strand.at(place.after)))
        if low <= bottom and high >= top:
            return False
    wide = Box(box.x - _CLEAR, top, box.width + 2 * _CLEAR, bottom - top)
    return not any(wide.overlap(other) for other in taken)
