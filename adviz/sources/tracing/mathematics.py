"""What the functions of `math` and the builtins `sum`, `min`, `max` … mean for traced values.

A stand-in gives plain numbers to the original and traced ones to the table, so that code behaves
as ever as long as nothing traced is about.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import chain
from operator import add, mul
from sys import _getframe
from types import MappingProxyType
from typing import Any

from adviz.errors import TracingError
from adviz.primitives import TABLE, Primitive, spellings
from adviz.sources.tracing.calls import SHARED, apply, call, extreme
from adviz.sources.tracing.classes import SEEN
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import ROUNDED, TracedValue

Function = Callable[..., Any]


def _numeric(original: Function, rows: Sequence[Primitive]) -> Function:
    """Return the stand-in of a function that rows of the table compute."""

    def function(*args: Any) -> Any:
        if any(isinstance(argument, TracedValue) for argument in args):
            return apply(rows, args, _getframe(1))
        return original(*args)

    single = len(rows) == 1 and rows[0].arity == 1
    return _unary(rows[0].name, original, function) if single else function


def _unary(op: str, original: Function, general: Function) -> Function:
    """Return the stand-in of a function of one argument, the case that has to be fast."""

    def function(*args: Any) -> Any:
        if len(args) == 1:
            (x,) = args
            if type(x) is TracedValue:
                return x.tape.add(op, (x.node,), _getframe(1), True)
        return general(*args)

    return function


def _composed(original: Function, traced: Function) -> Function:
    """Return the stand-in of a function that several rows compute together."""

    def function(*args: Any, **options: Any) -> Any:
        held = [list(a) if isinstance(a, Iterator) else a for a in args]
        numbers = chain.from_iterable(map(_numbers, (*held, *options.values())))
        found = next((n for n in numbers if isinstance(n, TracedValue)), None)
        if found is None:
            return original(*held, **options)
        result = traced(*held, **options)
        found.tape.name(result, _getframe(1))
        return result

    return function


def _numbers(value: Any) -> Iterable[Any]:
    """Return the numbers that an argument is or holds."""
    several = hasattr(type(value), "__iter__") and not isinstance(value, str | bytes)
    return value if several and getattr(value, "shape", True) else (value,)


def _sum(values: Iterable[Any], start: Any = 0) -> Any:
    listed = list(values)
    first = [] if type(start) is int and start == 0 else [start]
    return reduce(add, [*first, *listed])


def _prod(values: Iterable[Any], *, start: Any = 1) -> Any:
    first = [] if type(start) is int and start == 1 else [start]
    return reduce(mul, [*first, *values])


def _distance(p: Iterable[Any], q: Iterable[Any]) -> Any:
    return _hypot(*[a - b for a, b in zip(p, q, strict=True)])


def _hypot(*parts: Any) -> Any:
    return call("hypot", *parts) if len(parts) > 1 else abs(parts[0])


def _close(a: Any, b: Any, *, rel_tol: Any = 1e-9, abs_tol: Any = 0.0) -> Any:
    scale = rel_tol * call("max", abs(a), abs(b))
    return abs(a - b) <= (call("max", scale, abs_tol) if abs_tol else scale)


def _power(x: Any, y: Any, mod: Any = None) -> Any:
    if mod is not None:
        raise TracingError(f"pow with a modulus has no derivative; {spot(_getframe(1))}")
    return x**y


def _extreme(name: str) -> Function:
    def search(*args: Any, key: Any = None, **options: Any) -> Any:
        if key is not None:  # Python compares, which decides at a followed point
            return getattr(builtins, name)(*args, key=key, **options)
        values = list(args[0]) if len(args) == 1 else list(args)
        return extreme(name, values or [options["default"]])

    return search


_COMPOSED: Mapping[str, Function] = {
    **SHARED,
    "dist": _distance,
    "fma": lambda x, y, z: x * y + z,
    "fsum": _sum,
    "hypot": _hypot,
    "isclose": _close,
    "ldexp": lambda x, i: x * 2**i,
    "prod": _prod,
    "sumprod": lambda p, q: _sum([a * b for a, b in zip(p, q, strict=True)]),
}
"""Functions of `math` made of several rows."""

_ASKING = frozenset({*ROUNDED, "factorial"})
"""Functions of `math` that ask their argument itself for a whole number."""

_BUILTINS: Mapping[str, Function] = {
    "max": _extreme("max"),
    "min": _extreme("min"),
    "pow": _power,
    "sum": _sum,
}


@cache
def stand_ins() -> Mapping[int, Function]:
    """Return the stand-ins of the functions of `math` and the builtins, by their identity."""
    meanings = spellings(TABLE.values())
    found: dict[int, Function] = {}
    for name, original in vars(math).items():
        if name in _COMPOSED:
            found[id(original)] = _composed(original, _COMPOSED[name])
        elif name in meanings and callable(original) and name not in _ASKING:
            found[id(original)] = _numeric(original, meanings[name])
    found[id(abs)] = _numeric(abs, meanings["abs"])
    for name, traced in _BUILTINS.items():
        original = getattr(builtins, name)
        found[id(original)] = _composed(original, traced)
    found.update({id(original): seen for original, seen in SEEN.items()})
    return MappingProxyType(found)
