"""Machine code as a builtin function of Python: floats in, a tuple of floats out.

The wrapper around `void point(ptr in, ptr out)` is machine code too and speaks CPython's C API, so
that a call costs little more than its arithmetic. What it cannot read it hands to a Python
callable, which explains.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from typing import Any

from adviz.compiler.native.builtin import builtin, definition
from adviz.compiler.native.machine import Library

PointCall = Callable[..., tuple[float, ...]]

_ON_STACK = 10_000
"""How many numbers a wrapper keeps on the stack; with more, Python carries them."""

_WRAPPER = """
declare double @PyFloat_AsDouble(ptr)
declare ptr @PyFloat_FromDouble(double)
declare ptr @PyErr_Occurred()
declare void @PyErr_Clear()
declare ptr @PyTuple_New(i64)
declare i32 @PyTuple_SetItem(ptr, i64, ptr)
declare void @Py_DecRef(ptr)
declare ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)
define ptr @call(ptr %self, ptr %arguments, i64 %count) nounwind {{
  %in = alloca [{parameters} x double], align 64
  %out = alloca [{results} x double], align 64
  %complete = icmp eq i64 %count, {parameters}
  br i1 %complete, label %read, label %refuse
read:
  %i = phi i64 [0, %0], [%next, %take]
  %all = icmp eq i64 %i, {parameters}
  br i1 %all, label %compute, label %convert
convert:
  %place = getelementptr ptr, ptr %arguments, i64 %i
  %argument = load ptr, ptr %place, align 8
  %number = call double @PyFloat_AsDouble(ptr %argument)
  %odd = fcmp oeq double %number, -1.0
  br i1 %odd, label %ask, label %take
ask:
  %error = call ptr @PyErr_Occurred()
  %fine = icmp eq ptr %error, null
  br i1 %fine, label %take, label %clear
take:
  %to = getelementptr double, ptr %in, i64 %i
  store double %number, ptr %to, align 8
  %next = add i64 %i, 1
  br label %read
clear:
  call void @PyErr_Clear()
  br label %refuse
refuse:
  %explained = call ptr @PyObject_Vectorcall(ptr %self, ptr %arguments, i64 %count, ptr null)
  ret ptr %explained
compute:
  call void @point(ptr %in, ptr %out)
  %tuple = call ptr @PyTuple_New(i64 {results})
  %none = icmp eq ptr %tuple, null
  br i1 %none, label %fail, label %write
write:
  %j = phi i64 [0, %compute], [%after, %put]
  %done = icmp eq i64 %j, {results}
  br i1 %done, label %return, label %box
box:
  %from = getelementptr double, ptr %out, i64 %j
  %result = load double, ptr %from, align 8
  %boxed = call ptr @PyFloat_FromDouble(double %result)
  %lost = icmp eq ptr %boxed, null
  br i1 %lost, label %drop, label %put
put:
  %ignored = call i32 @PyTuple_SetItem(ptr %tuple, i64 %j, ptr %boxed)
  %after = add i64 %j, 1
  br label %write
return:
  ret ptr %tuple
drop:
  call void @Py_DecRef(ptr %tuple)
  ret ptr null
fail:
  ret ptr null
}}
"""


def wrapped(ir: str, parameters: int, results: int) -> str:
    """Return a module that defines `@point` with the wrapper `@call` added, where one can be."""
    if sys.implementation.name != "cpython" or parameters + results > _ON_STACK:
        return ir
    return ir + _WRAPPER.format(parameters=parameters, results=results)


def function(library: Library, parameters: Sequence[str], results: int) -> PointCall:
    """Return `@point` of a library as a function of positional floats.

    It gives a tuple of `results` floats and never raises for what arithmetic gives. A wrong
    number of arguments, or one that is no real number, raises TypeError. The library lives as
    long as the function.
    """
    owner = MachineCode(library, tuple(parameters), results)
    return owner.builtin() if library.defines("call") else owner


class MachineCode:
    """What a builtin function belongs to: keeps its code alive, and is called when it refuses."""

    def __init__(self, library: Library, parameters: tuple[str, ...], results: int) -> None:
        self.library, self.parameters, self.results = library, parameters, results
        self.point = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(
            library.address("point")
        )

    def __repr__(self) -> str:
        return f"machine code of ({', '.join(self.parameters)})"

    def builtin(self) -> PointCall:
        """Return the wrapper as Python's own kind of function."""
        text = "Return the program's results as a tuple of floats."
        names = ", ".join((*(f"x{k}" for k in range(len(self.parameters))), "/"))
        signature = f"function({names if self.parameters else ''})\n--\n\n"
        self.definition = definition(self.library, "call", signature + text)
        return builtin(self.definition, self)

    def __call__(self, *arguments: Any) -> tuple[float, ...]:
        """Compute in Python, or say what is wrong with the arguments."""
        wanted = len(self.parameters)
        if len(arguments) != wanted:
            plural = "" if wanted == 1 else "s"
            listed = ", ".join(self.parameters)
            raise TypeError(
                f"the function takes {wanted} number{plural} ({listed}), not {len(arguments)}"
            )
        numbers = (ctypes.c_double * wanted)(*map(_real, self.parameters, arguments))
        found = (ctypes.c_double * self.results)()
        self.point(ctypes.addressof(numbers), ctypes.addressof(found))
        return tuple(found)


def _real(name: str, argument: Any) -> float:
    """Return an argument as a float."""
    try:
        if isinstance(argument, str | bytes | bytearray):
            raise TypeError
        return float(argument)
    except OverflowError:
        raise OverflowError(f"{name} is too large for a float: {_shown(argument)}") from None
    except (TypeError, ValueError):
        kind = type(argument).__name__
        message = f"{name} must be a real number, not {_shown(argument)} ({kind})"
        raise TypeError(message) from None


def _shown(argument: Any) -> str:
    """Return an argument as a message shows it, never at length."""
    try:
        text = repr(argument)
    except ValueError:
        return "an integer of very many digits"
    return text if len(text) <= 60 else text[:57] + "..."
