"""The trace of a recorded pass: a graph of what ran, and the numbers that were there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from adviz.checking.recording.meanings import graph_of, single
from adviz.checking.recording.recorded import Array, Operation, Pass
from adviz.errors import AdvizError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.modes.domains import Status
from adviz.modes.trace import ByNode, Partials, Steps, Trace
from adviz.numbers.maps import Map
from adviz.numbers.recorded import RECORDED
from adviz.primitives import ARRAYS, TABLE, Primitive, own
from adviz.primitives.row import Foreign, Shape
from adviz.sources.frameworks.opaque import foreign_row, free
from adviz.sources.frameworks.reading import STOPPED


def shape(value: Array) -> Shape:
    """Return the shape of a recorded number or array."""
    return tuple(np.shape(value))


@dataclass(eq=False)
class Drawn:
    """A recorded pass as a graph: which node each operation is, and which edge each argument."""

    recorded: Pass
    graph: Graph = field(init=False)
    nodes: list[int] = field(default_factory=list)
    """Per operation its node."""
    edges: dict[tuple[int, int], Edge] = field(default_factory=dict)
    """Per operation and argument the edge between their nodes."""
    meanings: dict[int, Graph] = field(default_factory=dict)
    """Per operation what it means, where that is known."""

    def __post_init__(self) -> None:
        operations = self.recorded.operations
        for place, one in enumerate(operations):
            shapes = [shape(operations[argument].value) for argument in one.args]
            meaning = graph_of(one.meaning, shapes) if one.args else None
            if meaning is not None and _alike(meaning, one.value):
                self.meanings[place] = meaning
        rows = _foreign_rows(self.recorded, self.meanings)
        arrays = any(shape(one.value) for one in operations)
        meant = (row for meaning in self.meanings.values() for row in own(meaning.rows))
        builder = Builder(_table([*rows.values(), *meant], arrays), share=False)
        for place, one in enumerate(operations):
            self.nodes.append(self._node(builder, place, one, rows.get(place)))
            if one.source and one.args:
                builder.sources[self.nodes[-1]] = one.source
        self._name(builder)
        self.graph = builder.finish(self._outputs(builder))

    def _node(self, builder: Builder, place: int, one: Operation, row: Primitive | None) -> int:
        """Add the node of an operation: an input, a row of the table, or a row of its own."""
        if not one.args:
            return builder.input(
                free(one.name or one.label or "x", builder.names), shape(one.value)
            )
        tails = tuple(self.nodes[argument] for argument in one.args)
        if row is None:
            return self._of_the_table(builder, place, tails)
        node = builder.node(row.name, tails)
        for position, tail in enumerate(tails):
            self.edges[place, position] = Edge(tail, node, position)
        return node

    def _of_the_table(self, builder: Builder, place: int, tails: Sequence[int]) -> int:
        """Add the one row that an operation means, with its constants."""
        meaning = self.meanings[place]
        (head,) = meaning.outputs.values()
        places = {node: position for position, node in enumerate(meaning.inputs.values())}
        args = tuple(
            tails[places[tail]] if tail in places else builder.constant(meaning.constants[tail])
            for tail in meaning.args[head]
        )
        node = builder.node(meaning.ops[head], args, (meaning.params or {}).get(head, ()))
        for position, tail in enumerate(meaning.args[head]):
            if tail in places:
                self.edges[place, places[tail]] = Edge(args[position], node, position)
        return node

    def _name(self, builder: Builder) -> None:
        """Give the author's names to what is computed."""
        for node, one in zip(self.nodes, self.recorded.operations, strict=True):
            if one.args and one.name:
                builder.names[free(one.name, builder.names)] = node

    def _outputs(self, builder: Builder) -> dict[str, int]:
        outputs: dict[str, int] = {}
        for place in self.recorded.seeds:
            name = self.recorded.operations[place].name or "f"
            taken = builder.names.keys() - {
                k for k, n in builder.names.items() if n == self.nodes[place]
            }
            outputs[free(name, {*outputs, *(taken if name == "f" else ())})] = self.nodes[place]
        return outputs

    def trace(self) -> Trace:
        """Return the pass as a finished reverse sweep over the graph."""
        graph, recorded = self.graph, self.recorded
        values: list[Any] = [None] * len(graph)
        for node, held in graph.constants.items():
            values[node] = np.array(held)[()] if graph.shape(node) else np.float64(held)
        adjoints: list[Any] = [None] * len(graph)
        for place, node in enumerate(self.nodes):
            values[node] = recorded.operations[place].value
            adjoints[node] = recorded.received.get(place)
        status = tuple(map(_status, values))
        cells: list[Any] = []
        for node, value in enumerate(values):
            cells += ("value", node, None, value, None, None, None, status[node])
        seeds = {self.nodes[place]: seed for place, seed in recorded.seeds.items()}
        for node, seed in seeds.items():
            cells += ("adjoint", node, None, seed, None, None, None, "ok")
        cells += self._contributions()
        steps = Steps(graph, cells)
        return Trace(
            graph, "reverse", {name: values[node] for name, node in graph.inputs.items()},
            {label: seeds[node] for label, node in graph.outputs.items()}, steps,
            ByNode(graph, values), None, ByNode(graph, adjoints), Partials(steps), status,
            RECORDED.over(graph.rows),
        )  # fmt: skip

    def _contributions(self) -> list[Any]:
        cells: list[Any] = []
        for one in self.recorded.arrivals:
            edge = self.edges[one.head, one.position]
            factor = sent(one.partial) if isinstance(one.partial, str) else one.partial
            cells += (
                "adjoint", edge.head, edge.position, one.total, factor, one.incoming, one.product,
                _status(one.total),
            )  # fmt: skip
        return cells


def _alike(meaning: Graph, value: Array) -> bool:
    """Tell whether a meaning gives one array of the shape that was recorded."""
    return [meaning.shape(node) for node in meaning.outputs.values()] == [shape(value)]


def _foreign_rows(recorded: Pass, meanings: Mapping[int, Graph]) -> dict[int, Primitive]:
    """Return the rows of the operations that are no single row of the table."""
    made: dict[tuple[str, int, Shape], Primitive] = {}
    rows: dict[int, Primitive] = {}
    foreign, taken = Foreign(recorded.framework), {*ARRAYS, STOPPED.name}
    for place, one in enumerate(recorded.operations):
        if one.args and (one.ruled or single(meanings.get(place)) is None):
            key = one.label, len(one.args), shape(one.value)
            if key not in made:
                made[key] = foreign_row(*key, foreign, taken)
                taken.add(made[key].name)
            rows[place] = made[key]
    return rows


def _table(rows: Iterable[Primitive], arrays: bool) -> Mapping[str, Primitive]:
    """Return the table with rows of operations' own."""
    own_rows = {row.name: row for row in rows}
    base = ARRAYS if arrays else TABLE
    return MappingProxyType({**ARRAYS, **own_rows}) if own_rows else base


def sent(rule: str) -> Map:
    """Return a rule of a framework as a local partial: what it is called is known, and no more.

    >>> sent("TanhBackward0")
    <Map TanhBackward0(·)>
    """
    refuse = partial(_refuse, rule)
    return Map(refuse, refuse, f"{rule}(·)")


def _refuse(rule: str, _: object) -> object:
    raise AdvizError(
        f"{rule} is a rule of the framework, of which a recording has one result; show nodes alone"
    )


def _status(value: Array) -> Status:
    if value is None or np.asarray(value).dtype.kind != "f" or np.all(np.isfinite(value)):
        return "ok"
    return "undefined" if np.any(np.isnan(value)) else "overflow"
