"""The verb: a schedule for a chain of steps, by name."""

from __future__ import annotations

from adviz.comparison.checkpointing.actions import actions
from adviz.comparison.checkpointing.chain import Chain, abstract, cut
from adviz.comparison.checkpointing.schedule import Schedule
from adviz.comparison.checkpointing.schedules import SCHEDULES
from adviz.errors import AdvizError
from adviz.graph.garbage import PAUSED
from adviz.language.asked import among, require
from adviz.modes.building import build, of_numbers
from adviz.numbers.given import integer, whole
from adviz.sources import Source

_MOST = 10_000
"""The most steps; with one snapshot, fifty million are then run."""


def checkpoint(
    chain: Source | int, snapshots: int | None = None, schedule: str = "binomial"
) -> Schedule:
    """Return what is done to reverse a chain of steps while only some of its states are kept.

    `chain` is how many steps there are, or anything `adviz.build` takes: it is cut where no fewer
    values cross just before or just after, and can then be differentiated by the schedule
    (`Schedule.reverse`). `snapshots` is how many states may be kept at a time, that before the
    first step among them. `schedule` is `binomial`, which runs as few steps again as can be where
    all cost the same; `optimal`, which computes as little again as can be where they do not,
    found by search; or `all` (every state is kept) or `sqrt` (every √n-th), which take as many
    snapshots as they need.

    Raises AdvizError for a schedule that there is not, or other snapshots than it takes,
    PointError for a number that is none, and TooLarge for more steps than can be searched.

    Method: Griewank, "Achieving logarithmic growth of temporal and spatial complexity in reverse
    automatic differentiation", Optimization Methods and Software 1 (1992); Griewank & Walther,
    "Algorithm 799: revolve", ACM Transactions on Mathematical Software 26 (2000).

    >>> import adviz
    >>> [adviz.checkpoint(10, snapshots).advances for snapshots in (1, 2, 3, 4, 9)]
    [45, 20, 15, 14, 9]
    >>> adviz.checkpoint(100, schedule="all")
    <Schedule all: 100 steps, 99 snapshots, 99 advances, no step more than once; 101 live values>
    """
    names = ", ".join(map(repr, SCHEDULES))
    require(among(schedule, SCHEDULES), "schedule", schedule, f"one of {names}")
    row = SCHEDULES[schedule]
    if row.bounded and snapshots is None:
        raise AdvizError(
            f"schedule={schedule!r} is told how many states may be kept; give snapshots=3, say"
        )
    if not row.bounded and snapshots is not None:
        raise AdvizError(
            f"schedule={schedule!r} takes as many snapshots as it needs; leave snapshots out, or "
            "give schedule='binomial'"
        )
    with PAUSED:
        known = _chain(chain)
        free = len(known) if snapshots is None else whole("snapshots", snapshots)
        made = actions(len(known), free, row.part(known.computed, free))
        return Schedule(known, schedule, tuple(made))


def _chain(given: Source | int) -> Chain:
    """Return so many steps, or a graph that is cut."""
    if integer("steps", given) is not None:
        return abstract(whole("steps", given, _MOST))
    found = cut(of_numbers(build(given)))
    whole("the number of steps", len(found), _MOST)
    return found
