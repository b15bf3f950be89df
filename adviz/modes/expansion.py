"""Taylor coefficients of a graph along a line: forward mode of every order, edge by edge.

At order 1 the sweep is that of tangents. At order k it is the same loop, what travels along an
edge being multiplied by a power series instead of a number; see `series`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from adviz.errors import AdvizError, DomainError
from adviz.graph.procedure import Edge
from adviz.modes.evaluation import values
from adviz.modes.gates import needed
from adviz.modes.linear import Gate, Linear
from adviz.modes.run import Run, nonzero
from adviz.modes.series import Factor, Series
from adviz.modes.sweep import Contribution, Parts, push_forward, seeded
from adviz.modes.trace import ByNode, Trace
from adviz.numbers import FLOAT64, Number

_DIGITS = 30
"""With so many digits numbers are of any size: what is not finite even there does not exist."""


class Line(NamedTuple):
    """The line through a run's point: the power series along it, and each node of the graph there.

    A node is None where its branch is not taken, and a condition is its truth.
    """

    series: Series
    nodes: list[Any]


def line(run: Run, direction: Mapping[str, Number]) -> Line:
    """Return the line along a direction, a number for some inputs.

    >>> import adviz
    >>> along = line(Run(adviz.build("x*y"), {"x": 3, "y": 2}), {"x": 1.0})
    >>> [along.series.coefficient(along.nodes[2], k) for k in range(3)]
    [6.0, 2.0, 0.0]
    """
    zero = run.numbers.constant(0)
    series = Series(run.numbers, {n: (x, direction.get(n, zero)) for n, x in run.point.items()})
    nodes: list[Any] = [None] * len(run.graph)
    for node in values(run.graph, series.nodes, series.inputs, nodes):
        if not isinstance(nodes[node], bool) and run.found[node] is not None:
            series.give(nodes[node], 0, run.found[node])
    return Line(series, nodes)


def expanded(run: Run, direction: Mapping[str, Number], order: int) -> Trace:
    """Return the trace of the Taylor coefficients of every node up to an order.

    Raises DomainError, unless the run goes on with infinities, where a node has none.

    >>> import adviz
    >>> trace = expanded(Run(adviz.build("exp(x)"), {"x": 0}), {"x": 1}, order=3)
    >>> [trace.further[f"order {k}"]["f"] * 6 for k in (1, 2, 3)]
    [6.0, 3.0, 1.0]
    """
    run.start()
    seeds = run.seeds("direction", direction)
    moving = {name: seed for name, seed in seeds.items() if nonzero(seed)}
    found: dict[str, ByNode] = {}
    try:
        sweep = _Sweep(run, moving)
        for k in range(1, order + 1):
            found[f"order {k}"] = sweep.of_order(k)
    except LookupError as error:
        raise DomainError(f"{error.args[0]}; give floats instead of Fractions") from None
    return run.trace("taylor", seeds, further=found)


_OPEN: Mapping[int, Gate] = defaultdict(lambda: True)
"""The gates at one point, where only what is needed is computed."""


class _Way(NamedTuple):
    """What travels along an edge is multiplied by: where the edge ends, and what arrives there."""

    head: int
    factor: Factor


class _Sweep:
    """The sweeps of all orders along one line."""

    def __init__(self, run: Run, direction: Mapping[str, Number]) -> None:
        self.run, self.linear, self.direction = run, run.linear([*direction]), direction
        self.series, self.nodes = line(run, direction)
        self.gates = needed(run.graph, run.numbers, run.found) if run.numbers.many else _OPEN
        self._ways: dict[Edge, _Way] = {}

    def of_order(self, k: int) -> ByNode:
        """Return the coefficients of order k, those of lower orders being known."""
        linear, zero = self.linear.multiplying(self._arriving(k)), self.run.numbers.constant(0)
        inputs = self.run.graph.inputs.items()
        starts = [
            (node, self.direction.get(name, zero) if k == 1 else zero) for name, node in inputs
        ]
        held = seeded(linear, starts)
        for node, start in starts:
            self.run.note(f"order {k}", node, start)
        for contribution in push_forward(linear, held, Parts(partial=self._way)):
            self._noted(contribution, k)
        if k == 2:
            self._mark_pieces()
        return self.run.filled(held, None)

    def _way(self, linear: Linear, edge: Edge) -> Number:
        way = self._ways.get(edge)
        if way is None:
            arguments = [self.nodes[argument] for argument in linear.procedure.args[edge.head]]
            row = linear.procedure.rows[linear.procedure.ops[edge.head]]
            factor = self.series.factor(row, edge.position, arguments, self.nodes[edge.head])
            way = self._ways[edge] = _Way(edge.head, factor)
        return way

    def _arriving(self, k: int) -> Callable[[Number, Number], Number]:
        """Return what gives an edge's contribution to a coefficient of order k."""
        series, run = self.series, self.run

        def arriving(way: _Way, incoming: Number) -> Number:
            series.give(way.factor.argument, k, incoming)
            arrived = series.contribution(way.factor, k)
            return run.numbers.following(arrived, run.found[way.head])

        return arriving

    def _noted(self, contribution: Contribution, k: int) -> None:
        """Note a contribution, if it is a number."""
        edge, way, incoming, product, total = contribution
        slope_series, gate = way.factor.partial, self.gates[edge.head]
        what, cure = f"Taylor coefficient of order {k}", partial(self._cure, k)
        status = self.run.judge.higher(edge, (product, total), gate, what, cure)
        still = k > 1 and self.series.fixed(slope_series)
        slope = None if still else self.series.coefficient(slope_series, k - 1)
        self.run.cells += (
            f"order {k}", edge.head, edge.position, total, slope, incoming, product, status,
        )  # fmt: skip

    def _cure(self, k: int) -> str:
        """Say what gives a coefficient of order k, or does without it."""
        fewer = f"ask for order={k - 1}" if k > 1 else "move the point"
        return f"{fewer}, or digits={_DIGITS}" if self._is_beyond(k) else fewer

    def _is_beyond(self, k: int) -> bool:
        """Return whether there are coefficients of order k that float64 alone has not."""
        run = self.run
        if run.numbers.name != FLOAT64.name:
            return False
        try:
            expanded(Run(run.graph, run.point, _DIGITS), self.direction, k)
        except AdvizError:
            return False
        return True

    def _mark_pieces(self) -> None:
        """Mark the nodes that only from the second derivative on are not smooth at the point."""
        graph, status = self.run.graph, self.run.judge.status
        for node, arguments in enumerate(graph.args):
            row = graph.row(node)
            if row is None or not self.linear.reached[node] or status[node] != "ok":
                continue
            if self.series.leaves(row, [self.nodes[a] for a in arguments], self.nodes[node]):
                status[node] = "kink"
