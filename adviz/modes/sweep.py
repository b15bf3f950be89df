"""Forward and reverse mode, once for every use of them: tangents forward, adjoints back.

The rules of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), tables 3.1 (forward) and
3.4 (reverse, incremental), one edge's contribution at a time. A graph is *linearized* at a point:
each edge that counts has a local partial, and a sweep multiplies by it and adds up. The number
system may be floats, arrays, Fractions, mpmath numbers, texts, or the nodes of another graph, in
which case sweeping builds the derivative's graph.

What an edge contributes, in which order edges come, and what an arriving contribution does are
`Parts`. The parts of the gallery of broken AD, of a printed sweep and of SymPy's assignments are
others than the right ones; the loop is this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adviz.graph.procedure import Edge
from adviz.modes.linear import Gate, Linear
from adviz.numbers import Number


class Contribution(NamedTuple):
    """What one edge adds to a tangent or an adjoint."""

    edge: Edge
    partial: Number
    incoming: Number
    product: Number
    total: Number


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
    gates: list[Gate] = [tangent is not None for tangent in tangents]
    for head, value in enumerate(linear.found):
        for edge in linear.uses(head):
            incoming = tangents[edge.tail]
            if incoming is None or value is None:
                continue
            gate = linear.both(gates[edge.tail], counts(linear, edge))
            if gate is False:
                continue
            partial = local(linear, edge)
            product = linear.gated(gate, multiply(partial, incoming))
            tangents[head] = total = arrive(linear, edge, tangents[head], product)
            gates[head] = linear.either(gates[head], gate)
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


def rows_by_reverse(
    linear: Linear, outputs: Iterable[int], inputs: Sequence[int]
) -> list[list[Number]]:
    """Return the Jacobian, a row for each output, by a reverse sweep for each.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> linear = Linear(adviz.build("x*y"), FLOAT64, [3.0, 2.0, 6.0])
    >>> rows_by_reverse(linear, [2], [0, 1]) == rows_by_forward(linear, [2], [0, 1])
    True
    """
    one = linear.numbers.constant(1)
    swept = (adjoints(linear, [(output, one)]) for output in outputs)
    return [[linear.arrived(held[node]) for node in inputs] for held in swept]


def rows_by_forward(
    linear: Linear, outputs: Iterable[int], inputs: Sequence[int]
) -> list[list[Number]]:
    """Return the Jacobian, a row for each output, by a forward sweep for each input."""
    one = linear.numbers.constant(1)
    columns = [tangents(linear, [(node, one)]) for node in inputs]
    return [[linear.arrived(held[output]) for held in columns] for output in outputs]


def seeded(linear: Linear, seeds: Seeds) -> list[Number]:
    """Return what every node holds before a sweep."""
    held: list[Number] = [None] * len(linear.procedure)
    for node, seed in seeds:
        held[node] = seed if held[node] is None else linear.add(held[node], seed)
    return held
