"""Machine code as a function of an array: the point's numbers in, a new array of results out.

The wrapper around `void point(ptr in, ptr out)` is one for all programs. It reads and writes the
arrays' own memory, through CPython's buffer protocol (PEP 3118; its structure is the same in all
versions, and in the stable ABI since 3.11).
"""

from __future__ import annotations

import ctypes
from functools import cache

from adviz.compiler.executable import Row
from adviz.compiler.native.builtin import builtin, definition
from adviz.compiler.native.finite import FINITE
from adviz.compiler.native.machine import Library, compiled

_WRAPPER = """\
declare ptr @PyTuple_GetItem(ptr, i64)
declare ptr @PyCapsule_GetPointer(ptr, ptr)
declare void @PyErr_Clear()
declare i32 @PyObject_GetBuffer(ptr, ptr, i32)
declare void @PyBuffer_Release(ptr)
declare ptr @PyBool_FromLong(i64)
; where an object keeps its doubles, if these are so many on one axis, side by side; or null
define internal ptr @held(ptr %object, ptr %view, i32 %flags, i64 %count) nounwind {
  %status = call i32 @PyObject_GetBuffer(ptr %object, ptr %view, i32 %flags)
  %got = icmp eq i32 %status, 0
  br i1 %got, label %look, label %clear
look:
  %buffer = load ptr, ptr %view, align 8
  %at.size = getelementptr i8, ptr %view, i64 16
  %size = load i64, ptr %at.size, align 8
  %at.axes = getelementptr i8, ptr %view, i64 36
  %axes = load i32, ptr %at.axes, align 4
  %at.format = getelementptr i8, ptr %view, i64 40
  %format = load ptr, ptr %at.format, align 8
  %place = ptrtoint ptr %buffer to i64
  %odd = and i64 %place, 7
  %aligned = icmp eq i64 %odd, 0
  %bytes = shl i64 %count, 3
  %whole = icmp eq i64 %size, %bytes
  %row = icmp eq i32 %axes, 1
  %told = icmp ne ptr %format, null
  %some = and i1 %whole, %row
  %most = and i1 %some, %aligned
  %plain = and i1 %most, %told
  br i1 %plain, label %read, label %release
read:
  %letter = load i8, ptr %format, align 1
  %at.end = getelementptr i8, ptr %format, i64 1
  %end = load i8, ptr %at.end, align 1
  %double = icmp eq i8 %letter, 100
  %alone = icmp eq i8 %end, 0
  %good = and i1 %double, %alone
  br i1 %good, label %give, label %release
give:
  ret ptr %buffer
release:
  call void @PyBuffer_Release(ptr %view)
  ret ptr null
clear:
  call void @PyErr_Clear()
  ret ptr null
}
define ptr @vector(ptr %self, ptr %arguments, i64 %count) nounwind {
  %read = alloca [80 x i8], align 8
  %written = alloca [80 x i8], align 8
  %capsule = call ptr @PyTuple_GetItem(ptr %self, i64 0)
  %facts = call ptr @PyCapsule_GetPointer(ptr %capsule, ptr null)
  %point = load ptr, ptr %facts, align 8
  %parameters.at = getelementptr i64, ptr %facts, i64 1
  %parameters = load i64, ptr %parameters.at, align 8
  %results.at = getelementptr i64, ptr %facts, i64 2
  %results = load i64, ptr %results.at, align 8
  %two = icmp eq i64 %count, 2
  br i1 %two, label %first, label %refuse
first:
  %argument = load ptr, ptr %arguments, align 8
  %in = call ptr @held(ptr %argument, ptr %read, i32 12, i64 %parameters)
  %readable = icmp ne ptr %in, null
  br i1 %readable, label %second, label %refuse
second:
  %at = getelementptr ptr, ptr %arguments, i64 1
  %result = load ptr, ptr %at, align 8
  %out = call ptr @held(ptr %result, ptr %written, i32 13, i64 %results)
  %writable = icmp ne ptr %out, null
  br i1 %writable, label %compute, label %release
compute:
  call void %point(ptr %in, ptr %out)
  %known = call i1 @finite(ptr %in, i64 %parameters)
  %found = call i1 @finite(ptr %out, i64 %results)
  %all = and i1 %known, %found
  %truth = zext i1 %all to i64
  call void @PyBuffer_Release(ptr %written)
  br label %release
release:
  %answer = phi i64 [%truth, %compute], [0, %second]
  call void @PyBuffer_Release(ptr %read)
  br label %return
refuse:
  br label %return
return:
  %told = phi i64 [%answer, %release], [0, %refuse]
  %object = call ptr @PyBool_FromLong(i64 %told)
  ret ptr %object
}
"""


class _Facts(ctypes.Structure):
    """What `@vector` is told of a program: where its code begins, and its sizes."""

    _fields_ = (
        ("point", ctypes.c_void_p),
        ("parameters", ctypes.c_int64),
        ("results", ctypes.c_int64),
    )


_CAPSULE = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
"""The type of CPython's PyCapsule_New: an address as an object."""


def function(library: Library, parameters: int, results: int) -> Row:
    """Return `@point` of a library as a function of two arrays: what is given, and the results.

    It is False for anything but one axis of so many doubles, side by side, and where a number is
    not finite. The library lives as long as the function.
    """
    facts = _Facts(library.address("point"), parameters, results)
    capsule = _CAPSULE(("PyCapsule_New", ctypes.pythonapi))(ctypes.addressof(facts), None, None)
    defined = definition(_wrapper(), "vector", "Write the results; return whether all is finite.")
    made: Row = builtin(defined, (capsule, facts, defined, library))
    return made


@cache
def _wrapper() -> Library:
    return compiled(FINITE + _WRAPPER)
