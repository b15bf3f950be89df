"""Memory for large results, used again as soon as nobody holds the result before.

The system hands out new memory page by page and clears each; for a kernel called again and again
that costs more than the arithmetic.
"""

from __future__ import annotations

import ctypes
from itertools import count
from typing import Any
from weakref import finalize

import numpy as np

from adviz.compiler.executable import Array

LARGE = 2**14
"""From how many numbers on memory comes fresh from the system."""
MOST = 2**25
"""How many numbers are kept at most while nobody needs them."""
_LINE, _PAGE = 8, 512
"""The doubles of a cache line, and of a page; a processor's first cache sorts by places in it."""
_FIRST, _STEP = 4, 9
"""The line of its page at which the first column begins, and how much later each other does. Where
all begin alike, a loop with four results at a million points takes 3.9 ms instead of 2.4, and 2.9
where they begin up to 128 bytes behind what it reads, which large arrays of NumPy's have at 16."""


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
        self._lines = count(_FIRST, _STEP)

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
            block = self._block(size)
        memory: Any = block
        loan: Any = (ctypes.c_double * size).from_buffer(memory)
        finalize(loan, self._take_back, block).atexit = False
        return np.frombuffer(loan)

    def _block(self, size: int) -> Array:
        """Return new memory that begins with a cache line, another one of its page each time."""
        memory = np.empty(size + _PAGE)
        wanted = next(self._lines) * _LINE
        first = (wanted - memory.ctypes.data // memory.itemsize) % _PAGE
        return memory[first : first + size]

    def _take_back(self, block: Array) -> None:
        wanted, kept = self._kept
        if wanted == block.size and len(kept) * block.size < MOST:
            kept.append(block)
