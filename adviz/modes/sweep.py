"""Forward and reverse mode, once for every use of them: tangents forward, adjoints back.

The rules of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), tables 3.1 (forward) and
3.4 (reverse, incremental), one edge's contribution at a time. A graph is *linearized* at a point:
each edge that counts has a local partial, and a sweep multiplies by it and adds up. The number
system may be floats, arrays, Fractions, mpmath numbers, texts, or the nodes of another graph, in
which case sweeping builds the derivative's graph.

A branch that a condition does not take must not disturb the result. One idea serves everywhere:
every contribution passes a *gate*, the condition under which it counts. For single points a gate
is True or False and a closed one is simply no step; for arrays and for graphs a product behind a
gate is `where(gate, product, 0)`.

What an edge contributes, in which order edges come, and what an arriving contribution does are
`Parts`. The parts of the gallery of broken AD, of a printed sweep and of SymPy's assignments are
others than the right ones; the loop is this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adviz.graph.procedure import Edge, Procedure
from adviz.numbers import Number, Numbers

Gate = Any
"""True, False, or a condition of the number system."""


class Contribution(NamedTuple):
    """What one edge adds to a tangent or an adjoint."""

    edge: Edge
    partial: Number
    incoming: Number
    product: Number
    total: Number


class Linear:
    """A procedure linearized at the point at which `found` are its values.

    Only edges that lead from a wanted node count; all, where `wanted` is None. In `kept` local
    partials stay for further sweeps at the point.
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
        self._rules: dict[tuple[str, int], Callable[..., Number]] = {}

    def uses(self, node: int) -> Iterator[Edge]:
        """Yield the edges that end in a node and count, by argument."""
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


def _backwards(linear: Linear, adjoints: list[Number]) -> Iterator[Edge]:
    """Every node hands on its adjoint after all its consumers have: last nodes first."""
    for node in range(len(adjoints) - 1, -1, -1):
        if adjoints[node] is not None:
            yield from linear.uses(node)


def _added(linear: Linear, edge: Edge, before: Number, product: Number) -> Number:
    """Contributions add up; the first one is the sum."""
    return product if before is None else linear.add(before, product)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a sweep; each default is the part as it should be."""

    counts: Callable[[Linear, Edge], Gate] = Linear.taken
    """The condition under which anything travels along an edge."""
    partial: Callable[[Linear, Edge], Number] = Linear.partial
    """What a number that travels along an edge is multiplied by."""
    arrive: Callable[[Linear, Edge, Number, Number], Number] = _added
    """What a node holds after an edge's contribution has arrived, given what it held before."""
    order: Callable[[Linear, list[Number]], Iterable[Edge]] = _backwards
    """In which order adjoints travel, given what the nodes hold as it goes on."""


STANDARD = Parts()
"""Every part as it should be."""


def pull_back(
    linear: Linear, adjoints: list[Number], parts: Parts = STANDARD
) -> Iterator[Contribution]:
    """Carry the outputs' adjoints back to every node they depend on, edge by edge.

    `adjoints` holds the seeds and is filled in; None means that nothing has arrived.
    """
    counts, local, arrive, multiply = parts.counts, parts.partial, parts.arrive, linear.multiply
    gates: list[Gate] = [adjoint is not None for adjoint in adjoints]
    for edge in parts.order(linear, adjoints):
        tail, head, _ = edge
        incoming = adjoints[head]
        if incoming is None:
            continue
        gate = linear.both(gates[head], counts(linear, edge))
        if gate is False:
            continue
        partial = local(linear, edge)
        product = linear.gated(gate, multiply(incoming, partial))
        adjoints[tail] = total = arrive(linear, edge, adjoints[tail], product)
        gates[tail] = linear.either(gates[tail], gate)
        yield Contribution(edge, partial, incoming, product, total)


def push_forward(
    linear: Linear, tangents: list[Number], parts: Parts = STANDARD
) -> Iterator[Contribution]:
    """Carry the inputs' tangents to every node that depends on them, edge by edge.

    `tangents` holds the seeds and is filled in; None is a structural zero.
    """
    counts, local, arrive, multiply = parts.counts, parts.partial, parts.arrive, linear.multiply
    for head, value in enumerate(linear.found):
        for edge in linear.uses(head):
            gate, incoming = counts(linear, edge), tangents[edge.tail]
            if gate is False or incoming is None or value is None:
                continue
            partial = local(linear, edge)
            product = linear.gated(gate, multiply(partial, incoming))
            tangents[head] = total = arrive(linear, edge, tangents[head], product)
            yield Contribution(edge, partial, incoming, product, total)


Seeds = Iterable[tuple[int, Number]]
"""What nodes hold before a sweep; what is given for one node adds up."""


def adjoints(linear: Linear, seeds: Seeds, parts: Parts = STANDARD) -> list[Number]:
    """Return every node's adjoint, by reverse mode; None where nothing arrives.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> linear = Linear(adviz.build("x*y"), FLOAT64, [3.0, 2.0, 6.0])
    >>> adjoints(linear, [(2, 1.0)])
    [2.0, 3.0, 1.0]
    """
    held = seeded(linear, seeds)
    for _ in pull_back(linear, held, parts):
        pass
    return held


def tangents(linear: Linear, seeds: Seeds, parts: Parts = STANDARD) -> list[Number]:
    """Return every node's tangent, by forward mode; None where none arrives.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> linear = Linear(adviz.build("x*y"), FLOAT64, [3.0, 2.0, 6.0])
    >>> tangents(linear, [(0, 1.0)])
    [1.0, None, 2.0]
    """
    held = seeded(linear, seeds)
    for _ in push_forward(linear, held, parts):
        pass
    return held


def seeded(linear: Linear, seeds: Seeds) -> list[Number]:
    """Return what every node holds before a sweep."""
    held: list[Number] = [None] * len(linear.procedure)
    for node, seed in seeds:
        held[node] = seed if held[node] is None else linear.add(held[node], seed)
    return held


def active(procedure: Procedure, wanted: Iterable[int]) -> bytearray:
    """Return per node whether it depends on a wanted node through differentiable arguments."""
    reached = bytearray(len(procedure))
    for node in wanted:
        reached[node] = 1
    for node, arguments in enumerate(procedure.args):
        if any(reached[argument] for argument in arguments):
            row = procedure.rows[procedure.ops[node]]
            pairs = enumerate(arguments)
            reached[node] = any(reached[a] and row.differentiable(k) for k, a in pairs)
    return reached


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
