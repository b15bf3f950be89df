"""A graph at a point: what is computed there, by a kernel where that is faster, or by sweeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from adviz.calculus.dispatch import faster
from adviz.calculus.kinks import kinked, smooth_hessian
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.modes.point import Point, fitting, named
from adviz.modes.run import Errors, Run, nonzero
from adviz.modes.sparsity.pattern import Colouring
from adviz.numbers import Number


@dataclass(frozen=True)
class Place:
    """A graph at a point, built and named once for everything that is computed there."""

    graph: Graph
    at: Point
    digits: int | None
    errors: Errors | None

    @cached_property
    def point(self) -> dict[str, Number]:
        """A number for every input."""
        return named(self.graph, self.at)

    @cached_property
    def run(self) -> Run:
        """The graph evaluated there."""
        with PAUSED:
            return Run(self.graph, self.point, self.digits, self.errors)

    def smooth_hessian(
        self, output: str, labels: Mapping[str, str]
    ) -> dict[str, dict[str, Number]] | None:
        """Return the second derivatives at a kink that is none of the function, else None."""
        if not kinked(self.graph) or not all(type(x) in (int, float) for x in self.point.values()):
            return None
        return smooth_hessian(self.graph, output, labels, self.run)

    def compiled(
        self, kind: str, wanted: Sequence[str], seeds: Sequence[Number] = ()
    ) -> list[Number] | None:
        """Return the derivatives by a kernel where that is faster, else None."""
        if self.digits is not None:
            return None
        found = faster(self.graph, kind, wanted, [*self.point.values()], seeds, self.errors)
        return None if found is None else [*found[len(self.graph.outputs) :]]

    def reverse(self, cotangent: Mapping[str, Number], wanted: Sequence[str]) -> dict[str, Number]:
        """Return the derivatives by some inputs, by one reverse sweep."""
        with PAUSED:
            found = self.run.reverse(cotangent, wanted).gradient
        return {name: found[name] for name in wanted}

    def forward(self, direction: Mapping[str, Number]) -> Any:
        """Return the derivatives of the outputs, by one forward sweep."""
        with PAUSED:
            return self.run.forward(direction).tangent

    def vjp(self, weights: Mapping[str, Number], wanted: Sequence[str]) -> dict[str, Number]:
        """Return the derivatives by some inputs, weighed by a number for some outputs."""
        fitting("cotangent", weights, self.point, self.graph)
        seeds = [weights.get(label, 0.0) for label in self.graph.outputs]
        found = self.compiled("vjp", wanted, seeds)
        if found is not None:
            return dict(zip(wanted, found, strict=True))
        return self.reverse(weights, wanted)

    def jvp(self, direction: Mapping[str, Number]) -> Any:
        """Return the derivative along a direction, a number for some inputs; bare if one output."""
        fitting("direction", direction, self.point, self.graph)
        seeds = {name: seed for name, seed in direction.items() if nonzero(seed)}
        found = self.compiled("jvp", list(seeds), list(seeds.values()))
        if found is not None:
            outputs = self.graph.outputs
            return found[0] if len(found) == 1 else dict(zip(outputs, found, strict=True))
        return self.forward(direction)

    def moved(self, direction: Mapping[str, Number]) -> Mapping[str, Number]:
        """Return the derivative along a direction by output, also if there is one."""
        found = self.jvp(direction)
        return found if isinstance(found, Mapping) else dict.fromkeys(self.graph.outputs, found)

    def nonzeros(self, colouring: Colouring, labels: Sequence[str]) -> dict[str, dict[str, Number]]:
        """Return the nonzeros by row and column; `labels` are the outputs that the rows are of."""
        pattern = colouring.sparsity

        def forward(seeds: Mapping[str, Number]) -> dict[str, Number]:
            moved = self.moved(seeds)
            return {row: moved[label] for row, label in zip(pattern.rows, labels, strict=True)}

        found = colouring.computed(forward, lambda seeds: self.vjp(seeds, pattern.columns), 1)
        return pattern.by_name(found)
