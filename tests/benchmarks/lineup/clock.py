"""The clock: every side in every round, so that a machine that drifts treats all alike.

On one core the clock is the processor's, which stands still while other programs run; on a quiet
machine it is that on the wall.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from timeit import Timer
from typing import Any

from lineup.measured import Key, Measured

Call = Callable[..., Any]
Clock = Callable[[], float]
PROCESSOR: Clock = time.process_time
WALL: Clock = time.perf_counter


@dataclass(frozen=True)
class Entry:
    """A call to be timed, with the arguments it is given."""

    key: Key
    call: Call
    arguments: tuple[Any, ...] = ()
    held: Any = None
    """What the call uses without keeping it alive, such as memory behind a buffer."""

    def timer(self, clock: Clock) -> Timer:
        """Return a timer of the call alone: its arguments are local variables."""
        names = [f"a{i}" for i in range(len(self.arguments))]
        given = "".join(f"{name}, " for name in names)
        setup = f"call = bound[0]; {given}{'= bound[1]' if names else ''}"
        bound = {"bound": (self.call, self.arguments)}
        return Timer(f"call({given})", setup=setup, timer=clock, globals=bound)


def often(timer: Timer, least: float) -> int:
    """Return how many calls take at least so many seconds."""
    number = 1
    while (taken := timer.timeit(number)) < least and number < 10_000_000:
        number = max(2 * number, int(1.2 * number * least / max(taken, 1e-9)))
    return number


def timed(
    entries: Sequence[Entry], rounds: int, least: float = 0.0, clock: Clock = PROCESSOR
) -> list[Measured]:
    """Return the seconds of each call in each round, every round in an order of its own.

    `least` is how long one measurement should last, in seconds: short calls are repeated.
    """
    timers = [entry.timer(clock) for entry in entries]
    numbers = [often(timer, least) if least else 1 for timer in timers]
    figures: list[list[float]] = [[] for _ in entries]
    order, shuffled = list(range(len(entries))), random.Random(0)
    for _ in range(rounds):
        shuffled.shuffle(order)
        gc.collect()
        for place in order:
            number = numbers[place]
            figures[place].append(timers[place].timeit(number) / number)
    return [
        Measured(entry.key, tuple(found)) for entry, found in zip(entries, figures, strict=True)
    ]


def once(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long something takes, in seconds, and what it gives."""
    gc.collect()
    start = PROCESSOR()
    found = work()
    return PROCESSOR() - start, found
