"""Reverse mode in parts: a sweep of which any single part can be exchanged.

A reverse sweep is a handful of small parts: which uses of a node count, in what order
contributions travel, by which local partial each is multiplied, what happens when one arrives,
what the adjoints start from, and in which numbers all this is computed. As it stands an
`Accumulation` does exactly what `sweep.pull_back` does at a single point (Griewank & Walther,
*Evaluating Derivatives*, 2nd ed., 2008, table 3.4); with one part exchanged it shows what becomes
of a gradient without that part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from adviz.errors import GraphError, PointError
from adviz.graph.graph import Edge, Graph
from adviz.modes.domains import Judge
from adviz.modes.point import Point
from adviz.modes.sweep import Contribution, active, values
from adviz.modes.sweeps import evaluate
from adviz.modes.trace import ByNode, Step, Trace
from adviz.numbers import Number, Numbers
from adviz.numbers.float64 import FLOAT64
from adviz.sources import Source, build


@dataclass(frozen=True, eq=False)
class Run:
    """What a reverse sweep starts from: the values, and the adjoints of the outputs."""

    graph: Graph
    numbers: Numbers
    found: Sequence[Number]
    seeds: Mapping[int, Number]
    _partials: dict[Edge, Number] = field(default_factory=dict)

    @cached_property
    def reached(self) -> bytearray:
        """Per node, whether it depends on an input."""
        return active(self.graph, tuple(self.graph.inputs.values()))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every use that leads to an input, last nodes first, as reverse mode meets them."""
        graph = self.graph
        uses = (edge for edge in graph.edges if self.reached[edge.tail])
        smooth = (e for e in uses if graph.rows[graph.ops[e.head]].differentiable(e.position))
        return tuple(sorted(smooth, key=lambda edge: -edge.head))

    def partial(self, edge: Edge) -> Number:
        """Return the right local partial of an edge."""
        if edge not in self._partials:
            row, value = self.graph.rows[self.graph.ops[edge.head]], self.found[edge.head]
            arguments = [self.found[argument] for argument in self.graph.args[edge.head]]
            rule = self.numbers.partial(row, edge.position)
            self._partials[edge] = self.numbers.following(rule(*arguments, value), value)
        return self._partials[edge]

    def filled(self, adjoints: Sequence[Number]) -> list[Number]:
        """Return adjoints with 0 where nothing has arrived at a node that was evaluated."""
        zero = self.numbers.constant(0)
        nodes = zip(adjoints, self.found, self.reached, strict=True)
        return [zero if a is None and v is not None and r else a for a, v, r in nodes]


# --- The parts, as they should be -----------------------------------------------------------------


def everywhere(_: Graph, __: Edge) -> bool:
    """A scope: the parts concern every edge."""
    return True


def taken(run: Run, edge: Edge) -> bool:
    """Every use counts, of a choice only the branch that is taken."""
    if run.graph.ops[edge.head] != "where":
        return True
    condition = run.found[run.graph.args[edge.head][0]]
    return bool(condition) == (edge.position == 1)


def complete_first(_: Run, edges: Sequence[Edge]) -> Iterable[Edge]:
    """A node hands on its adjoint after all its consumers have: the edges come in that order."""
    return edges


def added(before: Number, product: Number, numbers: Numbers) -> Number:
    """Contributions add up; the first one is the sum."""
    return product if before is None else numbers.function("add")(before, product)


def seeded(run: Run) -> Mapping[int, Number]:
    """Only the outputs have an adjoint at the start."""
    return run.seeds


@dataclass(frozen=True, eq=False)
class Accumulation:
    """A reverse sweep in parts; each default is the part as it should be.

    >>> import adviz
    >>> Accumulation().reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 6.0, 'y': -4.0}
    >>> last_one = Accumulation(arrive=lambda before, product, numbers: product)
    >>> last_one.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 1.0, 'y': 1.0}
    """

    counts: Callable[[Run, Edge], bool] = taken
    """Whether anything travels along an edge."""
    order: Callable[[Run, Sequence[Edge]], Iterable[Edge]] = complete_first
    """In which order contributions travel along the edges that count."""
    partial: Callable[[Run, Edge], Number] = Run.partial
    """What the adjoint of an edge's head is multiplied by."""
    arrive: Callable[[Number, Number, Numbers], Number] = added
    """What a node holds after a contribution has arrived."""
    start: Callable[[Run], Mapping[int, Number]] = seeded
    """What the adjoints are before anything travels."""
    numbers: Numbers = FLOAT64
    """What everything is computed in."""
    where: Callable[[Graph, Edge], bool] = everywhere
    """The edges that `counts`, `partial` and `arrive` concern; all others are as they should be."""

    def only(self, where: Callable[[Graph, Edge], bool]) -> Accumulation:
        """Return the same parts, for some edges only."""
        return replace(self, where=where)

    def run(self, graph: Graph, point: Mapping[str, float], label: str) -> Run:
        """Evaluate a graph in these numbers, ready to be differentiated by inputs."""
        numbers = self.numbers.over(graph.rows)
        found: list[Number] = [None] * len(graph)
        leaves = {graph.inputs[name]: numbers.constant(value) for name, value in point.items()}
        for _ in values(graph, numbers, leaves, found):
            pass
        return Run(graph, numbers, found, {graph.outputs[label]: numbers.constant(1)})

    def contributions(self, run: Run, adjoints: list[Number]) -> Iterator[Contribution]:
        """Carry adjoints back edge by edge; `adjoints` holds the start and is filled in."""
        multiply, right = run.numbers.function("mul"), RIGHT
        parts = {edge: self if self.where(run.graph, edge) else right for edge in run.edges}
        counting = [edge for edge, its in parts.items() if its.counts(run, edge)]
        for edge in self.order(run, counting):
            incoming = adjoints[edge.head]
            if incoming is None:
                continue
            its, tail = parts[edge], edge.tail
            partial = its.partial(run, edge)
            product = multiply(incoming, partial)
            adjoints[tail] = total = its.arrive(adjoints[tail], product, run.numbers)
            yield Contribution(edge, partial, incoming, product, total)

    def started(self, run: Run) -> list[Number]:
        """Return every node's adjoint before anything travels, None where there is none."""
        held = self.start(run)
        return [held.get(node) for node in range(len(run.graph))]

    def adjoints(self, run: Run) -> list[Number]:
        """Return every node's adjoint, None where nothing has arrived."""
        adjoints = self.started(run)
        for _ in self.contributions(run, adjoints):
            pass
        return adjoints

    def gradient(self, run: Run) -> dict[str, Number]:
        """Return the derivative by every input."""
        adjoints = run.filled(self.adjoints(run))
        return {name: adjoints[node] for name, node in run.graph.inputs.items()}

    def reverse(self, source: Source, at: Point, of: str | None = None) -> Trace:
        """Return the sweep at a point as an ordinary trace: it prints, draws and plays.

        `of` names the output that is differentiated, the first one unless given.

        Raises GraphError for an unknown output, PointError for a point that does not fit.
        """
        graph = build(source)
        label = next(iter(graph.outputs)) if of is None else of
        if label not in graph.outputs:
            raise GraphError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
        right = evaluate(graph, at, errors="ieee")
        if right.numbers.many:
            raise PointError("the parts of a sweep are shown at one point; give single numbers")
        point = {name: float(value) for name, value in right.point.items()}
        return _trace(self, self.run(graph, point, label), label, right)


def _trace(accumulation: Accumulation, run: Run, label: str, right: Trace) -> Trace:
    """Return a sweep as a trace; what is not its concern it has from the right evaluation."""
    graph, found = run.graph, run.found
    judge = Judge(graph, run.numbers, found, strict=False)
    judge.status = [
        "ok" if status == "skipped" and value is not None else status
        for status, value in zip(right.status, found, strict=True)
    ]
    steps = [
        Step("value", node, value, status=judge.status[node])
        for node, value in enumerate(found)
        if value is not None
    ]
    adjoints = accumulation.started(run)
    steps += [Step("adjoint", node, n) for node, n in enumerate(adjoints) if n is not None]
    partials: dict[Edge, Number] = {}
    for contribution in accumulation.contributions(run, adjoints):
        edge, partial, incoming, product, total = contribution
        status = judge.contribution(*contribution)
        partials[edge] = partial
        steps.append(Step("adjoint", edge.tail, total, edge, partial, incoming, product, status))
    return Trace(
        graph, "reverse", right.point, {label: run.numbers.constant(1)}, tuple(steps),
        ByNode(graph, found), None, ByNode(graph, run.filled(adjoints)), partials,
        tuple(judge.status), right.numbers,
    )  # fmt: skip


RIGHT = Accumulation()
"""Every part as it should be."""


def departure(right: Trace, wrong: Trace) -> tuple[int, Edge | None] | None:
    """Return the node at which one sweep first does something else than another, if any does.

    That is, from the output back: an edge with another local partial or without a contribution,
    a node that hands on another adjoint, or an input that ends with another derivative.

    >>> nothing = Accumulation(counts=lambda run, edge: False)
    >>> first, last = (sweep.reverse("sin(x*y)", {"x": 3, "y": 2}) for sweep in (RIGHT, nothing))
    >>> departure(first, last)
    (3, Edge(tail=2, head=3, position=0))
    """
    first, second = ({s.edge: s for s in t.steps if s.edge is not None} for t in (right, wrong))
    for edge in sorted({*first, *second}, key=lambda edge: (-edge.head, edge.position)):
        one, other = first.get(edge), second.get(edge)
        if one is None or other is None or one.partial != other.partial:
            return edge.head, edge
        if one.incoming != other.incoming:
            return edge.head, None
    ends = zip(right.gradient.values(), wrong.gradient.values(), strict=True)
    inputs = zip(right.graph.inputs.values(), ends, strict=True)
    return next(((node, None) for node, (one, other) in inputs if one != other), None)
