"""Rows of cells under headings: in a terminal, as plain text, as Markdown and as LaTeX.

The first columns are words, which stand at the left, and the others numbers, which stand at the
right. Cells are texts as the medium has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any, NamedTuple


class Grid(NamedTuple):
    """Rows of cells under headings.

    >>> print(Grid(("node", "formula", "value"), [("x", "input", "3")]).markdown())
    | node | formula | value |
    |:-----|:--------|------:|
    | x    | input   |     3 |
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 2
    """How many columns are words."""
    styles: Mapping[str, str] = {}
    """The colours of columns in a terminal, by heading."""

    def __str__(self) -> str:
        """Return the rows as plain text."""
        from rich.console import Console

        paper = StringIO()  # whose encoding is not that of the terminal
        Console(
            file=paper, width=self._width, no_color=True, force_terminal=False, force_jupyter=False
        ).print(self.__rich__())
        return "\n".join(line.rstrip() for line in paper.getvalue().splitlines())

    def __rich__(self) -> Any:
        """Return the rows for rich."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for position, heading in enumerate(self.headings):
            justify = "left" if position < self.words else "right"
            grid.add_column(heading, justify=justify, style=self.styles.get(heading), no_wrap=True)  # type: ignore[arg-type]  # one of rich's words
        for cells in self.rows:
            grid.add_row(*map(Text, cells))  # in which rich finds no markup
        return grid

    @property
    def _width(self) -> int:
        """A width at which no cell is wrapped."""
        columns = zip(self.headings, *self.rows, strict=True)
        return sum(max(map(len, column)) + 3 for column in columns) + 4

    def markdown(self) -> str:
        """Return a Markdown table; no cell can end it or start markup."""
        cells = [[escaped(cell) for cell in row] for row in self.rows]
        widths = [max(map(len, column)) for column in zip(self.headings, *cells, strict=True)]
        marks = [
            ":" + "-" * (wide + 1) if place < self.words else "-" * (wide + 1) + ":"
            for place, wide in enumerate(widths)
        ]
        lines = [self._piped(self.headings, widths), "|" + "|".join(marks) + "|"]
        return "\n".join([*lines, *(self._piped(row, widths) for row in cells)])

    def _piped(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        padded = [
            cell.ljust(wide) if place < self.words else cell.rjust(wide)
            for place, (cell, wide) in enumerate(zip(cells, widths, strict=True))
        ]
        return "| " + " | ".join(padded) + " |"

    def latex(self) -> str:
        """Return a LaTeX tabular of cells that are mathematics; it needs booktabs and amsmath."""
        cells = [[f"${cell}$" if cell else "" for cell in row] for row in self.rows]
        return tabular(self.headings, cells, self.words)


def tabular(headings: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    r"""Return cells that are LaTeX as a tabular with the rules of booktabs, words at the left.

    >>> print(tabular(["node", "value"], [["$x$", "$3$"]]))
    \begin{tabular}{lr}
    \toprule
    node & value \\
    \midrule
    $x$ & $3$ \\
    \bottomrule
    \end{tabular}
    """
    columns = "l" * words + "r" * (len(headings) - words)
    head, *body = (" & ".join(row) + r" \\" for row in (headings, *rows))
    above = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule"]
    return "\n".join([*above, *body, r"\bottomrule", r"\end{tabular}"])


def escaped(text: str) -> str:
    r"""Return text for a Markdown cell or line: nothing in it ends the cell or starts markup.

    >>> print(escaped("a|b *c*"))
    a\|b \*c\*
    """
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>|#~$" else c for c in flat)
