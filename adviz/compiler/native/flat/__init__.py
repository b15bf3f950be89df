"""Flat machine code: a graph too large for straight code as loops over its tape.

Nodes of one opcode that do not depend on each other stand side by side in a *run*, so that the
loop over a run computes several of them at once and guesses no jump; a loop over the runs jumps
to their opcodes. The loop over the edges that follows knows no opcode and takes them in the order
of the sweeps, so that sums are rounded alike.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, TypeAlias

import numpy as np

from adviz.compiler.executable import Again, Array, ByArray, Column, Executable, Many, Parts
from adviz.compiler.flat.nodes import Ints
from adviz.compiler.flat.tape import OpcodeTape, Sweeps, taped
from adviz.compiler.flat.unneeded import unneeded
from adviz.compiler.native.columns import shared
from adviz.compiler.native.flat.carrying import Carrying, carrying
from adviz.compiler.native.flat.loops import loops
from adviz.compiler.native.flat.schedule import Schedule, schedule
from adviz.compiler.native.flat.sweeping import FIELDS, sweeping
from adviz.compiler.native.flat.walks import AHEAD
from adviz.compiler.native.host import processor
from adviz.compiler.native.machine import Library, compiled
from adviz.compiler.vector import taken
from adviz.graph.graph import Graph

FAR = 2**18
"""From how many numbers on the loop over the edges fetches them ahead; less fit in the cache."""

Bytes: TypeAlias = "np.ndarray[Any, np.dtype[np.uint8]]"


def executable(
    graph: Graph, kind: str, wrt: str | Sequence[str] | None, again: Again
) -> Executable:
    """Return a graph's values and derivatives as machine code that loops over its tape.

    Parameters, results and errors as in `adviz.compiler.flat.executable`. The machine code is that
    of the opcodes, so graphs of the same opcodes share it.
    """
    made, sweeps = taped(graph, kind, wrt)
    ir = loops(made.cases, processor())
    machine = _Machine(compiled(ir), compiled(sweeping()), made, sweeps)
    return Executable(_by_numbers(machine, again), machine.many, lambda: ir, _by_array(machine))


def _by_numbers(machine: _Machine, again: Again) -> Callable[..., tuple[float, ...]]:
    """Return the function of numbers; what is not finite is computed again."""
    sweeps = machine.sweeps
    read = Struct(f"{sweeps.parameters}d").pack_into

    def function(*numbers: float) -> tuple[float, ...]:
        sweeps.check(numbers)
        space = machine.space()
        read(space.given.data, 0, *numbers)
        good = machine.one(space)
        results = tuple(sweeps.row(space.results).tolist()) if good else None
        machine.spaces.append(space)
        return again(*numbers) if results is None else results

    return function


def _by_array(machine: _Machine) -> Callable[[Parts], ByArray]:
    """Return what makes the function of one array: of all that is computed, these parts."""
    sweeps = machine.sweeps

    def by_array(parts: Parts) -> ByArray:
        give, shape, double = taken(parts), (sweeps.parameters,), np.dtype(np.float64)

        def called(given: Any) -> Any:
            if type(given) is not np.ndarray or given.shape != shape or given.dtype is not double:
                return None
            space = machine.space()
            space.given[:] = given
            found = sweeps.row(space.results) if machine.one(space) else None
            machine.spaces.append(space)
            return None if found is None else give(found)

        return called

    return by_array


class _Space:
    """What one thread computes in, and where that is in memory."""

    def __init__(self, template: Array, sweeps: Sweeps, numbers: int) -> None:
        self.kept, self.numbers = template.copy(), np.empty(numbers)
        self.given, self.results = np.empty(sweeps.parameters), np.empty(sweeps.results)
        self.bad = np.zeros(1, np.uint8)
        self.inner = (self.kept.ctypes.data, self.numbers.ctypes.data)
        outer = (self.given, self.results, self.bad)
        self.outer = tuple([array.ctypes.data for array in outer])


def _arrays(made: OpcodeTape, sweeps: Sweeps, plan: Schedule, carried: Carrying) -> dict[str, Any]:
    """Return the arrays that the machine code reads, by what it calls them."""
    return {
        "runs": plan.runs,
        "args": plan.args,
        "sources": carried.sources,
        "targets": _prolonged(carried.targets),
        "factors": _prolonged(carried.factors),
        "stretches": carried.stretches,
        "starts": carried.starts,
        "colours": sweeps.colours,
        "ends": carried.ends,
        "outputs": plan.at[made.outputs],
        "guards": plan.at[made.guards],
    }


def _sizes(made: OpcodeTape, sweeps: Sweeps, plan: Schedule, carried: Carrying) -> dict[str, int]:
    """Return how many there are of what the machine code goes through."""
    return {
        "run_count": len(plan.runs),
        "node_count": len(made.codes),
        "stretch_count": len(carried.stretches),
        "start_count": len(sweeps.starts),
        "end_count": len(sweeps.ends),
        "output_count": len(made.outputs),
        "guard_count": len(made.guards),
        "inputs": made.inputs,
        "kept_count": plan.size,
        "number_count": carried.count,
        "sweep_count": sweeps.count,
        "given": int(sweeps.given),
        "parameters": sweeps.parameters,
        "results": sweeps.results,
    }


class _Machine:
    """The machine code of a tape, the arrays that it reads, and workspaces."""

    def __init__(self, nodes: Library, rest: Library, made: OpcodeTape, sweeps: Sweeps) -> None:
        plan = schedule(made, _levels(rest, made))
        carried = carrying(made, sweeps, plan)
        self.made, self.sweeps = made, sweeps
        self.template = np.zeros(plan.size)
        self.template[made.inputs : made.leaves] = made.constants
        self.numbers = carried.count
        self.arrays = _arrays(made, sweeps, plan, carried)
        places = {name: array.ctypes.data for name, array in self.arrays.items()}
        code = {
            "values": nodes.address("values"),
            "carried": rest.address("near" if plan.size < FAR else "far"),
        }
        known = code | _sizes(made, sweeps, plan, carried) | places
        self.description = np.array([known[name] for name in FIELDS], np.int64)
        self.tape = self.description.ctypes.data
        self.points = _function(rest, "points", 8)
        self.libraries = nodes, rest
        self.spaces: list[_Space] = []
        self.plan, self.chooses, self.widths = plan, any(made.choices), made.widths

    def space(self) -> _Space:
        """Return a workspace that nobody else uses; it is given back to `spaces`."""
        try:
            return self.spaces.pop()
        except IndexError:
            return _Space(self.template, self.sweeps, self.numbers)

    def one(self, space: _Space) -> bool:
        """Compute the point that a workspace holds, and return whether everything is finite."""
        self.points(self.tape, *space.inner, *space.outer, 1, 0)
        if space.bad[0] and self.chooses:
            self.spare(space)
            self.points(self.tape, *space.inner, *space.outer, 1, 1)
        return not space.bad[0]

    def spare(self, space: _Space) -> None:
        """Put zeros where only branches that are not taken need numbers."""
        at, stride = self.plan.at, self.plan.stride
        nodes = unneeded(self.made, space.kept[at].tolist())
        for own in range(int(self.widths.max(initial=0))):
            there = nodes[self.widths[nodes] > own]
            space.kept[at[self.made.leaves + there] + own * stride[there]] = 0.0

    def share(self, given: Array, results: Array, bad: Bytes) -> None:
        """Compute points, one in each row, and mark those where the sweeps must decide."""
        space = self.space()
        places = [array.ctypes.data for array in (given, results, bad)]
        self.points(self.tape, *space.inner, *places, len(bad), 0)
        for place in np.flatnonzero(bad) if self.chooses else ():
            space.given[:] = given[place]
            bad[place] = not self.one(space)
            results[place] = space.results
        results[bad.astype(bool)] = np.nan
        self.spaces.append(space)

    def many(self, columns: Sequence[Column], count: int, threads: int | None = None) -> Many:
        """Compute many points; each thread has its own share of them and its own workspace."""
        given, results = np.empty((count, len(columns))), np.empty((count, self.sweeps.results))
        given[:] = [0.0 if isinstance(column, np.ndarray) else column for column in columns]
        for place, column in enumerate(columns):
            if isinstance(column, np.ndarray):
                given[:, place] = column
        bad = np.zeros(count, np.uint8)

        def run(start: int, stop: int) -> None:
            self.share(given[start:stop], results[start:stop], bad[start:stop])

        shared(run, count, 1, self.plan.size, threads)
        columns = self.sweeps.chosen([*results.T])
        return [np.ascontiguousarray(column) for column in columns], _stretches(bad)


def _prolonged(places: Ints) -> Ints:
    """Return places followed by so many that the loop over the edges may look ahead."""
    return np.concatenate([places, np.zeros(AHEAD, np.int32)])


def _levels(library: Library, made: OpcodeTape) -> Ints:
    """Return per node one more than the highest level of its arguments."""
    args = np.ascontiguousarray(made.args)
    levels = np.zeros(made.leaves + len(args), np.int32)
    sizes = *args.shape, made.leaves
    _function(library, "levels", 5)(args.ctypes.data, levels.ctypes.data, *sizes)
    return levels[made.leaves :]


def _function(library: Library, name: str, arity: int) -> Callable[..., None]:
    """Return a function of addresses and sizes; Python's lock is free while it runs."""
    made: Callable[..., None] = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * arity)(
        library.address(name)
    )
    return made


def _stretches(bad: Bytes) -> list[slice]:
    """Return the slices in which points are marked."""
    edges = np.flatnonzero(np.diff(bad.astype(np.int8), prepend=0, append=0))
    return [slice(*pair) for pair in edges.reshape(-1, 2).tolist()]
