"""The operations by which a mode computes a derivative, as a graph of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.sameness import remembered
from adviz.language.labels import Key
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import Contribution, pull_back, push_forward, seeded
from adviz.numbers import Number
from adviz.sources import copied

Sweep = Callable[[Linear, list[Number]], Iterator[Contribution]]


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


@remembered(64)
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
        inputs = {name: self.graph.inputs[name] for name in wanted}
        outputs = {label: self.found[node] for label, node in self.graph.outputs.items()}
        for key, node in self._derivatives(mode, inputs):
            outputs[str(key)] = self.builder.constant(0) if node is None else node
        kept = self.builder.kept(outputs)
        return Operations(
            self.builder.finish(outputs),
            {Key(f, x): str(Key(f, x)) for f in self.graph.outputs for x in wanted},
            [self.origins[node] if node < len(self.origins) else -1 for node in kept],
            sum(node < self.primal for node in kept),
        )

    def _derivatives(
        self, mode: str, inputs: Mapping[str, int]
    ) -> Iterator[tuple[Key, int | None]]:
        outputs = self.graph.outputs.items()
        if mode == "reverse":
            for label, output in outputs:
                row = self._swept(pull_back, output, inputs.values())
                yield from ((Key(label, name), row[node]) for name, node in inputs.items())
        else:
            for name, node in inputs.items():
                column = self._swept(push_forward, node, [node])
                yield from ((Key(label, name), column[output]) for label, output in outputs)

    def _swept(self, sweep: Sweep, start: int, wanted: Iterable[int]) -> list[Number]:
        """Return what a sweep from one node leaves at every node.

        A new sum comes from the node that receives it, what else is new from where the edge ends.
        """
        linear = Linear(self.graph, self.numbers, self.found, wanted)
        held = seeded(linear, [(start, self.builder.constant(1))])
        for one in sweep(linear, held):
            new = range(len(self.origins), len(self.builder.ops))
            self.origins.extend(one.edge.head for _ in new)
            if one.total in new and one.total != one.product:
                self.origins[one.total] = one.edge.tail if sweep is pull_back else one.edge.head
        return held
