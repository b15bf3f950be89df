"""The traced value: a number that is not known yet and writes down what is done with it.

Python's operators on traced values add nodes to the builder of one tracing, kept by its `Tape`.
Everything that would need the number itself (a branch, `float`, `len`) is an error that says
where, unless the tape follows a point, where a branch is taken as the number there decides.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial
from math import isfinite
from sys import _getframe
from types import FrameType
from typing import Any, NoReturn, Protocol

from adviz.errors import TracingError
from adviz.language import notation
from adviz.primitives import TABLE, Primitive, spellings
from adviz.sources.tracing.places import spot

_MEANINGS = spellings(TABLE.values())


class Recorder(Protocol):
    """What is asked of a tape: to write down what is done with its values."""

    answers: Any
    """How values answer NumPy; an `adviz.sources.tracing.tape.Answers`."""

    def add(
        self, op: str, args: tuple[int, ...], frame: FrameType | None, called: bool = False
    ) -> TracedValue:
        """Return a row applied to nodes, on behalf of a frame."""

    def name(self, value: object, frame: FrameType | None) -> None:
        """Give a value the name of the local that takes it."""

    def taking(self, frame: FrameType | None) -> tuple[str, ...]:
        """Return the locals that take what a frame's instruction returns."""

    @property
    def locals(self) -> dict[str, int]:
        """The locals so far, name to node."""

    def operand(self, value: object) -> int | None:
        """Return the node of an operand, or None for what is no number."""

    def condition(self, value: object) -> int:
        """Return the node of a condition."""

    def owned(self, value: TracedValue) -> int:
        """Return the node of a value of this tracing."""

    def counted(self, condition: TracedValue) -> TracedValue:
        """Return a condition as 1 or 0."""

    def admit(self, row: Primitive) -> None:
        """Let a row of a user's own into the graph."""

    def branch(self, value: TracedValue, frame: FrameType | None) -> bool:
        """Return which way a branch goes."""

    def number(self, value: TracedValue) -> float:
        """Return a value's number at the followed point."""

    def shown(self, node: int) -> notation.Tree:
        """Return what a node computes, a few operations deep."""


class TracedValue:
    """A number under trace; made by `adviz.build` from a callable's arguments.

    >>> import adviz
    >>> def f(x, y):
    ...     print(x + y)
    ...     return (x + y)*(x - y)
    >>> adviz.build(f, verify=False)
    <traced x + y>
    <Graph (x, y) -> f: 5 nodes>
    """

    __slots__ = ("__weakref__", "node", "tape")

    tape: Recorder
    node: int

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<traced {notation.ascii_text(self.tape.shown(self.node))}>"

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __copy__(self) -> TracedValue:
        return self

    def __deepcopy__(self, _: object) -> TracedValue:
        return self

    def __bool__(self) -> bool:
        return self.tape.branch(self, _getframe(1))

    def __pos__(self) -> TracedValue:
        return self

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return operator.floordiv(self, other), operator.mod(self, other)

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return operator.floordiv(other, self), operator.mod(other, self)

    def __getattr__(self, name: str) -> Any:
        if name in _MEANINGS:  # NumPy calls x.sin() on every element of an array of objects
            return partial(self.tape.answers.call, name, self)
        if name.startswith("__"):  # a library asks what kind of object this is
            raise AttributeError(name)
        raise UnknownAttributeError(
            f"{self!r} is one traced number and has no {name!r} ({spot(_getframe(1))})"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        result = self.tape.answers.universal(ufunc, method, inputs, options)
        self.tape.name(result, _getframe(1))
        return result

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        result = self.tape.answers.common(function, args, options)
        self.tape.name(result, _getframe(1))
        return result


class TracedCondition(TracedValue):
    """A comparison under trace: true or false, to be used by `adviz.functions.where`.

    In arithmetic it counts as 1 or 0, as Python's own conditions do.
    """

    __slots__ = ()

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


class UnsuitableError(TracingError, TypeError):
    """A traced number where something else is needed; a TypeError, as for a plain number."""


class UnknownAttributeError(TracingError, AttributeError):
    """An attribute that a traced number does not have."""


def _joined(first: TracedCondition, op: str, other: Any, frame: FrameType) -> Any:
    """Return two conditions joined by `and` or `or`."""
    if not isinstance(other, TracedCondition):
        return NotImplemented
    return first.tape.add(op, (first.node, first.tape.owned(other)), frame)


def plain_truth(value: object) -> bool | None:
    """Return a truth value that is not traced; None for everything else."""
    plain = type(value).__name__ in ("bool", "bool_")  # Python's, and NumPy's
    return bool(value) if plain else None


_DUNDERS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod"}
_DUNDERS |= {"**": "pow", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_UNARY = {"neg": "neg", "abs": "abs", "floor": "floor", "ceil": "ceil", "trunc": "trunc"}
_NUMBERS_ONLY = {
    "__float__": "float() would drop its derivative",
    "__int__": "int() would drop its derivative",
    "__complex__": "complex() would drop its derivative",
    "__index__": "an index or a count cannot depend on it, its derivative would be dropped",
    "__round__": "round() would drop its derivative; floor(x + 0.5) has one",
}
_VECTORS_ONLY = {"__len__": "len()", "__getitem__": "an index", "__iter__": "iteration"}


def _forward(
    op: str, compare: Callable[[Any, Any], Any] | None
) -> Callable[[TracedValue, Any], Any]:
    """Return the method of an operator with the traced value on its left."""

    def method(self: TracedValue, other: Any) -> Any:
        tape = self.tape
        if type(other) is TracedValue and other.tape is tape:
            return tape.add(op, (self.node, other.node), _getframe(1))
        if compare is not None and isinstance(other, float) and not isfinite(other):
            return compare(0.0, other)  # a traced value stands for a finite number
        node = tape.operand(other)
        return NotImplemented if node is None else tape.add(op, (self.node, node), _getframe(1))

    return method


def _reflected(op: str) -> Callable[[TracedValue, Any], Any]:
    """Return the method of an operator with the traced value on its right."""

    def method(self: TracedValue, other: Any) -> Any:
        node = self.tape.operand(other)
        if node is None:
            return NotImplemented
        return self.tape.add(op, (node, self.node), _getframe(1))

    return method


def _unary(op: str) -> Callable[[TracedValue], TracedValue]:
    return lambda self: self.tape.add(op, (self.node,), _getframe(1))


def _counted(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operator of numbers for a condition, which counts as 1 or 0."""

    def counted(self: TracedCondition, *others: Any) -> Any:
        result = method(self.tape.counted(self), *others)
        self.tape.name(result, _getframe(1))
        return result

    return counted


def _refusal(reason: str) -> Callable[..., NoReturn]:
    def refuse(self: TracedValue, *_: object) -> NoReturn:
        raise TracingError(
            f"{self!r} is a traced value: {reason} ({spot(_getframe(1))}); "
            "where a library asks for a float, use adviz.functions instead"
        )

    return refuse


def _no_vector(use: str) -> Callable[..., NoReturn]:
    def refuse(self: TracedValue, *_: object) -> NoReturn:
        raise UnsuitableError(
            f"{self!r} is one traced number, and {use} needs a vector ({spot(_getframe(1))}); "
            'say how long an argument is with shapes={"x": 5}'
        )

    return refuse


def _give_operators() -> None:
    """Give values the operators of the table, and conditions the same on 1 or 0."""
    for row in TABLE.values():
        stem = _DUNDERS.get(row.symbol) if row.arity == 2 else _UNARY.get(row.name)
        if stem is None:
            continue
        methods: dict[str, Callable[..., Any]] = {}
        if row.arity == 1:
            methods[f"__{stem}__"] = _unary(row.name)
        else:
            comparison = getattr(operator, stem) if row.condition else None
            methods[f"__{stem}__"] = _forward(row.name, comparison)
            if not row.condition:
                methods[f"__r{stem}__"] = _reflected(row.name)
        for name, method in methods.items():
            setattr(TracedValue, name, method)
            setattr(TracedCondition, name, _counted(method))
    for name, reason in _NUMBERS_ONLY.items():
        setattr(TracedValue, name, _refusal(reason))
    for name, use in _VECTORS_ONLY.items():
        setattr(TracedValue, name, _no_vector(use))
    TracedCondition.__hash__ = TracedValue.__hash__  # type: ignore[method-assign]  # __eq__ is not an equality


_give_operators()
