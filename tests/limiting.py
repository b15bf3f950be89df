"""A limit on the processor time of what a tool tries: fuzzers and benchmarks, never a test."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class TooSlow(Exception):
    """Something took more processor time than it may."""


@contextmanager
def at_most(seconds: float, late: type[BaseException] = TooSlow) -> Iterator[None]:
    """Interrupt what takes more processor time than that, by an exception of some kind."""

    def interrupt(*_: object) -> None:
        raise late(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
