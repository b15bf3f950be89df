"""What is minimised: a loss averaged over examples, with its gradient, judged where asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from adviz.checking.check import check
from adviz.checking.report import Report
from adviz.checking.verdicts.nonfinite import without_advice
from adviz.comparison.descent.examples import Batch, Examples, arrays_of, examples_of
from adviz.compiler.kernel import Kernel, compile
from adviz.errors import AdvizError, DomainError, PointError
from adviz.graph.graph import Graph
from adviz.language.asked import mapping
from adviz.language.brief import few
from adviz.language.numerals import full
from adviz.modes.building import built_at, of_numbers
from adviz.modes.point import named
from adviz.modes.run import Errors
from adviz.modes.verbs import with_output
from adviz.numbers.given import float64
from adviz.sources import Source


class Objective(NamedTuple):
    """A mean loss: one example's loss and gradient as a kernel, and the examples."""

    kernel: Kernel
    names: tuple[str, ...]
    """The inputs that are parameters, in the order of a point."""
    examples: Examples

    def mean(self, point: Any, places: Batch) -> list[float]:
        """Return the mean loss of some examples, and its gradient by the parameters."""
        with np.errstate(over="ignore", invalid="ignore"):
            means: list[float] = self._each(point, places).mean(axis=1).tolist()
        return means

    def _each(self, point: Any, places: Batch) -> Any:
        """Return the loss of each example and its gradient, as an array, an example a column."""
        columns = self.examples.columns[:, places]
        numbers = self._named(point) | dict(zip(self.examples.names, columns, strict=True))
        found = np.array(self._computed(numbers, "ieee"))
        return found.reshape(len(found), -1)

    def _named(self, point: Any) -> dict[str, Any]:
        return dict(zip(self.names, point.tolist(), strict=True))

    def _computed(self, numbers: Mapping[str, Any], errors: Errors) -> Any:
        return self.kernel.computed([numbers[name] for name in self.kernel.parameters], errors)

    def fault(self, point: Any, places: Batch) -> DomainError:
        """Return why a mean is not finite, by the first example that is to blame."""
        each = self._each(point, places)
        wrong = np.argwhere(~np.isfinite(each)).tolist()
        if not wrong:
            return DomainError("the sum over the batch overflows", status="overflow")
        result, column = min(wrong, key=itemgetter(1, 0))
        place = int(places[column])
        where = f"at example {place}, " if self.examples.names else ""
        try:
            self._computed(self._named(point) | self.examples.point(place), "raise")
        except (DomainError, PointError) as error:
            said = f"{where}{without_advice(str(error))}"
            if isinstance(error, PointError):  # a parameter is beyond all numbers
                return DomainError(said, status="overflow")
            return DomainError(said, error.node, error.status)
        label, number = self.kernel.results[result], full(float(each[result, column]))
        return DomainError(f"{where}{label} is {number}")

    def checked(self, point: Any, places: Sequence[int]) -> Report:
        """Return the verdicts on the gradients that the mean is of, at some examples."""
        points = [self._named(point) | self.examples.point(place) for place in places]
        return check(self.kernel.graph, at=points, wrt=self.names, gradient=self.kernel)


def objective(
    loss: Source,
    at: Mapping[str, Any],
    data: Mapping[str, Any] | None,
    of: str | None = None,
    verify: bool = True,
) -> tuple[Objective, Any]:
    """Return what is minimised, and the point where its parameters start, as an array.

    Raises PointError for parameters and data that are not the inputs of the loss.

    >>> import numpy as np
    >>> found, start = objective("(w*x - y)**2", {"w": 1}, {"x": [1, 2], "y": [2, 4]})
    >>> found.mean(start, np.arange(2))
    [2.5, -5.0]
    """
    mapping("at", at, "{'w': 0.0}")
    arrays = arrays_of({} if data is None else data)
    twice = [name for name in at if name in arrays]
    if twice:
        raise PointError(f"{twice[0]} is given twice, in at= as a parameter and in data=")
    first = {**at, **{name: values[0] for name, values in arrays.items()}}
    graph = with_output(of_numbers(built_at(loss, first, verify)), of)
    if len(graph.outputs) > 1:
        raise AdvizError(f"one output is the loss: of= one of {', '.join(graph.outputs)}")
    _complete(graph, first)
    point = {name: float64(name, number) for name, number in named(graph, first).items()}
    examples = examples_of(graph, arrays)
    names = tuple(name for name in point if name not in examples.names)
    if not names:
        raise PointError("there is no parameter to learn; at= gives where each starts")
    kernel = compile(graph, wrt=names)
    return Objective(kernel, names, examples), np.array([point[name] for name in names])


def _complete(graph: Graph, given: Mapping[str, Any]) -> None:
    """Raise PointError for inputs that are neither learned nor data."""
    parts = {part for name in given for part in (graph.vectors or {}).get(name, (name,))}
    missing = [name for name in graph.inputs if name not in parts]
    if missing:
        raise PointError(
            f"{few(missing)}: neither in at=, where each parameter starts, nor in data="
        )
