"""What a sweep over a tape's edges reads: where derivatives are kept, and how they travel.

An edge whose partial is 1, and which alone arrives where it ends, changes nothing: what it carries
is kept in one place from its start to its end. In a network's long sums hardly an edge is left.
Edges from one number to numbers side by side, by partials side by side, are a *stretch*: a layer's
weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adviz.compiler.flat.nodes import Flags, Ints
from adviz.compiler.flat.tape import OpcodeTape, Sweeps
from adviz.compiler.native.flat.schedule import Schedule

SHORTEST = 8
"""A stretch of fewer edges is not worth its own loop."""


@dataclass(frozen=True, eq=False)
class Carrying:
    """The edges that are left, in the order of the sweep: those alone, and those in stretches."""

    sources: Ints
    """From which place a derivative travels along each."""
    targets: Ints
    """To which place."""
    factors: Ints
    """Where its local partial is kept, among the values."""
    stretches: Ints
    """Per stretch of edges how many of these come before it, its source, first target and factor,
    and its length; the last has none."""
    starts: Ints
    """The places of the seeds."""
    ends: Ints
    """The places of the derivatives that are wanted."""
    count: int
    """How many places there are."""


def carrying(made: OpcodeTape, sweeps: Sweeps, plan: Schedule) -> Carrying:
    """Return what the sweeps over a tape read."""
    edges = made.edges(reverse=sweeps.reverse)
    sources, targets = edges.ways
    factors = made.places(edges, plan.at, plan.stride)
    idle = _idle(made, sweeps, targets, factors, plan.size)
    origin = _origins(sources[idle], targets[idle], len(plan.at))
    place, count = _places(origin, plan)
    left = place[sources[~idle]], place[targets[~idle]], factors[~idle]
    alone, stretches = _stretched(*left)
    sources, targets, factors = [part[alone] for part in left]
    return Carrying(
        sources=sources,
        targets=targets,
        factors=factors,
        stretches=stretches,
        starts=place[sweeps.starts],
        ends=place[sweeps.ends],
        count=count,
    )


def _idle(made: OpcodeTape, sweeps: Sweeps, targets: Ints, factors: Ints, size: int) -> Flags:
    """Return the edges that carry a number on as it is, to where nothing else arrives."""
    arriving = np.bincount(targets, minlength=made.leaves + len(made.codes))
    arriving[sweeps.starts] += 1
    ones = np.zeros(size, np.bool_)
    ones[made.inputs : made.leaves] = np.array(made.constants) == 1.0
    idle: Flags = ones[factors] & (arriving[targets] == 1)
    return idle


def _origins(sources: Ints, targets: Ints, count: int) -> Ints:
    """Return per number the one that it is the same as; steps from one to the next are doubled."""
    origin = np.arange(count, dtype=np.int32)
    origin[targets] = sources
    while not np.array_equal(further := origin[origin], origin):
        origin = further
    return origin


def _places(origin: Ints, plan: Schedule) -> tuple[Ints, int]:
    """Return per number where its derivative is kept, side by side as the values are."""
    own = np.zeros(plan.size, np.bool_)
    own[plan.at[origin]] = True
    place = np.cumsum(own, dtype=np.int32) - 1
    return place[plan.at[origin]], int(place[-1]) + 1


def _stretched(sources: Ints, targets: Ints, factors: Ints) -> tuple[Flags, Ints]:
    """Return which edges are in no stretch, and the stretches."""
    first, last = _bounds(sources, targets, factors)
    alone = np.ones(len(sources), np.bool_)
    for start, stop in zip(first.tolist(), last.tolist(), strict=True):
        alone[start : stop + 1] = False
    lengths = last + 1 - first
    before = first - np.cumsum(lengths) + lengths
    low = np.where(targets[first] < targets[last], first, last)
    fields = before, sources[first], targets[low], factors[low], lengths
    end = np.array([[np.count_nonzero(alone), 0, 0, 0, 0]])
    return alone, np.concatenate([np.stack(fields, axis=1), end]).astype(np.int32)


def _bounds(sources: Ints, targets: Ints, factors: Ints) -> tuple[Ints, Ints]:
    """Return the first and the last edge of each stretch: places all go up by one, or all down."""
    step = np.diff(targets)
    linked = (np.diff(sources) == 0) & (np.diff(factors) == step) & (abs(step) == 1)
    ways = np.where(linked, step, 0)
    edges = np.flatnonzero(np.diff(ways, prepend=0, append=0))
    first, last = edges[:-1], edges[1:]
    long = (ways[first] != 0) & (last - first >= SHORTEST)
    first, last = first[long], last[long]
    first[1:] += first[1:] == last[:-1]  # an edge at which the way turns belongs to one of them
    return first, last
