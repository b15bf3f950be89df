"""A traced whole number: what `int`, `round` and `math.floor` make of a traced value.

Sums, products and quotients to the floor of whole numbers are whole. Where Python needs the number
itself (an index, a count, a key, its bits), it is the one at the followed point, and the graph
requires it there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from sys import _getframe
from typing import Any

from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.traced import OPERATORS, TracedValue


class TracedInteger(TracedValue):
    """A traced value that is an `int` where the function is called with numbers.

    >>> import adviz
    >>> adviz.build(lambda x: [x, x**2, x**3][int(x)], at={"x": 2.5}).text
    'f(x) =\\n    assert trunc(x) == 2\\n    x**3'
    """

    __slots__ = ()

    @property  # type: ignore[misc]  # read-only
    def __class__(self) -> type:
        """A whole number."""
        return int

    def __index__(self) -> int:
        return self.tape.settled(self, _getframe(1))

    def __int__(self) -> int:
        return self.tape.settled(self, _getframe(1))

    def __float__(self) -> float:
        return float(self.tape.settled(self, _getframe(1)))

    def __hash__(self) -> int:
        return hash(self.tape.settled(self, _getframe(1)))

    def __floor__(self) -> TracedValue:
        return self

    __ceil__ = __trunc__ = __floor__


def integer(value: TracedValue) -> TracedInteger:
    """Return a traced value as a whole number."""
    whole: TracedInteger = object.__new__(TracedInteger)
    whole.tape, whole.node = value.tape, value.node
    return whole


def is_whole(value: object) -> bool:
    """Return whether a number is whole by its type, traced or not."""
    return isinstance(value, int) or type(value).__name__.startswith(("int", "uint"))


def _closed(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operator under which whole numbers stay among themselves."""

    def whole(self: TracedInteger, *others: Any) -> Any:
        result = method(self, *others)
        if type(result) is TracedValue and all(map(is_whole, others)):
            result = integer(result)
            result.tape.name(result, _getframe(1))
        return result

    return whole


def _power(self: TracedInteger, exponent: Any) -> Any:
    """Return a power, which is whole where the exponent is known and not negative."""
    result = OPERATORS["__pow__"](self, exponent)
    known = type(exponent) is int and exponent >= 0
    result = integer(result) if known else result
    self.tape.name(result, _getframe(1))
    return result


def _bits(function: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    """Return an operator on the bits of the number at the followed point."""

    def method(self: TracedInteger, *others: Any) -> Any:
        held = [self.tape.settled(self, _getframe(1)), *others]
        return function(*(held[::-1] if reflected else held))

    return method


def _as_whole(name: str) -> Callable[..., Any]:
    """Return a method of whole numbers for a condition, which counts as 1 or 0."""
    return lambda self, *args: getattr(self.tape.counted(self), name)(*args)


def _operators() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the operators that whole numbers have of their own."""
    for stem in ("add", "sub", "mul", "floordiv", "mod"):
        for name in (f"__{stem}__", f"__r{stem}__"):
            yield name, _closed(OPERATORS[name])
    for name in ("__neg__", "__abs__"):
        yield name, _closed(OPERATORS[name])
    for stem in ("and", "or", "xor", "lshift", "rshift"):
        function = getattr(operator, f"__{stem}__")
        yield f"__{stem}__", _bits(function)
        yield f"__r{stem}__", _bits(function, reflected=True)
    yield "__round__", _closed(TracedValue.__round__)
    yield "__invert__", _bits(operator.invert)
    yield "__pow__", _power


for _name, _method in _operators():
    setattr(TracedInteger, _name, _method)
for _name in ("__round__", "__floor__", "__ceil__", "__trunc__"):
    setattr(TracedCondition, _name, _as_whole(_name))
