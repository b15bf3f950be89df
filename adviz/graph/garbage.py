"""A rest for Python's collector of cyclic garbage while something large is made.

CPython looks for cyclic garbage whenever many objects have been made: all new ones again and
again, and all objects whenever a quarter has been added to them. What is made here has no cycles,
and is kept; looking through it took two thirds of the time of a graph of a million nodes.
"""

from __future__ import annotations

import gc
from threading import Lock
from types import TracebackType


class Pause:
    """Keeps the collector from running; several, nested or in several threads, are one pause.

    It resumes when the last of them ends, if it ran when the first began.

    >>> import gc
    >>> with PAUSED:
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._depth = 0
        self._resumes = False

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._resumes = gc.isenabled()
                gc.disable()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0 and self._resumes:
                gc.enable()


PAUSED = Pause()
"""The one pause there is: the interpreter has one collector."""
