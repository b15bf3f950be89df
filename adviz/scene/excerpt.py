"""The part of a graph around one node, and of a sweep: what fits where the whole cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT, Edge
from adviz.modes.trace import ByNode, Step, Trace
from adviz.numbers import Number, Numbers
from adviz.scene.scene import Mark, Marks

REACH, MOST_NODES = 2, 24
"""How many edges away a node may be, and how many nodes there are at most."""


@dataclass(frozen=True)
class Excerpt:
    """Some nodes of a graph; whatever else they are computed from stands as an input.

    >>> import adviz
    >>> g = adviz.build("+".join(f"sin(x*{k})" for k in range(1, 40)))
    >>> part = Excerpt.around(g, 2)
    >>> g.symbols[2], len(g), len(part.graph), part.graph.symbols[part.new[2]]
    ('v1', 156, 5, 'v1')
    """

    whole: Graph
    nodes: tuple[int, ...]
    """Those that are kept, in order."""
    given: frozenset[int] = frozenset()
    """Those of them that stand as inputs though all that they are computed from is kept."""

    @classmethod
    def around(cls, graph: Graph, node: int) -> Excerpt:
        """Return what is within a few edges of a node; arguments come before consumers."""
        near, newest = {node: None}, [node]
        for _ in range(REACH):
            found = dict.fromkeys(n for one in newest for n in _beside(graph, one, one == node))
            newest = [n for n in found if n not in near][: MOST_NODES - len(near)]
            near.update(dict.fromkeys(newest))
        return cls(graph, tuple(sorted(near)))

    @cached_property
    def new(self) -> Mapping[int, int]:
        """What the nodes are in the excerpt."""
        return {node: position for position, node in enumerate(self.nodes)}

    @cached_property
    def graph(self) -> Graph:
        """The nodes as a graph of their own, in which each is called what it was."""
        whole, cut = self.whole, self._cut
        called = {n: whole.symbols[n] for n in self.nodes}
        named = {*whole.names.values(), *(n for n in self.nodes if n not in whole.constants)}
        outputs = {label: self.new[n] for label, n in whole.outputs.items() if n in self.new}
        return Graph(
            ops=tuple(INPUT if n in cut else whole.ops[n] for n in self.nodes),
            args=tuple(
                () if n in cut else tuple(self.new[a] for a in whole.args[n]) for n in self.nodes
            ),
            constants={self.new[n]: v for n, v in whole.constants.items() if n in self.new},
            inputs={called[n]: self.new[n] for n in self.nodes if n in cut},
            outputs=outputs or {called[self.nodes[-1]]: len(self.nodes) - 1},
            names={called[n]: self.new[n] for n in self.nodes if n in named},
            rows=whole.rows,
            sources={self.new[n]: s for n, s in (whole.sources or {}).items() if n in self.new},
            shapes=self._of_kept(whole.shapes),
            params=self._of_kept({n: p for n, p in (whole.params or {}).items() if n not in cut}),
        )

    def _of_kept(self, facts: Mapping[int, Any] | None) -> dict[int, Any] | None:
        """Return what is said of the nodes that are kept; None where nothing is."""
        kept = {self.new[n]: fact for n, fact in (facts or {}).items() if n in self.new}
        return kept or None

    def edge(self, edge: Edge) -> Edge:
        """Return an edge between nodes that are kept."""
        return edge._replace(tail=self.new[edge.tail], head=self.new[edge.head])

    def marks(self, marks: Marks) -> Marks:
        """Return the marks of what is kept."""
        kept: dict[int | Edge, Mark] = {}
        for where, mark in marks.items():
            if isinstance(where, Edge):
                kept |= {self.edge(where): mark} if self.keeps(where) else {}
            elif where in self.new:
                kept[self.new[where]] = mark
        return kept

    def trace(self, trace: Trace) -> Trace:
        """Return a sweep's numbers at the nodes that are kept, each sum complete at its end."""
        graph, tangents, adjoints = self.graph, trace.tangents, trace.adjoints
        return replace(
            trace,
            graph=graph,
            point={name: trace.values[self.nodes[node]] for name, node in graph.inputs.items()},
            steps=tuple(self._steps(trace)),
            values=self._kept(trace.values),
            tangents=None if tangents is None else self._kept(tangents),
            adjoints=None if adjoints is None else self._kept(adjoints),
            partials={self.edge(e): p for e, p in trace.partials.items() if self.keeps(e)},
            status=tuple(trace.status[n] for n in self.nodes),
            further={kind: self._kept(numbers) for kind, numbers in trace.further.items()},
        )

    def _kept(self, numbers: Sequence[Number]) -> ByNode:
        return ByNode(self.graph, [numbers[node] for node in self.nodes])

    def _steps(self, trace: Trace) -> Iterator[Step]:
        """Yield the steps at what is kept, what arrives from elsewhere first."""
        kept = [step for step in trace.steps if step.node in self.new]
        yield from (s._replace(node=self.new[s.node]) for s in kept if s.kind == "value")
        for kind, numbers in trace.derivatives.items():
            yield from self._sums([s for s in kept if s.kind == kind], numbers, trace.numbers)

    def _sums(self, steps: Sequence[Step], complete: ByNode, system: Numbers) -> Iterator[Step]:
        """Yield a sweep's steps with the sums as they grow when what comes from elsewhere is there.

        What comes last makes the sum that the whole sweep found.
        """
        inside = [step for step in steps if step.edge is not None and self.keeps(step.edge)]
        last = {step.node: step for step in inside}
        add, held = system.function("add"), dict[int, Number]()
        for step in steps:
            node, product = step.node, step.product
            if step.edge is None:
                held[node] = step.number
            elif not self.keeps(step.edge):
                held[node] = add(held[node], product) if node in held else product
        for node, number in held.items():
            total = number if node in last else complete[node]
            yield Step(steps[0].kind, self.new[node], total)
        for step in inside:
            node, product = step.node, step.product
            total = add(held[node], product) if node in held else product
            held[node] = complete[node] if step is last[node] else total
            edge = step.edge and self.edge(step.edge)
            yield step._replace(node=self.new[node], number=held[node], edge=edge)

    def keeps(self, edge: Edge) -> bool:
        """Return whether an edge is kept."""
        return {edge.tail, edge.head} <= self.new.keys() and edge.head not in self._cut

    @cached_property
    def _cut(self) -> frozenset[int]:
        """The inputs, and the nodes of which an argument is left out."""
        whole, inputs = self.whole, set(self.whole.inputs.values())
        lacking = (n for n in self.nodes if not self.new.keys() >= set(whole.args[n]))
        return frozenset(lacking) | self.given | (inputs & self.new.keys())


def _beside(graph: Graph, node: int, first: bool) -> Sequence[int]:
    """Return a node's arguments and consumers; an input or a constant leads nowhere else."""
    if not graph.args[node] and not first:
        return ()
    return (*graph.args[node], *(edge.head for edge in graph.consumers[node]))
