"""Two graphs of one derivative as one graph, and which of its nodes are the same number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from adviz.checking.points.reaching import reaching
from adviz.checking.points.sampling import drawn
from adviz.comparison.subject import Subject
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.paths import below
from adviz.graph.procedure import INPUT
from adviz.language.labels import Key
from adviz.modes.derivative_graph import derived
from adviz.modes.fast.jacobian import values_at
from adviz.numbers import multiprecision
from adviz.sources import copied

Side = Literal["formula", "both", "reverse", "symbolic"]
"""What a node belongs to: the formula, both derivatives, or one of them."""

POINTS, DIGITS = 8, 50
"""At how many random points nodes are compared, and with how many digits."""
_AGREEING = 30
_COMMUTATIVE = frozenset({"add", "mul"})
_BY_SYMPY = " (SymPy)"
"""What the output that SymPy's derivative is has after its name."""


@dataclass(frozen=True, eq=False)
class Matched:
    """A formula, its derivatives by reverse mode and by SymPy, in one graph that shares nodes."""

    graph: Graph
    sides: Sequence[Side]
    """What every node belongs to."""


def matched(graph: Graph, wanted: Sequence[str]) -> Matched:
    """Return a formula with both derivatives. Raises TooLarge where SymPy's would be too large.

    A node of SymPy's is one of reverse mode's where both apply the same row to the same nodes;
    factors and terms in any order.

    >>> import adviz
    >>> found = matched(adviz.build("x*y*y"), ["x"])
    >>> [found.graph.describe(node) for node, side in enumerate(found.sides) if side != "formula"]
    ['node v3 = y * y', 'node 2', 'node v4 = y**2']
    """
    swept, called = derived(graph, wrt=wanted)
    builder = Builder(swept.rows)
    new = copied(swept, builder)
    outputs = {label: new[node] for label, node in swept.outputs.items()}
    symbolic = _symbolic(graph, wanted, builder)
    for key, node in symbolic.items():
        outputs[f"{called[key]}{_BY_SYMPY}"] = node
    made = builder.finish(outputs)
    ends = (graph.outputs, called.values(), [f"{called[key]}{_BY_SYMPY}" for key in symbolic])
    return Matched(made, _sides(len(made), *[_reached(made, labels) for labels in ends]))


def _symbolic(graph: Graph, wanted: Sequence[str], builder: Builder) -> dict[Key, int]:
    """Add SymPy's derivatives to a graph under construction, and return where each is."""
    from adviz.sources.sympy import from_sympy

    slopes = Subject(graph, tuple(wanted)).slopes
    written = from_sympy(list(slopes.values()), builder.rows)
    new = _merged(written, builder)
    return {key: new[node] for key, node in zip(slopes, written.outputs.values(), strict=True)}


def _merged(graph: Graph, builder: Builder) -> list[int]:
    """Add a graph's nodes to a builder, each to its equal, and return where each went."""
    names = {node: name for name, node in graph.inputs.items()}
    known = {
        (op, tuple(sorted(args))): node
        for node, (op, args) in enumerate(zip(builder.ops, builder.args, strict=True))
        if op in _COMMUTATIVE
    }
    new: list[int] = []
    for node, op in enumerate(graph.ops):
        args = tuple([new[argument] for argument in graph.args[node]])
        if op == INPUT:
            new.append(builder.input(names[node]))
        elif node in graph.constants:
            new.append(builder.constant(graph.constants[node]))
        elif (op, tuple(sorted(args))) in known:
            new.append(known[op, tuple(sorted(args))])
        else:
            new.append(builder.node(op, args))
    return new


def _reached(graph: Graph, labels: Iterable[str]) -> set[int]:
    return {node for label in labels for node in below(graph, label)}


def _sides(count: int, formula: set[int], reverse: set[int], symbolic: set[int]) -> list[Side]:
    """Return what every node belongs to; inputs are the formula's, whatever needs them."""
    return [
        "formula" if node in formula or not (node in reverse or node in symbolic)
        else "both" if node in reverse and node in symbolic
        else "reverse" if node in reverse else "symbolic"
        for node in range(count)
    ]  # fmt: skip


def alike(found: Matched) -> list[list[int]]:
    """Return the groups of nodes that are one number wherever they were compared.

    Only groups in which SymPy's derivative meets something else. Nodes are compared at random
    points, and at points in the branches that these miss, with 50 digits of which 30 must agree.

    >>> import adviz
    >>> alike(matched(adviz.build("x*y*y"), ["x"]))
    [[4, 6]]
    """
    graph = found.graph
    numbers = multiprecision(DIGITS).over(graph.rows)
    points = drawn(graph, POINTS)
    missed = reaching(graph, points)
    columns = [values_at(graph, numbers, point) for point in (*points, *missed)]
    groups: dict[tuple[str, ...], list[int]] = {}
    for node, args in enumerate(graph.args):
        seen = tuple([_digits(column[node]) for column in columns])
        if args and all(seen):
            groups.setdefault(seen, []).append(node)
    return [nodes for nodes in groups.values() if _meet([found.sides[node] for node in nodes])]


def _meet(sides: Sequence[Side]) -> bool:
    return "symbolic" in sides and len({*sides}) > 1


def _digits(value: Any) -> str:
    """Return the digits of a number that are compared; nothing for what is no finite number."""
    context = getattr(value, "context", None)
    if context is None or not context.isfinite(value):
        return ""
    return str(context.nstr(value, _AGREEING))
