"""A traced condition: what a comparison of traced values gives."""

from __future__ import annotations

from collections.abc import Callable
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.sources.tracing.traced import OPERATORS, TracedValue


class TracedCondition(TracedValue):
    """A comparison under trace: true or false, to be used by `adviz.functions.where`.

    In arithmetic it counts as 1 or 0, as Python's own conditions do.
    """

    __slots__ = ()

    @property  # type: ignore[misc]  # read-only, as above
    def __class__(self) -> type:
        """A truth value."""
        return bool

    def __index__(self) -> int:
        return int(self.tape.branch(self, _getframe(1)))

    def __int__(self) -> int:
        return int(self.tape.branch(self, _getframe(1)))

    def __float__(self) -> float:
        return float(self.tape.branch(self, _getframe(1)))

    def __invert__(self) -> TracedValue:
        return self.tape.add("not", (self.node,), _getframe(1))

    def __and__(self, other: Any) -> Any:
        known = plain_truth(other)
        if known is not None:
            return self if known else False
        return _joined(self, "and", other, _getframe(1))

    def __or__(self, other: Any) -> Any:
        known = plain_truth(other)
        if known is not None:
            return True if known else self
        return _joined(self, "or", other, _getframe(1))

    def __xor__(self, other: Any) -> Any:
        known = plain_truth(other)
        if known is not None:
            return ~self if known else self
        if not isinstance(other, TracedCondition):
            return NotImplemented
        return (self & ~other) | (~self & other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__


def _joined(first: TracedCondition, op: str, other: Any, frame: FrameType) -> Any:
    """Return two conditions joined by `and` or `or`."""
    if not isinstance(other, TracedCondition):
        return NotImplemented
    return first.tape.add(op, (first.node, first.tape.owned(other)), frame)


def plain_truth(value: object) -> bool | None:
    """Return a truth value that is not traced; None for everything else."""
    plain = type(value).__name__ in ("bool", "bool_")  # Python's, and NumPy's
    return bool(value) if plain else None


def _counted(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operator of numbers for a condition, which counts as 1 or 0."""

    def counted(self: TracedCondition, *others: Any) -> Any:
        result = method(self.tape.counted(self), *others)
        self.tape.name(result, _getframe(1))
        return result

    return counted


for _name in OPERATORS:
    setattr(TracedCondition, _name, _counted(getattr(TracedValue, _name)))
TracedCondition.__hash__ = TracedValue.__hash__  # type: ignore[method-assign]  # __eq__ is not an equality
