"""How long something takes beside something else: a ratio says more than seconds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from statistics import median
from time import perf_counter
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Run = Callable[[], object]

_ROUNDS = 15
_SHORTEST = 3e-4
"""Seconds that are measured at least, in as many calls as they take."""


def ratios(runs: Mapping[Name, Run]) -> dict[Name, float]:
    """Return the time of each as a multiple of the first one's, in the median of several rounds.

    All are measured in every round, in turn, so that what slows the machine slows all.

    >>> found = ratios({"once": lambda: sum(range(1000)), "twice": lambda: sum(range(2000))})
    >>> found["once"], found["twice"] > 1
    (1.0, True)
    """
    calls = {name: _calls(run) for name, run in runs.items()}
    rounds = [{n: _seconds(run, calls[n]) for n, run in runs.items()} for _ in range(_ROUNDS)]
    medians = {name: median(one[name] for one in rounds) for name in runs}
    first = medians[next(iter(runs))]
    return {name: seconds / first for name, seconds in medians.items()}


def _calls(run: Run) -> int:
    """Return how many calls take long enough to be measured."""
    calls = 1
    while _seconds(run, calls) * calls < _SHORTEST:
        calls *= 2
    return calls


def _seconds(run: Run, calls: int) -> float:
    """Return the seconds of one call, in the mean of some."""
    start = perf_counter()
    for _ in range(calls):
        run()
    return (perf_counter() - start) / calls
