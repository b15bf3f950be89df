"""How long something takes beside something else: a ratio says more than seconds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from statistics import median
from time import perf_counter
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Run = Callable[[], object]
Clock = Callable[[], float]
"""Gives seconds, from some moment on."""

_ROUNDS = 15
_SHORTEST = 3e-4
"""Seconds that are measured at least, in as many calls as they take."""


def ratios(runs: Mapping[Name, Run], clock: Clock = perf_counter) -> dict[Name, float]:
    """Return the time of each as a multiple of the first one's, in the median of several rounds.

    All are measured in every round, in turn, so that what slows the machine slows all.

    >>> found = ratios({"once": lambda: sum(range(1000)), "twice": lambda: sum(range(2000))})
    >>> found["once"], found["twice"] > 0
    (1.0, True)
    """
    calls = {name: _calls(run, clock) for name, run in runs.items()}
    rounds = [{n: _seconds(r, calls[n], clock) for n, r in runs.items()} for _ in range(_ROUNDS)]
    medians = {name: median(one[name] for one in rounds) for name in runs}
    first = medians[next(iter(runs))]
    return {name: seconds / first for name, seconds in medians.items()}


def _calls(run: Run, clock: Clock) -> int:
    """Return how many calls take long enough to be measured."""
    calls = 1
    while _seconds(run, calls, clock) * calls < _SHORTEST:
        calls *= 2
    return calls


def _seconds(run: Run, calls: int, clock: Clock) -> float:
    """Return the seconds of one call, in the mean of some."""
    start = clock()
    for _ in range(calls):
        run()
    return (clock() - start) / calls
