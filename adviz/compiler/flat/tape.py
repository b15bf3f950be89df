"""A graph as a tape: arrays of opcodes, arguments and edges, for graphs too large for statements.

A loop over the nodes runs the cases of their opcodes, which gives values and local partials; a
loop over the edges, `bar[tail] += bar[head]*factor`, which knows no opcode, is reverse mode.
Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 4.1.

A *number* of the tape is an input, a constant or a node; numbers are counted in this order, so
that node k is number `leaves + k`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from adviz.compiler.executable import Array
from adviz.compiler.flat.nodes import Arrays, Flags, Ints
from adviz.compiler.flat.opcode import PLACES, Case, Opcode, case
from adviz.compiler.kinds import KINDS, labels_of
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.modes.sparsity.pattern import Colouring
from adviz.modes.verbs import wanted_inputs

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Edges:
    """The active edges in the order in which a sweep takes them."""

    reverse: bool
    heads: Ints
    tails: Ints
    nodes: Ints
    """The head's place among the nodes."""
    positions: Ints

    @property
    def ways(self) -> tuple[Ints, Ints]:
        """From where and to where a derivative travels along each."""
        return (self.heads, self.tails) if self.reverse else (self.tails, self.heads)


@dataclass(frozen=True, eq=False)
class OpcodeTape:
    """A graph as arrays; see the module.

    >>> import adviz
    >>> made = tape(adviz.build("sin(x*y)"))
    >>> [case.opcode.label for case in made.cases]
    ['mul_01', 'sin_0']
    >>> made.codes.tolist(), made.args.tolist()
    ([0, 1], [[0, 1], [2, 0]])
    """

    cases: tuple[Case, ...]
    """What its opcodes do, those that the graph uses."""
    codes: Ints
    """Per node its opcode."""
    args: Ints
    """Per node the numbers of its arguments, in as many columns as the widest row has, then 0."""
    reached: Flags
    """Per node and position whether there is an active edge."""
    inputs: int
    """How many inputs there are: the first numbers."""
    constants: tuple[float, ...]
    """The next numbers: the graph's constants, and those that are partials."""
    wanted: Ints
    """The inputs that are differentiated."""
    outputs: Ints
    """The outputs' numbers."""
    guards: Ints
    """The numbers that must be true at a point."""

    @property
    def leaves(self) -> int:
        """How many numbers are no nodes."""
        return self.inputs + len(self.constants)

    @property
    def widths(self) -> Ints:
        """Per node how many numbers are kept: its value and its own partials."""
        return np.array([1 + case.own for case in self.cases], np.int32)[self.codes]

    @property
    def choices(self) -> list[bool]:
        """Per opcode whether it chooses between branches, so that a point may not need all."""
        return [case.row.chooses for case in self.cases]

    def edges(self, *, reverse: bool) -> Edges:
        """Return the active edges, heads ascending or descending, positions always ascending."""
        step = -1 if reverse else 1
        nodes, positions = (part.astype(np.int32) for part in np.nonzero(self.reached[::step]))
        nodes = len(self.codes) - 1 - nodes if reverse else nodes
        return Edges(reverse, nodes + self.leaves, self.args[nodes, positions], nodes, positions)

    def places(self, edges: Edges, at: Ints, stride: Ints | int) -> Ints:
        """Return where each edge's local partial is kept, when number k is kept at `at[k]`.

        The partials that a case gives itself follow the node's value at distances `stride`.
        """
        kinds, indices = self._factors()
        codes = self.codes[edges.nodes]
        kind, index = kinds[codes, edges.positions], indices[codes, edges.positions]
        argument = np.where(kind == PLACES.index("argument"), index, 0)
        constant = np.where(kind == PLACES.index("constant"), index, -self.inputs)
        distances = stride if isinstance(stride, int) else stride[edges.nodes]
        by_kind = {
            "argument": at[self.args[edges.nodes, argument]],
            "result": at[edges.heads],
            "constant": at[self.inputs + constant],
            "own": at[edges.heads] + distances * (1 + index),
        }
        return np.choose(kind, [by_kind[name] for name in PLACES]).astype(np.int32)

    def _factors(self) -> tuple[Ints, Ints]:
        """Return the kind and the index of each case's factors, by opcode and position."""
        kinds = np.zeros((len(self.cases), self.args.shape[1]), np.int32)
        indices = np.zeros_like(kinds)
        for code, made in enumerate(self.cases):
            for position, factor in made.factors.items():
                kinds[code, position] = PLACES.index(factor.kind)
                indices[code, position] = factor.place
        return kinds, indices


@dataclass(frozen=True, eq=False)
class Sweeps:
    """How derivatives travel along the edges for one kind of derivative."""

    reverse: bool
    starts: Ints
    """The numbers at which seeds are placed."""
    ends: Ints
    """The numbers whose derivatives are wanted."""
    given: bool
    """Whether there is one sweep with seeds that are given; else seeds are 1."""
    colours: Ints
    """Per start the sweep in which it has the seed 1: its own, one of several, or -1 for none."""
    picked: Ints | None
    """Which of the results are given out, by place; None: all."""
    inputs: int
    """How many parameters are no seeds."""
    values: int
    """How many results are no derivatives."""

    @property
    def count(self) -> int:
        """How many sweeps there are."""
        return 1 if self.given else int(self.colours.max(initial=-1)) + 1

    @property
    def parameters(self) -> int:
        """How many numbers are given: the inputs, then the seeds."""
        return self.inputs + (len(self.starts) if self.given else 0)

    @property
    def results(self) -> int:
        """How many results are computed."""
        return self.values + self.count * len(self.ends)

    def chosen(self, results: Sequence[Result]) -> Sequence[Result]:
        """Return what is given out of all that is computed."""
        return results if self.picked is None else [results[k] for k in self.picked.tolist()]

    def row(self, results: Array) -> Array:
        """Return a new array of what is given out of an array of all that is computed."""
        return results.copy() if self.picked is None else results[self.picked]

    def check(self, numbers: Sequence[float]) -> None:
        """Raise TypeError unless there are as many numbers as parameters."""
        if len(numbers) != self.parameters:
            raise TypeError(f"the function takes {self.parameters} numbers, not {len(numbers)}")


FLAT_KINDS = tuple(name for name, kind in KINDS.items() if kind.loop)
"""The kinds of kernels that have a flat form; the others are kinds of a derivative's graph."""


def taped(graph: Graph, kind: str, wrt: str | Sequence[str] | None) -> tuple[OpcodeTape, Sweeps]:
    """Return a graph's tape for one kind of derivative, and the sweeps over it.

    Raises AdvizError for a kind that has no flat form and for a gradient of several outputs.
    """
    labels_of(graph, kind, None)
    row = KINDS[kind]
    if row.loop is None:
        raise AdvizError(f"a {kind} has no flat form; kinds that have are {', '.join(FLAT_KINDS)}")
    made = tape(graph, wrt, derivative=KINDS[kind].derived)
    if row.pattern is not None:
        pattern = row.pattern(graph, tuple(graph.outputs), tuple(wanted_inputs(graph, wrt)))
        return made, _coloured(made, pattern.colouring())
    reverse = row.loop == "reverse"
    starts, ends = (made.outputs, made.wanted) if reverse else (made.wanted, made.outputs)
    each = np.arange(len(starts), dtype=np.int32)
    return made, Sweeps(
        reverse, starts, ends, row.seeded, each, None, made.inputs, len(made.outputs)
    )


def _coloured(made: OpcodeTape, colouring: Colouring) -> Sweeps:
    """Return a sweep for each colour; a nonzero is picked where it stands alone."""
    reverse = colouring.mode == "reverse"
    starts, ends = (made.outputs, made.wanted) if reverse else (made.wanted, made.outputs)
    colours, values = np.array(colouring.colours, dtype=np.int32), len(made.outputs)
    places = {name: place for place, name in enumerate(colouring.lines, values)}
    alone = [places[name] + colour * len(ends) for name, colour in colouring.alone]
    picked = np.array([*range(values), *alone], dtype=np.intp)
    return Sweeps(reverse, starts, ends, False, colours, picked, made.inputs, values)


def tape(
    graph: Graph, wrt: str | Sequence[str] | None = None, *, derivative: bool = True
) -> OpcodeTape:
    """Return a graph's tape; without a derivative no edge is active.

    Linear in the nodes, and without recursion. Nodes that no output and no guard needs are left
    out, edges too that do not lead from an input of `wrt` (of all inputs unless given) to an
    output. Raises PointError for an unknown input.
    """
    wanted = [graph.inputs[name] for name in wanted_inputs(graph, wrt)] if derivative else []
    outputs = [*graph.outputs.values()]
    guards = [guard.node for guard in graph.guards]
    arrays = Arrays(graph)
    reached = arrays.reached(wanted, outputs)
    needed = arrays.leading_to([*outputs, *guards], arrays.used)
    computed = np.flatnonzero(needed & arrays.computed)
    opcodes, codes = arrays.opcodes(computed, reached)
    cases, constants = _cases(opcodes, graph, arrays.args.shape[1])
    inputs = [*graph.inputs.values()]
    leaves = [*inputs, *graph.constants]
    number = np.zeros(len(graph), np.int32)
    number[leaves] = np.arange(len(leaves), dtype=np.int32)
    number[computed] = np.arange(len(computed), dtype=np.int32) + len(inputs) + len(constants)
    return OpcodeTape(
        cases=cases,
        codes=codes,
        args=np.where(arrays.used, number[arrays.args], 0)[computed],
        reached=reached[computed],
        inputs=len(inputs),
        constants=constants,
        wanted=number[wanted],
        outputs=number[outputs],
        guards=number[guards],
    )


def _cases(
    opcodes: Iterable[Opcode], graph: Graph, width: int
) -> tuple[tuple[Case, ...], tuple[float, ...]]:
    """Return the opcodes' cases, and the graph's constants followed by those that are partials."""
    constants = [float(value) for value in graph.constants.values()]
    cases = tuple(case(opcode, graph.rows, constants, width) for opcode in opcodes)
    if not (graph.inputs or constants):
        constants.append(0.0)  # the number 0, which fills what narrow rows leave, must be known
    return cases, tuple(constants)
