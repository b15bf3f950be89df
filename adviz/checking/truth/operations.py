"""The operations by which a mode computes a derivative, as a graph of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.derivative_graph import growing
from adviz.modes.sweep import Contribution, active, pull_back, push_forward
from adviz.sources import copied


@dataclass(frozen=True, eq=False)
class Program:
    """The operations by which a mode computes derivatives, as a graph of their own."""

    graph: Graph
    derivatives: Mapping[Key, str]
    """The output that holds each derivative."""
    origins: Sequence[int]
    """Per node of the program, the node of the original graph at which it is computed."""
    primal: int
    """The number of its nodes that compute values, not derivatives."""


@lru_cache(maxsize=64)
def program(graph: Graph, mode: str, wanted: tuple[str, ...]) -> Program:
    """Return the program by which `forward` or `reverse` mode differentiates a graph.

    >>> import adviz
    >>> made = program(adviz.build("x*y"), "reverse", ("x",))
    >>> made.derivatives
    {Key(output='f', input='x'): 'df/dx'}
    """
    return _Recorder(graph).recorded(mode, wanted)


class _Recorder:
    """Runs the sweeps in the nodes of a growing graph and keeps where each node came from."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.builder = graph, Builder(graph.rows)
        self.found = copied(graph, self.builder)
        self.primal = len(self.builder.ops)
        self.origins = [-1] * self.primal
        for node, copy in enumerate(self.found):
            self.origins[copy] = node
        self.numbers = growing(self.builder)

    def recorded(self, mode: str, wanted: Sequence[str]) -> Program:
        outputs = {label: self.found[node] for label, node in self.graph.outputs.items()}
        sweep = {"forward": self._forward, "reverse": self._reverse}[mode]
        for key, node in sweep(wanted):
            outputs[str(key)] = self.builder.constant(0) if node is None else node
        kept = self.builder.kept(outputs)
        return Program(
            self.builder.finish(outputs),
            {Key(f, x): str(Key(f, x)) for f in self.graph.outputs for x in wanted},
            [self.origins[node] if node < len(self.origins) else -1 for node in kept],
            sum(node < self.primal for node in kept),
        )

    def _reverse(self, wanted: Sequence[str]) -> Iterator[tuple[Key, int | None]]:
        reached = active(self.graph, [self.graph.inputs[name] for name in wanted])
        for label, output in self.graph.outputs.items():
            adjoints: list[Any] = [None] * len(self.graph)
            adjoints[output] = self.builder.constant(1)
            for one in pull_back(self.graph, self.numbers, self.found, adjoints, reached):
                self._note(one, one.edge.tail)
            for name in wanted:
                yield Key(label, name), adjoints[self.graph.inputs[name]]

    def _forward(self, wanted: Sequence[str]) -> Iterator[tuple[Key, int | None]]:
        for name in wanted:
            node = self.graph.inputs[name]
            tangents: list[Any] = [None] * len(self.graph)
            tangents[node] = self.builder.constant(1)
            reached = active(self.graph, [node])
            for one in push_forward(self.graph, self.numbers, self.found, tangents, reached):
                self._note(one, one.edge.head)
            for label, output in self.graph.outputs.items():
                yield Key(label, name), tangents[output]

    def _note(self, one: Contribution, receiver: int) -> None:
        """Give a new sum to the node that receives it, what else is new to where it comes from."""
        new = range(len(self.origins), len(self.builder.ops))
        self.origins.extend(one.edge.head for _ in new)
        if one.total in new and one.total != one.product:
            self.origins[one.total] = receiver
