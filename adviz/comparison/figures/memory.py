"""Recomputation against memory: how often a step is run, as more states of a chain are kept."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

from adviz.comparison.checkpointing import listing
from adviz.comparison.checkpointing.actions import actions, advances, snapshots_held
from adviz.comparison.checkpointing.optimum import least_advances
from adviz.comparison.checkpointing.schedules import every
from adviz.comparison.figures.chart import Axis, Chart, Curve, Mark
from adviz.language.numerals import in_text

if TYPE_CHECKING:
    from adviz.comparison.checkpointing.schedule import Schedule

_POINTS = 40
"""About how many numbers a curve has, evenly on a logarithmic axis."""

_FEW = 30
"""Up to so many steps the axes are not logarithmic."""


def tradeoff(schedule: Schedule) -> Chart:
    """Return how often a step is run on average against how many states are kept.

    Beside the binomial schedule, which is the best, stands what comes of states that are kept
    evenly, at every distance; the schedule itself is marked.

    >>> import adviz
    >>> found = tradeoff(adviz.checkpoint(100, snapshots=5))
    >>> found.marks[0].text, found["every k-th state"].points[0]
    ('5 snapshots: 4.16 runs', (18, 2.8))
    """
    steps = schedule.steps
    best = ((c, least_advances(steps, c)) for c in _spread(max(1, steps - 1)))
    even = sorted({_evenly(steps, spacing) for spacing in _spread(isqrt(steps - 1) + 1)})
    curves = [
        Curve(name, name, tuple((kept, _runs(advances, steps)) for kept, advances in points))
        for name, points in (("binomial", best), ("every k-th state", even))
    ]
    (kept, again), own = even[0], schedule.runs / steps
    held, wide, often = schedule.peak_snapshots, steps > _FEW, in_text(_runs(again, steps), 3)
    return Chart(
        title=f"What a snapshot saves: a chain of {listing.counted(steps, 'step')}",
        caption=(
            f"With {listing.counted(held, 'snapshot')} a step is run {in_text(own, 3)} times on "
            "average, the run in which it is reversed among them. States kept evenly take at least "
            f"{listing.counted(kept, 'snapshot')}, for {often} runs; the binomial "
            "schedule does with any number."
        ),
        x=Axis("snapshots held at a time", wide),
        y=Axis("runs of a step, on average", wide),
        curves=tuple(curves),
        marks=(Mark(held, own, f"{listing.counted(held, 'snapshot')}: {in_text(own, 3)} runs"),),
    )


def _spread(most: int) -> list[int]:
    """Return whole numbers from 1 to the most, evenly on a logarithmic axis.

    >>> _spread(5), len(_spread(10_000))
    ([1, 2, 3, 4, 5], 38)
    """
    return sorted({round(most ** (k / _POINTS)) for k in range(_POINTS + 1)})


def _evenly(steps: int, spacing: int) -> tuple[int, int]:
    """Return the snapshots that states kept so far apart take, and the advances."""
    made = [*actions(steps, steps, every(spacing))]
    return max(snapshots_held(made)), advances(made)


def _runs(again: int, steps: int) -> float:
    return 1 + again / steps
