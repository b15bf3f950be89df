"""Machine code as a builtin function of Python (METH_FASTCALL, in the stable ABI since 3.7)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from adviz.compiler.native.machine import Library

_NEW = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p)
"""The type of CPython's PyCFunction_NewEx: a definition, what it belongs to, its module."""
_FASTCALL = 0x0080


class Definition(ctypes.Structure):
    """CPython's PyMethodDef; it must live as long as the function."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("code", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def definition(library: Library, name: str, doc: str) -> Definition:
    """Return the definition of a function of a library, whose code is called by `name`."""
    return Definition(b"function", library.address(name), _FASTCALL, doc.encode())


def builtin(defined: Definition, owner: Any) -> Callable[..., Any]:
    """Return a function that hands `owner` to its code and keeps it alive."""
    made: Callable[..., Any] = _NEW(("PyCFunction_NewEx", ctypes.pythonapi))(
        ctypes.addressof(defined), owner, None
    )
    return made
