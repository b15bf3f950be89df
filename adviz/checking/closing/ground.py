"""A graph on which SymPy's expressions in its nodes stand: equal parts are one node.

So a formula can be written in any of the graph's nodes, and is evaluated as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adviz.checking.closing.written import Formula
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.notation import Tree
from adviz.modes.sympy_partials import Expression
from adviz.sources import copied


@dataclass(frozen=True, eq=False)
class Ground:
    """A graph under construction that begins with another one."""

    graph: Graph
    builder: Builder
    found: Sequence[int]
    """Where the nodes of the graph went."""

    @classmethod
    def of(cls, graph: Graph) -> Ground:
        """Return a ground of a graph on which nothing stands yet."""
        builder = Builder(graph.rows)
        return cls(graph, builder, copied(graph, builder))

    def names(self, kept: Iterable[int]) -> dict[int, Tree]:
        """Return what nodes of the graph are called, by where they went."""
        return {self.found[node]: self.graph.leaf(node) for node in kept}

    def add(self, expression: Expression) -> int:
        """Return the node of an expression in the symbols of the graph."""
        from adviz.sources.sympy import from_sympy

        made = from_sympy([expression], self.graph.rows)
        ends = dict(zip(self.graph.symbols, self.found, strict=True))
        starts = {node: ends[one] for one, node in made.inputs.items()}
        new: list[int] = []
        for node, op in enumerate(made.ops):
            if node in starts:
                new.append(starts[node])
            elif node in made.constants:
                new.append(self.builder.constant(made.constants[node]))
            else:
                new.append(self.builder.node(op, tuple(new[a] for a in made.args[node])))
        return new[made.outputs["f"]]

    def formula(self, node: int, names: Mapping[int, Tree]) -> Formula:
        """Return a node as a formula, in which other nodes may be called by their names."""
        label = "formula"
        while label in self.graph.outputs:
            label += "'"
        outputs = {one: self.found[n] for one, n in self.graph.outputs.items()} | {label: node}
        kept = {old: new for new, old in enumerate(self.builder.kept(outputs))}
        called = {kept[n]: part for n, part in names.items() if n in kept and n != node}
        return Formula(self.builder.finish(outputs), label, called)
