"""Symbolic mode in form (b): SymPy's derivative of each primitive, chained along the graph.

Each primitive is differentiated once, on dummy symbols, and reverse mode chains the results: as
numbers at a point, or as assignments, a program whose size is that of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.modes.evaluation import evaluated
from adviz.modes.linear import Linear
from adviz.modes.sweep import Parts, adjoints, rows_by_reverse
from adviz.modes.sympy_partials import Expression, local_on, with_sympy_partials
from adviz.numbers import Number, Numbers

Line = tuple[Expression, Expression]
"""A symbol, and the expression that is assigned to it."""


@dataclass(frozen=True)
class Assignments:
    """A derivative as a straight-line program: each line a symbol and its expression.

    `results` maps every output to the symbols that hold its derivatives by the inputs.
    """

    lines: tuple[Line, ...]
    results: Mapping[str, Mapping[str, Expression]]

    def __str__(self) -> str:
        return "\n".join(f"{symbol} = {expression}" for symbol, expression in self.lines)


def chained(
    graph: Graph, point: Mapping[str, Number], wanted: Sequence[str], numbers: Numbers
) -> dict[str, dict[str, Number]]:
    """Return derivatives by chaining SymPy's local ones along the graph."""
    system = with_sympy_partials(numbers)
    nodes = {name: graph.inputs[name] for name in wanted}
    linear = Linear(graph, system, evaluated(graph, system, point), nodes.values())
    rows = rows_by_reverse(linear, graph.outputs.values(), [*nodes.values()])
    return {
        label: dict(zip(wanted, row, strict=True))
        for label, row in zip(graph.outputs, rows, strict=True)
    }


def assignments(graph: Graph, wanted: Sequence[str]) -> Assignments:
    """Return the chained derivative as lines: values first, then adjoints back."""
    import sympy

    from adviz.numbers.symbols import SYMBOLS
    from adviz.numbers.sympys.hyperbolic import handed_out

    system = SYMBOLS.over(graph.rows)
    lines: list[Line] = []
    symbols: list[Expression] = [sympy.Symbol(symbol) for symbol in graph.symbols]
    for node, op in enumerate(graph.ops):
        if node in graph.constants:
            symbols[node] = system.constant(graph.constants[node])
        elif op in graph.rows:
            arguments = [symbols[argument] for argument in graph.args[node]]
            lines.append((symbols[node], system.function(op)(*arguments)))
    nodes = {name: graph.inputs[name] for name in wanted}
    linear = Linear(graph, system, symbols, nodes.values())
    results: dict[str, dict[str, Expression]] = {}
    taken = set(graph.symbols)
    for label, output in graph.outputs.items():
        parts = _assigning(graph, label, lines, taken)
        held = adjoints(linear, [(output, (sympy.Integer(1),))], parts)
        results[label] = {
            name: sympy.Integer(0) if held[node] is None else held[node]
            for name, node in nodes.items()
        }
    return Assignments(tuple((bar, handed_out(value)) for bar, value in lines), results)


def _assigning(graph: Graph, label: str, lines: list[Line], taken: set[str]) -> Parts:
    """Return the parts of a sweep that assigns an adjoint to a symbol when it is complete.

    Until then a node holds the terms of its sum. A symbol that is `taken` gets an underscore.
    """
    import sympy

    def named(linear: Linear, held: list[Any]) -> Iterator[Edge]:
        for node in range(len(held) - 1, -1, -1):
            if held[node] is not None and linear.reached[node]:
                called = f"d{label}_d{graph.symbols[node]}"
                while called in taken:
                    called += "_"
                taken.add(called)
                bar = sympy.Symbol(called)
                lines.append((bar, sympy.Add(*held[node], evaluate=False)))
                held[node] = bar
                yield from linear.uses(node)

    def local(linear: Linear, edge: Edge) -> Expression:
        arguments = [linear.found[argument] for argument in graph.args[edge.head]]
        return local_on(graph.rows[graph.ops[edge.head]], edge.position, arguments)

    return Parts(
        counts=lambda *_: True,  # SymPy's derivative of a choice is a choice itself
        partial=local,
        arrive=lambda _, __, before, product: (*(before or ()), product),
        order=named,
    )
