"""What the witnesses say of the derivatives that are told in full, each with its share of work."""

from __future__ import annotations

from dataclasses import replace

from adviz.checking.finding import Statement
from adviz.checking.truth.budget import Budget
from adviz.checking.witnesses import Question, statements
from adviz.language.labels import Key

Place = tuple[int, Key]
"""A derivative at a point, which is known by its position."""


class Hearing:
    """Asks the witnesses once about each derivative at each point, whoever computed it.

    What is left of the budget is shared equally by those of whom nothing was heard yet: what is
    said of an early one takes nothing from a late one.

    >>> hearing = Hearing(100, {(0, Key("f", "x")), (0, Key("g", "x"))})
    >>> hearing.share().left
    50.0
    """

    def __init__(self, work: float, places: set[Place]) -> None:
        self.budget, self.waiting = Budget(work), len(places)
        self._said: dict[Place, tuple[Statement, ...]] = {}

    def share(self) -> Budget:
        """Return what the next one may take."""
        return self.budget.part(self.budget.left / max(self.waiting, 1))

    def statements(self, position: int, asked: Question) -> tuple[Statement, ...]:
        """Return what every witness says."""
        place = position, asked.key
        if place not in self._said:
            self._said[place] = statements(replace(asked, budget=self.share()))
            self.waiting -= 1
        return self._said[place]
