"""A linearized graph as a picture: its vertices, and every edge that some elimination needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from adviz.comparison.elimination.linearized import Arrow, Linearized
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT, Edge
from adviz.language.numerals import full
from adviz.primitives import Primitive, extend
from adviz.scene.boxes import badges_width, box_height, box_width
from adviz.scene.floor import Floor
from adviz.scene.layout import NodeSize
from adviz.scene.lettering import CHIP_SIZE, TEXT_SIZE, chip_room, shown_note
from adviz.scene.scene import Mark, Marks, Node
from adviz.scene.text_width import width

_PORT = 16.0
"""How far apart the edges into a vertex are."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A linearized graph, and edges that are not there at first; vertices count from 0."""

    start: Linearized
    extra: tuple[Arrow, ...]

    @cached_property
    def place(self) -> Mapping[int, int]:
        """The number of every vertex in the picture."""
        return {vertex: place for place, vertex in enumerate(self.start.vertices)}

    @cached_property
    def graph(self) -> Graph:
        """The linearized graph as a function of its own: every vertex is a sum of multiples.

        The edges that are not there at first stand for multiples by 0.
        """
        start, place = self.start, self.place
        into = _by_head(start, (*start.partials, *self.extra))
        rows = {vertex: _row(start, vertex, tails) for vertex, tails in into.items()}
        inputs = {name: place[vertex] for name, vertex in start.inputs.items()}
        bare = {place[v] for v in start.vertices if v not in rows} - {*inputs.values()}
        names = {start.name(vertex): place[vertex] for vertex in reversed(start.vertices)}
        return Graph(
            ops=tuple(
                rows[v].name if v in rows else CONST if place[v] in bare else INPUT
                for v in start.vertices
            ),
            args=tuple(tuple(place[tail] for tail in into.get(v, ())) for v in start.vertices),
            constants=dict.fromkeys(sorted(bare), 0.0),
            inputs=inputs,
            outputs={label: place[sink] for label, sink in start.outputs.items()},
            names=names,
            rows=extend(rows.values()),
        )

    @cached_property
    def arrows(self) -> Mapping[Arrow, int]:
        """The number of every edge in the picture."""
        vertices = self.start.vertices
        ends = ((vertices[edge.tail], vertices[edge.head]) for edge in self.graph.edges)
        return {arrow: number for number, arrow in enumerate(ends)}

    def nodes(self, rows: tuple[str, ...]) -> tuple[Node, ...]:
        """Return the vertices as nodes, those that are eliminated with some rows."""
        start, inner = self.start, {*self.start.intermediates}
        sinks = start.labels
        inputs = {*start.inputs.values()}
        return tuple(
            Node(
                self.place[vertex],
                "input" if vertex in inputs else "output" if vertex in sinks else "intermediate",
                start.symbol(vertex),
                start.formula(vertex),
                rows if vertex in inner else (),
                (sinks[vertex],) if vertex in sinks else (),
                remark=_remark(start, vertex),
            )
            for vertex in start.vertices
        )

    def marks(self, fill: Mark, more: Marks | None) -> dict[int | Edge, Mark]:
        """Return the mark of every edge that is not there at first, and marks that were given.

        Those are of the function's own nodes and edges.
        """
        edges, arrows = [*self.graph.edges], self.arrows
        made: dict[int | Edge, Mark] = {edges[arrows[arrow]]: fill for arrow in self.extra}
        for where, mark in (more or {}).items():
            if isinstance(where, Edge) and where[:2] in arrows:
                made[edges[arrows[where.tail, where.head]]] = mark
            elif not isinstance(where, Edge) and where in self.place:
                made[self.place[where]] = mark
        return made

    def floor(
        self, nodes: Sequence[Node], marks: Marks, rows: Iterable[str], chips: Iterable[str]
    ) -> Floor:
        """Return what is to be laid out; `rows` and `chips` are all texts that are ever shown."""
        symbols, args = self.graph.symbols, self.graph.args
        row = max((width(text, TEXT_SIZE, "bold") for text in rows), default=0.0)
        chip = max((width(text, CHIP_SIZE) for text in chips), default=0.0)
        sizes = []
        for node in nodes:
            badged = badges_width(node, symbols[node.id], marks.get(node.id))
            wide = box_width(node, [row for _ in node.rows], badged)
            sizes.append(NodeSize(wide, max(box_height(node), _PORT * len(args[node.id]))))
        notes = [shown_note(marks.get(edge)) for edge in self.graph.edges]
        room = {k: chip_room(chip, note) for k, note in enumerate(notes)}
        return Floor(self.graph, sizes, room)


def _by_head(start: Linearized, arrows: Iterable[Arrow]) -> dict[int, list[int]]:
    """Return the tails by head: arguments as they are written, then the others."""
    into: dict[int, list[int]] = {}
    for tail, head in arrows:
        into.setdefault(head, []).append(tail)
    for head, tails in into.items():
        written = start.graph.args[head] if head < len(start.graph) else ()
        order = {tail: place for place, tail in reversed([*enumerate(written)])}
        tails.sort(key=lambda tail: (order.get(tail, len(order)), tail))
    return into


def _row(start: Linearized, vertex: int, tails: Sequence[int]) -> Primitive:
    """Return the row that a vertex is: a sum of multiples of those before it."""
    names = tuple(f"x{place}" for place in range(1, len(tails) + 1))
    factors = [full(start.partials.get((tail, vertex), 0.0)) for tail in tails]
    terms = [f"({factor})*{name}" for factor, name in zip(factors, names, strict=True)]
    return Primitive(
        name=f"linear{vertex}", args=names, partials=tuple(factors), define=" + ".join(terms)
    )


def _remark(start: Linearized, vertex: int) -> str:
    graph = start.graph
    return graph.describe(vertex) if vertex < len(graph) else f"output {start.name(vertex)}"
