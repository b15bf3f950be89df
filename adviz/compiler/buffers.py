"""Memory for large results, used again as soon as nobody holds the result before.

The system hands out new memory page by page and clears each; for a kernel called again and again
that costs more than the arithmetic.
"""

from __future__ import annotations

import ctypes
from typing import Any
from weakref import finalize

import numpy as np

from adviz.compiler.executable import Array

LARGE = 2**14
"""From how many numbers on memory comes fresh from the system."""
MOST = 2**25
"""How many numbers are kept at most while nobody needs them."""
_LINE = 8
"""The doubles of a cache line."""


class Loans:
    """Columns of one size at a time; a column's memory comes back when its last view is gone.

    >>> loans = Loans()
    >>> first = loans.column(LARGE)
    >>> place = first.ctypes.data
    >>> del first
    >>> loans.column(LARGE).ctypes.data == place
    True
    """

    def __init__(self) -> None:
        self._kept: tuple[int, list[Array]] = (0, [])

    def column(self, size: int) -> Array:
        """Return a column of so many numbers, whatever they are, that nobody else holds."""
        if size < LARGE:
            return np.empty(size)
        kept_size, kept = self._kept  # once: another thread may ask for another size
        if kept_size != size:
            self._kept = (size, kept := [])
        try:
            block = kept.pop()
        except IndexError:
            block = np.empty(size + _LINE)
        memory: Any = block
        loan: Any = (ctypes.c_double * block.size).from_buffer(memory)
        finalize(loan, self._take_back, size, block).atexit = False
        first = -block.ctypes.data // _LINE % _LINE
        return np.frombuffer(loan)[first : first + size]

    def _take_back(self, size: int, block: Array) -> None:
        wanted, kept = self._kept
        if wanted == size and len(kept) * size < MOST:
            kept.append(block)
