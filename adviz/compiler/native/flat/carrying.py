"""What a sweep over a tape's edges reads: where derivatives are kept, and how they travel.

An edge whose partial is 1, and which alone arrives where it ends, changes nothing: what it carries
is kept in one place from its start to its end. In a network's long sums hardly an edge is left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adviz.compiler.flat.nodes import Flags, Ints
from adviz.compiler.flat.tape import Edges, OpcodeTape, Sweeps
from adviz.compiler.native.flat.schedule import Schedule


@dataclass(frozen=True, eq=False)
class Carrying:
    """The edges that are left, in the order of the sweep; see the module."""

    sources: Ints
    """From which place a derivative travels along each."""
    targets: Ints
    """To which place."""
    factors: Ints
    """Where its local partial is kept, among the values."""
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
    idle = _idle(made, sweeps, edges, factors)
    origin = _origins(sources[idle], targets[idle], len(plan.at))
    place, count = _places(origin, plan)
    left = ~idle
    return Carrying(
        sources=place[sources[left]],
        targets=place[targets[left]],
        factors=factors[left],
        starts=place[sweeps.starts],
        ends=place[sweeps.ends],
        count=count,
    )


def _idle(made: OpcodeTape, sweeps: Sweeps, edges: Edges, factors: Ints) -> Flags:
    """Return the edges that carry a number on as it is, to where nothing else arrives."""
    _, targets = edges.ways
    arriving = np.bincount(targets, minlength=made.leaves + len(made.codes))
    arriving[sweeps.starts] += 1
    ones = made.inputs + np.flatnonzero(np.array(made.constants) == 1.0)
    idle: Flags = np.isin(factors, ones) & (arriving[targets] == 1)
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
    own = np.flatnonzero(origin == np.arange(len(origin)))
    place = np.empty(len(origin), np.int32)
    place[own[np.argsort(plan.at[own])]] = np.arange(len(own))
    return place[origin], len(own)
