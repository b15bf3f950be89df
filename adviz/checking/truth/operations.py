"""The operations by which a mode computes a derivative, as a graph of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.labels import Key
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import Contribution, pull_back, push_forward, seeded
from adviz.sources import copied


@dataclass(frozen=True, eq=False)
class Operations:
    """The operations by which a mode computes derivatives, as a graph of their own."""

    graph: Graph
    derivatives: Mapping[Key, str]
    """The output that holds each derivative."""
    origins: Sequence[int]
    """Per node, the node of the original graph at which it is computed."""
    primal: int
    """The number of its nodes that compute values, not derivatives."""


@lru_cache(maxsize=64)
def operations(graph: Graph, mode: str, wanted: tuple[str, ...]) -> Operations:
    """Return the operations by which `forward` or `reverse` mode differentiates a graph.

    >>> import adviz
    >>> made = operations(adviz.build("x*y"), "reverse", ("x",))
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

    def recorded(self, mode: str, wanted: Sequence[str]) -> Operations:
        outputs = {label: self.found[node] for label, node in self.graph.outputs.items()}
        sweep = {"forward": self._forward, "reverse": self._reverse}[mode]
        for key, node in sweep(wanted):
            outputs[str(key)] = self.builder.constant(0) if node is None else node
        kept = self.builder.kept(outputs)
        return Operations(
            self.builder.finish(outputs),
            {Key(f, x): str(Key(f, x)) for f in self.graph.outputs for x in wanted},
            [self.origins[node] if node < len(self.origins) else -1 for node in kept],
            sum(node < self.primal for node in kept),
        )

    def _reverse(self, wanted: Sequence[str]) -> Iterator[tuple[Key, int | None]]:
        nodes = {name: self.graph.inputs[name] for name in wanted}
        linear = Linear(self.graph, self.numbers, self.found, nodes.values())
        for label, output in self.graph.outputs.items():
            adjoints = seeded(linear, [(output, self.builder.constant(1))])
            for one in pull_back(linear, adjoints):
                self._note(one, one.edge.tail)
            for name, node in nodes.items():
                yield Key(label, name), adjoints[node]

    def _forward(self, wanted: Sequence[str]) -> Iterator[tuple[Key, int | None]]:
        for name in wanted:
            node = self.graph.inputs[name]
            linear = Linear(self.graph, self.numbers, self.found, [node])
            tangents = seeded(linear, [(node, self.builder.constant(1))])
            for one in push_forward(linear, tangents):
                self._note(one, one.edge.head)
            for label, output in self.graph.outputs.items():
                yield Key(label, name), tangents[output]

    def _note(self, one: Contribution, receiver: int) -> None:
        """Give a new sum to the node that receives it, what else is new to where it comes from."""
        new = range(len(self.origins), len(self.builder.ops))
        self.origins.extend(one.edge.head for _ in new)
        if one.total in new and one.total != one.product:
            self.origins[one.total] = receiver
