"""A pattern as a table: of a small one every sign, of a large one each row's columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from adviz.language import notation
from adviz.language.data import as_csv
from adviz.language.grid import Grid
from adviz.language.notation import Tree, name, op, row, tree

if TYPE_CHECKING:
    from adviz.modes.sparsity.pattern import Sparsity

READABLE = 40
"""The most rows and columns that are printed as signs."""


def grid(pattern: Sparsity, printed: Callable[[Tree], str] = notation.unicode_text) -> Grid:
    """Return the table with every cell printed.

    >>> import adviz
    >>> print(grid(adviz.sparsity({"p": "x*y", "q": "y"})).markdown())
    |   | x | y |
    |:--|:--|:--|
    | p | × | × |
    | q | · | × |
    """
    if max(pattern.shape) > READABLE:
        listed = [[name(line), _listed(columns)] for line, columns in pattern.names.items()]
        return _grid((_kinds(pattern)[0], "nonzeros"), listed, printed)
    width = range(len(pattern.columns))
    signs = [[op("·×"[column in line]) for column in width] for line in pattern.lines]
    rows = [[name(line), *cells] for line, cells in zip(pattern.rows, signs, strict=True)]
    return _grid(("", *pattern.columns), rows, printed)


def _grid(
    headings: tuple[str, ...], rows: list[list[Tree]], printed: Callable[[Tree], str]
) -> Grid:
    return Grid(headings, [[*map(printed, cells)] for cells in rows], words=len(headings))


def _listed(names: tuple[str, ...]) -> Tree:
    if not names:
        return tree("text", "none")
    return row(*[piece for one in names for piece in (op(","), name(one))][1:])


def _kinds(pattern: Sparsity) -> tuple[str, str]:
    """Return what rows are, and columns."""
    return ("input" if pattern.kind == "hessian" else "output"), "input"


def csv(pattern: Sparsity) -> str:
    """Return the nonzeros in order as CSV, a row each: the names of its row and its column."""
    pairs = ((line, column) for line, columns in pattern.names.items() for column in columns)
    return as_csv(("row", "column"), pairs)


def document(pattern: Sparsity) -> dict[str, Any]:
    """Return a pattern, and its colouring, as plain data."""
    colouring = pattern.colouring()
    return {
        "matrix": pattern.kind,
        "rows": [*pattern.rows],
        "columns": [*pattern.columns],
        "nonzeros": {line: [*columns] for line, columns in pattern.names.items()},
        "mode": colouring.mode,
        "sweeps": [[*group] for group in colouring.groups],
    }
