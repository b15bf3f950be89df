"""The elements of a small array among a figure's lines: how much room they take, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adviz.render.shapes import Path, Shape, Text
from adviz.scene.geometry import Curve, Position
from adviz.scene.grids import ELEMENT_SIZE, Grid
from adviz.scene.lines import Run

_BESIDE, _BETWEEN, _TURN = 0.4, 0.8, 0.25
"""What is free beside a bracket and between columns, and how far a bracket turns in."""
_THIN = 0.06


class Elements(NamedTuple):
    """A table, in the size of its letters; its runs line by line, none while it is to come."""

    grid: Grid
    runs: tuple[Run, ...]

    @property
    def columns(self) -> list[float]:
        """How wide its columns are."""
        return [wide / ELEMENT_SIZE for wide in self.grid.columns]

    @property
    def room(self) -> float:
        """How wide it is, with its brackets."""
        return sum(self.columns) + _BETWEEN * (len(self.columns) - 1) + 2 * _BESIDE

    def painted(self, left: float, bases: Sequence[float], em: float) -> Iterator[Shape]:
        """Yield its brackets and elements, from a place on, on base lines, in letters of a size."""
        if not self.runs:
            return
        right = left + self.room * em
        top, bottom = bases[0] - 0.85 * em, bases[-1] + 0.25 * em
        yield _bracket(left, (top, bottom), _TURN * em, em)
        yield _bracket(right, (top, bottom), -_TURN * em, em)
        ends = [right - _BESIDE * em]
        for wide in self.columns[:0:-1]:
            ends.insert(0, ends[0] - (wide + _BETWEEN) * em)
        places = ((end, base) for base in bases for end in ends)
        for (x, y), run in zip(places, self.runs, strict=True):
            yield Text(x, y, (run,), em, "end", kind="line")


def _bracket(x: float, ends: tuple[float, float], turn: float, em: float) -> Path:
    """Return a bracket between two heights."""
    top, bottom = ends
    corners = [Position(x, top), Position(x, bottom), Position(x + turn, bottom)]
    curve = Curve(Position(x + turn, top), tuple((corner,) for corner in corners))
    return Path(curve, stroke="muted", thickness=_THIN * em, kind="bracket")
