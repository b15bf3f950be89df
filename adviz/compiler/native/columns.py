"""A compiled loop over many points: columns in, columns out, on several threads."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from threading import Thread
from typing import Any

import numpy as np

from adviz.compiler.buffers import Loans
from adviz.compiler.executable import Array, Column, Many
from adviz.compiler.llvm import BLOCK
from adviz.compiler.native.machine import Library

WORTHWHILE = 2**21
"""How many operations a thread must have to do before it pays to start it."""

_P, _I = ctypes.c_void_p, ctypes.c_int64
_SIGNATURE = ctypes.CFUNCTYPE(None, _P, _P, _P, _I, _I, _P)
"""Called through this, machine code runs without Python's lock."""


class Points:
    """`@points` of a module as a function of columns."""

    def __init__(self, library: Library, width: int, results: int, operations: int) -> None:
        self.library = library
        self.loop = _SIGNATURE(library.address("points"))
        self.width, self.results, self.operations = width, results, operations
        self.loans = Loans()

    def __call__(self, columns: Sequence[Column], count: int, threads: int | None = None) -> Many:
        """Return a new column per result, and where a number may not be finite."""
        if not count:
            return [np.empty(0) for _ in range(self.results)], []
        held = [self._held(column, count) for column in columns]
        size = max(count, self.width)
        found = [self.loans.column(size) for _ in range(self.results)]
        places = (_P * len(held))(*[column.ctypes.data for column in held])
        steps = (_I * len(held))(*[int(column.size >= size) for column in held])
        into = (_P * self.results)(*[column.ctypes.data for column in found])
        suspects = np.zeros(-(-size // BLOCK), dtype=np.uint8)

        def run(start: int, stop: int) -> None:
            mark = suspects.ctypes.data + start // BLOCK
            self.loop(places, steps, into, start, stop, mark)

        shared(run, size, BLOCK, self.operations, threads)
        return [column[:count] for column in found], self._runs(suspects, count)

    def _held(self, column: Column, count: int) -> Array:
        """Return a column as the loop reads it: at least `width` numbers."""
        if isinstance(column, np.ndarray) and column.ndim and column.size >= self.width:
            return np.ascontiguousarray(column, dtype=np.float64)
        numbers = np.asarray(column, dtype=np.float64).reshape(-1)
        wide = np.full(self.width, numbers[-1])
        wide[: numbers.size] = numbers
        return wide

    def _runs(self, suspects: np.ndarray[Any, np.dtype[np.uint8]], count: int) -> list[slice]:
        """Return the points of marked blocks as slices, neighbours together."""
        found: list[slice] = []
        for block in np.flatnonzero(suspects):
            start, stop = int(block) * BLOCK, (int(block) + 1) * BLOCK
            stop = stop if count - stop >= self.width else count
            if found and found[-1].stop == start:
                start = found.pop().start
            found.append(slice(start, stop))
        return found


def shared(
    run: Callable[[int, int], None], count: int, block: int, operations: int, threads: int | None
) -> None:
    """Run a loop over all points, shared out among threads in whole blocks of so many.

    Unless told how many, it starts as many threads as have enough operations to do.
    """
    blocks = count // block
    worthwhile = count * operations // WORTHWHILE if threads is None else blocks
    wanted = max(1, min(threads or processors(), worthwhile, blocks))
    edges = [k * blocks // wanted * block for k in range(wanted)] + [count]
    others = [Thread(target=run, args=pair) for pair in pairwise(edges[1:])]
    for other in others:
        other.start()
    run(*edges[:2])
    for other in others:
        other.join()


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
