"""Trust, then verify: whether the graph of a callable is the callable, at a point.

Tracing sees what a callable does to traced values, and Python has ways to ask a value what it is.
So the callable itself is called once with plain numbers, and must give what its graph gives, as far
as rounding lets both. Only where they differ is that computed, by `modes/rounding`; and only where
they differ by more is the callable called again, to tell one that is another function from one
that is none.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any, NoReturn

from adviz.errors import TracingError
from adviz.graph.graph import Graph
from adviz.modes.domains import Judge
from adviz.modes.evaluation import evaluated
from adviz.modes.habitats import HABITATS
from adviz.modes.linear import Linear
from adviz.modes.point import FloatPoint
from adviz.modes.rounding import TINIEST, UNIT, errors_in_any_order, reaching
from adviz.numbers import FLOAT64, Number, Numbers
from adviz.numbers.tensor import tensors
from adviz.sources.function import Traced
from adviz.sources.refusals import raised_by, spoken
from adviz.sources.tracing.complaints import place

POINTS = 3
"""At how many points a callable is called where none is given."""
_NODES = 500_000
"""After as many evaluated nodes the points found must do."""
_CLOSE = 4 * UNIT
"""A relative difference that needs no other explanation, times √n where n operations round."""
_BOTH = 2
"""The graph errs, and so does the callable."""
_SHOWN = 6


def verify(traced: Traced) -> None:
    """Compare a callable with its graph at its point, or at points drawn.

    Raises TracingError where they differ, or where the callable gives two values for one point.
    An exception that the callable raises at its point, though its graph has a value there, passes
    through with a note of the point.

    >>> import adviz
    >>> try:
    ...     adviz.build(lambda t: t*3 if hasattr(t, "tape") else t*2, at={"t": 1.0})
    ... except adviz.AdvizError as error:
    ...     print(str(error).partition(";")[0])
    the lambda is not what was traced: at t = 1.0 it gives 2.0, its graph 3.0
    """
    if traced.arguments.at is not None:
        point = traced.arguments.numbers(math.nan)
        if all(map(math.isfinite, point.values())):
            _Comparison(traced, point).judge(drawn=False)
        return
    judged = (_Comparison(traced, point).judge(drawn=True) for point in _points(traced.graph))
    next(islice(filter(None, judged), POINTS - 1, None), None)


def _points(graph: Graph) -> Iterator[FloatPoint]:
    """Yield points that fill the habitats evenly: one for all inputs, then every pair of them.

    Multiples of an irrational number leave no gaps (Weyl, *Über die Gleichverteilung von Zahlen
    mod. Eins*, 1916).
    """
    kinds = len(HABITATS)
    for k in range(min(kinds * kinds, max(2 * POINTS, _NODES // len(graph)))):
        yield {
            name: HABITATS[(k + i * (k // kinds)) % kinds](((i + 1) * _GOLDEN + k * _SILVER) % 1)
            for i, name in enumerate(graph.inputs)
        }


_GOLDEN, _SILVER = (math.sqrt(5) - 1) / 2, math.sqrt(2) - 1


class _Comparison:
    """A callable and its graph at one point."""

    def __init__(self, traced: Traced, point: FloatPoint) -> None:
        self.traced, self.graph, self.point = traced, traced.graph, point
        self.numbers = FLOAT64.over(self.graph.rows)
        self.found = evaluated(self.graph, self.numbers, point)
        self.regular = all(value is None or math.isfinite(value) for value in self.found)
        self.defined = _is_defined(self.graph, self.numbers, self.found)

    def judge(self, *, drawn: bool) -> bool:
        """Return whether both are defined here and agree; a point that was drawn need not be."""
        if not self.defined or (drawn and not self.regular):
            return False  # of a point given, the sweep says what is wrong with it
        try:
            given = self._called()
        except TracingError:
            raise
        except (TypeError, AttributeError) as error:
            raise self._unlike_numbers(error) from error
        except Exception as error:
            if drawn or (not self.regular and isinstance(error, ArithmeticError | ValueError)):
                return False
            error.add_note(raised_by(self.traced.function, self.point))
            raise
        if self.traced.keeps_state and not drawn:  # drawn points are several calls already
            given = self._called()
        if not self._agrees(given, self._own()):
            self._refuse(given)
        return True

    def _unlike_numbers(self, error: Exception) -> TracingError:
        return TracingError(
            f"{self.traced.name} is not what was traced: at {_shown(self.point)} it raises "
            f"{spoken(error)} ({place(error)}), which traced values do not; use adviz.functions "
            "for what numbers cannot do, or verify=False to keep the graph"
        )

    def _called(self) -> Mapping[str, float]:
        with nullcontext() if self.regular else _in_silence():
            return self.traced.plainly(self.point)

    def _own(self) -> dict[str, Number]:
        return {label: self.found[node] for label, node in self.graph.outputs.items()}

    def _agrees(self, given: Mapping[str, float], wanted: Mapping[str, Number]) -> bool:
        """Return whether two results are the same but for rounding."""
        return given.keys() == wanted.keys() and all(
            self._is_close(given[label], value) or self._within(label, given[label], value)
            for label, value in wanted.items()
        )

    def _is_close(self, given: float, value: Number) -> bool:
        """Return whether two numbers differ by no more than any computation of this size does."""
        slack = self.traced.slack * abs(value)
        return _close(given, value, len(self.graph)) or bool(abs(given - value) <= slack)

    def _within(self, label: str, given: float, value: Number) -> bool:
        """Return whether rounding explains how far an output is from what was given."""
        at = Linear(self.graph, self.numbers, self.found)
        bound = reaching(at, label, errors_in_any_order(at))
        allowed = _BOTH * self.traced.rounding * bound + TINIEST
        return not abs(given - value) > allowed

    def _refuse(self, given: Mapping[str, float]) -> NoReturn:
        name, where = self.traced.name, _shown(self.point)
        again = self._called()
        if not self._agrees(again, given):
            raise TracingError(
                f"{name} is not deterministic: at {where} it gives {_told(given, again)} and, "
                f"called again, {_told(again, given)}; give what it draws or remembers as an "
                "argument, or verify=False to keep what was traced"
            )
        own = self._own()
        raise TracingError(
            f"{name} is not what was traced: at {where} it gives {_told(given, own)}, its graph "
            f"{_told(own, given)}{self._parting()}; use adviz.functions for what depends on the "
            "kind of a value, or verify=False to keep the graph"
        )

    def _parting(self) -> str:
        """Return where the callable and its tracing part, in words; nothing if it is not found."""
        place = self.traced.parting(self.point)
        return f"; they part at {place}" if place else ""


def verify_whole(traced: Traced) -> None:
    """Compare a callable with its graph at its example, where elements are not known one by one.

    They may differ by the callable's slack of the largest number that takes part; what stands for
    an infinity does not. Raises TracingError as `verify` does.
    """
    point, graph = traced.arguments.at, traced.graph
    if point is None:
        return
    found = evaluated(graph, tensors(FLOAT64.over(graph.rows)), point)
    own = {label: found[node] for label, node in graph.outputs.items()}
    slack = traced.slack * _largest(found)
    given = traced.function(**point)
    for label, where in _apart(given, own, slack):
        again = traced.function(**point)
        for _ in _apart(again, given, slack):
            raise TracingError(
                f"{traced.name} is not deterministic: at its example it gives {label} = "
                f"{_at(given[label], where)!r} and, called again, {_at(again[label], where)!r}; "
                "give what it draws or remembers as an argument, or verify=False to keep what was "
                "traced"
            )
        raise TracingError(
            f"{traced.name} is not what was traced: at its example it gives {label} = "
            f"{_at(given[label], where)!r}, its graph {_at(own[label], where)!r}; use verify=False "
            "to keep the graph"
        )


def _apart(
    given: Mapping[str, Any], wanted: Mapping[str, Any], slack: float
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield where two results differ: the output, and the place in it."""
    import numpy as np

    for label, value in wanted.items():
        one, other = np.asarray(given[label], float), np.asarray(value, float)
        near = np.abs(one - other) <= slack
        alike = near | (~np.isfinite(one) & ~np.isfinite(other))
        yield from ((label, tuple(place.tolist())) for place in np.argwhere(~alike)[:1])


def _at(value: Any, place: tuple[int, ...]) -> float:
    return float(value[place]) if place else float(value)


def _largest(found: Sequence[Number]) -> float:
    """Return the largest number among some arrays, but for those that stand for infinity."""
    import numpy as np

    sizes = [np.abs(np.asarray(one, float)) for one in found if one is not None]
    return max((float(one[one < _INFINITE].max(initial=0.0)) for one in sizes), default=0.0)


_INFINITE = 1e150
"""What is beyond stands for an infinity that masks something."""


def _is_defined(graph: Graph, numbers: Numbers, found: Sequence[Number]) -> bool:
    """Return whether no row has a value outside its domain, as only lenient ones do."""
    judge = Judge(graph, numbers, found, strict=False)
    for node, value in enumerate(found):
        row = graph.rows.get(graph.ops[node])
        if row is not None and row.lenient and value is not None:
            judge.value(node)
    return "undefined" not in judge.status


def _close(given: float, value: Number, operations: int = 1) -> bool:
    """Return whether two numbers are as good as equal, or no numbers both."""
    if not (math.isfinite(given) and math.isfinite(value)):
        return not math.isfinite(given) and not math.isfinite(value)
    return bool(abs(given - value) <= _CLOSE * math.sqrt(operations) * abs(value))


def _in_silence() -> AbstractContextManager[Any]:
    """Return a context in which NumPy does not warn of what is judged elsewhere."""
    if "numpy" not in sys.modules:
        return nullcontext()
    import numpy as np

    return np.errstate(all="ignore")


def _shown(point: FloatPoint) -> str:
    shown = [f"{name} = {value!r}" for name, value in islice(point.items(), _SHOWN)]
    return ", ".join(shown) + (", …" if len(point) > _SHOWN else "")


def _told(result: Mapping[str, Number], other: Mapping[str, Number]) -> str:
    """Return the outputs in which a result differs from another; all, where others are missing."""
    if result.keys() != other.keys():
        return ", ".join(result) or "nothing"
    apart = [label for label, value in result.items() if not _close(value, other[label])]
    named = [f"{label} = {result[label]!r}" for label in islice(apart, _SHOWN)]
    return ", ".join(named) if len(result) > 1 else repr(result[apart[0]])
