"""A straight-line program as data: what it is given, what it does, what it gives."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from adviz.graph.procedure import Constant, Guard
from adviz.primitives import Primitive, Table


@dataclass(frozen=True, eq=False)
class Program:
    """Operations in order, each on earlier ones; the engine's fields are those of a Graph.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> made = program(adviz.build("x*y"))
    >>> list(made.parameters), made.results
    (['x', 'y'], {'f': 2, 'df/dx': 1, 'df/dy': 0})
    """

    kind: str
    """What it computes besides the values."""
    ops: tuple[str, ...]
    """Per node its operation: `input`, `const`, or the name of a row."""
    args: tuple[tuple[int, ...], ...]
    """Per node its arguments by position."""
    constants: Mapping[int, Constant]
    """The numbers of the `const` nodes."""
    parameters: Mapping[str, int]
    """What it is given, name to node: the inputs, then tangents or cotangents."""
    results: Mapping[str, int]
    """What it gives, label to node: the outputs, then their derivatives."""
    values: int
    """The number of results that are outputs."""
    names: Mapping[int, str]
    """What the author, or a result's label, calls nodes; a language makes it legal."""
    symbols: Mapping[int, str]
    """What other nodes are called if they are assigned at all: `v1`, `v1_bar`."""
    primal: int
    """The number of leading nodes that compute values, not derivatives."""
    rows: Table = field(repr=False)
    """The rows its operations refer to."""
    name: str = ""
    """What its function is called; unless given, as its kind."""
    guards: tuple[Guard, ...] = ()
    """None: a point that a graph's guard refuses has no value in its program."""
    shapes: None = None
    params: None = None
    """None: a program is one of numbers."""

    @property
    def called(self) -> str:
        """What its function is called."""
        return self.name or self.kind

    def __len__(self) -> int:
        return len(self.ops)

    def row(self, node: int) -> Primitive | None:
        """Return the row that computes a node; None for a parameter or a constant."""
        return self.rows.get(self.ops[node])

    def is_nothing(self, node: int) -> bool:
        """Return whether a node is 0/0, which stands where there is no value."""
        args = self.args[node]
        return self.ops[node] == "div" and {self.constants.get(a) for a in args} == {0}

    @property
    def inputs(self) -> Mapping[str, int]:
        """The parameters, as a sweep calls them."""
        return self.parameters

    @property
    def outputs(self) -> Mapping[str, int]:
        """The results, as a sweep calls them."""
        return self.results


def seed_names(taken: Container[str], names: Sequence[str], suffix: str) -> list[str]:
    """Return what the parameters of tangents (`_dot`) or cotangents (`_bar`) are called.

    >>> seed_names(["x", "y", "x_dot"], ["x", "y"], "_dot")
    ['x_dot_', 'y_dot']
    """
    made = []
    for name in names:
        fresh = name + suffix
        while fresh in taken or fresh in made:
            fresh += "_"
        made.append(fresh)
    return made
