"""The functions of the table, for traced code, plain numbers and arrays alike.

Where tracing cannot reach a call of `math.sin` or a decision, write the function of this module:
`adviz.functions.sin(x)`, `adviz.functions.where(x > 0, a, b)`. On plain numbers they compute the
float64 value, NaN outside a function's domain.

>>> from adviz import build, functions
>>> functions.relu(-2.0), functions.log(8, 2), functions.max(1, 3, 2)
(0.0, 3.0, 3.0)
>>> build(lambda x: functions.where(x > 0, x**2, functions.tanh(x))).text
'f(x) = where(x > 0, x**2, tanh(x))'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from keyword import iskeyword
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.primitives import TABLE, Primitive, extend, spellings
from adviz.tracing.calls import apply, chosen, extreme
from adviz.tracing.calls import where as _where
from adviz.tracing.places import author
from adviz.tracing.traced import TracedValue

_MEANINGS = {
    name: rows
    for name, rows in spellings(TABLE.values()).items()
    if not iskeyword(name) and rows[0].args
}
_CHOICES: dict[str, Callable[..., Any]] = {
    "where": _where,
    "max": lambda *values: extreme("max", values),
    "min": lambda *values: extreme("min", values),
}
"""The rows that let some of their arguments go when the others are not traced."""

pi = math.pi
__all__ = ["pi", *sorted(_MEANINGS)]


def apply_row(row: Primitive, args: Sequence[Any]) -> Any:
    """Return a row applied to traced values, plain numbers or arrays."""
    return _applied((row,), args, author(_getframe(1)))


def __getattr__(name: str) -> Any:
    """Return the function of a row (PEP 562).

    It does not become a global of this module, where it would hide a builtin such as `min`.
    """
    if name not in _MEANINGS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _function(name)


def __dir__() -> list[str]:
    return __all__


@cache
def _function(name: str) -> Callable[..., Any]:
    """Return the public function of the rows that share a name."""
    rows = _MEANINGS[name]
    op = rows[0].name
    single = len(rows) == 1 and rows[0].arity == 1

    def function(*args: Any) -> Any:
        if single and len(args) == 1 and type(args[0]) is TracedValue:
            return args[0].tape.add(op, (args[0].node,), _getframe(1), True)
        return _applied(rows, args, _getframe(1))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = " or ".join(f"{name}({', '.join(row.args)})" for row in rows)
    return function


def _applied(rows: Sequence[Primitive], args: Sequence[Any], frame: FrameType | None) -> Any:
    """Return a row applied to numbers, or to every element of arrays."""
    if any(isinstance(a, list | tuple) or getattr(a, "shape", ()) != () for a in args):
        from adviz.tracing.arrays import each

        return each(lambda *one: _applied(rows, one, frame), args)
    if not any(isinstance(argument, TracedValue) for argument in args):
        return _plain(rows, args)
    choice = _CHOICES.get(rows[0].name)
    result = choice(*args) if choice else apply(rows, args, frame)
    if isinstance(result, TracedValue):
        result.tape.name(result, frame)
    return result


def _plain(rows: Sequence[Primitive], args: Sequence[Any]) -> Any:
    """Return the float64 value of a row at plain numbers."""
    from adviz.numbers import FLOAT64

    row = chosen(rows, len(args))
    known = TABLE.get(row.name) is row
    function = (FLOAT64 if known else FLOAT64.over(extend([row]))).function(row.name)
    places = [min(position, row.arity - 1) for position in range(len(args))]
    held = [a if row.is_condition(p) else float(a) for p, a in zip(places, args, strict=True)]
    value = function(*held[: row.arity])
    for other in held[row.arity :]:
        value = function(value, other)
    return value
