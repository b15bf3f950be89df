"""The schedules by name: which states of a chain are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import isqrt
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from adviz.comparison.checkpointing.actions import Split
from adviz.comparison.checkpointing.optimum import longest, repetitions
from adviz.errors import TooLarge

_MOST_SEARCHED = 1_000_000
"""The most pairs of states, times snapshots, that a search goes through: a few seconds."""


def every_state(_costs: Sequence[int], _snapshots: int) -> Split:
    """Keep every state: no step is run more than twice.

    >>> every_state([1] * 10, 10)(3, 10, 7)
    4
    """
    return lambda start, stop, free: start + 1


def every_root(costs: Sequence[int], _snapshots: int) -> Split:
    """Keep every √n-th state of n steps.

    >>> split = every_root([1] * 10, 10)
    >>> split(0, 10, 10), split(8, 10, 8), split(4, 8, 9)
    (4, 9, 5)
    """
    return every(isqrt(len(costs) - 1) + 1)


def every(spacing: int) -> Split:
    """Keep states so far apart, and between two of them every state when it is their turn.

    >>> [every(3)(start, 9, 9) for start in (0, 3, 6, 7)]
    [3, 6, 7, 8]
    """

    def split(start: int, stop: int, _free: int) -> int:
        following = start - start % spacing + spacing
        return following if following < stop else start + 1

    return split


def binomial(_costs: Sequence[int], _snapshots: int) -> Split:
    """Run as few steps again as can be with so many snapshots, where all cost the same.

    Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 12.3.

    >>> split = binomial([1] * 10, 3)
    >>> split(0, 10, 3), split(4, 10, 2), split(0, 4, 3)
    (4, 7, 1)
    """

    def split(start: int, stop: int, free: int) -> int:
        steps = stop - start
        often = repetitions(steps, free)
        first = longest(free, often - 1), steps - longest(free - 1, often - 1)
        return start + min(first)

    return split


def optimal(costs: Sequence[int], snapshots: int) -> Split:
    """Compute as little again as can be where steps cost what they cost, found by search.

    Raises TooLarge for more steps and snapshots than can be searched.

    >>> split = optimal([1, 1, 1, 100, 1, 1], 2)
    >>> split(0, 6, 2)
    4
    """
    steps, most = len(costs), min(snapshots, max(1, len(costs) - 1))
    if steps * steps * most > _MOST_SEARCHED:
        raise TooLarge(
            f"the best of all schedules of {steps} steps with {snapshots} snapshots is not searched"
            " for; schedule='binomial' is the best where all steps cost the same"
        )
    places = _searched(np.array([0, *accumulate(costs)]), most)
    return lambda start, stop, free: int(places[min(free, most)][start, stop])


def _searched(reached: np.ndarray, snapshots: int) -> list[np.ndarray]:
    """Return by snapshots the best place to part the steps from each state to each other.

    Dynamic programming over all stretches, the shorter ones first; `reached` is what it costs to
    come from the first state to each.
    """
    count = len(reached)
    places = [np.zeros((count, count), dtype=int) for _ in range(snapshots + 1)]
    fewer = np.full((count, count), np.inf)  # without any snapshot only one step can be reversed
    fewer[np.arange(count - 1), np.arange(1, count)] = 0
    for place in places[1:]:
        best = np.zeros((count, count))
        for length in range(2, count):
            for start in range(count - length):
                stop = start + length
                inside = slice(start + 1, stop)
                costs = reached[inside] - reached[start] + fewer[inside, stop] + best[start, inside]
                least = int(costs.argmin())
                place[start, stop], best[start, stop] = start + 1 + least, costs[least]
        fewer = best
    return places


class Row(NamedTuple):
    """How a schedule parts a chain, from what its steps cost and how many snapshots there are."""

    part: Callable[[Sequence[int], int], Split]
    bounded: bool
    """Whether it is told how many snapshots there may be, or takes as many as it needs."""
    meaning: str


# One aligned line per schedule.
# fmt: off
SCHEDULES: Mapping[str, Row] = MappingProxyType({
    "all":      Row(every_state, False, "every state is kept"),
    "sqrt":     Row(every_root,  False, "every √n-th state is kept"),
    "binomial": Row(binomial,    True,  "the fewest steps run again"),
    "optimal":  Row(optimal,     True,  "the fewest operations computed again"),
})
# fmt: on
