"""Rows of the table applied to traced values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.errors import TracingError
from adviz.primitives import TABLE, Primitive, spellings
from adviz.sources.tracing.condition import plain_truth
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.recorder import Recorder
from adviz.sources.tracing.traced import TracedValue, is_infinite

_MEANINGS = spellings(TABLE.values())


def apply(rows: Sequence[Primitive], args: Sequence[Any], frame: FrameType | None) -> TracedValue:
    """Return the row that takes so many arguments, applied to traced values and numbers.

    A row that folds takes more than two. Raises TracingError when no row does, or when an
    argument is not a number.
    """
    tape = next(argument.tape for argument in args if isinstance(argument, TracedValue))
    row = chosen(rows, len(args), frame)
    tape.admit(row)
    nodes = [_argument(tape, row, position, value) for position, value in enumerate(args)]
    if len(nodes) == row.arity:
        return tape.add(row.name, tuple(nodes), frame, True)
    value = tape.add(row.name, (nodes[0], nodes[1]), frame, True)
    for node in nodes[2:]:
        value = tape.add(row.name, (value.node, node), frame, True)
    return value


def chosen(rows: Sequence[Primitive], count: int, frame: FrameType | None = None) -> Primitive:
    """Return the row that takes so many arguments, or more than it has when it folds.

    Raises TracingError when there is none.
    """
    for row in rows:
        if row.arity == count or (row.fold and count > row.arity):
            return row
    takes = " or ".join(f"{row.arity}{' or more' * row.fold}" for row in rows)
    arguments = "argument" if takes == "1" else "arguments"
    where = f"; {spot(frame or _getframe(1))}"
    raise TracingError(f"{rows[0].name} takes {takes} {arguments}, not {count}{where}")


def call(name: str, *args: Any) -> TracedValue:
    """Return a function of the table by any of its names, one argument at least being traced."""
    return apply(_MEANINGS[name], args, _getframe(1))


def where(condition: Any, x: Any, y: Any) -> Any:
    """Return x where a condition holds and y where it does not."""
    known = plain_truth(condition)
    if known is not None:
        return x if known else y
    if not isinstance(condition, TracedValue):
        return x if condition else y
    return apply(_MEANINGS["where"], (condition, x, y), _getframe(1))


def extreme(name: str, values: Iterable[Any]) -> Any:
    """Return the least (`min`) or greatest (`max`) of values, at least one of which is traced.

    An infinity, with which such searches usually start, is left out or wins: a traced value
    stands for a finite number.
    """
    listed = list(values)
    infinite = [v for v in listed if is_infinite(v)]
    winning = [v for v in infinite if v != v or (v > 0) == (name == "max")]
    if winning:
        return winning[0]
    others = [v for v in listed if not any(v is one for one in infinite)]
    return others[0] if len(others) == 1 else apply(_MEANINGS[name], others, _getframe(1))


def clipped(x: Any, low: Any, high: Any) -> Any:
    """Return x between two bounds, either of which may be None or infinite."""
    bounds = [bound for bound in (low, high) if bound is not None]
    if len(bounds) == 2 and not any(map(is_infinite, bounds)):
        return call("clip", x, low, high)
    raised = x if low is None else extreme("max", (x, low))
    return raised if high is None else extreme("min", (raised, high))


SHARED: Mapping[str, Callable[[Any], Any]] = {
    "isfinite": lambda _: True,
    "isinf": lambda _: False,
    "isnan": lambda _: False,
    "modf": lambda x: (x - call("trunc", x), call("trunc", x)),
}
"""Functions that `math` and NumPy name alike and no row does; a traced value is finite."""


def _argument(tape: Recorder, row: Primitive, position: int, value: Any) -> int:
    """Return the node of a row's argument."""
    if row.is_condition(min(position, row.arity - 1)):
        return tape.condition(value)
    node = tape.operand(value)
    if node is None:
        problem = f"{row.name} needs a number, not {type(value).__name__}"
        raise TracingError(f"{problem}; {spot(_getframe(1))}")
    return node
