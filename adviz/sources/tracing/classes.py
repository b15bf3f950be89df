"""What traced code sees in place of `float`, `int` and `type`.

`float(v)` and `int(v)` must give Python numbers, which have no derivative; what stands in for them
gives traced ones of traced ones, and is the class itself in every other respect.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from sys import _getframe
from types import MappingProxyType
from typing import Any

from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.traced import TracedValue, is_vector


class SeenClass(type):
    """A class of Python's as traced code sees it: equal to it, with the same instances."""

    original: type
    of: Callable[..., Any]
    """Makes an instance, of whatever it is called with."""

    def __call__(cls, *args: Any, **options: Any) -> Any:
        """Return an instance, traced if what it is made of is."""
        made = cls.of(*args, **options)
        if isinstance(made, TracedValue):
            made.tape.name(made, _getframe(1))
        return made

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.original)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(getattr(subclass, "original", subclass), cls.original)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.original

    def __hash__(cls) -> int:
        return hash(cls.original)

    def __repr__(cls) -> str:
        return repr(cls.original)

    def __getattr__(cls, name: str) -> Any:
        if name == "dtype" and "numpy" in sys.modules:  # NumPy asks what `dtype=float` means
            return sys.modules["numpy"].dtype(cls.original)
        return getattr(cls.original, name)


def _seen(original: type, of: Callable[..., Any]) -> SeenClass:
    about = {"__module__": original.__module__, "__doc__": original.__doc__}
    made = SeenClass(original.__name__, (), about)
    made.original, made.of = original, of
    return made


def _alone(args: tuple[Any, ...]) -> Any:
    """Return the traced number that is the only argument, by itself or in an array; else None."""
    if len(args) != 1:
        return None
    (value,) = args
    if is_vector(value) and value.size == 1:
        value = value.item()
    return value if isinstance(value, TracedValue) else None


def _float(*args: Any) -> Any:
    """Return a number as a float: a traced one is one, but for conditions and whole numbers."""
    value = _alone(args)
    if value is None:
        return float(*args)
    if isinstance(value, TracedCondition):
        value = value.tape.counted(value)
    return value.tape.real(value)


def _int(*args: Any, **options: Any) -> Any:
    """Return a number without its fraction."""
    value = _alone(args)
    return int(*args, **options) if value is None else value.__trunc__()


def _type(*args: Any, **options: Any) -> Any:
    """Return what the type of a value is where the function is called with numbers."""
    if len(args) != 1:
        return type(*args, **options)
    kind: Any = args[0].__class__ if isinstance(args[0], TracedValue) else type(*args)
    shown = kind.__base__ if is_vector(args[0]) else kind
    return SEEN.get(shown, shown)


SEEN: Mapping[type, SeenClass] = MappingProxyType(
    {
        original: _seen(original, of)
        for original, of in ((float, _float), (int, _int), (type, _type))
    }
)
"""The classes that traced code sees, by those that they stand for."""
