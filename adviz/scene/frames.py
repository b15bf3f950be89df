"""The frames of a film: which numbers appear when, and what is said meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import Tree
from adviz.language.numerals import full, short
from adviz.modes.trace import Step, Trace
from adviz.scene import narration
from adviz.scene.narration import Arrival, Figure, Spoken

TITLES = {"value": "Values", "tangent": "Forward sweep", "adjoint": "Reverse sweep"}
QUANTITIES = {"evaluate": "value", "forward": "tangent", "reverse": "adjoint"}
"""What each mode's sweep computes."""


@dataclass(frozen=True)
class Phase:
    """A stretch of frames of one kind: values, or one sweep of derivatives."""

    kind: str
    title: str
    trace: int
    first: int
    last: int


@dataclass(frozen=True)
class Frame:
    """What changes at one step of the film, and what is said about it."""

    phase: int
    kind: str
    """`inputs`, `value`, `seed`, `contribution`, or what another film calls it."""
    nodes: tuple[int, ...]
    """The nodes in focus."""
    narration: tuple[Tree, ...]
    formula: Tree
    edge: int | None = None
    """The edge along which something travels."""
    sets: tuple[tuple[int, str, str | None], ...] = ()
    """Node, row and the key of its new number; None makes it pending again."""
    chips: tuple[int, ...] = ()
    """The edges whose chips appear."""
    fills: tuple[tuple[int, str | None], ...] = ()
    """The edges whose slots receive a number; None empties one."""
    token: str | None = None
    """The key of the number that travels."""
    labels: tuple[tuple[int, str | None], ...] = ()
    """The edges whose chips show another number, and its key; None takes the edge away."""
    gone: tuple[int, ...] = ()
    """The nodes that vanish."""


@dataclass
class Film:
    """The frames of some traces of one graph at one point, in order, and their numbers."""

    graph: Graph
    traces: Sequence[Trace]
    slotted: frozenset[int] = frozenset()
    """The edges that have a slot, their own or a shared one."""
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    phases: list[Phase] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edge_ids = {edge: number for number, edge in enumerate(self.graph.edges)}
        leaves = {n for n, arguments in enumerate(self.graph.args) if not arguments}
        self.computed = [n not in leaves for n in range(len(self.graph))]
        self._phase("value", 0, self._values())
        for index, trace in enumerate(self.traces):
            if trace.mode != "evaluate":
                self._phase(QUANTITIES[trace.mode], index, self._sweep(index, trace))

    def figure(self, trace: int, quantity: str, number: int, value: Any) -> Figure:
        """Return a number of the film under its key."""
        key = f"{trace}/{quantity}/{number}"
        self.numbers[key] = (short(value), full(value))
        return Figure(key, value)

    def _phase(self, kind: str, trace: int, frames: Iterator[Frame]) -> None:
        first = len(self.frames)
        self.frames.extend(frames)
        self.phases.append(Phase(kind, TITLES[kind], trace, first, len(self.frames) - 1))

    def _values(self) -> Iterator[Frame]:
        """Yield the inputs at once, then every intermediate value."""
        trace, known = self.traces[0], {}
        for step in trace.steps:
            if step.kind == "value":
                known[step.node] = self.figure(0, "value", step.node, step.number)
        figures = [known[node] for node in self.graph.inputs.values()]
        inputs = tuple(self.graph.inputs.values())
        sets = tuple((node, "value", known[node].key) for node in inputs)
        yield Frame(0, "inputs", inputs, *narration.inputs(self.graph, figures), sets=sets)
        chips = self._chips()
        for step in trace.steps:
            if step.kind == "value" and self.computed[step.node]:
                yield self._value(step, known, chips)

    def _value(
        self, step: Step, known: Mapping[int, Figure], chips: Mapping[int, tuple[int, ...]]
    ) -> Frame:
        node = step.node
        nothing = Figure("", None)
        operands = [known.get(argument, nothing) for argument in self.graph.args[node]]
        spoken = narration.value(self.graph, node, operands, known[node], step.status)
        sets = ((node, "value", known[node].key),)
        return Frame(0, "value", (node,), *spoken, sets=sets, chips=chips.get(node, ()))

    def _chips(self) -> dict[int, tuple[int, ...]]:
        """Return the edges with a local partial, by the node that has it."""
        partials = {edge for trace in self.traces for edge in trace.partials}
        chips: dict[int, list[int]] = {}
        for edge in sorted(partials, key=self.edge_ids.__getitem__):
            chips.setdefault(edge.head, []).append(self.edge_ids[edge])
        return {node: tuple(edges) for node, edges in chips.items()}

    def _sweep(self, index: int, trace: Trace) -> Iterator[Frame]:
        """Yield the seed, then every edge's contribution."""
        kind, phase = QUANTITIES[trace.mode], len(self.phases)
        steps = [step for step in trace.steps if step.kind == kind]
        seeds = [step for step in steps if step.edge is None]
        arrivals = Counter(step.node for step in steps if step.edge is not None)
        so_far: dict[int, tuple[int, Any]] = {s.node: (0, s.number) for s in seeds}
        yield self._seed(index, phase, kind, seeds, trace)
        for step in steps:
            if step.edge is None:
                continue
            count, before = so_far.get(step.node, (0, None))
            of = arrivals[step.node]
            so_far[step.node] = count + 1, step.number
            yield self._contribution(index, phase, step, before, (count + 1, of))

    def _seed(
        self, index: int, phase: int, kind: str, seeds: Sequence[Step], trace: Trace
    ) -> Frame:
        nodes = list(dict.fromkeys(step.node for step in seeds))
        last = {step.node: step.number for step in seeds}
        figures = [self.figure(index, kind, node, last[node]) for node in nodes]
        spoken: Spoken = narration.seed(self.graph, kind, nodes, figures)
        zeros = untouched(self.graph, trace)
        quiet = [self.figure(index, kind, node, zero) for node, zero in zeros.items()]
        pairs = [*zip(nodes, figures, strict=True), *zip(zeros, quiet, strict=True)]
        sets = [(node, kind, figure.key) for node, figure in pairs]
        again = any(p.kind == kind for p in self.phases)
        touched = {node for node, _, _ in sets}
        shows = differentiable(self.graph)
        blank = [n for n, shown in enumerate(shows) if again and shown and n not in touched]
        emptied = sorted(self.slotted) if again and kind == "adjoint" else []
        return Frame(
            phase, "seed", tuple(nodes), *spoken,
            sets=(*((node, kind, None) for node in blank), *sets),
            fills=tuple((number, None) for number in emptied),
        )  # fmt: skip

    def _contribution(
        self, index: int, phase: int, step: Step, before: Any, count: tuple[int, int]
    ) -> Frame:
        edge: Edge = step.edge  # type: ignore[assignment]  # a contribution's step has its edge
        number = self.edge_ids[edge]
        quantities = {
            "partial": step.partial,
            "incoming": step.incoming,
            "product": step.product,
            "before": 0 if before is None else before,
            "sum": step.number,
        }
        made = {name: self.figure(index, name, number, v) for name, v in quantities.items()}
        total, product = made.pop("sum"), made["product"]
        arrival = Arrival(
            kind=step.kind, edge=edge, total=total, count=count[0], of=count[1],
            seeded=before is not None and count[0] == 1, status=step.status, **made,
        )  # fmt: skip
        fills = (
            ((number, product.key),) if step.kind == "adjoint" and number in self.slotted else ()
        )
        return Frame(
            phase, "contribution", (step.node,), *narration.contribution(self.graph, arrival),
            edge=number, sets=((step.node, step.kind, total.key),), fills=fills, token=product.key,
        )  # fmt: skip


def untouched(graph: Graph, trace: Trace) -> dict[int, Any]:
    """Return the nodes whose derivative is 0 because nothing arrives there, with that number.

    A node that was not asked for has no number at all.
    """
    found = trace.tangents if trace.mode == "forward" else trace.adjoints
    touched = {step.node for step in trace.steps if step.kind == QUANTITIES[trace.mode]}
    shows = differentiable(graph)
    return {
        node: number
        for node, number in enumerate(found or ())
        if shows[node] and number is not None and node not in touched
    }


def differentiable(graph: Graph) -> bytearray:
    """Return per node whether it shows tangents and adjoints: an edge with a partial leads there.

    That of floor does, though it is 0 and nobody goes on from there.
    """
    shows = bytearray(len(graph))
    for node in graph.inputs.values():
        shows[node] = 1
    for node, arguments in enumerate(graph.args):
        if any(shows[argument] for argument in arguments):
            row, pairs = graph.rows[graph.ops[node]], enumerate(arguments)
            shows[node] = any(shows[a] and row.differentiable(k) for k, a in pairs)
    return shows
