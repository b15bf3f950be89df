"""Where a graph is evaluated: a user's numbers, checked, and the number system they ask for."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from adviz.errors import PointError
from adviz.graph import Graph
from adviz.numbers import EXACT, FLOAT64, Number, Numbers, multiprecision

Point = Mapping[str, Number] | Sequence[Number]
"""Numbers by input name, or in the order of the inputs."""

_MOST_DIGITS = 100_000


def system_for(graph: Graph, point: Mapping[str, Number], digits: int | None) -> Numbers:
    """Return the number system for a point: float64 unless its numbers say otherwise.

    Fractions (with ints) stay exact, mpmath numbers keep their context's digits, and an array
    stands for many points.
    """
    values = list(point.values())
    if digits is not None:
        return multiprecision(_checked_digits(digits)).over(graph.rows)
    if any(_is_array(value) for value in values):
        from adviz.numbers import ARRAY

        return ARRAY.over(graph.rows)
    contexts = [value.context for value in values if hasattr(value, "context")]
    if contexts:
        return multiprecision(max(context.dps for context in contexts)).over(graph.rows)
    rational = all(isinstance(value, numbers.Rational) for value in values)
    if rational and any(isinstance(value, Fraction) for value in values):
        return EXACT.over(graph.rows)
    return FLOAT64.over(graph.rows)


def named(graph: Graph, at: Point | Number) -> dict[str, Number]:
    """Return a point as numbers by input name, in the order of the inputs.

    A vector argument of a traced callable may be given whole, under its own name. Raises
    PointError for a missing, unknown or unusable number.
    """
    given = _mapping(graph, at)
    for vector, names in (graph.vectors or {}).items():
        if vector in given and vector not in graph.inputs:
            given.update(_spread(vector, names, given.pop(vector)))
    unknown = [name for name in given if name not in graph.inputs]
    if unknown:
        raise PointError(f"there is no input {unknown[0]!r}; {_inputs(graph)}")
    missing = [name for name in graph.inputs if name not in given]
    if missing:
        raise PointError(f"the point gives no value for {', '.join(missing)}; {_inputs(graph)}")
    return {name: _number(name, given[name]) for name in graph.inputs}


def converted(numbers_: Numbers, point: Mapping[str, Number]) -> dict[str, Number]:
    """Return a point's numbers in a number system."""
    if numbers_.many:
        import numpy as np

        return {name: np.asarray(value, dtype=float)[()] for name, value in point.items()}
    return {name: numbers_.constant(value) for name, value in point.items()}


def _mapping(graph: Graph, at: Point | Number) -> dict[str, Number]:
    if isinstance(at, Mapping):
        return dict(at)
    if isinstance(at, numbers.Number):
        at = [at]
    if isinstance(at, str) or not isinstance(at, Sequence):
        raise PointError(f"a point is a mapping such as {{'x': 3.0}}, not {type(at).__name__}")
    if len(at) != len(graph.inputs):
        raise PointError(f"the point has {len(at)} numbers; {_inputs(graph)}")
    return dict(zip(graph.inputs, at, strict=True))


def _spread(vector: str, names: Sequence[str], value: Any) -> dict[str, Number]:
    flat = value.ravel().tolist() if hasattr(value, "ravel") else list(value)
    if len(flat) != len(names):
        raise PointError(f"{vector} has {len(flat)} elements at this point; it needs {len(names)}")
    return dict(zip(names, flat, strict=True))


def _inputs(graph: Graph) -> str:
    names = list(graph.inputs)
    if not names:
        return "the formula has no inputs"
    shown = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
    return f"the inputs are {shown}" if len(names) > 1 else f"the only input is {shown}"


def _is_array(value: object) -> bool:
    return isinstance(value, list | tuple) or bool(getattr(value, "shape", ()))


def _number(name: str, value: Any) -> Number:
    """Return a usable number or array of numbers; lists become arrays."""
    if isinstance(value, bool):
        raise PointError(f"{name} = {value} is not a number")
    if _is_array(value):
        import numpy as np

        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            raise PointError(f"{name} is an array of {array.dtype}; it must hold real numbers")
        return array.astype(float)
    if isinstance(value, numbers.Real) or hasattr(value, "context"):
        return _fitting(name, value)
    if getattr(value, "shape", None) == ():
        return _number(name, value.item())
    kind = "complex" if isinstance(value, numbers.Complex) else type(value).__name__
    raise PointError(f"{name} = {str(value)[:40]!r} is {kind}; it must be a real number")


def _fitting(name: str, value: Any) -> Number:
    """Return a number, refusing an integer that no float can hold."""
    if isinstance(value, int):
        try:
            float(value)
        except OverflowError:
            raise PointError(f"{name} is an integer too large for a float") from None
    return value


def _checked_digits(digits: int) -> int:
    if not isinstance(digits, int) or isinstance(digits, bool) or not 1 <= digits <= _MOST_DIGITS:
        raise PointError(f"digits = {digits!r} must be a whole number from 1 to {_MOST_DIGITS}")
    return digits
