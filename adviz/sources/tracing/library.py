"""What the functions of NumPy and SciPy are called in full, as their users write them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from sys import _getframe
from types import FrameType
from typing import Any

from adviz.sources.tracing.places import is_library, is_own

LIBRARIES = frozenset({"numpy", "scipy"})
"""The libraries whose functions have stand-ins in traced code."""
_SHORT = {"numpy": "np"}
_STANDING = ("function", "original")
"""Locals of our own code that hold the library's function it stands for."""


def library(value: Any) -> str:
    """Return the library that a function or distribution comes from; empty for any other value.

    >>> from math import sin
    >>> library(sin)
    ''
    """
    if not hasattr(value, "__name__") and not is_distribution(value):
        return ""
    module = "numpy" if type(value).__name__ == "ufunc" else _module(value)
    found = module.partition(".")[0]
    return found if found in LIBRARIES and ".random" not in module else ""


def is_distribution(value: Any) -> bool:
    """Return whether a value is a distribution of SciPy."""
    return type(value).__name__.endswith("_gen")


def is_frozen(value: Any) -> bool:
    """Return whether a value is a distribution of SciPy with its parameters."""
    return type(value).__name__.endswith("_frozen") and hasattr(value, "dist")


def full_name(function: Any) -> str:
    """Return the name of a library's function, or of an object of its classes, with its module.

    What begins with an underscore is the library's own affair: the module of a public name is
    left out, and a private function goes by the public one that is being called. A ufunc knows no
    module: it is NumPy's where NumPy has one of that name.

    >>> import numpy
    >>> full_name(numpy.linalg.inv), full_name(numpy.sin)
    ('np.linalg.inv', 'np.sin')
    """
    name: str = getattr(function, "__name__", "") or type(function).__name__.removesuffix("_gen")
    if name.startswith("_"):
        return next(_called(_getframe(1)), name)
    if type(function).__name__ == "ufunc":
        import numpy

        return f"np.{name}" if hasattr(numpy, name) else f"scipy.special.{name}"
    parts = [part for part in _module(function).split(".") if not part.startswith("_")]
    return _joined(*parts, name)


def functions_of(frame: FrameType) -> Iterator[str]:
    """Yield the full name of the public function of a library that a frame runs, or stands for."""
    if is_own(frame.f_code):
        held = (frame.f_locals.get(name) for name in _STANDING)
        yield from (full_name(one) for one in held if library(one))
        return
    module, code = frame.f_globals.get("__name__", ""), frame.f_code
    if module.partition(".")[0] not in LIBRARIES:
        return
    name = code.co_name.rpartition(".")[2]  # compiled code gives its whole path
    if "self" in code.co_varnames[:1]:
        yield from _method(frame.f_locals["self"], name)
    elif name[0] not in "_<":
        yield from _public(module.split("."), name)


def _called(frame: FrameType | None) -> Iterator[str]:
    """Yield the public functions of libraries that are being called, the innermost first."""
    while frame is not None and is_library(frame.f_code):
        if not is_own(frame.f_code):
            yield from functions_of(frame)
        frame = frame.f_back


def _method(owner: Any, name: str) -> Iterator[str]:
    """Yield the full name of a method; that of the class where it is called itself."""
    if not type(owner).__name__.startswith("_"):
        if name.startswith("__"):
            yield full_name(owner)
        elif not name.startswith("_"):
            yield f"{full_name(owner)}.{name}"


def _public(parts: list[str], name: str) -> Iterator[str]:
    """Yield the name of a function in the first of its modules, from the root, that shows it."""
    for count in range(1, len(parts) + 1):
        if hasattr(sys.modules.get(".".join(parts[:count])), name):
            yield _joined(*(part for part in parts[:count] if not part.startswith("_")), name)
            return


def _joined(root: str, *parts: str) -> str:
    return ".".join([_SHORT.get(root, root), *parts])


def _module(value: Any) -> str:
    return getattr(value, "__module__", None) or ""
