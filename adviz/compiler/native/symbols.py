"""Addresses of the functions that machine code calls: the C library's, libmvec's, CPython's."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Mapping
from functools import cache

_LIBRARIES: Mapping[str, tuple[str | None, ...]] = {
    "linux": (None, "libm.so.6", "libmvec.so.1"),
    "win32": ("ucrtbase", "vcruntime140"),
}
"""Where a platform keeps C functions: the process itself, or a library by name."""

ALWAYS = ("fmod", "fma", "memcpy", "memset")
"""What LLVM calls without being told to."""


@cache
def address(name: str) -> int | None:
    """Return the address of a C function of this process or its mathematical libraries.

    >>> address("exp") is not None, address("no_such_function")
    (True, None)
    """
    for library in _opened():
        if hasattr(library, name):
            return ctypes.cast(getattr(library, name), ctypes.c_void_p).value
    return None


def addresses(names: Iterable[str]) -> dict[str, int]:
    """Return the addresses of those functions that exist."""
    found = {name: address(name) for name in names}
    return {name: place for name, place in found.items() if place is not None}


@cache
def _opened() -> tuple[ctypes.CDLL, ...]:
    """Return the libraries to search; a library that is missing only has no functions."""
    found: list[ctypes.CDLL] = [ctypes.pythonapi]
    for name in _LIBRARIES.get(sys.platform, (None,)):
        try:
            found.append(ctypes.CDLL(name))
        except OSError:
            continue
    return tuple(found)
