"""What a kernel is called with: its parameters' numbers by place, by name, or as one mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.spelling import shortened
from adviz.modes.point import named, usable
from adviz.numbers import Number
from adviz.sources.structure import numbers_in


@dataclass(frozen=True, eq=False)
class Naming:
    """The parameters of a kernel: a graph's inputs, then seeds, which are 0 unless given.

    >>> import adviz
    >>> Naming(adviz.build("x*y"), ("x", "y", "x_dot"), ("x_dot",)).numbers((3.0,), {"y": 2.0})
    [3.0, 2.0, 0.0]
    """

    graph: Graph
    parameters: Sequence[str]
    seeds: Sequence[str]

    def numbers(self, given: Sequence[Any], by_name: Mapping[str, Any]) -> list[Number]:
        """Return the parameters' numbers in order, of whatever way they were given.

        Raises PointError for what does not fit.
        """
        if len(given) == 1 and isinstance(given[0], Mapping) and not by_name:
            return self.numbers((), given[0])
        if len(given) > len(self.parameters):
            raise self.misfit(len(given))
        twice = [name for name in self.parameters[: len(given)] if name in by_name]
        if twice:
            raise PointError(f"{twice[0]} is given twice, by its place and by its name")
        by_name = {**dict(zip(self.parameters, given, strict=False)), **self._by_element(by_name)}
        seeds = {name: usable(name, by_name.pop(name, 0.0)) for name in self.seeds}
        return [*named(self.graph, by_name).values(), *seeds.values()]

    def misfit(self, count: int) -> PointError:
        """Return the error that there are more or fewer numbers than parameters."""
        known = len(self.parameters)
        return PointError(f"{count} numbers for the {known} parameters {self._known}")

    @property
    def _known(self) -> str:
        return shortened(", ".join(self.parameters), 60)

    def _by_element(self, by_name: Mapping[str, Any]) -> dict[str, Any]:
        """Return numbers by name; a vector's tangents may be given whole, as `x_dot`."""
        spread, vectors = dict(by_name), self.graph.vectors or {}
        for name, parts in vectors.items():
            whole = f"{name}_dot"
            if whole in spread and whole not in self.parameters:
                numbers = [*numbers_in(whole, spread.pop(whole)).values()]
                if len(numbers) != len(parts):
                    raise PointError(f"{whole} has {len(numbers)} numbers; {name} has {len(parts)}")
                spread.update(zip((f"{part}_dot" for part in parts), numbers, strict=True))
        unknown = [n for n in spread if n not in self.parameters and n not in vectors]
        if unknown:
            raise PointError(f"there is no parameter {unknown[0]!r}; parameters are {self._known}")
        return spread
