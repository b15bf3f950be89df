"""What a way to differentiate does, to be counted, and to be run at a point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from adviz.comparison.counts import Counts, written_order
from adviz.comparison.recording import Recorded
from adviz.language.labels import Key
from adviz.modes.evaluation import evaluated, values
from adviz.numbers import FLOAT64, Number, Numbers

LARGEST_TIMED = 100_000
"""The largest tree of which the operations are timed one by one."""


@dataclass(frozen=True, eq=False)
class Computation:
    """What a way does: counted, and as something that can be run at a point."""

    counts: Counts
    recorded: Recorded
    numbers: Numbers = FLOAT64
    seed: Callable[[float], Number] = lambda x: 1.0
    """The tangent or the step of an input, by its value."""
    slope: Callable[[Number, float], float] = lambda found, _: found
    """The derivative, by what the procedure gives for it and the value of the input."""
    tape: int = 0
    """The operations that are kept for a sweep back."""
    tree: bool = False
    """Whether it is evaluated as it is written, an operation as often as the tree has it."""

    def derivatives(self, point: Mapping[str, float]) -> dict[Key, float]:
        """Return the derivatives at a point; none of a way along a direction."""
        procedure = self.recorded.procedure
        found = evaluated(procedure, self._numbers, self._given(point))
        return {
            key: self.slope(found[procedure.outputs[label]], point[key.input])
            for key, label in self.recorded.derivatives.items()
        }

    def timed(self, point: Mapping[str, float]) -> Callable[[], object] | None:
        """Return what goes through all operations once; None for a tree of too many."""
        procedure, numbers, given = self.recorded.procedure, self._numbers, self._given(point)
        if not self.tree:
            return lambda: evaluated(procedure, numbers, given)
        if self.counts.tree > LARGEST_TIMED:
            return None
        order = [*written_order(procedure)]
        return lambda: [*values(procedure, numbers, given, [None] * len(procedure), order)]

    @cached_property
    def _numbers(self) -> Numbers:
        return self.numbers.over(self.recorded.procedure.rows)

    def _given(self, point: Mapping[str, float]) -> dict[str, Number]:
        taken = {name: self.numbers.constant(value) for name, value in point.items()}
        return self.recorded.given(taken, {name: self.seed(x) for name, x in point.items()})
