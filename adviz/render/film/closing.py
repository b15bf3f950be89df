"""The closing card over the graph: the value and the derivatives, with what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.language.notation import Tree
from adviz.render.film.breaking import broken
from adviz.render.film.placing import placed
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.scene.geometry import Box, Position
from adviz.scene.lines import Line, coloured, line_width
from adviz.scene.scene import Scene
from adviz.scene.typesetting import set_on_line

_SIZE, _HEAD = 1.3, 0.8
"""The size of what it says, in letters, and of its headings as a part of that."""
_LINE, _BETWEEN, _APART, _PADDING = 1.35, 0.4, 1.0, 1.1
"""The height of a line; the room between rows, between columns, and around all."""
_LONGEST = (26.0, 31.0, 38.0, 50.0)
"""How wide a cell may be, in its own letters: the largest letters are chosen, then fewest lines."""
_NAMED = 3
"""The cells of a row that stand at the left; the others are signs."""


def closing_card(scene: Scene, card: Sequence[Sequence[Tree]], pane: Box, letter: float) -> Group:
    """Return a card in the middle of a pane, in letters of a size, or as large as it can be."""
    set_cells = [[set_on_line(cell, scene.text, "roman") for cell in cells] for cells in card]
    tried = [_Card(tuple(_Row.of(cells, longest) for cells in set_cells)) for longest in _LONGEST]
    made = max(tried, key=lambda one: (min(_SIZE * letter, one.largest(pane)), -one.height))
    size = min(_SIZE * letter, made.largest(pane))
    wide, high = made.width * size, made.height * size
    corner = Position(pane.middle.x - wide / 2, pane.middle.y - high / 2)
    frame = Rect(Box(*corner, wide, high), 0.6 * size, "page", "ink", size / 11, kind="frame")
    return Group("closing", (frame, *placed(made.texts, size, corner)))


@dataclass(frozen=True)
class _Row:
    """A row of cells, each on one line or several."""

    cells: tuple[tuple[Line, ...], ...]

    @classmethod
    def of(cls, cells: Sequence[Line], longest: float) -> _Row:
        """Return a row whose cells are at most so wide, in its letters."""
        return cls(tuple(tuple(broken(cell, longest)) or ((),) for cell in cells))

    @property
    def height(self) -> float:
        """How high it is, in its letters."""
        return _LINE * max(map(len, self.cells)) + _BETWEEN


@dataclass(frozen=True)
class _Card:
    """The rows of a card, in its own letters; the first one has the headings."""

    rows: tuple[_Row, ...]

    @cached_property
    def _columns(self) -> list[float]:
        """How wide the columns are."""
        sized = list(zip(self.rows, self._sizes, strict=True))
        return [
            max(line_width(line, size) for row, size in sized for line in row.cells[n])
            for n in range(len(self.rows[0].cells))
        ]

    @property
    def _sizes(self) -> list[float]:
        return [_HEAD, *[1.0] * (len(self.rows) - 1)]

    @property
    def width(self) -> float:
        """How wide it is."""
        return 2 * _PADDING + sum(self._columns) + _APART * (len(self._columns) - 1)

    @property
    def height(self) -> float:
        """How high it is."""
        return _PADDING + sum(row.height for row in self.rows)

    def largest(self, pane: Box) -> float:
        """Return the largest size of letters in which it has room in a pane."""
        return min(0.94 * pane.width / self.width, 0.94 * pane.height / self.height)

    @property
    def texts(self) -> list[Shape]:
        """Its lines, each where it stands."""
        texts: list[Shape] = []
        y = 0.5 * _PADDING
        for row, size in zip(self.rows, self._sizes, strict=True):
            fill = "muted" if size == _HEAD else None
            x = _PADDING
            for n, (lines, wide) in enumerate(zip(row.cells, self._columns, strict=True)):
                at, anchor = (x, "start") if n < _NAMED else (x + wide / 2, "middle")
                first = y + (row.height - _LINE * (len(lines) - 1)) / 2 + 0.28
                for m, line in enumerate(lines):
                    shown = coloured(line, fill) if fill else line
                    texts.append(Text(at, first + m * _LINE, shown, size, anchor, kind="cell"))
                x += wide + _APART
            y += row.height
        return texts
