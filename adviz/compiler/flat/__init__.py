"""Flat Python: a graph too large for statements as loops over its tape.

Each opcode is one generated function of floats. Values and local partials are appended to one
list in the order of the nodes; the loops that follow add up products and know no opcode. As in
straight-line code whatever raises or is not finite goes to the sweeps.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from math import isfinite, nan
from typing import Any, NoReturn, cast

import numpy as np

from adviz.compiler.executable import Again, Array, Column, Executable, Many
from adviz.compiler.flat.nodes import Flags, Ints
from adviz.compiler.flat.tape import OpcodeTape, Sweeps, taped
from adviz.compiler.flat.unneeded import unneeded
from adviz.compiler.languages import python
from adviz.compiler.program.data import Program
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.numbers import ARRAY

Floats = list[float]
Results = tuple[float, ...]

_RAISED = (ArithmeticError, ValueError)
_BLOCK = 2**22
"""How many numbers are kept for a block of points, at most."""

_CARRIED = """
def carried(numbers, kept, sources, targets, factors):
    for source, target, factor in zip(sources, targets, factors):
        numbers[target] += numbers[source]*kept[factor]
"""
"""Reverse mode from heads to tails, forward mode from tails to heads."""


def executable(
    graph: Graph, kind: str, wrt: str | Sequence[str] | None, again: Again
) -> Executable:
    """Return a graph's values and derivatives as loops over its tape.

    `kind` is one of `tape.KINDS`. Takes the inputs and then the seeds, gives the outputs and then
    the derivatives, in the order of `program(graph, kind, wrt)`. Errors as in `tape.taped`.

    >>> import adviz
    >>> f = executable(adviz.build("x*y"), "gradient", None, again=lambda *point: ())
    >>> f.function(3.0, 2.0)
    (6.0, 2.0, 3.0)
    """
    made, sweeps = taped(graph, kind, wrt)
    loops = _Loops(made, sweeps)

    def function(*numbers: float) -> Results:
        sweeps.check(numbers)
        results = loops.results(numbers)
        return again(*numbers) if results is None else tuple(sweeps.chosen(results))

    def many(columns: Sequence[Column], count: int) -> Many:
        results, missed = loops.many(columns, count)
        return [*sweeps.chosen(results)], missed

    return Executable(function, many, lambda: "\n\n".join(_sources(made)))


class _Loops:
    """The loops over one tape, in plain lists."""

    def __init__(self, made: OpcodeTape, sweeps: Sweeps) -> None:
        at, self.made = _places(made), made
        self.inputs, self.constants, self.leaves = made.inputs, made.constants, made.leaves
        self.at, self.widths, self.chooses = at.tolist(), made.widths.tolist(), any(made.choices)
        cases = [python.function(case.program, _refused) for case in made.cases]
        self.cases = [cases[code] for code in made.codes.tolist()]
        self.columns = [_compact(at[column]) for column in made.args.T]
        self.outputs, self.guards = at[made.outputs].tolist(), at[made.guards].tolist()
        self.forward = _function(_forward(len(self.columns)))
        self.carried = _function(_CARRIED)
        edges = made.edges(reverse=sweeps.reverse)
        self.edges = [_compact(way) for way in (*edges.ways, made.places(edges, at, 1))]
        self.given, self.count = sweeps.given, len(at)
        self.result_count = sweeps.results
        self.seeds = [*_units(sweeps)]
        self.starts, self.ends = sweeps.starts.tolist(), sweeps.ends.tolist()

    def results(self, numbers: Sequence[float]) -> Results | None:
        """Return the results at a point, or None where the sweeps must decide."""
        for computed in (self.computed, self.careful)[: 1 + self.chooses]:
            try:
                kept = computed(numbers)
                if isfinite(sum(kept)) and all(kept[guard] for guard in self.guards):
                    results = self.finished(kept, numbers)
                    if all(map(isfinite, results)):
                        return results
            except _RAISED:
                continue
        return None

    def computed(self, numbers: Sequence[float]) -> Floats:
        """Return all values and partials."""
        kept = [*map(float, numbers[: self.inputs]), *self.constants]
        self.forward(kept, self.cases, *self.columns)
        return kept

    def finished(self, kept: Sequence[Any], numbers: Sequence[Any]) -> tuple[Any, ...]:
        """Return the results when values and partials are known."""
        seeds = [numbers[self.inputs :]] if self.given else self.seeds
        swept = chain.from_iterable([self.derivatives(kept, seed) for seed in seeds])
        return (*[kept[output] for output in self.outputs], *swept)

    def careful(self, numbers: Sequence[float]) -> Floats:
        """Compute the nodes where something raises, without the branches that are not taken."""
        kept = [*map(float, numbers[: self.inputs]), *self.constants]
        for case, width, *places in zip(self.cases, self.widths, *self.columns, strict=True):
            try:
                kept.extend(case(*[kept[place] for place in places]))
            except _RAISED:
                kept.extend([nan] * width)
        for node in unneeded(self.made, [kept[place] for place in self.at]).tolist():
            place, width = self.at[self.leaves + node], self.widths[node]
            kept[place : place + width] = [0.0] * width
        return kept

    def many(self, columns: Sequence[Column], count: int) -> Many:
        """Return the results at many points: blocks as arrays, what is odd one by one."""
        results, missed = np.full((self.result_count, count), nan), []
        size = max(1, _BLOCK // self.count)
        for start in range(0, count, size):
            part = slice(start, min(start + size, count))
            given = [x if isinstance(x, float) else x[part] for x in columns]
            good = self.block(given, results[:, part])
            for place in np.flatnonzero(~good):
                point = [x if isinstance(x, float) else float(x[place]) for x in given]
                found = self.results(point)
                results[:, start + place] = nan if found is None else found
                if found is None:
                    missed.append(slice(start + int(place), start + int(place) + 1))
        return list(results), missed

    def block(self, given: Sequence[Column], results: Array) -> Flags:
        """Compute a block of points into the columns of `results`; return which are finite."""
        with np.errstate(all="ignore"):
            kept: list[Any] = [*given[: self.inputs], *self.constants]
            self.forward(kept, self.on_arrays, *self.columns)
            for row, numbers in zip(results, self.finished(kept, given), strict=True):
                row[:] = numbers
            good = np.isfinite(sum(kept)) & np.isfinite(results).all(axis=0)
            for guard in self.guards:
                good = good & (kept[guard] != 0)
        return np.broadcast_to(good, results.shape[1:])

    @cached_property
    def on_arrays(self) -> list[Callable[..., tuple[Any, ...]]]:
        """Each node's case as a function of arrays."""
        cases = [_on_arrays(case.program) for case in self.made.cases]
        return [cases[code] for code in self.made.codes.tolist()]

    def derivatives(self, kept: Sequence[Any], seeds: Iterable[Any]) -> list[Any]:
        """Return what arrives at the ends when these seeds start."""
        numbers: list[Any] = [0.0] * self.count
        for start, seed in zip(self.starts, seeds, strict=True):
            numbers[start] += seed
        self.carried(numbers, kept, *self.edges)
        return [numbers[end] for end in self.ends]


def _on_arrays(program: Program) -> Callable[..., tuple[Any, ...]]:
    """Return a program as a function of arrays, which takes one operation after another."""
    numbers = ARRAY.over(program.rows)
    constants = {node: float(value) for node, value in program.constants.items()}
    steps = [
        (node, numbers.function(op), args)
        for node, (op, args) in enumerate(zip(program.ops, program.args, strict=True))
        if op not in (INPUT, CONST)
    ]

    def case(*given: Any) -> tuple[Any, ...]:
        found: dict[int, Any] = {**constants, **dict(zip(parameters, given, strict=True))}
        for node, function, args in steps:
            found[node] = function(*[found[argument] for argument in args])
        return tuple([found[node] for node in results])

    parameters, results = list(program.parameters.values()), list(program.results.values())
    return case


def _compact(numbers: Ints) -> array[int]:
    """Return integers as Python walks over them fastest: close together in memory."""
    return array("i", numbers.astype(np.int32).tobytes())


def _places(made: OpcodeTape) -> Ints:
    """Return where each number is kept: a node's value before its own partials."""
    width = made.widths
    ends = np.cumsum(width, dtype=np.int32)
    return np.concatenate([np.arange(made.leaves), made.leaves + ends - width], dtype=np.int32)


def _units(sweeps: Sweeps) -> Iterator[Floats]:
    """Yield the seeds of each sweep."""
    colours = sweeps.colours.tolist()
    for sweep in range(sweeps.count):
        yield [float(colour == sweep) for colour in colours]


def _forward(width: int) -> str:
    """Return the loop that calls each node's case with so many arguments."""
    places = [f"i{k}" for k in range(width)]
    return f"""
def forward(kept, cases, {", ".join(f"arguments{k}" for k in range(width))}):
    extend = kept.extend
    for case, {", ".join(places)} in zip(cases, {", ".join(f"arguments{k}" for k in range(width))}):
        extend(case({", ".join(f"kept[{place}]" for place in places)}))
"""


def _function(source: str) -> Callable[..., Any]:
    """Return the function that generated text defines."""
    names: dict[str, Any] = {}
    exec(compile(source, "<flat>", "exec"), names)  # noqa: S102 - our own text, without any name of a user
    (made,) = (value for name, value in names.items() if name != "__builtins__")
    return cast(Callable[..., Any], made)


def _refused(*_: float) -> NoReturn:
    raise ArithmeticError


def _sources(made: OpcodeTape) -> Iterator[str]:
    """Yield the functions of the opcodes, and the loops."""
    for case in made.cases:
        yield python.source(case.program)
    yield _forward(made.args.shape[1])
    yield _CARRIED
