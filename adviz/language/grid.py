"""Rows of cells under headings: in a terminal, as plain text, Markdown, LaTeX, HTML and CSV.

The first columns are words, which stand at the left, and the others numbers, which stand at the
right. Cells are texts as the medium has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import StringIO
from typing import Any, NamedTuple

from adviz.language import notation
from adviz.language.data import as_csv
from adviz.language.notation.tex_signs import readable
from adviz.language.numerals import PENDING


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
        head, *cells = ([*map(escaped, row)] for row in (self.headings, *self.rows))
        widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
        marks = [
            ":" + "-" * (wide + 1) if place < self.words else "-" * (wide + 1) + ":"
            for place, wide in enumerate(widths)
        ]
        lines = [self._piped(head, widths), "|" + "|".join(marks) + "|"]
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
        return tabular([*map(notation.latex_escape, self.headings)], cells, self.words)

    def html(self, kind: str, caption: str = "") -> str:
        """Return an HTML table of a class, with row headers, of cells that are markup."""
        heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self.headings)
        rows = "\n".join(
            f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        said = f"<caption>{escape(caption)}</caption>\n" if caption else ""
        return (
            f'<table class="{kind}">\n{said}<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def printed(self, word: Callable[[str], str], number: Callable[[str], str]) -> Grid:
        """Return the same rows, the cells of words and of numbers printed for a medium."""
        printers = [word if place < self.words else number for place in range(len(self.headings))]
        rows = [[one(cell) for one, cell in zip(printers, row, strict=True)] for row in self.rows]
        return self._replace(rows=rows)

    def in_markup(self) -> Grid:
        """Return rows of plain text as HTML has them."""
        return self.printed(escape, escape)

    def in_mathematics(self) -> Grid:
        """Return rows of plain text, words and numbers, as LaTeX has them.

        >>> Grid(("way", "cost"), [("value", "−1.5e7")], words=1).in_mathematics().rows
        [['\\\\text{value}', '-1.5 \\\\times 10^{7}']]
        """
        return self.printed(_word_in_latex, _number_in_latex)

    def csv(self) -> str:
        """Return the rows as CSV under their headings."""
        return as_csv(self.headings, self.rows)


def _word_in_latex(cell: str) -> str:
    return notation.latex(notation.tree("text", cell)) if cell else ""


def _number_in_latex(cell: str) -> str:
    return r"\text{--}" if cell == PENDING else notation.latex(notation.number(cell))


def escaped(text: str) -> str:
    r"""Return text for a Markdown cell or line: nothing in it ends the cell or starts markup.

    >>> print(escaped("a|b *c*"))
    a\|b \*c\*
    """
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>|#~$&" else c for c in flat)


def _apart(line: str) -> str:
    """Return a line of a tabular, with some room about a matrix."""
    return rf"\addlinespace {line} \addlinespace" if "matrix}" in line else line


def tabular(headings: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    r"""Return cells that are LaTeX as a tabular with the rules of booktabs, words at the left.

    It is ASCII; what is needed to read a letter that LaTeX may not have stands before it.

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
    head, *body = (_apart(" & ".join(row) + r" \\") for row in (headings, *rows))
    above = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule"]
    return readable("\n".join([*above, *body, r"\bottomrule", r"\end{tabular}"]))
