"""What is kept of verdicts that are alike: how many, the worst of them, and what they share."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from adviz.checking.finding import VERDICTS
from adviz.checking.verdicts.point import Judged
from adviz.language.labels import Key
from adviz.language.numerals import in_text

MOST_KEPT = 1000
"""Of so many that are alike, the worst, it is told at which points they are."""
_COMMON = 1e-9
"""How much numbers with a pattern differ, relatively."""


class Spread(NamedTuple):
    """The smallest and the largest of some numbers; of none, nothing is between the two.

    >>> Spread().over([2.0, 1.0]).over([3.0])
    Spread(low=1.0, high=3.0)
    """

    low: float = math.inf
    high: float = -math.inf

    def over(self, numbers: Sequence[float]) -> Spread:
        """Return the spread of more numbers; of one that is not finite, everything is between."""
        if not all(map(math.isfinite, numbers)):
            return Spread(-math.inf, math.inf)
        return Spread(min([self.low, *numbers]), max([self.high, *numbers]))

    @property
    def shared(self) -> float | None:
        """The one number that all are but for rounding, if they are."""
        low, high = self
        one = math.isfinite(low + high) and high - low <= _COMMON * abs(low)
        return low if one else None


@dataclass(frozen=True)
class Alike:
    """The points at which one derivative, as one subject gives it, has the same verdict."""

    count: int
    worst: tuple[Judged, ...]
    """The worst first; of very many the others are forgotten."""
    ratio: Spread
    """Of what was found to the truth."""
    difference: Spread

    @property
    def rest(self) -> Alike:
        """All but the very worst."""
        return replace(self, count=self.count - 1, worst=self.worst[1:])

    @property
    def pattern(self) -> str:
        """What wrong numbers have in common at all points, a factor or a difference, in words.

        >>> ones = [
        ...     Judged(k, "gradient", Key("f", "x"), "wrong gradient", 3.0*k, 2.0*k, 0, 1)
        ...     for k in (1, 2)
        ... ]
        >>> Tally(ones).alike.pattern
        'it is 1.5 times the derivative at all 2 points'
        """
        shared = {
            "{} times the derivative": self.ratio.shared,
            "{} more than the derivative": self.difference.shared,
        }
        said = (words.format(in_text(one)) for words, one in shared.items() if one is not None)
        what = next(said, "") if self.count > 1 else ""
        return what and f"it is {what} at all {self.count} points"


class Tally:
    """Counts verdicts that are alike, as they come, and keeps the worst of them.

    >>> tally = Tally()
    >>> for k in range(3):
    ...     tally.add([Judged(k, "gradient", Key("f", "x"), "agrees", 1.0, 1.0, 16.0 - k, k)])
    >>> tally.alike.count, [one.position for one in tally.alike.worst]
    (3, [2, 1, 0])
    """

    def __init__(self, ones: Sequence[Judged] = ()) -> None:
        self.count = 0
        self.kept: list[Judged] = []
        self.ratio = self.difference = Spread()
        self.add(ones)

    def add(self, ones: Sequence[Judged]) -> None:
        """Count some more; now and then all but the worst so far are forgotten."""
        self.count += len(ones)
        self.ratio = self.ratio.over([_ratio(one) for one in ones])
        self.difference = self.difference.over([one.found - one.expected for one in ones])
        self.kept += ones
        if len(self.kept) > 2 * MOST_KEPT:
            self.kept = self._worst()

    @property
    def alike(self) -> Alike:
        """What there is to tell about them."""
        return Alike(self.count, tuple(self._worst()), self.ratio, self.difference)

    def _worst(self) -> list[Judged]:
        return sorted(self.kept, key=lambda one: one.badness, reverse=True)[:MOST_KEPT]


def _ratio(one: Judged) -> float:
    return one.found / one.expected if one.expected else math.nan


def tallied(chunks: Iterable[Iterable[Judged]]) -> list[Alike]:
    """Return what is judged by verdict, subject and derivative, the worst first throughout.

    Nothing of it depends on how the points come in chunks.
    """
    tallies: defaultdict[tuple[int, str, Key], Tally] = defaultdict(Tally)
    for judged in chunks:
        groups: defaultdict[tuple[int, str, Key], list[Judged]] = defaultdict(list)
        for one in judged:
            groups[VERDICTS.index(one.verdict), one.subject, one.key].append(one)
        for group, ones in groups.items():
            tallies[group].add(ones)
    alike = {group: tally.alike for group, tally in tallies.items()}

    def rank(group: tuple[int, str, Key]) -> tuple[Any, ...]:
        return (group[0], *(-part for part in alike[group].worst[0].badness), *group[1:])

    return [alike[group] for group in sorted(alike, key=rank)]
