"""What is compared: a function, where, and what several ways need to know of it once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from adviz.checking.truth.agreement import ulps
from adviz.checking.truth.operations import operations
from adviz.checking.truth.settling import FIRST_DIGITS, PRECISIONS, Truth, settled
from adviz.checking.truth.sympys import LARGEST_WORK
from adviz.checking.truth.truth import Oracle
from adviz.comparison.counts import Counts, counted, written_out
from adviz.errors import TooLarge
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.modes.extent import LARGEST_DEPTH, tree_size
from adviz.modes.fast.jacobian import values_at
from adviz.modes.symbolic import given_out

LARGEST_RECORDING = 300_000
"""The most edges that are gone along in all, by ways with a sweep for every input or output."""
_EXACT = 10**9
"""Below it a size is told with all its digits."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A function, the inputs to differentiate by, and perhaps a point."""

    graph: Graph
    wanted: tuple[str, ...]
    point: Mapping[str, float] | None = None

    @property
    def keys(self) -> list[Key]:
        """All derivatives."""
        return [Key(label, name) for label in self.graph.outputs for name in self.wanted]

    @cached_property
    def value(self) -> Counts:
        """What the function itself costs."""
        return counted(self.graph)

    @cached_property
    def slopes(self) -> Mapping[Key, Any]:
        """SymPy's derivatives, as `adviz.symbolic` gives them.

        Raises TooLarge, at once, where they would take too long, with the size they would have.
        """
        size, depth = tree_size(self.graph)
        if size * len(self.wanted) > LARGEST_WORK or depth > LARGEST_DEPTH:
            raise TooLarge(
                f"the formula written out has {told(size)} operations, {depth} deep{self.swollen}"
            )
        made = given_out(self.graph, self.wanted, LARGEST_WORK)
        return {Key(f, x): part for f, parts in made.items() for x, part in parts.items()}

    @property
    def swollen(self) -> str:
        """The size that derivatives as SymPy writes them would have, counted on a graph.

        `sympy.diff` goes from the outside inwards, which gives the terms of forward mode.
        """
        count = len(self.wanted)
        if count * self.value.edges > LARGEST_RECORDING:
            return ""
        made = operations(self.graph, "forward", self.wanted).graph
        size = told(written_out(made).operations - written_out(self.graph).operations)
        return f", and its derivatives by {count} input{'s' * (count != 1)} about {size}"

    @cached_property
    def truths(self) -> Mapping[Key, Truth]:
        """Every derivative at the point as `check` knows it, where it is known."""
        found = Oracle(self.graph, self.wanted).truths(self.point or {}) if self.wanted else {}
        return {key: one for key, one in found.items() if one.settled and _finite(one.value)}

    def error(self, found: Mapping[Key, float]) -> tuple[float, Key] | None:
        """Return the largest error of derivatives in units in the last place, and whose it is.

        What is truly 0 has no digits: there the unit is that of the function, or of 1. None where
        no derivative is known.
        """
        return max(((self._off(key, found[key]), key) for key in self.truths), default=None)

    def _off(self, key: Key, found: float) -> float:
        truth = self.truths[key]
        size = truth.value or max(abs(self._doubles[self.graph.outputs[key.output]]), 1.0)
        return distance(found, truth.value, size)

    @cached_property
    def _doubles(self) -> Sequence[float]:
        from adviz.numbers import FLOAT64

        return values_at(self.graph, FLOAT64.over(self.graph.rows), self.point or {})

    @cached_property
    def value_error(self) -> float | None:
        """The largest error of the outputs; None where none is known."""
        labels = self.graph.outputs
        true = {label: self._true_value(node) for label, node in labels.items()}
        known = [(self._doubles[labels[f]], truth.value) for f, truth in true.items() if truth]
        return max((distance(found, truth, truth or 1.0) for found, truth in known), default=None)

    def _true_value(self, node: int) -> Truth | None:
        """Return a value as it settles with growing precision."""
        from adviz.numbers import multiprecision

        history: list[Any] = []
        for digits in (FIRST_DIGITS, *PRECISIONS):
            numbers = multiprecision(digits).over(self.graph.rows)
            history.append(values_at(self.graph, numbers, self.point or {})[node])
            truth = settled(history, digits) if len(history) > 1 else None
            if truth:
                return truth
        return None


def distance(found: float, true: Any, size: Any) -> float:
    """Return how far a double is from the truth, in units in the last place of a size.

    >>> from adviz.numbers import multiprecision
    >>> third = multiprecision(50).constant(1)/3
    >>> round(distance(1/3, third, third), 3), distance(float("nan"), third, third)
    (0.333, inf)
    """
    error = abs(true.context.mpf(found) - true)
    return ulps(error, size) if _finite(error) else math.inf


def _finite(number: Any) -> bool:
    return bool(number.context.isfinite(number))


def told(size: int) -> str:
    """Return a size: exactly, or to three digits where it is large.

    >>> told(123456789), told(2**100)
    ('123456789', '1.27e30')
    """
    return str(size) if size < _EXACT else in_text(size, 3)
