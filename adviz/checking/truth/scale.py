"""What an error of a derivative is compared with: its size, or that of the function."""

from __future__ import annotations

import math
from collections.abc import Sequence

from adviz.checking.finding import Verdict
from adviz.checking.truth.settling import Truth
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import values_at
from adviz.modes.point import FloatPoint
from adviz.modes.rounding import TINIEST, UNIT
from adviz.numbers import FLOAT64, Number

HALF_THE_DIGITS = math.sqrt(UNIT)
"""A derivative is ill-conditioned where float64 loses more than half of its digits."""
CLOSE = 4.0
"""Numbers off by so many units of rounding are right without computing a bound."""


class Scale:
    """The sizes of one graph's numbers in float64, point by point.

    >>> import adviz
    >>> Scale(adviz.build("x*x")).doubles({"x": 3.0})
    [3.0, 9.0]
    """

    def __init__(self, graph: Graph) -> None:
        self.graph, self._numbers = graph, FLOAT64.over(graph.rows)

    def doubles(self, point: FloatPoint) -> list[Number]:
        """Return every node's value."""
        return values_at(self.graph, self._numbers, point)

    def size(self, point: FloatPoint, key: Key, truth: Truth) -> Number:
        """Return what an error is compared with: a derivative that is truly 0 has no digits.

        There it is the size of the function, or 1.
        """
        if truth.value:
            return abs(truth.value)
        value = self.doubles(point)[self.graph.outputs[key.output]]
        return truth.value + max(abs(value), 1.0) if math.isfinite(value) else truth.value + 1

    def close(self, found: float, truth: Truth, units: float = CLOSE) -> bool:
        """Return whether a number is the truth but for a few units of rounding."""
        return not truth.contradicts(found, units * (UNIT * abs(truth.value) + TINIEST))

    def kept(self, point: FloatPoint, key: Key, found: float, truth: Truth) -> Verdict:
        """Tell a number that keeps half of its digits from one that does not."""
        allowed = self.size(point, key, truth) * HALF_THE_DIGITS + CLOSE * TINIEST
        return "ill-conditioned" if truth.contradicts(found, allowed) else "agrees"

    def overflows(self, point: FloatPoint, way: Sequence[int]) -> bool:
        """Return whether a value on the way is too large for float64."""
        found = self.doubles(point)
        numbers = (found[node] for node in way)
        return any(isinstance(n, float) and not math.isfinite(n) for n in numbers)
