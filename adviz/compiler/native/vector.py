"""Machine code as a function of an array: the point's numbers in, value and derivatives out.

The wrapper around `void point(ptr in, ptr out)` is one for all programs. It reads and makes NumPy's
arrays by their structure, which `numpy/ndarraytypes.h` compiles into every extension, and which is
compared with an array at hand before it is relied upon.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from adviz.compiler.executable import Array, Part
from adviz.compiler.native.builtin import builtin, definition
from adviz.compiler.native.finite import FINITE
from adviz.compiler.native.machine import Library, compiled

_ORDERLY = 257
"""NumPy's flags of an array that is contiguous (1) and aligned (256)."""


class _Head(ctypes.Structure):
    """NumPy's PyArrayObject_fields, behind what CPython puts before every object."""

    _fields_ = (
        ("object", ctypes.c_char * object.__basicsize__),
        ("data", ctypes.c_void_p),
        ("axes", ctypes.c_int),
        ("shape", ctypes.POINTER(ctypes.c_ssize_t)),
        ("strides", ctypes.POINTER(ctypes.c_ssize_t)),
        ("base", ctypes.c_void_p),
        ("dtype", ctypes.c_void_p),
        ("flags", ctypes.c_int),
    )


class _Part(ctypes.Structure):
    """One result: how many numbers, by which places in the row, in which shape; -1 is a float."""

    _fields_ = (("count", ctypes.c_int64), ("places", ctypes.c_void_p), ("shape", ctypes.py_object))


class _Facts(ctypes.Structure):
    """What `@vector` is told of a program, and the objects of Python that it handles."""

    _fields_ = (
        ("point", ctypes.c_void_p),
        ("parameters", ctypes.c_int64),
        ("results", ctypes.c_int64),
        ("count", ctypes.c_int64),
        ("parts", ctypes.POINTER(_Part)),
        ("empty", ctypes.py_object),
        ("kind", ctypes.py_object),
        ("double", ctypes.py_object),
        ("nothing", ctypes.py_object),
    )


_HEAD = f"%Head = type {{ [{object.__basicsize__} x i8], ptr, i32, ptr, ptr, ptr, ptr, i32 }}\n"
_WRAPPER = """\
%Part = type { i64, ptr, ptr }
%Facts = type { ptr, i64, i64, i64, ptr, ptr, ptr, ptr, ptr }
declare ptr @PyTuple_GetItem(ptr, i64)
declare ptr @PyCapsule_GetPointer(ptr, ptr)
declare ptr @PyObject_Type(ptr)
declare ptr @PyMem_Malloc(i64)
declare void @PyMem_Free(ptr)
declare ptr @PyErr_NoMemory()
declare ptr @PyFloat_FromDouble(double)
declare ptr @PyTuple_New(i64)
declare i32 @PyTuple_SetItem(ptr, i64, ptr)
declare ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)
declare void @Py_IncRef(ptr)
declare void @Py_DecRef(ptr)
; where an array keeps its doubles, if these are so many on one axis, side by side; or null
define internal ptr @held(ptr %object, ptr %facts) nounwind {
  %at.kind = getelementptr %Facts, ptr %facts, i64 0, i32 6
  %kind = load ptr, ptr %at.kind, align 8
  %own = call ptr @PyObject_Type(ptr %object)
  call void @Py_DecRef(ptr %own)
  %array = icmp eq ptr %own, %kind
  br i1 %array, label %look, label %refuse
look:
  %at.double = getelementptr %Facts, ptr %facts, i64 0, i32 7
  %double = load ptr, ptr %at.double, align 8
  %at.dtype = getelementptr %Head, ptr %object, i64 0, i32 6
  %dtype = load ptr, ptr %at.dtype, align 8
  %at.axes = getelementptr %Head, ptr %object, i64 0, i32 2
  %axes = load i32, ptr %at.axes, align 4
  %at.flags = getelementptr %Head, ptr %object, i64 0, i32 7
  %flags = load i32, ptr %at.flags, align 4
  %both = and i32 %flags, 257
  %orderly = icmp eq i32 %both, 257
  %row = icmp eq i32 %axes, 1
  %doubles = icmp eq ptr %dtype, %double
  %some = and i1 %orderly, %row
  %plain = and i1 %some, %doubles
  br i1 %plain, label %measure, label %refuse
measure:
  %at.parameters = getelementptr %Facts, ptr %facts, i64 0, i32 1
  %parameters = load i64, ptr %at.parameters, align 8
  %at.shape = getelementptr %Head, ptr %object, i64 0, i32 3
  %shape = load ptr, ptr %at.shape, align 8
  %size = load i64, ptr %shape, align 8
  %fits = icmp eq i64 %size, %parameters
  %at.data = getelementptr %Head, ptr %object, i64 0, i32 1
  %data = load ptr, ptr %at.data, align 8
  %given = select i1 %fits, ptr %data, ptr null
  ret ptr %given
refuse:
  ret ptr null
}
; a result as a new object: a float, or an array of numbers taken from the row
define internal ptr @made(ptr %part, ptr %row, ptr %empty) nounwind {
  %count = load i64, ptr %part, align 8
  %at.places = getelementptr %Part, ptr %part, i64 0, i32 1
  %places = load ptr, ptr %at.places, align 8
  %at.shape = getelementptr %Part, ptr %part, i64 0, i32 2
  %alone = icmp slt i64 %count, 0
  br i1 %alone, label %float, label %array
float:
  %only = load i64, ptr %places, align 8
  %at.only = getelementptr double, ptr %row, i64 %only
  %value = load double, ptr %at.only, align 8
  %boxed = call ptr @PyFloat_FromDouble(double %value)
  ret ptr %boxed
array:
  %object = call ptr @PyObject_Vectorcall(ptr %empty, ptr %at.shape, i64 1, ptr null)
  %lost = icmp eq ptr %object, null
  br i1 %lost, label %return, label %open
open:
  %at.data = getelementptr %Head, ptr %object, i64 0, i32 1
  %data = load ptr, ptr %at.data, align 8
  br label %next
next:
  %k = phi i64 [0, %open], [%after, %copy]
  %more = icmp slt i64 %k, %count
  br i1 %more, label %copy, label %return
copy:
  %at.place = getelementptr i64, ptr %places, i64 %k
  %place = load i64, ptr %at.place, align 8
  %from = getelementptr double, ptr %row, i64 %place
  %number = load double, ptr %from, align 8
  %to = getelementptr double, ptr %data, i64 %k
  store double %number, ptr %to, align 8
  %after = add i64 %k, 1
  br label %next
return:
  ret ptr %object
}
define ptr @vector(ptr %self, ptr %arguments, i64 %given) nounwind {
  %capsule = call ptr @PyTuple_GetItem(ptr %self, i64 0)
  %facts = call ptr @PyCapsule_GetPointer(ptr %capsule, ptr null)
  %one = icmp eq i64 %given, 1
  br i1 %one, label %look, label %nothing
look:
  %argument = load ptr, ptr %arguments, align 8
  %in = call ptr @held(ptr %argument, ptr %facts)
  %readable = icmp ne ptr %in, null
  br i1 %readable, label %open, label %nothing
open:
  %at.results = getelementptr %Facts, ptr %facts, i64 0, i32 2
  %results = load i64, ptr %at.results, align 8
  %bytes = shl i64 %results, 3
  %row = call ptr @PyMem_Malloc(i64 %bytes)
  %full = icmp eq ptr %row, null
  br i1 %full, label %fail, label %compute
compute:
  %point = load ptr, ptr %facts, align 8
  call void %point(ptr %in, ptr %row)
  %at.parameters = getelementptr %Facts, ptr %facts, i64 0, i32 1
  %parameters = load i64, ptr %at.parameters, align 8
  %known = call i1 @finite(ptr %in, i64 %parameters)
  %found = call i1 @finite(ptr %row, i64 %results)
  %all = and i1 %known, %found
  br i1 %all, label %give, label %release
give:
  %at.count = getelementptr %Facts, ptr %facts, i64 0, i32 3
  %count = load i64, ptr %at.count, align 8
  %at.parts = getelementptr %Facts, ptr %facts, i64 0, i32 4
  %parts = load ptr, ptr %at.parts, align 8
  %at.empty = getelementptr %Facts, ptr %facts, i64 0, i32 5
  %empty = load ptr, ptr %at.empty, align 8
  %single = icmp eq i64 %count, 0
  br i1 %single, label %only, label %several
only:
  %whole = call ptr @made(ptr %parts, ptr %row, ptr %empty)
  br label %done
several:
  %tuple = call ptr @PyTuple_New(i64 %count)
  %no.tuple = icmp eq ptr %tuple, null
  br i1 %no.tuple, label %done, label %next
next:
  %k = phi i64 [0, %several], [%after, %put]
  %more = icmp slt i64 %k, %count
  br i1 %more, label %make, label %done
make:
  %part = getelementptr %Part, ptr %parts, i64 %k
  %object = call ptr @made(ptr %part, ptr %row, ptr %empty)
  %lost = icmp eq ptr %object, null
  br i1 %lost, label %drop, label %put
put:
  %status = call i32 @PyTuple_SetItem(ptr %tuple, i64 %k, ptr %object)
  %after = add i64 %k, 1
  br label %next
drop:
  call void @Py_DecRef(ptr %tuple)
  br label %done
done:
  %answer = phi ptr [%whole, %only], [null, %several], [%tuple, %next], [null, %drop]
  call void @PyMem_Free(ptr %row)
  ret ptr %answer
release:
  call void @PyMem_Free(ptr %row)
  br label %nothing
nothing:
  %at.nothing = getelementptr %Facts, ptr %facts, i64 0, i32 8
  %none = load ptr, ptr %at.nothing, align 8
  call void @Py_IncRef(ptr %none)
  ret ptr %none
fail:
  %error = call ptr @PyErr_NoMemory()
  ret ptr %error
}
"""

_CAPSULE = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
"""The type of CPython's PyCapsule_New: an address as an object."""


def function(
    library: Library, parameters: int, results: int, parts: Part | Sequence[Part]
) -> Callable[[Any], Any]:
    """Return `@point` of a library as a function of an array, which gives parts of the results.

    It gives None for anything but one axis of so many doubles, side by side, and where a number is
    not finite. The library lives as long as the function.
    """
    several = isinstance(parts, tuple)
    listed = [_part(part) for part in (parts if isinstance(parts, tuple) else (parts,))]
    table = (_Part * len(listed))(*[part for part, _ in listed])
    count = len(listed) if several else 0
    address = library.address("point")
    double = np.dtype(np.float64)
    facts = _Facts(address, parameters, results, count, table, np.empty, np.ndarray, double, None)
    capsule = _CAPSULE(("PyCapsule_New", ctypes.pythonapi))(ctypes.addressof(facts), None, None)
    defined = definition(_wrapper(), "vector", "Return the results, where all is finite.")
    return builtin(defined, (capsule, facts, table, listed, defined, library))


def _part(part: Part) -> tuple[_Part, Any]:
    """Return a part as the wrapper reads it, and the memory that it points to."""
    places = np.array(part, dtype=np.int64)
    shape = places.shape if places.ndim > 1 else places.size
    return _Part(places.size if places.ndim else -1, places.ctypes.data, shape), places


@cache
def readable() -> bool:
    """Return whether arrays and objects have the structure here that the wrapper reads."""
    if sys.implementation.name != "cpython":
        return False
    sample: Array = np.empty((2, 3))[:, 1]
    head = _Head.from_address(id(sample))
    facts = head.data, head.axes, head.dtype, head.flags & _ORDERLY
    told = sample.ctypes.data, 1, id(sample.dtype), _ORDERLY & ~1
    return facts == told and (head.shape[0], head.strides[0]) == (2, 24)


@cache
def _wrapper() -> Library:
    return compiled(_HEAD + FINITE + _WRAPPER)
