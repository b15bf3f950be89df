"""One vertex at a time: its edges go, and every pair of its neighbours has an edge of its own.

Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapter 9, vertex elimination: for
every predecessor u and successor w of v, the number on the edge from u to w becomes
c_wu + c_wv·c_vu. That takes as many multiplications as there are pairs (the Markowitz degree of
v), and an addition where the edge was there before; where it was not, it is fill-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from adviz.comparison.elimination.linearized import Arrow
from adviz.numbers import Number


@dataclass(frozen=True)
class Update:
    """What an elimination does to one edge: `product` is added to what was there before."""

    arrow: Arrow
    first: Number
    """The number on the edge into the vertex."""
    second: Number
    """The number on the edge out of it."""
    before: Number
    """What was there; None where there was no edge."""
    number: Number
    """What is there afterwards."""


@dataclass(frozen=True)
class Step:
    """The elimination of one vertex."""

    vertex: int
    predecessors: tuple[int, ...]
    successors: tuple[int, ...]
    updates: tuple[Update, ...]
    """One for each pair of a predecessor and a successor."""

    @property
    def multiplications(self) -> int:
        """How many products are formed: predecessors times successors."""
        return len(self.updates)

    @property
    def trivial(self) -> int:
        """How many of them have a factor of 1 or -1."""
        return sum(abs(one.first) == 1 or abs(one.second) == 1 for one in self.updates)

    @property
    def fill(self) -> tuple[Arrow, ...]:
        """The edges that come into being."""
        return tuple(one.arrow for one in self.updates if one.before is None)

    @property
    def additions(self) -> int:
        """How many products are added to what was there."""
        return self.multiplications - len(self.fill)


class Shrinking:
    """A linearized graph while its vertices are eliminated.

    `multiply` and `add` are those of the numbers on its edges.

    >>> from operator import add, mul
    >>> graph = Shrinking({(0, 1): 2, (1, 2): 5, (0, 2): 1}, mul, add)
    >>> graph.degree(1), graph.eliminate(1).updates[0].number, graph.into[2]
    (1, 11, {0: 11})
    """

    def __init__(
        self,
        partials: Mapping[Arrow, Number],
        multiply: Callable[[Number, Number], Number],
        add: Callable[[Number, Number], Number],
    ) -> None:
        self.multiply, self.add = multiply, add
        self.into: dict[int, dict[int, Number]] = {}
        self.out: dict[int, dict[int, Number]] = {}
        for (tail, head), number in partials.items():
            self._connect(tail, head, number)

    def _connect(self, tail: int, head: int, number: Number) -> None:
        self.into.setdefault(head, {})[tail] = number
        self.out.setdefault(tail, {})[head] = number

    def degree(self, vertex: int) -> int:
        """Return how many multiplications it would take to eliminate a vertex now."""
        return len(self.into[vertex]) * len(self.out[vertex])

    def eliminate(self, vertex: int) -> Step:
        """Eliminate a vertex and return what that did; neighbours come in ascending order."""
        before, after = sorted(self.into.pop(vertex).items()), sorted(self.out.pop(vertex).items())
        for tail, _ in before:
            del self.out[tail][vertex]
        for head, _ in after:
            del self.into[head][vertex]
        updates = [
            self._update(tail, head, first, second)
            for tail, first in before
            for head, second in after
        ]
        return Step(vertex, _firsts(before), _firsts(after), tuple(updates))

    def _update(self, tail: int, head: int, first: Number, second: Number) -> Update:
        product, known = self.multiply(second, first), self.into[head].get(tail)
        number = product if known is None else self.add(known, product)
        self._connect(tail, head, number)
        return Update((tail, head), first, second, known, number)


def _firsts(pairs: Iterable[tuple[int, Number]]) -> tuple[int, ...]:
    return tuple(vertex for vertex, _ in pairs)


def structure(partials: Iterable[Arrow]) -> Shrinking:
    """Return a linearized graph of which only the edges matter: every number is True."""
    return Shrinking(dict.fromkeys(partials, True), bool.__and__, bool.__or__)
