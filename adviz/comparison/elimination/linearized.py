"""A function near a point: what the derivative of every vertex is by the vertices right before it.

Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), chapters 9 and 10: the linearized
computational graph has an edge for every local partial that counts, and parallel edges are one.
Its sources are the inputs and its sinks the outputs: an output that something else uses, that is
an input, or that is another output too, has a copy of its own, reached by an edge of 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.comparison.partials import finite_partial, leading
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.notation import Tree, name
from adviz.modes.linear import Linear
from adviz.modes.run import Run
from adviz.modes.verbs import wanted_inputs
from adviz.numbers import Number, Numbers

Arrow = tuple[int, int]
"""An edge of a linearized graph: the vertex it leaves and the one it enters."""


@dataclass(frozen=True, eq=False)
class Linearized:
    """A linearized graph; vertices have the numbers of their nodes, copies those that follow."""

    graph: Graph
    point: Mapping[str, Number]
    numbers: Numbers
    partials: Mapping[Arrow, Number]
    """The number on every edge, by the vertices that it enters and then leaves."""
    inputs: Mapping[str, int]
    """The sources: the inputs that are differentiated by."""
    outputs: Mapping[str, int]
    """The sink that stands for each output."""

    @cached_property
    def vertices(self) -> tuple[int, ...]:
        """All vertices, in a topological order."""
        ends = {end for arrow in self.partials for end in arrow}
        return tuple(sorted({*ends, *self.inputs.values(), *self.outputs.values()}))

    @cached_property
    def intermediates(self) -> tuple[int, ...]:
        """The vertices that are to be eliminated, in a topological order."""
        kept = {*self.inputs.values(), *self.outputs.values()}
        return tuple(vertex for vertex in self.vertices if vertex not in kept)

    def symbol(self, vertex: int) -> Tree:
        """Return what a vertex is called, as a notation tree."""
        return name(self.name(vertex))

    def name(self, vertex: int) -> str:
        """Return what a vertex is called: a sink as its output."""
        return self.labels.get(vertex) or self.graph.symbols[vertex]

    @cached_property
    def labels(self) -> Mapping[int, str]:
        """The output that each sink stands for."""
        return {sink: label for label, sink in self.outputs.items()}

    def formula(self, vertex: int) -> Tree | None:
        """Return what a vertex computes; a copy its original, and an input nothing."""
        graph = self.graph
        if vertex >= len(graph):
            return graph.leaf(graph.outputs[self.name(vertex)])
        return graph.expression(vertex) if graph.args[vertex] else None


def linearized(run: Run, wrt: str | Sequence[str] | None = None) -> Linearized:
    """Return the linearized graph of a function that has been evaluated at a point.

    `wrt` limits the inputs that are differentiated by. Raises PointError for arrays, which are
    many points, and DomainError where a local partial is not finite.

    >>> import adviz
    >>> from adviz.modes.run import Run
    >>> found = linearized(Run(adviz.build("a = x*x; a*sin(a)"), {"x": 2}))
    >>> list(found.partials), found.partials[0, 1], found.intermediates
    ([(0, 1), (1, 2), (1, 3), (2, 3)], 4.0, (1, 2))
    """
    graph = run.graph
    if run.numbers.many:
        raise PointError("vertices are eliminated at one point; this one has arrays of many")
    inputs = {label: graph.inputs[label] for label in wanted_inputs(graph, wrt)}
    linear = Linear(graph, run.numbers, run.found, inputs.values())
    partials: dict[Arrow, Number] = {}
    for edge in leading(linear, graph.outputs.values()):
        partial, arrow = finite_partial(linear, graph, edge), (edge.tail, edge.head)
        known = arrow in partials
        partials[arrow] = linear.add(partials[arrow], partial) if known else partial
    partials = dict(sorted(partials.items(), key=lambda item: item[0][::-1]))
    outputs = _sinks(linear, graph, partials)
    return Linearized(graph, run.point, run.numbers, partials, inputs, outputs)


def _sinks(linear: Linear, graph: Graph, partials: dict[Arrow, Number]) -> dict[str, int]:
    """Return the sink of every output; copies are given their edges."""
    times = Counter(graph.outputs.values())
    used = {*graph.inputs.values(), *(tail for tail, _ in partials)}
    sinks = {
        label: len(graph) + place if node in used or times[node] > 1 else node
        for place, (label, node) in enumerate(graph.outputs.items())
    }
    for label, node in graph.outputs.items():
        if sinks[label] != node and linear.reached[node]:
            partials[node, sinks[label]] = linear.numbers.constant(1)
    return sinks
