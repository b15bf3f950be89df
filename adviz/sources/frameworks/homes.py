"""Whose a function is, JAX's or PyTorch's: told by type and arguments; nothing is imported."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from types import FunctionType
from typing import Any

HOMES: Mapping[str, str] = {
    "jax": "JAX",
    "jaxlib": "JAX",
    "torch": "PyTorch",
    "functorch": "PyTorch",
}
"""The frameworks by the packages that their objects come from."""
_DEEPEST = 8


def framework_of(source: Any, arguments: Any = None) -> str:
    """Return the framework that a callable is of, or whose arrays it is given; empty for none.

    >>> framework_of(abs), framework_of("x*y"), framework_of(abs, {"x": [1.0, 2.0]})
    ('', '', '')
    """
    if not callable(source) or isinstance(source, type):
        return ""
    return own_framework(source) or next(_of_arrays(arguments), "")


def own_framework(source: Any) -> str:
    """Return the framework that an object's type, or the code of a function, comes from.

    >>> own_framework(abs)
    ''
    """
    names = [kind.__module__ for kind in type(source).__mro__]
    if isinstance(source, FunctionType):
        names.append(source.__globals__.get("__name__", ""))
    return next(filter(None, map(_home, names)), "")


def _home(module: Any) -> str:
    return HOMES.get(str(module).partition(".")[0], "")


def _of_arrays(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the frameworks of the arrays that are, or lie in, a value."""
    if hasattr(value, "shape"):
        yield from filter(None, map(_home, [kind.__module__ for kind in type(value).__mro__]))
    elif depth < _DEEPEST:
        for part in parts_of(value):
            yield from _of_arrays(part, depth + 1)


def parts_of(value: Any) -> list[Any]:
    """Return what a mapping, a list or a dataclass holds."""
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, list | tuple):
        return list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name) for field in dataclasses.fields(value)]
    return []
