"""What was measured: the times of one side at one piece of work, round by round."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Key(NamedTuple):
    """Who did what: `Key("one point", "5 operations", "adviz, native")`."""

    part: str
    work: str
    side: str


@dataclass(frozen=True)
class Measured:
    """The figures of one side at one piece of work; none, and a note, where it was not timed."""

    key: Key
    figures: tuple[float, ...] = ()
    """One per round: seconds, or what the part counts."""
    note: str = ""
    at_least: bool = False
    """Whether it was stopped, so that the figure is only a lower bound."""

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.figures)


Results = Mapping[Key, Measured]


def ratio(one: Measured, other: Measured) -> float:
    """Return how many times the other's figure one's is: the median over rounds run side by side.

    Rounds that follow each other see the same machine, so a ratio within a round does not drift.

    >>> fast = Measured(Key("p", "w", "fast"), (1.0, 2.0, 1.0))
    >>> slow = Measured(Key("p", "w", "slow"), (3.0, 6.0, 9.0))
    >>> ratio(slow, fast)
    3.0
    """
    if len(one.figures) != len(other.figures):
        return one.middle / other.middle
    return statistics.median(a / b for a, b in zip(one.figures, other.figures, strict=True))


def by_key(measured: Iterable[Measured]) -> dict[Key, Measured]:
    """Return measurements by what they are of; of several the last that has figures."""
    found: dict[Key, Measured] = {}
    for one in measured:
        if one.figures or one.key not in found:
            found[one.key] = one
    return found


def to_data(measured: Iterable[Measured]) -> list[dict[str, Any]]:
    """Return measurements as data for JSON, four digits of every figure."""
    return [
        {
            "key": list(one.key),
            "figures": [float(f"{figure:.4g}") for figure in one.figures],
            **({"note": one.note} if one.note else {}),
            **({"at_least": True} if one.at_least else {}),
        }
        for one in measured
    ]


def from_data(data: Sequence[Mapping[str, Any]]) -> list[Measured]:
    """Return the measurements that `to_data` wrote.

    >>> one = Measured(Key("p", "w", "s"), (0.5, 0.25), "a note")
    >>> from_data(to_data([one])) == [one]
    True
    """
    return [
        Measured(
            Key(*one["key"]), tuple(one["figures"]), one.get("note", ""), one.get("at_least", False)
        )
        for one in data
    ]
