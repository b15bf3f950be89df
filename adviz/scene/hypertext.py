"""The evaluation trace as an HTML table, its names no longer than there is room in a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import repeat

from adviz.language import notation
from adviz.language.notation import Tree
from adviz.language.numerals import full
from adviz.numbers import Number
from adviz.scene.cells import Cell, Row, terms
from adviz.scene.lettering import fitted, fitted_apart
from adviz.scene.quantities import quantity
from adviz.scene.text_width import width

_SIZE, _BETWEEN = 14.0, 20.0
"""The size of the letters in a page, and how far its columns are apart, in pixels."""
_ROOM, _LEAST_ROOM = 420.0, 150.0
"""The room of a table beside a graph, and the least that is left of it for names and formulas."""
_FOLDED = 108.0
"""The room of an array where it has two lines, as `player.css` has it."""
_SYMBOLS = 0.38
"""The part of that room for the names of nodes."""


@dataclass(frozen=True)
class Hypertext:
    """What such a table is made of."""

    kinds: tuple[str, ...]
    """What the derivative columns hold."""
    sweeps: tuple[int, ...]
    """Which of the sweeps each derivative column is of."""
    rows: tuple[Row, ...]
    shown: Callable[[Number], str]
    """How its numbers are written."""

    def table(self, headings: Sequence[str]) -> str:
        """Return the table, a row of headings above it."""
        heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
        room = self._room
        symbols = fitted_apart([row.symbol for row in self.rows], room * _SYMBOLS, _SIZE)
        body = "\n".join(map(self._row, self.rows, symbols, repeat(room * (1 - _SYMBOLS))))
        return (
            f'<table class="trace">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table>"
        )

    @property
    def _room(self) -> float:
        """How wide names and formulas may be so that the columns of numbers are seen too."""
        columns = zip(
            *([row.value, *(cell.number for cell in row.derivatives)] for row in self.rows),
            strict=True,
        )
        widest = (max(map(self._width, column), default=0.0) for column in columns)
        return max(_LEAST_ROOM, _ROOM - sum(wide + _BETWEEN for wide in widest))

    def _width(self, number: Number) -> float:
        wide = width(self.shown(number), _SIZE, "bold")
        return min(wide, _FOLDED) if _is_array(number) else wide

    def _row(self, row: Row, name: Tree, room: float) -> str:
        symbol = _cell('th scope="row"', row.symbol, name)
        formula = _cell("td", row.formula, fitted(row.formula, room, _SIZE))
        derivatives = "".join(
            f'<td data-row="{kind}"{_apart(self.kinds, sweep)}{_look(cell.number)}>'
            f"{self._sum(cell, kind, sweep)}</td>"
            for kind, sweep, cell in zip(self.kinds, self.sweeps, row.derivatives, strict=True)
        )
        value = f'<td data-row="value"{_look(row.value)}>{escape(self.shown(row.value))}</td>'
        return f'<tr data-node="{row.node}">{symbol}{formula}{value}{derivatives}</tr>'

    def _sum(self, cell: Cell, kind: str, sweep: int) -> str:
        """Return a derivative's number, and below it what it is the sum of: one part an edge."""
        number, summed = escape(self.shown(cell.number)), terms(cell, self.shown, "− ")
        if not summed or not quantity(kind).itemized:
            return number
        places = ["lead", *["part"] * (len(summed) - 1)]
        each = zip(places, cell.edges, summed, cell.contributions, strict=True)
        shown = " ".join(
            f'<span data-{place}="{sweep}/{edge}"{_title(term)}>{escape(text)}</span>'
            for place, edge, text, term in each
        )
        return f'<span class="number">{number}</span><br/><small class="terms">{shown}</small>'


def _cell(tag: str, part: Tree, shown: Tree) -> str:
    """Return a cell with a formula; where its names are shortened, the whole of it on hover."""
    whole = "" if shown == part else f' title="{escape(notation.unicode_text(part), quote=True)}"'
    return f"<{tag}{whole}>{notation.mathml(shown)}</{tag.partition(' ')[0]}>"


def _apart(kinds: Sequence[str], sweep: int) -> str:
    """Return what tells two columns of the same kind apart; one of a kind needs nothing."""
    return f' data-trace="{sweep}"' if len(set(kinds)) < len(kinds) else ""


def _is_array(number: Number) -> bool:
    return bool(getattr(number, "shape", ()))


def _look(number: Number) -> str:
    """Return what a cell of a number says beside it: an array may have two lines."""
    return ' class="array"' * _is_array(number) + _title(number)


def _title(number: Number) -> str:
    return f' title="{escape(full(number), quote=True)}"'
