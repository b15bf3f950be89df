"""A graph linearized at a point: which edges count, their local partials, and their gates.

Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 2.2: near a point each edge is
a multiplication by its local partial, and a sweep multiplies and adds up.

A branch that a condition does not take must not disturb the result. One idea serves everywhere:
every contribution passes a *gate*, the condition under which it counts. For single points a gate
is True or False and a closed one is simply no step; for arrays and for graphs a product behind a
gate is `where(gate, product, 0)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from typing import Any

from adviz.graph.procedure import Edge, Procedure
from adviz.numbers import Number, Numbers

Gate = Any
"""True, False, or a condition of the number system."""


class Linear:
    """A procedure linearized at the point at which `found` are its values.

    Only edges that lead from a wanted node count; all, where `wanted` is None. In `kept` local
    partials stay for further sweeps at the point.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> linear = Linear(adviz.build("x*y"), FLOAT64, [3.0, 2.0, 6.0], wanted=[0])
    >>> [(edge, linear.partial(edge)) for edge in linear.uses(2)]
    [(Edge(tail=0, head=2, position=0), 2.0)]
    """

    def __init__(
        self,
        procedure: Procedure,
        numbers: Numbers,
        found: Sequence[Number],
        wanted: Iterable[int] | None = None,
        kept: dict[Edge, Number] | None = None,
    ) -> None:
        self.procedure, self.numbers, self.found = procedure, numbers, found
        everything = bytearray(b"\1") * len(procedure)
        self.reached = everything if wanted is None else active(procedure, wanted)
        """Per node whether it depends on a wanted one."""
        self.multiply, self.add = numbers.function("mul"), numbers.function("add")
        self._kept = kept
        self._edges: Sequence[Sequence[Edge]] | None = None
        self._rules: dict[tuple[str, int], Callable[..., Number]] = {}

    def at(self, found: Sequence[Number]) -> Linear:
        """Return the same at other values: what counts, and by which rule, is looked up once."""
        if self._edges is None:
            self._edges = [tuple(self._uses(node)) for node in range(len(self.procedure))]
        other = copy(self)
        other.found, other._kept = found, {}
        return other

    def reaching(self, reached: bytearray) -> Linear:
        """Return the same with other nodes that count."""
        other = copy(self)
        other.reached, other._edges = reached, None
        return other

    def uses(self, node: int) -> Iterable[Edge]:
        """Return the edges that end in a node and count, by argument."""
        return self._uses(node) if self._edges is None else self._edges[node]

    def _uses(self, node: int) -> Iterator[Edge]:
        row, reached = self.procedure.row(node), self.reached
        if row is not None:
            for position, tail in enumerate(self.procedure.args[node]):
                if reached[tail] and row.differentiable(position):
                    yield Edge(tail, node, position)

    def partial(self, edge: Edge) -> Number:
        """Return the local partial of an edge."""
        kept = self._kept
        if kept is not None and edge in kept:
            return kept[edge]
        _, head, position = edge
        op, found = self.procedure.ops[head], self.found
        rule = self._rules.get((op, position))
        if rule is None:
            rule = self.numbers.partial(self.procedure.rows[op], position)
            self._rules[op, position] = rule
        value = found[head]
        partial = rule(*[found[argument] for argument in self.procedure.args[head]], value)
        partial = self.numbers.following(partial, value)
        if kept is not None:
            kept[edge] = partial
        return partial

    def taken(self, edge: Edge) -> Gate:
        """Return the condition under which what an edge leads to is needed at all."""
        procedure = self.procedure
        truth = procedure.rows[procedure.ops[edge.head]].needed_where(edge.position)
        if truth is None:
            return True
        condition = self.found[procedure.args[edge.head][0]]
        return condition if truth else self.numbers.function("not")(condition)

    def arrived(self, number: Number) -> Number:
        """Return what has arrived at a node; where nothing has, the derivative is 0."""
        return self.numbers.constant(0) if number is None else number

    def gated(self, gate: Gate, product: Number) -> Number:
        """Return a product behind a gate."""
        if gate is True:
            return product
        return self.numbers.function("where")(gate, product, self.numbers.constant(0))

    def both(self, first: Gate, second: Gate) -> Gate:
        """Return the gate that is open where two are."""
        if first is True or second is False:
            return second
        if second is True or first is False:
            return first
        return self.numbers.function("and")(first, second)

    def either(self, first: Gate, second: Gate) -> Gate:
        """Return the gate that is open where one of two is."""
        if first is False or second is True or first is second:
            return second
        if second is False or first is True:
            return first
        return self.numbers.function("or")(first, second)


def active(procedure: Procedure, wanted: Iterable[int]) -> bytearray:
    """Return per node whether it depends on a wanted node through differentiable arguments."""
    return since(latest(procedure, wanted), 0)


def latest(procedure: Procedure, wanted: Iterable[int]) -> list[int]:
    """Return per node the place of the last wanted node that it depends on, or -1.

    >>> import adviz
    >>> latest(adviz.build("x*y + 2*z"), wanted=[0, 1, 4])
    [0, 1, 1, -1, 2, 2, 2]
    """
    found = [-1] * len(procedure)
    for place, node in enumerate(wanted):
        found[node] = place
    for node, arguments in enumerate(procedure.args):
        if arguments and (last := max([found[argument] for argument in arguments])) >= 0:
            row = procedure.rows[procedure.ops[node]]
            places = [found[a] for k, a in enumerate(arguments) if row.differentiable(k)]
            found[node] = last if len(places) == len(arguments) else max(places, default=-1)
    return found


def since(found: Sequence[int], start: int) -> bytearray:
    """Return per node whether it depends on a wanted one from a place on, given `latest`."""
    return bytearray(map(start.__le__, found))


def needed(procedure: Procedure, numbers: Numbers, found: Sequence[Number]) -> list[Gate]:
    """Return per node the gate under which an output or a guard needs its value.

    Where a number stands for many points every branch is computed; what a branch is outside its
    condition is nobody's concern.
    """
    linear = Linear(procedure, numbers, found)
    gates: list[Gate] = [False] * len(procedure)
    for node in (*procedure.outputs.values(), *(guard.node for guard in procedure.guards)):
        gates[node] = True
    for node in range(len(procedure) - 1, -1, -1):
        for position, tail in enumerate(procedure.args[node]):
            taken = linear.taken(Edge(tail, node, position))
            gates[tail] = linear.either(gates[tail], linear.both(gates[node], taken))
    return gates
