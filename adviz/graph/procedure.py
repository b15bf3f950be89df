"""What a graph and a program have in common: operations in order, each on earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from adviz.primitives import Primitive, Table
from adviz.primitives.row import Shape

INPUT, CONST = "input", "const"
"""The two operations that no row describes: a node without arguments that holds a number."""

Constant = int | float
"""A number written in a formula, exactly as Python reads it."""

Held = Any
"""What a `const` node holds: a Constant, and where the node is an array nested tuples of such."""

Params = tuple[Any, ...]
"""A node's static parameters, in the order of its row: whole numbers, truths, texts, tuples."""


class Edge(NamedTuple):
    """One use of a node: the argument `tail` at `position` of node `head`."""

    tail: int
    head: int
    position: int


class Guard(NamedTuple):
    """A condition that must hold at a point for the graph to describe the function there."""

    node: int
    reason: str


class Procedure(Protocol):
    """An evaluation procedure: what can be evaluated, differentiated, and counted.

    Nodes are 0..n-1 in a topological order. A `Graph` is one, and so is a compiled `Program`.

    The term: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 2.2.
    """

    @property
    def ops(self) -> tuple[str, ...]:
        """Per node its operation: `input`, `const`, or the name of a row."""

    @property
    def args(self) -> tuple[tuple[int, ...], ...]:
        """Per node its arguments by position."""

    @property
    def constants(self) -> Mapping[int, Held]:
        """The numbers of the `const` nodes."""

    @property
    def inputs(self) -> Mapping[str, int]:
        """The inputs in order, name to node."""

    @property
    def outputs(self) -> Mapping[str, int]:
        """The outputs in order, label to node."""

    @property
    def guards(self) -> tuple[Guard, ...]:
        """What must hold at a point for the procedure to describe the function there."""

    @property
    def rows(self) -> Table:
        """The rows its operations refer to."""

    @property
    def shapes(self) -> Mapping[int, Shape] | None:
        """The shapes of the nodes that are arrays; None where all are numbers."""

    @property
    def params(self) -> Mapping[int, Params] | None:
        """The static parameters of the nodes that have any; None where none has."""

    def row(self, node: int) -> Primitive | None:
        """Return the row that computes a node; None for an input or a constant."""

    def __len__(self) -> int: ...


Needs = Mapping[str, tuple[bool | None, ...]]
"""Per lazy operation, what its first argument must be for each argument to be needed."""


def needs(procedure: Procedure) -> Needs:
    """Return the operations of a procedure that do not always need all their arguments.

    >>> import adviz
    >>> dict(needs(adviz.build("x if x > 0 else -x")))
    {'where': (None, True, False)}
    """
    rows = procedure.rows
    return {op: rows[op].needed for op in {*procedure.ops} if op in rows and rows[op].needed}


def is_lazy(procedure: Procedure) -> bool:
    """Return whether a condition decides what of a procedure is evaluated at all.

    >>> import adviz
    >>> is_lazy(adviz.build("x if x > 0 else -x")), is_lazy(adviz.build("abs(x)"))
    (True, False)
    """
    return bool(needs(procedure))


def chooses(procedure: Procedure, node: int) -> bool:
    """Return whether a node is a choice between branches.

    >>> import adviz
    >>> graph = adviz.build("x if x > 0 else -x")
    >>> [chooses(graph, node) for node in range(len(graph))]
    [False, False, False, False, True]
    """
    row = procedure.row(node)
    return row is not None and row.chooses
