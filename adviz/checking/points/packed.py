"""Points held as what they are, numbers: eight bytes an input, however many there are."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import overload

from adviz.modes.point import FloatPoint

_WHOLE = 20
"""So many points at most are written out in full."""


class Points(Sequence[FloatPoint]):
    """Points by the names of their inputs, each made when it is looked at.

    A dictionary takes thirty times the memory of the number in it, and a million points are held
    as easily as a thousand.

    >>> points = Points(["x", "y"], [{"x": 1.0, "y": 2.0}, {"y": 4.0, "x": 3.0}])
    >>> points[1], len(points)
    ({'x': 3.0, 'y': 4.0}, 2)
    >>> points[1:]
    ({'x': 3.0, 'y': 4.0},)
    """

    __slots__ = ("_count", "_names", "_numbers")

    def __init__(self, names: Iterable[str], points: Iterable[FloatPoint]) -> None:
        self._names, self._numbers, self._count = tuple(names), array("d"), 0
        for point in points:
            self._numbers.extend([point[name] for name in self._names])
            self._count += 1

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, key: int) -> FloatPoint: ...
    @overload
    def __getitem__(self, key: slice) -> Points: ...
    def __getitem__(self, key: int | slice) -> FloatPoint | Points:
        places = range(self._count)[key]
        if isinstance(places, range):
            return Points(self._names, map(self._point, places))
        return self._point(places)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Points | tuple | list) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as that of dictionaries

    def __repr__(self) -> str:
        whole = len(self) <= _WHOLE
        return repr(tuple(self)) if whole else f"<Points: {len(self)} of {', '.join(self._names)}>"

    def _point(self, place: int) -> FloatPoint:
        width = len(self._names)
        numbers = self._numbers[place * width : (place + 1) * width]
        return dict(zip(self._names, numbers, strict=True))
