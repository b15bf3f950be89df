"""What a program costs in the measure of Griewank & Walther, in which a gradient costs at most 4.

*Evaluating Derivatives* (2nd ed., 2008), sections 4.4 to 4.6, counts moves, additions,
multiplications and nonlinear operations. An operation of k arguments moves k + 1 numbers. With a
weight of 1 for a move, an addition and a multiplication and of 2 for anything nonlinear, the
dearest operation is the multiplication: 3 moves and 1 become 11 moves, 2 additions and 3
multiplications, so 16 for 4.

The book assumes that an elementary function and its derivative are both one nonlinear operation.
Here a derivative is what the table spells out, such as 1/cosh(x)**2 for tanh, so a function in
the value counts as much as its dearest local partial does; and that partial counts in full.
"""

from __future__ import annotations

from functools import cache

from laws import graph_of

from adviz.compiler.program.data import Program
from adviz.compiler.program.program import program
from adviz.graph.procedure import CONST, INPUT
from adviz.primitives import Primitive

BOUND = 4
"""The cheap gradient principle: a gradient costs at most this many values."""
MOVE, PLAIN, NONLINEAR = 1, 1, 2


def operations(program: Program) -> int:
    """Return what a program costs: its values with their partials' weight, the rest as it is."""
    rows, costs = program.rows, 0
    for node, op in enumerate(program.ops):
        if op not in (INPUT, CONST):
            costs += dearest(rows[op]) if node < program.primal else alone(rows[op])
    return costs


def alone(row: Primitive) -> int:
    """Return what one operation costs: its moves, and itself."""
    return MOVE * (row.arity + 1) + (PLAIN if plain(row) else NONLINEAR)


def plain(row: Primitive) -> bool:
    """Return whether a row is like a sum or a product: its partials are numbers or arguments."""
    return all(text.lstrip("-").isdigit() or text in ("", *row.args) for text in row.partials)


def dearest(row: Primitive) -> int:
    """Return what an operation costs in a value: itself or its dearest partial."""
    return alone(row) if plain(row) else max(alone(row), _partial(row))


@cache
def _partial(row: Primitive) -> int:
    """Return what the dearest local partial of a row costs, by the program of that row alone."""
    made = program(graph_of(row), "gradient")
    return max(_above(made, node) for node in [*made.results.values()][made.values :])


def _above(made: Program, result: int) -> int:
    """Return what the operations behind a result cost that are no values."""
    waiting, seen, costs = [result], set[int](), 0
    while waiting:
        node = waiting.pop()
        if node not in seen and node >= made.primal and made.ops[node] not in (INPUT, CONST):
            costs += alone(made.rows[made.ops[node]])
            waiting.extend(made.args[node])
        seen.add(node)
    return costs
