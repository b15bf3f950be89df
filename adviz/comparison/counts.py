"""What a procedure costs, counted: operations by kind, the tree and the DAG, what is held at once.

The measure is that of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), sections 4.3
to 4.6: moves, additions, multiplications and nonlinear operations, each with a weight. An
operation of k arguments moves k + 1 numbers. Comparisons and choices, which the book leaves out,
stand beside them with the weight of an addition.

Every count is taken on the graph, so a subexpression that is used forty levels deep costs one
addition of whole numbers a level, though the tree that it stands for has 2⁴⁰ leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from adviz.graph.procedure import CONST, INPUT, Procedure
from adviz.primitives import Primitive

Kind = Literal["adds", "mults", "nonlinear", "choices"]

MOVE, PLAIN, NONLINEAR = 1, 1, 2
"""The weights of a move, of a sum, product or choice, and of anything else (section 4.4)."""


@dataclass(frozen=True)
class Work:
    """Operations by kind, and the numbers they move; what is done one after the other adds up.

    >>> Work(adds=1, moves=3) + 2 * Work(nonlinear=1, moves=2)
    Work(adds=1, mults=0, nonlinear=2, choices=0, moves=7)
    """

    adds: int = 0
    """Sums, differences and signs."""
    mults: int = 0
    """Products."""
    nonlinear: int = 0
    """Quotients, powers, functions."""
    choices: int = 0
    """Comparisons, what joins them, and choices by them."""
    moves: int = 0
    """Numbers fetched and stored."""

    @property
    def operations(self) -> int:
        """All operations; a move is none."""
        return self.adds + self.mults + self.nonlinear + self.choices

    @property
    def cost(self) -> int:
        """The work in Griewank & Walther's measure: a nonlinear operation weighs twice a product.

        >>> Work(mults=1, moves=3).cost, Work(nonlinear=1, moves=2).cost
        (4, 4)
        """
        plain = self.adds + self.mults + self.choices
        return MOVE * self.moves + PLAIN * plain + NONLINEAR * self.nonlinear

    def __add__(self, other: Work) -> Work:
        return Work(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Work)))

    def __rmul__(self, times: int) -> Work:
        return Work(*(times * getattr(self, field.name) for field in fields(Work)))


@dataclass(frozen=True)
class Counts:
    """What a procedure costs.

    >>> import adviz
    >>> found = counted(adviz.build("(x + y)*(x - y)"))
    >>> found.work.adds, found.work.mults, found.nodes, found.tree, found.live
    (2, 1, 5, 7, 3)
    """

    work: Work
    """Every operation once."""
    nodes: int
    """The size of the DAG that the outputs and the guards are, with its inputs and constants."""
    edges: int
    """The uses of a node."""
    tree: int
    """Its size written out as trees in which nothing is shared."""
    live: int
    """The most values that are held at once, evaluated in order."""


def counted(procedure: Procedure) -> Counts:
    """Return what a graph, a derivative graph or a compiled program costs.

    >>> import adviz
    >>> counted(adviz.derivative_graph("(x + y)*(x - y)")).work.operations
    5
    """
    sizes = tree_sizes(procedure)
    return Counts(
        work=_total(procedure, Counter(procedure.ops)),
        nodes=sum(_needed(procedure)),
        edges=sum(map(len, procedure.args)),
        tree=sum(sizes[node] for node in _ends(procedure)),
        live=_most_held(procedure),
    )


def _ends(procedure: Procedure) -> list[int]:
    """Return the nodes that are asked for: the outputs, and what guards demand."""
    return [*procedure.outputs.values(), *(guard.node for guard in procedure.guards)]


def _needed(procedure: Procedure) -> bytearray:
    """Return per node whether an end needs it, which an unused input is not."""
    needed = bytearray(len(procedure))
    for node in _ends(procedure):
        needed[node] = 1
    for node in range(len(procedure) - 1, -1, -1):
        if needed[node]:
            for argument in procedure.args[node]:
                needed[argument] = 1
    return needed


def written_out(procedure: Procedure) -> Work:
    """Return the work of the trees that the outputs are when nothing is shared.

    >>> import adviz
    >>> written_out(adviz.build("a = x*x; b = a*a; b*b")).mults
    7
    """
    times = [0] * len(procedure)
    for node in procedure.outputs.values():
        times[node] += 1
    for node in range(len(procedure) - 1, -1, -1):
        for argument in procedure.args[node]:
            times[argument] += times[node]
    uses = Counter[str]()
    for op, count in zip(procedure.ops, times, strict=True):
        uses[op] += count
    return _total(procedure, uses)


def written_order(procedure: Procedure) -> Iterator[int]:
    """Yield what has arguments in the order of the trees, as often as these have it.

    >>> import adviz
    >>> list(written_order(adviz.build("a = x*x; b = a*a; b + a")))
    [1, 1, 2, 1, 3]
    """
    stack = [(node, False) for node in reversed([*procedure.outputs.values()])]
    while stack:
        node, ready = stack.pop()
        arguments = procedure.args[node]
        if ready:
            yield node
        elif arguments:
            stack.append((node, True))
            stack.extend((argument, False) for argument in reversed(arguments))


def tree_sizes(procedure: Procedure) -> list[int]:
    """Return per node the size of its expression written out as a tree, exactly.

    >>> import adviz
    >>> tree_sizes(adviz.build("a = x*x; b = a*a; b*b"))
    [1, 3, 7, 15]
    """
    sizes: list[int] = []
    for arguments in procedure.args:
        sizes.append(1 + sum([sizes[argument] for argument in arguments]))
    return sizes


def work_of(row: Primitive) -> Work:
    """Return the work of one operation.

    >>> from adviz.primitives import TABLE
    >>> work_of(TABLE["mul"])
    Work(adds=0, mults=1, nonlinear=0, choices=0, moves=3)
    >>> work_of(TABLE["pi"]) == Work()
    True
    """
    return Work(**{kind_of(row): 1}, moves=row.arity + 1) if row.arity else Work()


def kind_of(row: Primitive) -> Kind:
    """Return the kind of an operation, by what the table says of its derivatives.

    A sum has local partials that are numbers other than 0, a product each the other argument.

    >>> from adviz.primitives import TABLE
    >>> [kind_of(TABLE[op]) for op in ("sub", "mul", "div", "sin", "floor", "lt", "where")]
    ['adds', 'mults', 'nonlinear', 'nonlinear', 'nonlinear', 'choices', 'choices']
    """
    if row.condition or row.takes_conditions:
        return "choices"
    if all(row.slopes):
        return "adds"
    return "mults" if row.args == row.partials[::-1] and row.arity == 2 else "nonlinear"


def _total(procedure: Procedure, uses: Counter[str]) -> Work:
    """Return the work of operations, each done so many times."""
    rows = procedure.rows
    return total(n * work_of(rows[op]) for op, n in uses.items() if op not in (INPUT, CONST))


def total(parts: Iterable[Work]) -> Work:
    """Return the sum of works."""
    columns = zip(*((p.adds, p.mults, p.nonlinear, p.choices, p.moves) for p in parts), strict=True)
    return Work(*map(sum, columns))


def _most_held(procedure: Procedure) -> int:
    """Return the most values that are held between two operations.

    A value is held from when it is known until its last use, an output to the end; a result may
    take the place of an operand. Constants stand in the program.
    """
    last = _last_uses(procedure)
    released = Counter(last)
    held = most = sum(last[node] >= 0 for node in procedure.inputs.values())
    for node, op in enumerate(procedure.ops):
        if op not in (INPUT, CONST):
            held += (last[node] >= 0) - released[node]
            most = max(most, held)
    return most


def _last_uses(procedure: Procedure) -> Sequence[int]:
    """Return per node which node uses it last; -1 where none does, and for a constant.

    An output is used last beyond the end.
    """
    last = [-1] * len(procedure)
    for node, arguments in enumerate(procedure.args):
        for argument in arguments:
            last[argument] = node
    for node in procedure.outputs.values():
        last[node] = len(procedure)
    for node in procedure.constants:
        last[node] = -1
    return last
