"""How long and how broad what is to be placed is: along the flow and across it."""

from __future__ import annotations

from typing import NamedTuple


class Extent(NamedTuple):
    """How long something is along the flow, and how broad across it."""

    along: float
    across: float


class Room(NamedTuple):
    """What a node needs along the flow and across it, and each of its slots after it."""

    node: Extent
    slot: Extent
    slots: frozenset[int]
    shared: bool
    small: bool
    """Whether it is only a constant, which stands at the end of its column."""


class Span(NamedTuple):
    """Where something begins and ends along the flow."""

    start: float
    end: float
