"""Reverse mode in parts: a sweep of which any single part can be exchanged.

A reverse sweep is a handful of small parts: which uses of a node count, in what order
contributions travel, by which local partial each is multiplied, what happens when one arrives,
what the adjoints start from, and in which numbers all this is computed. The engine's own sweep,
`sweep.pull_back` (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., 2008, table 3.4), takes
its parts from its caller; with one part exchanged it shows what becomes of a gradient without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adviz.errors import GraphError, PointError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge, Procedure
from adviz.modes.building import build, of_numbers
from adviz.modes.domains import Judge
from adviz.modes.evaluation import evaluated
from adviz.modes.linear import Linear
from adviz.modes.point import Point
from adviz.modes.sweep import STANDARD, Parts, adjoints, pull_back, seeded
from adviz.modes.trace import ByNode, Step, Trace
from adviz.modes.verbs import evaluate
from adviz.numbers import Number, Numbers
from adviz.numbers.float64 import FLOAT64
from adviz.sources import Source

Scope = Callable[[Procedure, Edge], bool]
"""The edges that something concerns."""


def within(scope: Scope, parts: Parts) -> Parts:
    """Return parts of which some edges alone have their own, all others the right ones."""

    def chosen(name: str) -> Callable[..., Any]:
        broken, right = getattr(parts, name), getattr(STANDARD, name)
        return lambda linear, edge, *rest: (broken if scope(linear.procedure, edge) else right)(
            linear, edge, *rest
        )

    return replace(parts, **{name: chosen(name) for name in ("counts", "partial", "arrive")})


def at_output(linear: Linear, output: int) -> dict[int, Number]:
    """Only the output has an adjoint at the start."""
    return {output: linear.numbers.constant(1)}


@dataclass(frozen=True, eq=False)
class Accumulation:
    """A reverse sweep in parts; each default is the part as it should be.

    >>> import adviz
    >>> Accumulation().reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 6.0, 'y': -4.0}
    >>> last_one = Accumulation(Parts(arrive=lambda linear, edge, before, product: product))
    >>> last_one.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}).gradient
    {'x': 1.0, 'y': 1.0}
    """

    parts: Parts = STANDARD
    """What the engine's own sweep is given in place of its parts."""
    start: Callable[[Linear, int], Mapping[int, Number]] = at_output
    """What the adjoints are before anything travels back from an output."""
    numbers: Numbers = FLOAT64
    """What everything is computed in."""

    def only(self, scope: Scope) -> Accumulation:
        """Return the same parts, for some edges only."""
        return replace(self, parts=within(scope, self.parts))

    def linear(self, graph: Graph, point: Mapping[str, float]) -> Linear:
        """Evaluate a graph in these numbers, ready to be differentiated by inputs.

        Its local partials are kept for all sweeps that are tried.
        """
        numbers = self.numbers.over(graph.rows)
        exact = {name: numbers.constant(value) for name, value in point.items()}
        found = evaluated(graph, numbers, exact)
        return Linear(graph, numbers, found, graph.inputs.values(), kept={})

    def gradient(self, linear: Linear, output: int) -> dict[str, Number]:
        """Return the derivative by every input."""
        found = _filled(linear, adjoints(linear, self.start(linear, output).items(), self.parts))
        return {name: found[node] for name, node in linear.procedure.inputs.items()}

    def reverse(self, source: Source, at: Point, of: str | None = None) -> Trace:
        """Return the sweep at a point as an ordinary trace: it prints, draws and plays.

        `of` names the output that is differentiated, the first one unless given.

        Raises GraphError for an unknown output, PointError for a point that does not fit.
        """
        graph = of_numbers(build(source))
        label = next(iter(graph.outputs)) if of is None else of
        if label not in graph.outputs:
            raise GraphError(f"there is no output {of!r}; outputs are {', '.join(graph.outputs)}")
        right = evaluate(graph, at, errors="ieee")
        if right.numbers.many:
            raise PointError("the parts of a sweep are shown at one point; give single numbers")
        point = {name: float(value) for name, value in right.point.items()}
        return _trace(self, self.linear(graph, point), label, right)


def _filled(linear: Linear, held: Sequence[Number]) -> list[Number]:
    """Return adjoints with 0 where nothing has arrived at a node that was evaluated."""
    zero, nodes = linear.numbers.constant(0), zip(held, linear.found, linear.reached, strict=True)
    return [zero if a is None and v is not None and r else a for a, v, r in nodes]


def _trace(accumulation: Accumulation, linear: Linear, label: str, right: Trace) -> Trace:
    """Return a sweep as a trace; what is not its concern it has from the right evaluation."""
    graph, numbers, found = right.graph, linear.numbers, linear.found
    judge = Judge(graph, numbers, found, strict=False)
    judge.status = [
        "ok" if status == "skipped" and value is not None else status
        for status, value in zip(right.status, found, strict=True)
    ]
    steps = [
        Step("value", node, value, status=judge.status[node])
        for node, value in enumerate(found)
        if value is not None
    ]
    adjoints = seeded(linear, accumulation.start(linear, graph.outputs[label]).items())
    steps += [Step("adjoint", node, n) for node, n in enumerate(adjoints) if n is not None]
    partials: dict[Edge, Number] = {}
    for contribution in pull_back(linear, adjoints, accumulation.parts):
        edge, partial, incoming, product, total = contribution
        status = judge.contribution(*contribution)
        partials[edge] = partial
        steps.append(Step("adjoint", edge.tail, total, edge, partial, incoming, product, status))
    return Trace(
        graph, "reverse", right.point, {label: numbers.constant(1)}, tuple(steps),
        ByNode(graph, found), None, ByNode(graph, _filled(linear, adjoints)), partials,
        tuple(judge.status), right.numbers,
    )  # fmt: skip


RIGHT = Accumulation()
"""Every part as it should be."""


def departure(right: Trace, wrong: Trace) -> tuple[int, Edge | None] | None:
    """Return the node at which one sweep first does something else than another, if any does.

    That is, from the output back: an edge with another local partial or without a contribution,
    a node that hands on another adjoint, or an input that ends with another derivative.

    >>> nothing = Accumulation(Parts(counts=lambda linear, edge: False))
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
