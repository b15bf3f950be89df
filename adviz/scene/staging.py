"""How a scene is set: what stands in every node and on every edge, and how much room it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.graph.sameness import numbered_alike
from adviz.language.asked import all_of, require
from adviz.language.notation import Tree, name, number
from adviz.language.notation.arrays import sizes
from adviz.language.numerals import DIGITS, full, short
from adviz.modes.trace import BACKWARD, Trace
from adviz.scene import chip_text, narration
from adviz.scene.boxes import badges_width, box_height, box_width
from adviz.scene.card import COMPACT, FULL, Card
from adviz.scene.floor import Floor
from adviz.scene.frames import Film
from adviz.scene.grids import Grid, is_small, room
from adviz.scene.layout import SHARED_AFTER, SLOT_PITCH, NodeSize, refuse_unreadable
from adviz.scene.legend import with_legend
from adviz.scene.lettering import (
    LONGEST_NUMBER,
    SMALL_SIZE,
    TEXT_SIZE,
    chip_width,
    counted,
    shown_chip,
    shown_name,
    shown_note,
    signed,
)
from adviz.scene.lines import line_width
from adviz.scene.quantities import differentiable, quantity, sweeps
from adviz.scene.scene import Mark, Marks, Node, Scene
from adviz.scene.statements import statements
from adviz.scene.text_width import width

_BEFORE_A_TABLE = 10.0
"""What is free before a table beside what stands before every number."""
_CONSTANT_HEIGHT = 26.0


def stage(
    subject: Graph | Trace | Sequence[Trace],
    marks: Marks | None = None,
    legend: Sequence[Mark] = (),
    level: Sequence[Sequence[int]] = (),
    precision: int = DIGITS,
) -> Scene:
    """Return the film of one or several traces, or the picture of a graph without numbers.

    Several traces share the values of the first; they must be of one graph at one point, else
    AdvizError. The legend, which says what the marks mean, stands below the graph; groups of
    nodes that are to be seen side by side stand `level`. Numbers have `precision` significant
    digits. Raises TooLarge when the graph is too large for a picture.

    >>> import adviz
    >>> scene = stage(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> len(scene.frames), scene.numbers["0/sum/0"]
    (11, ('6', '6.0'))
    """
    traces = of_one_film(subject)
    graph = subject if isinstance(subject, Graph) else traces[0].graph
    refuse_unreadable(graph)
    scene = _Stage(graph, traces, _marked(marks), precision).scene(level)
    if not legend:
        return scene
    meanings = tuple(legend)
    return replace(scene, legend=meanings, layout=with_legend(scene.layout, meanings))


def _marked(marks: Any) -> Marks:
    """Return the marks of nodes and edges, none unless given."""
    good = marks is None or isinstance(marks, Mapping)
    good = good and all(isinstance(one, Mark) for one in (marks or {}).values())
    require(good, "marks", marks, "a mapping of nodes and edges to marks")
    return marks or {}


def of_one_film(subject: Graph | Trace | Sequence[Trace]) -> tuple[Trace, ...]:
    """Return the traces of a film, none of a graph; AdvizError unless they belong together."""
    if isinstance(subject, Graph):
        return ()
    given = (subject,) if isinstance(subject, Trace) else subject
    traces = tuple(all_of(Trace, "traces", given, "sweeps, such as adviz.reverse gives"))
    if not traces:
        raise AdvizError("a film needs at least one trace")
    for other in traces[1:]:
        if not numbered_alike(other.graph, traces[0].graph):
            raise AdvizError("the traces of one film must be of the same graph")
        if _written(other.point) != _written(traces[0].point):
            raise AdvizError("the traces of one film must be at the same point")
    return traces


def _written(point: Mapping[str, Any]) -> dict[str, str]:
    return {label: full(value) for label, value in point.items()}


class _Stage:
    """A scene in progress."""

    def __init__(
        self,
        graph: Graph,
        traces: tuple[Trace, ...],
        marks: Mapping[int | Edge, Mark],
        precision: int,
    ):
        self.graph, self.traces, self.marks = graph, traces, marks
        self.precision = precision
        self.sweeps = sweeps(traces)
        self.edges = tuple(graph.edges)
        self.differentiable = differentiable(graph)
        self.slotted = self._slotted()
        self.film = Film(graph, traces, self.slotted, precision) if traces else None
        self.nodes = tuple(map(self._node, range(len(graph))))
        self.chips = self._chips()

    def scene(self, level: Sequence[Sequence[int]]) -> Scene:
        """Return the scene."""
        film = self.film
        numbers = film.numbers if film else {}
        floors = tuple(self._floor(card, level) for card in (FULL, COMPACT))
        return Scene(
            self.graph, self.traces, narration.definition(self.graph), self._point(), self.nodes,
            self.edges, self.chips, self.slotted, numbers, tuple(film.phases if film else ()),
            tuple(film.frames if film else ()), floors[0].layout(), self.marks, floors=floors,
            statements=statements(self.graph), precision=self.precision,
            grids=film.register.grids if film else {}, tables=film.register.tables if film else {},
        )  # fmt: skip

    def _floor(self, card: Card, level: Sequence[Sequence[int]]) -> Floor:
        """Return what is to be laid out, its nodes set out in a way."""
        sizes = [self._size(node, card) for node in self.nodes]
        widths = {k: self._chip_width(k, chip) for k, chip in self.chips.items()}
        return Floor(self.graph, sizes, widths, level, card)

    def _point(self) -> Tree | None:
        if not self.film or not self.graph.inputs:
            return None
        figures = [narration.Figure(f"0/value/{node}", None) for node in self.graph.inputs.values()]
        return narration.point(self.graph, figures, narration.WHOLE)

    def _slotted(self) -> frozenset[int]:
        """Return the edges along which an adjoint arrives where others arrive too."""
        steps = (step for trace in self.traces for step in trace.steps)
        partials = {step.edge for step in steps if step.kind in BACKWARD and step.edge}
        arriving: dict[int, list[int]] = {}
        for k, edge in enumerate(self.edges):
            if edge in partials:
                arriving.setdefault(edge.tail, []).append(k)
        return frozenset(k for edges in arriving.values() if len(edges) > 1 for k in edges)

    def _node(self, node: int) -> Node:
        graph = self.graph
        outputs = tuple(label for label, n in graph.outputs.items() if n == node)
        status = self.traces[0].status[node] if self.traces else "ok"
        constant = graph.constants.get(node)
        if not graph.args[node] and node not in graph.inputs.values():
            shown = constant is not None and not graph.shape(node)
            digits = number(short(constant, self.precision)) if shown else graph.leaf(node)
            named = constant is not None and node in graph.names.values()
            symbol = narration.equal(name(graph.symbols[node]), digits) if named else digits
            remark = "" if constant is None else full(constant)
            shape = sizes(graph.shape(node))
            return Node(node, "constant", symbol, None, (), outputs, "ok", remark, shape)
        operation = graph.expression(node) if graph.args[node] else None
        shape = "input" if operation is None else "output" if outputs else "intermediate"
        remark = graph.describe(node)
        return Node(
            node, shape, graph.leaf(node), operation, self._rows(node), outputs, status, remark,
            sizes(graph.shape(node)), self._grid(node),
        )  # fmt: skip

    def _grid(self, node: int) -> Grid | None:
        """Return the room of a node's numbers if these are small tables."""
        shape = self.graph.shape(node)
        if self.film is None or not is_small(shape):
            return None
        keys = (key for row in self._rows(node) for key in self._row_keys.get((node, row), ()))
        return room((self.film.register.grids[key] for key in keys), shape)

    def _rows(self, node: int) -> tuple[str, ...]:
        derivatives = dict.fromkeys(s.kind for s in self.sweeps if s.kind != "value")
        shown = derivatives if self.differentiable[node] else ()
        return ("value", *shown) if self.traces else ()

    def _chips(self) -> dict[int, Tree]:
        """Return what stands on the edges: numbers if there are traces, else formulas."""
        if not self.traces:
            return {
                k: self._chip(edge, "tangent", None)
                for k, edge in enumerate(self.edges)
                if self.differentiable[edge.tail] and self._row(edge).differentiable(edge.position)
            }
        chips: dict[int, Tree] = {}
        returns = any(sweep.kind in BACKWARD for sweep in self.sweeps)
        numbers = self.film.numbers if self.film else {}
        for index, sweep in reversed([*enumerate(self.sweeps)]):
            for k, edge in enumerate(self.edges):
                key = f"{index}/partial/{k}"
                if key in numbers and quantity(sweep.kind).partials:
                    kind = "adjoint" if returns else "tangent"
                    chips[k] = self._chip(edge, kind, ("slot", key))
        return dict(sorted(chips.items()))

    def _chip(self, edge: Edge, kind: str, slot: Tree | None) -> Tree:
        """Return what stands on an edge: its number or formula; of arrays, what goes along it."""
        if chip_text.is_of_arrays(self.graph, edge):
            return chip_text.map_chip(self.graph, edge, kind)
        return chip_text.chip(self.graph, edge, slot)

    def _row(self, edge: Edge) -> Any:
        return self.graph.rows[self.graph.ops[edge.head]]

    def _size(self, node: Node, card: Card) -> NodeSize:
        if node.shape == "constant":
            wide = line_width(shown_name(node), TEXT_SIZE) + 22
            return NodeSize(max(38.0, wide), _CONSTANT_HEIGHT)
        widest = [self._widest(node.id, name, TEXT_SIZE) for name in node.rows]
        wide = box_width(node, widest, self._badges_width(node), card)
        arity = len(self.graph.args[node.id])
        high = box_height(node, card)
        own = frozenset(k for k in self.slotted if self.edges[k].tail == node.id)
        slot = max((self._slot_width(k) for k in own), default=0.0)
        beside = SLOT_PITCH * len(self.graph.consumers[node.id]) if own else 0.0
        if len(own) > SHARED_AFTER:
            slot = self._shared_width(own)
            beside = 0.0
        return NodeSize(wide, max(high, 26.0 * arity, beside), slot, own)

    def _widest(self, node: int, name: str, size: float) -> float:
        """Return the width of the widest number that a row ever shows."""
        keys = self._row_keys.get((node, name), [])
        texts = [self.film.numbers[key][0] for key in keys] if self.film else []
        grid = self.nodes[node].grid
        if grid:
            return grid.width + _BEFORE_A_TABLE
        return min(LONGEST_NUMBER, max((width(t, size, "bold") for t in texts), default=0.0))

    @cached_property
    def _row_keys(self) -> dict[tuple[int, str], list[str]]:
        """The keys of all numbers that a row ever shows."""
        keys: dict[tuple[int, str], list[str]] = {}
        for frame in self.film.frames if self.film else ():
            for node, label, key in frame.sets:
                keys.setdefault((node, label), []).extend([key] if key else [])
        return keys

    def _slot_width(self, k: int) -> float:
        numbers = self.film.numbers if self.film else {}
        keys = [
            f"{index}/product/{k}"
            for index, sweep in enumerate(self.sweeps)
            if sweep.kind in BACKWARD
        ]
        texts = [numbers[key][0] for key in keys if key in numbers]
        return max((width(signed(t), SMALL_SIZE, "bold") + 14 for t in texts), default=0.0)

    def _shared_width(self, edges: frozenset[int]) -> float:
        """Return the width of a slot that many share, for the widest sum that it ever shows."""
        numbers = self.film.numbers if self.film else {}
        keys = [
            f"{i}/sum/{k}"
            for i, one in enumerate(self.sweeps)
            if one.kind in BACKWARD
            for k in edges
        ]
        texts = [counted(len(edges), len(edges), numbers[key][0]) for key in keys if key in numbers]
        return max((width(text, SMALL_SIZE, "bold") + 14 for text in texts), default=0.0)

    def _chip_width(self, k: int, chip: Tree) -> float:
        numbers = self.film.numbers if self.film else {}
        note = shown_note(self.marks.get(self.edges[k]))
        return chip_width(shown_chip(numbers, chip), note)

    def _badges_width(self, node: Node) -> float:
        return badges_width(node, self.graph.symbols[node.id], self.marks.get(node.id))
