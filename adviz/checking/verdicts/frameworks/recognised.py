"""Whose function it is: a framework's, made by one, or one that calls it; nothing is imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

from adviz.checking.verdicts.frameworks.framework import FRAMEWORKS, Framework
from adviz.sources.tracing.references import references

_MOST = 100
"""So many functions are looked through."""
_LEAVES = 1000
"""So many values of arguments are looked at."""


def framework_of(function: Any) -> Framework | None:
    """Return the framework that a function belongs to, or that it or its helpers call.

    >>> import math
    >>> framework_of(math.sin)
    """
    loaded = [one for one in FRAMEWORKS if one.roots[0] in sys.modules]
    if not loaded:
        return None
    for value in reached(function):
        for one in loaded:
            if not roots(value).isdisjoint(one.roots):
                return one
    return None


def framework_at(function: Any, args: Sequence[Any]) -> Framework | None:
    """Return whose function it is: by its arguments, else by what it is made of."""
    leaves = [*_inside(args)]
    for one in FRAMEWORKS:
        loaded = one.roots[0] in sys.modules
        if loaded and any(not roots(leaf).isdisjoint(one.roots) for leaf in leaves):
            return one
    return framework_of(function)


def _inside(args: Sequence[Any]) -> Iterator[Any]:
    """Yield what lists, tuples and dictionaries hold, as far as it takes to see whose it is."""
    waiting: list[Any] = [*args]
    for _ in range(_LEAVES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict | list | tuple):
            waiting += value.values() if isinstance(value, dict) else value
        else:
            yield value


def is_made(function: Any, framework: Framework) -> bool:
    """Return whether a function is one that a framework's derivative makes, such as `grad(f)`.

    It is Python's, and defined in the framework.
    """
    return isinstance(function, FunctionType) and _home(function) in framework.roots


def roots(value: Any) -> set[str]:
    """Return the packages that a value comes from: of a function also that where it is defined.

    Of an object they are those of its class and of the classes below it.
    """
    if isinstance(value, ModuleType):
        return {value.__name__.partition(".")[0]}
    own = getattr(value, "__module__", None) if callable(value) else None
    if isinstance(value, FunctionType):
        return {_home(value), str(own).partition(".")[0]}
    kinds = (value if isinstance(value, type) else type(value)).__mro__
    return {str(name).partition(".")[0] for name in (own, *(k.__module__ for k in kinds))}


def _home(function: FunctionType) -> str:
    """Return the package in which a function is defined, whatever it says of itself."""
    return str(function.__globals__.get("__name__", "")).partition(".")[0]


def reached(function: Any) -> Iterator[Any]:
    """Yield a function, what it refers to, and so on through plain functions."""
    waiting, seen = [function], set[int]()
    while waiting and len(seen) < _MOST:
        value = waiting.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, partial):
            waiting.append(value.func)
        if isinstance(value, MethodType):
            waiting.append(value.__func__)
        if isinstance(value, FunctionType):
            waiting += references(value)
