"""What NumPy's ufuncs do to numbers that are traced."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache, partial
from sys import _getframe
from types import FrameType
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.primitives import TABLE, spellings
from adviz.sources.tracing.calls import SHARED, call, clipped, extreme, where
from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.library import full_name
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.recorder import Recorder
from adviz.sources.tracing.special import SPECIAL
from adviz.sources.tracing.traced import TracedValue


@lru_cache(maxsize=256)
def elementwise(ufunc: Any) -> Callable[..., Any]:
    """Return what a ufunc does to numbers, at least one of which may be traced."""
    name = _RENAMED.get(ufunc.__name__, ufunc.__name__)
    traced = _UNIVERSAL.get(name)
    if traced is None and any(row.arity == ufunc.nin for row in _MEANINGS.get(name, ())):
        traced = partial(call, name)
    if traced is None:
        raise TracingError(
            f"{full_name(ufunc)} has no derivative here ({spot(_getframe(1))}); "
            "see adviz.functions for what there is, or bring your own with adviz.primitive"
        )
    known = traced

    def element(*args: Any) -> Any:
        if not any(isinstance(a, TracedValue) for a in args):
            return ufunc(*args)
        return known(*map(_plain, args))

    return element


def many(ufunc: Any, tape: Recorder, frame: FrameType | None) -> Callable[..., Any]:
    """Return the same for many numbers at once, most of them traced: quicker for each."""
    element, op = elementwise(ufunc), row_of(ufunc)
    if op is None:
        return element
    add, operand, source = tape.add_at, tape.operand, tape.source(frame)

    def one(x: Any) -> Any:
        known = type(x) is TracedValue and x.tape is tape
        return add(source, op, (x.node,)) if known else element(x)

    def two(x: Any, y: Any) -> Any:
        if type(x) is TracedValue and x.tape is tape:
            if type(y) is TracedValue and y.tape is tape:
                return add(source, op, (x.node, y.node))
            if type(y) is float:
                return add(source, op, (x.node, operand(y)))  # type: ignore[arg-type]  # of a float
        elif type(x) is float and type(y) is TracedValue and y.tape is tape:
            return add(source, op, (operand(x), y.node))  # type: ignore[arg-type]  # of a float
        return element(x, y)

    return one if ufunc.nin == 1 else two


@lru_cache(maxsize=256)
def row_of(ufunc: Any) -> str | None:
    """Return the row that a ufunc is at all numbers, if it is one."""
    name = _RENAMED.get(ufunc.__name__, ufunc.__name__)
    if name in _UNIVERSAL or ufunc.nin > 1:
        return _OPERATORS.get(name)
    return next((row.name for row in _MEANINGS.get(name, ()) if row.arity == 1), None)


def _plain(value: Any) -> Any:
    """Return a number as Python's; a traced one passes for NumPy's and stays what it is."""
    scalar = isinstance(value, np.generic) and not isinstance(value, TracedValue)
    return value.item() if scalar else value


def _truth(value: Any) -> Any:
    """Return a condition, a number being true where it is not 0."""
    return value if isinstance(value, TracedCondition | bool | np.bool_) else value != 0


_MEANINGS = spellings(TABLE.values())
_RENAMED = {"psi": "digamma", "true_divide": "divide"}
_OPERATORS = {
    "add": "add",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "negative": "neg",
}
_UNIVERSAL: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "divmod": divmod,
    "power": operator.pow,
    "float_power": operator.pow,
    "negative": operator.neg,
    "positive": operator.pos,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "logical_and": lambda c, d: _truth(c) & _truth(d),
    "logical_or": lambda c, d: _truth(c) | _truth(d),
    "logical_xor": lambda c, d: _truth(c) ^ _truth(d),
    "logical_not": lambda c: ~_truth(c),
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "bitwise_xor": operator.xor,
    "invert": operator.invert,
    "maximum": lambda x, y: extreme("max", (x, y)),
    "minimum": lambda x, y: extreme("min", (x, y)),
    "fmax": lambda x, y: extreme("max", (x, y)),
    "fmin": lambda x, y: extreme("min", (x, y)),
    "clip": clipped,
    "conjugate": operator.pos,
    "heaviside": lambda x, half: where(x < 0, 0, where(x > 0, 1, half)),
    **SHARED,
    **SPECIAL,
}
"""The ufuncs that no row is named after."""
