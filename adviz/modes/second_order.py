"""The sweep of second order: reverse mode differentiated along a direction.

Values and tangents go forward; adjoints, and how they change along the direction, come back. For
an edge with local partial c the adjoint of its tail collects v̄·c, and the tangent of that adjoint,
by the product rule, v̄̇·c + v̄·ċ. What arrives at the inputs is the Hessian times the direction, for
a small multiple of the cost of the value.

Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 5.1, forward over
reverse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adviz.errors import DomainError
from adviz.graph.garbage import PAUSED
from adviz.modes.building import built_at, of_numbers
from adviz.modes.expansion import Line, line
from adviz.modes.linear import Linear
from adviz.modes.point import Point, named
from adviz.modes.run import Errors, Run, nonzero
from adviz.modes.sweep import Contribution, pull_back
from adviz.modes.trace import Quantity, Trace
from adviz.modes.verbs import directed, wanted_inputs, weighed
from adviz.numbers import Number
from adviz.sources import Source

ADJOINT, RATE = "adjoint", "adjoint tangent"


def second_order(
    source: Source,
    at: Point,
    direction: str | Mapping[str, Number] | None = None,
    cotangent: Mapping[str, Number] | Number | None = None,
    *,
    wrt: str | Sequence[str] | None = None,
    digits: int | None = None,
    errors: Errors | None = None,
    verify: bool = True,
) -> Trace:
    """Differentiate reverse mode in one direction: one Hessian-vector product, step by step.

    The trace holds every node's value, tangent, adjoint, and the tangent of its adjoint; its
    `hvp` is that of the inputs. `direction` is as in `adviz.forward`, `cotangent` and `wrt` as in
    `adviz.reverse`; other parameters and errors as in `adviz.evaluate`. At a kink of an operation
    its convention counts, as in a sweep of first order, and the node is marked.

    Method: Griewank & Walther (2008), section 5.1.

    >>> import adviz
    >>> t = adviz.second_order("x**2*y", at={"x": 3, "y": 2}, direction="x")
    >>> t.value, t.tangent, t.gradient, t.hvp
    (18.0, 12.0, {'x': 12.0, 'y': 9.0}, {'x': 4.0, 'y': 6.0})
    """
    with PAUSED:
        graph = of_numbers(built_at(source, at, verify))
        run = Run(graph, named(graph, at), digits, errors)
        weights, wanted = weighed(graph, cotangent), wanted_inputs(graph, wrt)
        return _swept(run, directed(graph, direction), weights, wanted)


def _swept(
    run: Run, direction: Mapping[str, Number], cotangent: Mapping[str, Number], wanted: list[str]
) -> Trace:
    run.start()
    seeds, weights = run.seeds("direction", direction), run.seeds("cotangent", cotangent)
    tangents, reached = run.tangents(seeds), run.linear(wanted).reached
    moving = {name: seed for name, seed in seeds.items() if nonzero(seed)}
    try:
        found = _Sweep(run, line(run, moving), wanted).back(weights)
    except LookupError as error:
        raise DomainError(f"{error.args[0]}; give floats instead of Fractions") from None
    adjoints, rates = (run.filled(held, reached) for held in found)
    return run.trace("second-order", seeds, tangents, adjoints, {RATE: rates})


class _Sweep:
    """Reverse mode run in the nodes of a graph, whose numbers and tangents are then read off."""

    def __init__(self, run: Run, along: Line, wanted: Sequence[str]) -> None:
        self.run, self.series = run, along.series
        inputs = [run.graph.inputs[name] for name in wanted]
        self.linear = Linear(run.graph, self.series.nodes, along.nodes, inputs)
        self.held: list[int | None] = [None] * len(run.graph)

    def back(self, weights: Mapping[str, Number]) -> list[list[Number]]:
        """Return the adjoint of every node, and how it changes along the line."""
        starts = [self._seed(label, weight) for label, weight in weights.items()]
        arrivals = [*pull_back(self.linear, self.held)]
        found = []
        for order, kind in enumerate((ADJOINT, RATE)):
            for node, start in starts:
                self.run.note(kind, node, self.series.coefficient(start, order))
            for arrival in arrivals:
                self._noted(kind, order, arrival)
            found.append([self._read(node, order) for node in self.held])
        return found

    def _seed(self, label: str, weight: Number) -> tuple[int, int]:
        """Seed an output; two may be one node."""
        node, seed = self.run.graph.outputs[label], self.series.number(weight)
        before = self.held[node]
        self.held[node] = total = seed if before is None else self.linear.add(before, seed)
        return node, total

    def _read(self, node: int | None, order: int) -> Number:
        return None if node is None else self.series.coefficient(node, order)

    def _noted(self, kind: Quantity, order: int, arrival: Contribution) -> None:
        """Note an edge's contribution to an adjoint, or to the tangent of one."""
        edge, *nodes = arrival
        partial, incoming, product, total = (self.series.coefficient(n, order) for n in nodes)
        if order == 0:
            status = self.run.judge.contribution(edge, partial, incoming, product, total)
        else:
            told = "second derivative", lambda: "move the point"
            status = self.run.judge.higher(edge, (product, total), True, *told)
        self.run.cells += (
            kind, edge.head, edge.position, total, partial, incoming, product, status,
        )  # fmt: skip
