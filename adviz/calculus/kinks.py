"""Second derivatives at a kink that the function itself does not have.

The conventions at kinks are applied to one operation at a time: abs(x)**2 is smooth at 0, and the
rules of abs and of a power add up to the second derivative 0. What the graph has beside the point
is right there. Where it is the same on all sides, and the values of the function itself follow it
(Taylor's theorem, along every input), it is the second derivative at the point too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import values_and_jacobian, values_at
from adviz.modes.run import Run
from adviz.numbers import Number, multiprecision

_DIGITS, _STEP = 150, -30
"""The digits, and the power of ten of a step: its cube is resolved, and seen against its square."""
_SAME, _FOLLOWING = 1e-12, 1e-6
"""How far limits may be apart, and from what the values say, relatively to the largest."""
_SLANTS = ((1.0, 0.618), (1.0, -0.618), (-1.0, 0.618), (-1.0, -0.618))
"""How inputs are moved, every other one alike, so that no kink goes along."""


def kinked(graph: Graph) -> bool:
    """Return whether any operation of a graph has a kink."""
    return any(op in graph.rows and graph.rows[op].kink for op in set(graph.ops))


def smooth_hessian(
    slope: Graph, output: str, labels: Mapping[str, str], run: Run
) -> dict[str, dict[str, float]] | None:
    """Return the second derivatives where a kink lies that the function does not have, else None.

    `slope` has the output and its first derivatives by input, called as `labels` says; `run` is
    its evaluation at a single point.

    >>> import adviz
    >>> slope = adviz.derivative_graph("abs(x)**2")
    >>> smooth_hessian(slope, "f", {"x": "df/dx"}, Run(slope, {"x": 0.0}))
    {'x': {'x': 2.0}}
    >>> smooth_hessian(slope, "f", {"x": "df/dx"}, Run(slope, {"x": 1.0}))
    """
    if "kink" not in run.judge.status or run.numbers.name != "float64":
        return None
    around = _Around(slope, output, labels, run.point)
    return around.hessian()


class _Around:
    """What a function and its derivatives are close beside a point."""

    def __init__(
        self, slope: Graph, output: str, labels: Mapping[str, str], point: Mapping[str, Number]
    ) -> None:
        self.slope, self.output, self.labels = slope, output, labels
        self.numbers = multiprecision(_DIGITS).over(slope.rows)
        self.point = {name: self.numbers.constant(value) for name, value in point.items()}
        context = self.numbers.constant(0).context
        self.step = context.mpf(10) ** _STEP
        self.steps = {name: self.step * (abs(x) or 1) for name, x in self.point.items()}

    def hessian(self) -> dict[str, dict[str, float]] | None:
        """Return the second derivatives that all sides have in common, if the values follow."""
        limits = [self._limit(slant) for slant in _SLANTS]
        found = {key: (limits[0][key] + limits[-1][key]) / 2 for key in limits[0]}
        size = max((abs(number) for number in found.values()), default=0)
        same = (abs(one[key] - found[key]) <= _SAME * size for one in limits for key in found)
        if not all(same) or not all(self._follows(name, found, size) for name in self.labels):
            return None
        least = self.step * size  # what the step itself may have left of a 0
        return {
            row: {
                name: float(value) if abs(value := found[label, name]) > least else 0.0
                for name in self.labels
            }
            for row, label in self.labels.items()
        }

    def _limit(self, slant: Sequence[float]) -> dict[tuple[str, str], Number]:
        """Return the first and second derivatives at a place on one side.

        A first one is called by the output and its input, a second one by that derivative's label.
        """
        moves = {name: step * slant[k % 2] for k, (name, step) in enumerate(self.steps.items())}
        place = {name: x + moves[name] for name, x in self.point.items()}
        _, found = values_and_jacobian(
            self.slope, self.numbers, place, tuple(self.labels), "reverse"
        )
        labels = (self.output, *self.labels.values())
        return {(label, name): found[Key(label, name)] for label in labels for name in self.labels}

    def _follows(self, name: str, found: Mapping[tuple[str, str], Number], size: Number) -> bool:
        """Return whether the function's values along one input have these derivatives."""
        step = self.steps[name]
        low, here, high = (self._value({name: self.point[name] + k * step}) for k in (-1, 0, 1))
        first = (high - low) / (2 * step) - found[self.output, name]
        second = (high - 2 * here + low) / step**2 - found[self.labels[name], name]
        return bool(abs(first) <= _SAME * size and abs(second) <= _FOLLOWING * size)

    def _value(self, moved: Mapping[str, Number]) -> Number:
        found = values_at(self.slope, self.numbers, {**self.point, **moved})
        return found[self.slope.outputs[self.output]]
