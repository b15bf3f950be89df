"""A framework's function asked for derivatives: it gives them, or is differentiated by its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from adviz.checking.verdicts.calling import Shaped, called
from adviz.checking.verdicts.claimed_parts import arguments_of
from adviz.checking.verdicts.frameworks.framework import Framework, flat, floats
from adviz.checking.verdicts.frameworks.recognised import framework_of, is_made
from adviz.checking.verdicts.frameworks.trained import of_parameters
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.numerals import in_text, short
from adviz.modes.fast.jacobian import values_at
from adviz.modes.point import FloatPoint
from adviz.numbers import FLOAT64
from adviz.numbers.precisions import Precision


@dataclass(frozen=True)
class Asked:
    """A function of a framework, which is given the framework's own arrays."""

    framework: Framework
    graph: Graph
    function: Callable[..., Any]
    precision: Precision
    like: Mapping[str, Any]
    """As of a claim."""
    differentiated: bool = False
    """Whether it gives values, of which the framework finds the derivatives."""

    def __call__(self, point: FloatPoint) -> Any:
        """Return the derivatives at a point, as a claim gives them."""
        if self.differentiated:
            return self._by_input(self.framework.jacobian(self._of_vector, self._vector(point)))
        return self._alone(self._of_numbers(point))

    def values(self, point: FloatPoint) -> Sequence[float]:
        """Return the numbers that the function gives at a point."""
        return floats(self._of_numbers(point))

    def _array(self, value: Any) -> Any:
        return self.framework.array(value, self.precision)

    def _shaped(self, values: list[Any], shape: tuple[int, ...]) -> Any:
        """Return numbers, or a vector's elements, as an array of a shape."""
        return self.framework.reshaped(self._array(values), shape)

    def _leaf(self, values: list[Any], shape: tuple[int, ...]) -> Any:
        return self.framework.leaf(self._shaped(values, shape))

    def _called(self, point: Mapping[str, Any], shaped: Shaped) -> Any:
        with np.errstate(all="ignore"):  # what is not finite is told in the verdict
            return called(self.graph, self.function, point, self.like, shaped)

    def _of_numbers(self, point: FloatPoint) -> Any:
        numbers = {name: self._array(point[name]) for name in self.graph.inputs}
        return self._called(numbers, self._leaf)

    def _vector(self, point: FloatPoint) -> Any:
        return self._array([point[name] for name in self.graph.inputs])

    def _of_vector(self, vector: Any) -> Any:
        """Return the outputs as one vector, of the inputs as one."""
        parts = {name: vector[k] for k, name in enumerate(self.graph.inputs)}
        return self._array(flat(self._called(parts, self._shaped)))

    def _by_input(self, jacobian: Any) -> dict[str, Any]:
        """Return the elements of a Jacobian by output and input."""
        entries, names = iter(flat(jacobian)), list(self.graph.inputs)
        rows = {label: {name: next(entries) for name in names} for label in self.graph.outputs}
        return rows if len(rows) > 1 else next(iter(rows.values()))

    # --- what a framework's derivative gives -----------------------------------------------------

    def _alone(self, result: Any) -> Any:
        """Return derivatives as a claim gives them: without the value, by output."""
        result = self.framework.plain(result)
        if not isinstance(result, list | tuple):
            return result
        sizes = [len(names) for names in arguments_of(self.graph).values()]
        found = [*map(_size, result)]
        if len(self.graph.outputs) > 1:
            rows = [size * len(self.graph.outputs) for size in sizes]
            arrays = not any(isinstance(part, list | tuple) for part in result)
            return self._by_argument(result) if arrays and found == rows else result
        place = self.framework.value
        paired = len(result) == 2 and found != sizes and found[place] == 1
        return result[1 - place] if paired and found[1 - place] == sum(sizes) else result

    def _by_argument(self, parts: Sequence[Any]) -> dict[str, Any]:
        """Return a Jacobian that comes by argument, a row for each output, by output and input."""
        labels, arguments = list(self.graph.outputs), list(arguments_of(self.graph).values())
        found: dict[str, dict[str, Any]] = {label: {} for label in labels}
        for names, part in zip(arguments, parts, strict=True):
            entries = iter(flat(part))
            for label in labels:
                found[label].update({name: next(entries) for name in names})
        return found


def _size(part: Any) -> int:
    return len(flat(part))


def asked(
    graph: Graph,
    function: Callable[..., Any],
    like: Mapping[str, Any],
    precision: Precision | None,
    places: Callable[[], Iterable[FloatPoint]],
) -> Asked | None:
    """Return how a framework's function is asked for derivatives; None of a plain function.

    One that gives the values of the graph at some places is differentiated by its framework. One
    that cannot be called with arrays is a plain function. Raises AdvizError for one that gives
    other values, where these cannot be derivatives.
    """
    framework = framework_of(function)
    if framework is None:
        return None
    own = framework.format(function)
    call = of_parameters(function, [*arguments_of(graph)])
    made = Asked(framework, graph, call, precision or own, like)
    if is_made(function, framework):
        return made
    try:
        found = [(point, made.values(point)) for point in places()]
    except Exception:  # whatever it is, it is raised again where the function is called
        return None
    return replace(made, differentiated=all(_are_values(made, *one) for one in found))


def _told(point: FloatPoint) -> str:
    return ", ".join(f"{name} = {in_text(number, 4)}" for name, number in point.items())


def _are_values(made: Asked, point: FloatPoint, numbers: Sequence[float]) -> bool:
    """Return whether numbers are the graph's values at a point."""
    graph, close = made.graph, math.sqrt(made.precision.unit)
    found = values_at(graph, FLOAT64.over(graph.rows), point)
    values = [float(found[node]) for node in graph.outputs.values()]
    if len(numbers) != len(values):
        return False
    pairs = zip(numbers, values, strict=True)
    same = all(math.isclose(one, other, rel_tol=close, abs_tol=close) for one, other in pairs)
    if not same and len(graph.inputs) > 1:
        raise AdvizError(
            f"the function of {made.framework.name} gives {short(numbers[0])} at {_told(point)}, "
            f"where what is checked is {short(values[0])}; give that function, or its gradient"
        )
    return same
