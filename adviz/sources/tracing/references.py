"""What a callable can reach: the names its code looks up, and what its values refer to."""

from __future__ import annotations

import builtins
import sys
from abc import ABC
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from types import BuiltinFunctionType, CodeType, FunctionType, MemberDescriptorType, MethodType
from typing import Any, Generic, Protocol

from adviz.sources.tracing.holders import parts
from adviz.sources.tracing.library import LIBRARIES

_AROUND = frozenset({"adviz", "sympy", "networkx", "typer", "click"})
"""What calls a user's function, or is called by adviz."""
_LEFT_ALONE = frozenset(sys.stdlib_module_names) | LIBRARIES | _AROUND
_PLAIN_BASES = frozenset({object, list, dict, tuple, ABC, Generic, Protocol})
"""Bases outside the user's own code that say nothing about how their objects are made."""
_BASE_OF_OTHERS = 1 << 10
"""Py_TPFLAGS_BASETYPE: the type may be derived from."""
_ATOMS = frozenset({int, float, complex, bool, str, bytes, type(None)})


def followed(module: str | None) -> bool:
    """Return whether functions of a module are the user's own, to be followed into."""
    return not module or module.partition(".")[0] not in _LEFT_ALONE


def is_followed(function: FunctionType) -> bool:
    """Return whether a function is the user's own; code without a file was typed in."""
    file = function.__code__.co_filename
    return followed(function.__module__) or (file[:1] == "<" and not file.startswith("<frozen"))


def is_class(value: object) -> bool:
    """Return whether a value is a Python class of the user's own, free to be derived from."""
    if not isinstance(value, type) or issubclass(value, Enum):
        return False
    return all(base in _PLAIN_BASES or _is_own(base) for base in value.__mro__)


def _is_own(base: type) -> bool:
    """Return whether a class is the user's own, and written in Python."""
    python = not isinstance(vars(base).get("__new__"), BuiltinFunctionType)
    return python and base.__flags__ & _BASE_OF_OTHERS != 0 and followed(base.__module__)


def attributes(value: object) -> dict[str, Any]:
    """Return the attributes of an object of a Python class, those in slots too.

    No code of the class is asked.

    >>> class Pair:
    ...     __slots__ = ("a", "b")
    >>> pair = Pair()
    >>> pair.a = 1
    >>> attributes(pair)
    {'a': 1}
    """
    has_some = type(value).__dictoffset__ != 0
    found = dict(object.__getattribute__(value, "__dict__")) if has_some else {}
    for name, slot in _namespace(type(value)).items():
        if type(slot) is MemberDescriptorType:
            with suppress(AttributeError):  # not set
                found[name] = slot.__get__(value)
    return found


_ITEMS: Mapping[type, Callable[[Any], Iterable[Any]]] = {
    tuple: tuple.__iter__,
    list: list.__iter__,
    dict: dict.values,
    object: lambda _: (),
}
"""What an object holds as the data that it is, past what its class says of it."""


def builtin_base(value: object) -> type:
    """Return the kind of data that an object is: a tuple, list or dictionary, or just an object."""
    return next(kind for kind in _ITEMS if issubclass(type(value), kind))


def _namespace(cls: type) -> dict[str, Any]:
    """Return what a class and its bases define, the most derived definition of every name."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        if base not in _PLAIN_BASES:
            found.update(vars(base))
    found.pop("__annotations__", None)  # types that are spoken of, not called
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
    if kind is MethodType:
        return [value.__func__, value.__self__]
    held = parts(value)
    if held is not None:
        return list(held)
    if is_class(value):
        return list(_namespace(value).values())
    if not is_class(kind):
        return []
    return [kind, *attributes(value).values(), *_ITEMS[builtin_base(value)](value)]
