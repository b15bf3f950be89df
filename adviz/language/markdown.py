"""A table in Markdown that no cell can end, and whose columns stand below each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    r"""Return a table of texts; all columns but the first ones are flush right.

    >>> print(table(["way", "cost"], [["value", "3"], ["a|b", "12"]]))
    | way   | cost |
    |:------|-----:|
    | value |    3 |
    | a\|b  |   12 |
    """
    cells = [[escaped(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    marks = [":" + "-" * (w + 1) if k < left else "-" * (w + 1) + ":" for k, w in enumerate(widths)]
    lines = (_piped(row, widths, left) for row in [headings, *cells])
    head, *body = lines
    return "\n".join([head, f"|{'|'.join(marks)}|", *body])


def escaped(text: str) -> str:
    r"""Return text for a cell or a line: nothing in it ends the cell or starts markup.

    >>> print(escaped("a|b *c*"))
    a\|b \*c\*
    """
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>|#~$" else c for c in flat)


def _piped(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    padded = [
        cell.ljust(width) if position < left else cell.rjust(width)
        for position, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"
