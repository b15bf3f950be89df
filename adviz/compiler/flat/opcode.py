"""An opcode of a tape: one row as a program of its own, value and local partials.

The program of a graph of one node, so the table's texts serve a tape as they serve everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from adviz.compiler.program.data import Program
from adviz.compiler.program.program import program
from adviz.graph.builder import Builder
from adviz.primitives import RESULT, Primitive, Table

PLACES = ("argument", "result", "constant", "own")
"""Where a local partial can be found; see Factor."""


SPECIAL: Mapping[str, int] = {"pow": 1}
"""Rows that do less for some whole numbers at a position: x**2 is a product."""
LARGEST = 8
"""The largest such number."""


class Opcode(NamedTuple):
    """What one node does: a row, and the positions of the arguments that are differentiated."""

    row: str
    active: tuple[int, ...]
    fixed: int | None = None
    """The whole number that stands at the position where the row is special."""

    @property
    def label(self) -> str:
        """What it is called in generated code.

        >>> Opcode("mul", (0, 1)).label, Opcode("pow", (0,), -2).label
        ('mul_01', 'pow_0_less_2')
        """
        fixed = "" if self.fixed is None else f"_{self.fixed}".replace("-", "less_")
        return f"{self.row}_{''.join(map(str, self.active))}{fixed}"


class Factor(NamedTuple):
    """Where an edge's local partial is found, so that a number is stored once.

    `kind` is "argument" (at `place`), "result", "constant" (entry `place` of the tape's), or
    "own" (the `place`-th number that the case gives besides its value).
    """

    kind: str
    place: int


@dataclass(frozen=True, eq=False)
class Case:
    """The program of an opcode: its parameters are the arguments, its results what is kept."""

    opcode: Opcode
    row: Primitive
    program: Program
    factors: Mapping[int, Factor]
    """By position of an active argument."""

    @property
    def own(self) -> int:
        """The number of partials that are stored."""
        return len(self.program.results) - 1


def case(opcode: Opcode, rows: Table, constants: list[float], width: int = 0) -> Case:
    """Return what an opcode does; numbers that are partials are added to the constants.

    There are at least `width` parameters, so that every case can be called in the same way.

    >>> from adviz.primitives import TABLE
    >>> made = case(Opcode("mul", (0,)), TABLE, [])
    >>> made.program.results, made.factors
    ({'z': 2}, {0: Factor(kind='argument', place=1)})
    """
    made = _one_node(opcode, rows, width)
    value, *partials = made.results.items()
    arguments = {node: place for place, node in enumerate(made.parameters.values())}
    factors: dict[int, Factor] = {}
    kept = dict([value])
    for position, (label, node) in zip(opcode.active, partials, strict=True):
        if node in arguments:
            factors[position] = Factor("argument", arguments[node])
        elif node == value[1]:
            factors[position] = Factor("result", 0)
        elif node in made.constants:
            factors[position] = Factor("constant", len(constants))
            constants.append(float(made.constants[node]))
        else:
            factors[position] = Factor("own", len(kept) - 1)
            kept[label] = node
    return Case(opcode, rows[opcode.row], replace(made, kind=opcode.label, results=kept), factors)


def _one_node(opcode: Opcode, rows: Table, width: int) -> Program:
    """Return the program of a row's value and wanted partials; a condition is 1 or 0 outside."""
    builder, row = Builder(rows), rows[opcode.row]
    names = [f"{name}{place}" for place, name in enumerate(row.args)]
    args = [builder.input(name) for name in names]
    for place in range(len(args), width):
        builder.input(f"_{place}")
    for position, node in enumerate(args):
        if row.is_condition(position):
            args[position] = builder.node("ne", (node, builder.constant(0)))
    if opcode.fixed is not None:
        args[SPECIAL[row.name]] = builder.constant(opcode.fixed)
    result = builder.node(row.name, tuple(args))
    if row.condition:
        result = builder.node("where", (result, builder.constant(1), builder.constant(0)))
    graph = builder.finish({RESULT: result})
    kind = "gradient" if opcode.active else "value"
    return program(graph, kind, [names[position] for position in opcode.active] or None)
