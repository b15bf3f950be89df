"""What a program must give, by the sweeps: for points where straight-line code has no number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adviz.compiler.program.data import Program
from adviz.graph.graph import Graph
from adviz.modes.evaluation import evaluated
from adviz.modes.point import named
from adviz.modes.run import Errors, Run
from adviz.modes.verbs import directed, weighed
from adviz.numbers import FLOAT64, Number

Reference = Callable[[Sequence[Number], Errors], list[Number]]
"""Takes the parameters' numbers, floats or arrays, and gives the results in their order."""


class AtPoint:
    """A kind of derivative at a point: what a `Draft` is in nodes, in the sweeps' numbers."""

    one = 1

    def __init__(
        self,
        graph: Graph,
        labels: Sequence[str],
        wanted: Sequence[str],
        at: Mapping[str, Number],
        given: Sequence[Number],
        errors: Errors,
        slopes: Sequence[str] = (),
    ) -> None:
        self.graph, self.slopes = graph, slopes
        self._wanted, self._given = wanted, given
        self._run = Run(graph, named(graph, at), errors=errors)
        self.found: Sequence[Any] = self._run.evaluate().values
        self.results = {label: self.found[graph.outputs[label]] for label in labels}
        self.derivatives: list[Number] = []

    def seeds(self, names: Sequence[str], suffix: str) -> dict[str, Number]:
        """Return what is given for each name."""
        return dict(zip(names, self._given, strict=True))

    def forward(self, seeds: Mapping[str, Number]) -> Sequence[Any]:
        """Return the tangents of all nodes."""
        tangents = self._run.forward(directed(self.graph, seeds)).tangents
        return tangents or ()  # none only of another mode

    def gradient(self, seeds: Mapping[str, Number], wanted: Sequence[str]) -> dict[str, Number]:
        """Return the inputs' adjoints, of all of them: what is undefined must always raise."""
        return self._run.reverse(weighed(self.graph, seeds), self._wanted).gradient

    def give(self, label: str, number: Number) -> None:
        """Add a result."""
        self.derivatives.append(number)


def by_itself(program: Program, numbers: Sequence[float]) -> tuple[Any, ...]:
    """Return a program's results by its own operations, undefined ones as NaN."""
    point = dict(zip(program.parameters, numbers, strict=True))
    found = evaluated(program, FLOAT64.over(program.rows), point)
    return tuple(found[node] for node in program.results.values())
