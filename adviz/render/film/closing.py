"""The closing card over the graph: the value and the derivatives, with what is known of them."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.language.notation import Tree
from adviz.render.film.placing import placed
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.scene.geometry import Box, Position
from adviz.scene.scene import Scene
from adviz.scene.typesetting import Line, coloured, cut, line_width, set_on_line

_SIZE, _HEAD = 1.3, 0.8
"""The size of what it says, in letters, and of its headings as a part of that."""
_ROW, _BETWEEN, _PADDING = 1.75, 1.0, 1.1
_LONGEST = 26.0
"""How wide a cell may be, in its own letters."""
_NAMED = 3
"""The cells of a row that stand at the left; the others are signs."""

Rows = Sequence[Sequence[Line]]


def closing_card(scene: Scene, card: Sequence[Sequence[Tree]], pane: Box, letter: float) -> Group:
    """Return a card in the middle of a pane, in letters of a size, or as large as it can be."""
    rows = [
        [cut(set_on_line(cell, scene.text, "roman"), _LONGEST, 1.0) for cell in cells]
        for cells in card
    ]
    heads, *body = rows
    muted = [coloured(cell, "muted") for cell in heads]
    made, wide, high = _in_ems([muted, *body])
    size = min(_SIZE * letter, 0.94 * pane.width / wide, 0.94 * pane.height / high)
    corner = Position(pane.middle.x - wide * size / 2, pane.middle.y - high * size / 2)
    frame = Rect(
        Box(*corner, wide * size, high * size), 0.6 * size, "page", "ink", size / 11, kind="frame"
    )
    return Group("closing", (frame, *placed(made, size, corner)))


def _in_ems(rows: Rows) -> tuple[list[Shape], float, float]:
    """Return the texts of a card, how wide and how high it is, in its own letters."""
    sizes = [_HEAD, *[1.0] * (len(rows) - 1)]
    columns = [
        max(line_width(row[n], size) for row, size in zip(rows, sizes, strict=True))
        for n in range(len(rows[0]))
    ]
    texts: list[Shape] = []
    x = _PADDING
    for n, wide in enumerate(columns):
        at, anchor = (x, "start") if n < _NAMED else (x + wide / 2, "middle")
        for m, (row, size) in enumerate(zip(rows, sizes, strict=True)):
            y = 0.5 * _PADDING + _ROW * (m + 0.66)
            texts.append(Text(at, y, row[n], size, anchor, kind="cell"))
        x += wide + _BETWEEN
    return texts, x - _BETWEEN + _PADDING, _PADDING + _ROW * len(rows)
