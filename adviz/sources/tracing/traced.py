"""The traced value: a number that is not known yet and writes down what is done with it.

Python's operators on traced values add nodes to the builder of one tracing, kept by its `Tape`.
Everything that would need the number itself (a branch, a count) is an error that says where,
unless the tape follows a point, where the number there decides and the graph requires it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite
from sys import _getframe
from typing import Any, NoReturn

from adviz.errors import TracingError
from adviz.language import notation
from adviz.primitives import TABLE, spellings
from adviz.sources.tracing.places import spot, stores_item
from adviz.sources.tracing.recorder import Recorder

_MEANINGS = spellings(TABLE.values())
AS_A_PART = "an argument that holds several is given at a point, as it is, with at="
"""What helps where one number is asked for a part."""


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

    @property  # type: ignore[misc]  # read-only; for isinstance, in a user's code
    def __class__(self) -> type:
        """What the number is where the function is called with numbers."""
        return self.tape.scalar

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

    def __int__(self) -> int:
        return self.tape.settled(self.tape.whole("trunc", self, _getframe(1)), _getframe(1))

    def __round__(self, digits: int | None = None) -> Any:
        if digits is None:
            return self.tape.whole("round", self, _getframe(1))
        result = _to_digits(self, digits)
        self.tape.name(result, _getframe(1))
        return result

    @property
    def real(self) -> TracedValue:
        """The number itself."""
        return self

    @property
    def imag(self) -> float:
        """Nothing: the number is real."""
        return 0.0

    def conjugate(self) -> TracedValue:
        """Return the number itself."""
        return self

    def is_integer(self) -> TracedValue:
        """Return the condition that the number is whole."""
        whole: Any = self.tape.whole("floor", self, _getframe(1))
        return whole == self  # type: ignore[no-any-return]  # a condition

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # a library asks what kind of object this is
            raise AttributeError(name)
        if hasattr(self.tape.scalar, name) and self.tape.scalar is not float:
            found = self.tape.answers.attribute(self, name, _getframe(1))
            if found is not None:
                return found
        if name in _MEANINGS:  # NumPy calls x.sin() on every element of an array of objects
            return partial(self.tape.answers.call, name, self)
        raise UnknownAttributeError(
            f"{self!r} is one traced number and has no {name!r} ({spot(_getframe(1))}); {AS_A_PART}"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        result = self.tape.answers.universal(ufunc, method, inputs, options)
        self.tape.name(result, _getframe(1))
        return result

    def __array_function__(self, function: Any, _: Any, args: Any, options: Any) -> Any:
        result = self.tape.answers.common(function, args, options)
        self.tape.name(result, _getframe(1))
        return result


def is_vector(value: object) -> bool:
    """Return whether a value is an array of traced values, of which only NumPy's users know."""
    return type(value).__name__ == "Vector"


class UnsuitableError(TracingError, TypeError):
    """A traced number where something else is needed; a TypeError, as for a plain number."""


class UnknownAttributeError(TracingError, AttributeError):
    """An attribute that a traced number does not have."""


_DUNDERS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod"}
_DUNDERS |= {"**": "pow", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_UNARY = {"neg": "neg", "abs": "abs"}
ROUNDED = ("floor", "ceil", "trunc")
"""What gives a whole number, by a method that Python and `math` ask for."""
_NUMBERS_ONLY = {
    "__float__": "float() would drop its derivative",
    "__complex__": "complex() would drop its derivative",
    "__reduce_ex__": "it cannot be stored, it lives while the function is traced",
    "__index__": "an index or a count is a whole number; int(x), round(x) and floor(x) give one",
}


def _forward(
    op: str, compare: Callable[[Any, Any], Any] | None
) -> Callable[[TracedValue, Any], Any]:
    """Return the method of an operator with the traced value on its left."""

    def method(self: TracedValue, other: Any) -> Any:
        tape = self.tape
        if type(other) is TracedValue and other.tape is tape:
            return tape.add(op, (self.node, other.node), _getframe(1))
        if compare is not None and is_infinite(other):
            return compare(0.0, other)  # a traced value stands for a finite number
        node = tape.operand(other)
        return NotImplemented if node is None else tape.add(op, (self.node, node), _getframe(1))

    return method


def is_infinite(value: object) -> bool:
    """Return whether a value is a plain number that is infinite or none at all."""
    return isinstance(value, float) and not isinstance(value, TracedValue) and not isfinite(value)


def _reflected(op: str) -> Callable[[TracedValue, Any], Any]:
    """Return the method of an operator with the traced value on its right."""

    def method(self: TracedValue, other: Any) -> Any:
        node = self.tape.operand(other)
        if node is None:
            return NotImplemented
        return self.tape.add(op, (node, self.node), _getframe(1))

    return method


def _unary(op: str) -> Callable[[TracedValue], TracedValue]:
    return lambda self: self.tape.add(op, (self.node,), _getframe(1), True)


def _rounded(op: str) -> Callable[[TracedValue], TracedValue]:
    return lambda self: self.tape.whole(op, self, _getframe(1))


def _to_digits(value: Any, digits: int) -> Any:
    """Return a value rounded to so many decimal digits, or to tens, hundreds, … below 0."""
    scale = 10 ** abs(digits)
    scaled = value * scale if digits >= 0 else value / scale
    rounded: Any = value.tape.add("round", (scaled.node,), _getframe(1))
    return rounded / scale if digits >= 0 else rounded * scale


def _refusal(method: str, reason: str) -> Callable[..., NoReturn]:
    def refuse(self: TracedValue, *_: object) -> NoReturn:
        if method == "__float__" and stores_item(_getframe(1)):
            raise UnsuitableError(
                f"{self!r} is a traced value, and an array of numbers cannot hold it "
                f"({spot(_getframe(1))}); copy the array in the traced function, with np.array"
            )
        raise TracingError(
            f"{self!r} is a traced value: {reason} ({spot(_getframe(1))}); "
            "where a library asks for a float, use adviz.functions instead"
        )

    return refuse


def _operators() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods that the operators of the table are in Python."""
    for row in TABLE.values():
        stem = _DUNDERS.get(row.symbol) if row.arity == 2 else _UNARY.get(row.name)
        if stem is None:
            continue
        if row.arity == 1:
            yield f"__{stem}__", _unary(row.name)
        else:
            yield (
                f"__{stem}__",
                _forward(row.name, getattr(operator, stem) if row.condition else None),
            )
            if not row.condition:
                yield f"__r{stem}__", _reflected(row.name)


OPERATORS = dict(_operators())
"""The operators of numbers, by the names of Python's methods."""

for _name, _method in OPERATORS.items():
    setattr(TracedValue, _name, _method)
for _name in ROUNDED:
    setattr(TracedValue, f"__{_name}__", _rounded(_name))
for _name, _reason in _NUMBERS_ONLY.items():
    setattr(TracedValue, _name, _refusal(_name, _reason))
