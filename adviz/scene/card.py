"""How the parts of a node are set out and how close everything stands: full, or compact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """How a node is set out.

    Full, its name and operation head it, and every number has a label. Compact, name and operation
    stand where the labels would.
    """

    headed: bool
    """Whether a line of its own has name and operation."""
    top: float
    """What is above the lines of the numbers."""
    line: float
    padding: float
    least: float
    """The least width of a node with numbers."""
    lines: int
    """The least number of lines."""
    longest_operation: float
    gap: float
    """The least room between columns."""
    beside_chip: float
    """How much longer than its longest chip the room between two columns is."""
    between: float
    """The least room between two nodes of a column."""
    margin: float
    """The room around all of a picture."""
    inputs_first: bool
    """Whether all inputs stand in the first column, or each before its first use."""


FULL = Card(
    headed=True, top=31.0, line=22.0, padding=12.0, least=148.0, lines=0, longest_operation=190.0,
    gap=72.0, beside_chip=64.0, between=26.0, margin=24.0,
    inputs_first=True,
)  # fmt: skip
COMPACT = Card(
    headed=False, top=5.0, line=21.0, padding=9.0, least=84.0, lines=2, longest_operation=72.0,
    gap=36.0, beside_chip=38.0, between=12.0, margin=14.0,
    inputs_first=False,
)  # fmt: skip
