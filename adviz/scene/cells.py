"""What an evaluation trace holds of a node: its value, and its derivatives as sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adviz.language.notation import Tree
from adviz.numbers import Number


@dataclass(frozen=True)
class Cell:
    """A derivative of one node: its contributions and their sum."""

    contributions: tuple[Number, ...]
    number: Number
    edges: tuple[int, ...] = ()
    """Along which edges the contributions arrive."""


@dataclass(frozen=True)
class Row:
    """One node of a trace."""

    node: int
    symbol: Tree
    formula: Tree
    value: Number
    derivatives: tuple[Cell, ...]


def terms(cell: Cell, shown: Callable[[Number], str], minus: str) -> list[str]:
    """Return the contributions as terms of a sum, when there are several: `5`, `+ 1`.

    >>> terms(Cell((5, -1), 4), lambda number: str(number), "- ")
    ['5', '- 1']
    """
    if len(cell.contributions) < 2:
        return []
    first, *others = map(shown, cell.contributions)
    signed = (
        text.replace(minus[0], minus, 1) if text.startswith(minus[0]) else f"+ {text}"
        for text in others
    )
    return [first, *signed]
