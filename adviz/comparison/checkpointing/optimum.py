"""The fewest steps that must be run again, in closed form.

Griewank, "Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
differentiation", Optimization Methods and Software 1 (1992), 35-54; Griewank & Walther,
*Evaluating Derivatives* (2nd ed., 2008), chapter 12.
"""

from __future__ import annotations

from math import comb


def longest(snapshots: int, repetitions: int) -> int:
    """Return the most steps that can be reversed when none is run more often than so.

    `repetitions` does not count the run in which a step is reversed.

    >>> longest(3, 2), longest(8, 3)
    (10, 165)
    """
    return comb(snapshots + repetitions, snapshots)


def repetitions(steps: int, snapshots: int) -> int:
    """Return how often some step must be run before the run in which it is reversed.

    >>> repetitions(10, 3), repetitions(11, 3), repetitions(1, 1)
    (2, 3, 0)
    """
    if snapshots == 1:
        return steps - 1
    count = 0
    while longest(snapshots, count) < steps:
        count += 1
    return count


def least_advances(steps: int, snapshots: int) -> int:
    """Return the fewest steps to be run besides those that are reversed as they run.

    >>> [least_advances(10, snapshots) for snapshots in (1, 2, 3, 9)]
    [45, 20, 15, 9]
    """
    often = repetitions(steps, snapshots)
    return often * steps - comb(snapshots + often, often - 1) if often else 0
