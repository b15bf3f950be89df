"""The frames of a film: which numbers appear when, and what is said meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import Tree
from adviz.language.numerals import DIGITS
from adviz.modes.trace import BACKWARD, Step, Trace
from adviz.scene import narration
from adviz.scene.contributions import Arrival, Pair, contribution, rule
from adviz.scene.narration import Figure, Spoken
from adviz.scene.quantities import Sweep, differentiable, order_of, quantity, sweeps
from adviz.scene.register import Register


@dataclass(frozen=True)
class Phase:
    """A stretch of frames of one kind: values, one sweep of derivatives, an elimination."""

    kind: str
    """What it computes."""
    title: str
    trace: int
    """Which of the film's sweeps it is of."""
    first: int
    last: int
    role: str
    """Whose colours it has."""
    noun: str
    """What one of its numbers is called."""
    family: str
    """Which sign of the legend is its own."""
    backward: bool
    """Whether its numbers travel against the edges."""


def phase(kind: str, trace: int, first: int, last: int) -> Phase:
    """Return the phase of a quantity, from a frame to another one.

    >>> phase("adjoint", 0, 6, 10).title
    'Reverse sweep'
    """
    one, backward = quantity(kind), kind in BACKWARD
    return Phase(kind, one.title, trace, first, last, one.role, one.noun, one.family, backward)


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
    card: tuple[tuple[Tree, ...], ...] = ()
    """What is set out over the picture in rows of cells, the first of headings."""


def last_keys(frames: Iterable[Frame], phases: Sequence[Phase]) -> dict[tuple[int, str, int], str]:
    """Return the key of the last number of every trace, quantity and node."""
    return {
        (phases[frame.phase].trace, quantity, node): key
        for frame in frames
        for node, quantity, key in frame.sets
        if key is not None
    }


@dataclass
class Film:
    """The frames of some traces of one graph at one point, in order, and their numbers."""

    graph: Graph
    traces: Sequence[Trace]
    slotted: frozenset[int] = frozenset()
    """The edges that have a slot, their own or a shared one."""
    precision: int = DIGITS
    """The significant digits of the numbers that are shown."""
    phases: list[Phase] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.register = Register(self.precision, self.graph.shapes is not None)
        self.edge_ids = {edge: number for number, edge in enumerate(self.graph.edges)}
        leaves = {n for n, arguments in enumerate(self.graph.args) if not arguments}
        self.computed = [n not in leaves for n in range(len(self.graph))]
        self.sweeps = sweeps(self.traces)
        self._held: dict[tuple[int, int], Figure] = {}
        self._rules: dict[int, Tree] = {}
        self._phase("value", 0, self._values())
        for index, sweep in enumerate(self.sweeps):
            if sweep.kind != "value":
                self._phase(sweep.kind, index, self._sweep(index, sweep))

    @property
    def numbers(self) -> Mapping[str, tuple[str, str]]:
        """Its numbers under their keys, as they are shown and with all their digits."""
        return self.register.numbers

    def figure(self, trace: int, quantity: str, number: int, value: Any) -> Figure:
        """Return a number of the film under its key."""
        key = f"{trace}/{quantity}/{number}"
        self.register.keep(key, value)
        return Figure(key, value)

    def _phase(self, kind: str, trace: int, frames: Iterator[Frame]) -> None:
        first = len(self.frames)
        self.frames.extend(frames)
        self.phases.append(phase(kind, trace, first, len(self.frames) - 1))

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

    def _sweep(self, index: int, sweep: Sweep) -> Iterator[Frame]:
        """Yield the seed, then every edge's contribution."""
        phase = len(self.phases)
        steps = [step for step in sweep.trace.steps if step.kind == sweep.kind]
        seeds = [step for step in steps if step.edge is None]
        arrivals = Counter(step.node for step in steps if step.edge is not None)
        so_far: dict[int, tuple[int, Any]] = {s.node: (0, s.number) for s in seeds}
        yield self._seed(index, phase, seeds, sweep)
        for step in steps:
            if step.edge is None:
                continue
            count, before = so_far.get(step.node, (0, None))
            of = arrivals[step.node]
            so_far[step.node] = count + 1, step.number
            yield self._contribution(index, phase, step, before, (count + 1, of))

    def _seed(self, index: int, phase: int, seeds: Sequence[Step], sweep: Sweep) -> Frame:
        kind, backward = sweep.kind, sweep.kind in BACKWARD
        nodes = list(dict.fromkeys(step.node for step in seeds))
        last = {step.node: step.number for step in seeds}
        figures = [self._hold(index, kind, node, last[node]) for node in nodes]
        spoken: Spoken = narration.seed(self.graph, kind, nodes, figures)
        zeros = untouched(self.graph, sweep.trace, kind)
        quiet = [self._hold(index, kind, node, zero) for node, zero in zeros.items()]
        pairs = [*zip(nodes, figures, strict=True), *zip(zeros, quiet, strict=True)]
        sets = [(node, kind, figure.key) for node, figure in pairs]
        again = any(p.kind == kind for p in self.phases)
        touched = {node for node, _, _ in sets}
        shows = differentiable(self.graph)
        blank = [n for n, shown in enumerate(shows) if again and shown and n not in touched]
        filled = backward and any(p.backward for p in self.phases)
        emptied = sorted(self.slotted) if filled else []
        return Frame(
            phase, "seed", tuple(nodes), *spoken,
            sets=(*((node, kind, None) for node in blank), *sets),
            fills=tuple((number, None) for number in emptied),
        )  # fmt: skip

    def _hold(self, index: int, kind: str, node: int, value: Any) -> Figure:
        """Return a number that a node holds, and remember that it does."""
        figure = self._held[index, node] = self.figure(index, kind, node, value)
        return figure

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
        total = self._held[index, step.node] = made["sum"]
        arrival = Arrival(
            kind=step.kind, edge=edge, rule=self._rule(edge),
            pairs=self._pairs(index, step, number), product=made["product"],
            before=made["before"], total=total, count=count[0], of=count[1],
            seeded=before is not None and count[0] == 1, status=step.status,
        )  # fmt: skip
        fills = number in self.slotted and step.kind in BACKWARD
        return Frame(
            phase, "contribution", (step.node,), *contribution(self.graph, arrival),
            edge=number, sets=((step.node, step.kind, total.key),),
            fills=((number, made["product"].key),) if fills else (), token=made["product"].key,
        )  # fmt: skip

    def _rule(self, edge: Edge) -> Tree:
        """Return an edge's local partial as a formula, which every sweep along it shares."""
        number = self.edge_ids[edge]
        if number not in self._rules:
            self._rules[number] = rule(self.graph, edge)
        return self._rules[number]

    def _pairs(self, index: int, step: Step, number: int) -> tuple[Pair, ...]:
        """Return what a contribution is a sum of: what travels, times a local partial."""
        return _PAIRS[quantity(step.kind).family](self, index, step, number)

    def _figure_of(self, index: int, name: str, number: int) -> Figure:
        """Return a number that an earlier sweep has shown."""
        key = f"{index}/{name}/{number}"
        return Figure(key, self.register.exact[key])

    def _plain_pair(self, index: int, step: Step, number: int) -> tuple[Pair, ...]:
        incoming, partial = (
            self._figure_of(index, name, number) for name in ("incoming", "partial")
        )
        return (Pair(step.kind, incoming, partial),)

    def _product_rule(self, index: int, step: Step, number: int) -> tuple[Pair, ...]:
        """Return the adjoint's tangent times the partial, and the adjoint times its tangent."""
        edge: Edge = step.edge  # type: ignore[assignment]  # as above
        here, there = index, index - 1  # the sweep of the adjoints themselves
        rate, moved = (self._figure_of(here, name, number) for name in ("incoming", "partial"))
        partial, adjoint = self._figure_of(there, "partial", number), self._held[there, edge.head]
        return Pair(step.kind, rate, partial), Pair("adjoint", adjoint, moved, "•")

    def _convolution(self, index: int, step: Step, number: int) -> tuple[Pair, ...]:
        """Return the argument's coefficients, each with the partial's that makes up the order."""
        edge: Edge = step.edge  # type: ignore[assignment]  # as above
        order = order_of(step.kind)
        first = index - order + 1
        if step.partial is None:
            incoming, partial = (
                self._figure_of(i, name, number)
                for i, name in ((index, "incoming"), (first, "partial"))
            )
            return (Pair(step.kind, incoming, partial),)
        return tuple(
            Pair(
                f"order {j}",
                self._held[first + j - 1, edge.tail],
                self._figure_of(first + order - j, "partial", number),
                f"[{order - j}]" if order > 1 else "",
                j if order > 1 else 1,
            )
            for j in range(1, order + 1)
        )


_PAIRS: Mapping[str, Callable[[Film, int, Step, int], tuple[Pair, ...]]] = {
    "tangent": Film._plain_pair,
    "adjoint": Film._plain_pair,
    "adjoint tangent": Film._product_rule,
    "order": Film._convolution,
}
"""How a contribution comes about, by what is told of it."""


def untouched(graph: Graph, trace: Trace, kind: str) -> dict[int, Any]:
    """Return the nodes whose derivative is 0 because nothing arrives there, with that number.

    A node that was not asked for has no number at all.
    """
    touched = {step.node for step in trace.steps if step.kind == kind}
    shows = differentiable(graph)
    return {
        node: number
        for node, number in enumerate(trace.derivatives[kind])
        if shows[node] and number is not None and node not in touched
    }
