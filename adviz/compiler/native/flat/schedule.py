"""The order in which machine code computes a tape's nodes: in runs of one opcode, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adviz.compiler.flat.nodes import Ints
from adviz.compiler.flat.tape import OpcodeTape


@dataclass(frozen=True, eq=False)
class Schedule:
    """Nodes in runs: where their numbers are kept, and what the loop over the runs reads."""

    at: Ints
    """Per number where it is kept."""
    stride: Ints
    """Per node how far its own partials lie apart: the length of its run."""
    runs: Ints
    """Per run its opcode, the place of its first value, of its first argument, and its length."""
    args: Ints
    """Per column the places of the arguments, in the order of the runs."""
    size: int
    """How many numbers are kept."""


def schedule(made: OpcodeTape, levels: Ints) -> Schedule:
    """Put nodes of one level and one opcode side by side."""
    count = len(made.codes)
    keys = levels.astype(np.int64) * len(made.cases) + made.codes
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=-1))
    lengths = np.diff(first, append=count)
    codes = made.codes[order[first]]
    widths = np.array([1 + case.own for case in made.cases], np.int64)[codes] * lengths
    ends = made.leaves + np.cumsum(widths)
    bases = ends - widths
    at = np.arange(made.leaves + count, dtype=np.int32)
    at[made.leaves + order] = np.repeat(bases - first, lengths) + np.arange(count)
    stride = np.empty(count, np.int32)
    stride[order] = np.repeat(lengths, lengths)
    runs = np.stack([codes, bases, first, lengths], axis=1).astype(np.int32)
    args = np.ascontiguousarray(at[made.args[order]].T)
    return Schedule(at, stride, runs, args, int(ends[-1]) if len(ends) else made.leaves)
