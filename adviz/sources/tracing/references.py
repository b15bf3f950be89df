"""What a callable can reach: the names its code looks up, and what its values refer to."""

from __future__ import annotations

import builtins
import functools
import sys
from abc import ABC, ABCMeta
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType
from typing import Any

from adviz.sources.tracing.library import LIBRARIES

_LEFT_ALONE = frozenset(sys.stdlib_module_names) | LIBRARIES | {"adviz", "sympy", "networkx"}
CACHED = type(functools.cache(lambda: None))
_METHODS = (staticmethod, classmethod)
_ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None)})


def followed(module: str | None) -> bool:
    """Return whether functions of a module are the user's own, to be followed into."""
    return not module or module.partition(".")[0] not in _LEFT_ALONE


def is_followed(function: FunctionType) -> bool:
    """Return whether a function is the user's own; code without a file was typed in."""
    file = function.__code__.co_filename
    return followed(function.__module__) or (file[:1] == "<" and not file.startswith("<frozen"))


def is_class(value: object) -> bool:
    """Return whether a value is a plain Python class of the user's own, free to be derived from."""
    if not isinstance(value, type) or type(value) not in (type, ABCMeta):
        return False
    bases = [base for base in value.__mro__[:-1] if base is not ABC]
    watched = any("__init_subclass__" in vars(base) for base in bases)
    return not watched and all(followed(base.__module__) for base in bases)


def _is_instance(value: object) -> bool:
    """Return whether a value is an object of a plain Python class, with plain attributes."""
    return is_class(type(value)) and hasattr(value, "__dict__")


def _namespace(cls: type) -> dict[str, Any]:
    """Return what a class and its bases define, the most derived definition of every name."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        found.update(vars(base))
    return found


def names(code: CodeType) -> Iterator[str]:
    """Return the names that code may look up, in the code nested in it too."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names(constant)


def imports(code: CodeType) -> bool:
    """Return whether code imports anything itself."""
    nested = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    roots = {name.partition(".")[0] for name in code.co_names}
    return not roots.isdisjoint(("math", *LIBRARIES)) or any(map(imports, nested))


def _contents(function: FunctionType) -> Iterator[Any]:
    """Return what the closure of a function holds."""
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not assigned yet
            continue


def _is_data(value: Any) -> bool:
    """Return whether a value is plain data, or a list or tuple of it, and calls nothing."""
    kind = type(value)
    return kind in _ATOMS or (kind in (list, tuple) and _ATOMS.issuperset(map(type, value)))


def references(value: Any) -> list[Any]:
    """Return what a value refers to and could call."""
    return [one for one in _all_references(value) if not _is_data(one)]


def _all_references(value: Any) -> list[Any]:
    kind = type(value)
    if kind is FunctionType:
        scopes = (value.__globals__, vars(builtins))
        found = (next((s[n] for s in scopes if n in s), None) for n in names(value.__code__))
        used = [one for one in found if one is not None]
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        return [*used, *_contents(value), *defaults]
    if kind is functools.partial:
        return [value.func, *value.args, *value.keywords.values()]
    if kind is MethodType:
        return [value.__func__, value.__self__]
    if kind is CACHED:
        return [value.__wrapped__]
    if kind in (list, tuple):
        return list(value)
    if kind is dict:
        return list(value.values())
    if kind is property:
        return [value.fget]
    if kind in _METHODS:
        return [value.__func__]
    if is_class(value):
        return list(_namespace(value).values())
    return [kind, *vars(value).values()] if _is_instance(value) else []
