"""The three sweeps over a graph, in any number system: values, tangents forward, adjoints back.

The rules of Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), tables 2.2 (evaluation),
3.1 (forward) and 3.4 (reverse, incremental), one Step at a time. The number system may be floats,
arrays, Fractions, mpmath numbers, or the nodes of another graph, in which case sweeping builds
the derivative's graph.

A branch that a condition does not take must not disturb the result. One idea serves everywhere:
every contribution passes a *gate*, the condition under which it counts. For single points a gate
is True or False and a closed one is simply no step; for arrays and for graphs a product behind a
gate is `where(gate, product, 0)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adviz.graph.graph import Edge, Graph
from adviz.numbers import Number, Numbers
from adviz.primitives import Primitive

Gate = Any
"""True, False, or a condition of the number system."""

_LAZY = ("where", "and", "or")


class Contribution(NamedTuple):
    """What one edge adds to a tangent or an adjoint."""

    edge: Edge
    partial: Number
    incoming: Number
    product: Number
    total: Number


class Evaluated(NamedTuple):
    """A node with its arguments' numbers and its own."""

    node: int
    row: Primitive
    arguments: list[Number]
    value: Number


def values(
    graph: Graph, numbers: Numbers, leaves: Mapping[int, Number], found: list[Number]
) -> Iterator[Evaluated]:
    """Evaluate the graph into `found`, yielding every node that has arguments when it is known.

    `leaves` holds the inputs' numbers. Conditions decide what is evaluated when a number stands
    for one point; a node that only an untaken branch needs keeps the value None.
    """
    for node, value in leaves.items():
        found[node] = value
    for node, value in graph.constants.items():
        found[node] = numbers.constant(value)
    lazy = not numbers.many and any(op in _LAZY for op in graph.ops)
    functions: dict[str, Callable[..., Number]] = {}
    order = _demanded(graph, found) if lazy else range(len(graph))
    for node in order:
        row = graph.rows.get(graph.ops[node])
        if row is None:
            continue
        arguments = [found[argument] for argument in graph.args[node]]
        function = functions.get(row.name)
        if function is None:
            function = functions[row.name] = numbers.function(row.name)
        found[node] = value = function(*arguments)
        yield Evaluated(node, row, arguments, value)


def _demanded(graph: Graph, found: Sequence[Number]) -> Iterator[int]:
    """Yield the nodes to evaluate, each after what it needs, branches only as they are taken."""
    stack = [*(guard.node for guard in graph.guards), *graph.outputs.values()][::-1]
    while stack:
        node = stack[-1]
        if found[node] is None:
            waiting = [a for a in _wanted(graph, node, found) if found[a] is None]
            if waiting:
                stack.extend(reversed(waiting))
                continue
            yield node
        stack.pop()


def _wanted(graph: Graph, node: int, found: Sequence[Number]) -> Sequence[int]:
    """Return the arguments a node needs now: a choice first needs its condition alone."""
    op, arguments = graph.ops[node], graph.args[node]
    if op not in _LAZY or not arguments:
        return arguments
    condition = found[arguments[0]]
    if condition is None:
        return arguments[:1]
    if op == "where":
        return arguments[1:2] if condition else arguments[2:]
    return arguments[1:] if bool(condition) == (op == "and") else ()


def active(graph: Graph, wanted: Sequence[int]) -> bytearray:
    """Return per node whether it depends on a wanted input through differentiable arguments."""
    reached = bytearray(len(graph))
    for node in wanted:
        reached[node] = 1
    for node, arguments in enumerate(graph.args):
        if any(reached[argument] for argument in arguments):
            row = graph.rows[graph.ops[node]]
            pairs = enumerate(arguments)
            reached[node] = any(reached[a] and row.differentiable(k) for k, a in pairs)
    return reached


def _active_edges(graph: Graph, node: int, reached: bytearray) -> Iterator[tuple[Edge, Primitive]]:
    row = graph.rows.get(graph.ops[node])
    if row is not None:
        for position, tail in enumerate(graph.args[node]):
            if reached[tail] and row.differentiable(position):
                yield Edge(tail, node, position), row


def push_forward(
    graph: Graph,
    numbers: Numbers,
    found: Sequence[Number],
    tangents: list[Number],
    reached: bytearray,
) -> Iterator[Contribution]:
    """Carry the inputs' tangents to every node that depends on them, edge by edge.

    `tangents` holds the seeds and is filled in; None is a structural zero.
    """
    arithmetic = _Arithmetic(numbers)
    for node in range(len(graph)):
        for edge, row in _active_edges(graph, node, reached):
            gate = arithmetic.taken(graph, edge, found)
            incoming = tangents[edge.tail]
            if gate is False or incoming is None or found[node] is None:
                continue
            partial = arithmetic.partial(graph, edge, row, found)
            product = arithmetic.gated(gate, arithmetic.multiply(partial, incoming))
            tangents[node] = total = arithmetic.plus(tangents[node], product)
            yield Contribution(edge, partial, incoming, product, total)


def pull_back(
    graph: Graph,
    numbers: Numbers,
    found: Sequence[Number],
    adjoints: list[Number],
    reached: bytearray,
) -> Iterator[Contribution]:
    """Carry the outputs' adjoints back to every node they depend on, edge by edge.

    `adjoints` holds the seeds and is filled in; None means that nothing has arrived. Every node
    hands on its adjoint after all its consumers have, in the order of its arguments.
    """
    arithmetic = _Arithmetic(numbers)
    gates: list[Gate] = [adjoint is not None for adjoint in adjoints]
    for node in range(len(graph) - 1, -1, -1):
        incoming = adjoints[node]
        if incoming is None:
            continue
        for edge, row in _active_edges(graph, node, reached):
            gate = arithmetic.both(gates[node], arithmetic.taken(graph, edge, found))
            if gate is False:
                continue
            partial = arithmetic.partial(graph, edge, row, found)
            product = arithmetic.gated(gate, arithmetic.multiply(incoming, partial))
            tail = edge.tail
            adjoints[tail] = total = arithmetic.plus(adjoints[tail], product)
            gates[tail] = arithmetic.either(gates[tail], gate)
            yield Contribution(edge, partial, incoming, product, total)


def needed(graph: Graph, numbers: Numbers, found: Sequence[Number]) -> list[Gate]:
    """Return per node the gate under which an output or a guard needs its value.

    Where a number stands for many points every branch is computed; what a branch is outside its
    condition is nobody's concern.
    """
    arithmetic = _Arithmetic(numbers)
    gates: list[Gate] = [False] * len(graph)
    for node in (*graph.outputs.values(), *(guard.node for guard in graph.guards)):
        gates[node] = True
    for node in range(len(graph) - 1, -1, -1):
        for position, tail in enumerate(graph.args[node]):
            edge = Edge(tail, node, position)
            taken = arithmetic.taken(graph, edge, found)
            gates[tail] = arithmetic.either(gates[tail], arithmetic.both(gates[node], taken))
    return gates


class _Arithmetic:
    """The few operations of the sweeps themselves, in one number system."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.multiply = numbers.function("mul")
        self.add = numbers.function("add")
        self.following = numbers.following
        self.rules: dict[tuple[str, int], Callable[..., Number]] = {}

    def partial(self, graph: Graph, edge: Edge, row: Primitive, found: Sequence[Number]) -> Number:
        """Return the local partial of an edge at the values found."""
        _, head, position = edge
        key = (row.name, position)
        rule = self.rules.get(key)
        if rule is None:
            rule = self.rules[key] = self.numbers.partial(row, position)
        value = found[head]
        partial = rule(*[found[argument] for argument in graph.args[head]], value)
        return self.following(partial, value)

    def plus(self, before: Number, product: Number) -> Number:
        """Return a running sum; the first contribution is the sum."""
        return product if before is None else self.add(before, product)

    def taken(self, graph: Graph, edge: Edge, found: Sequence[Number]) -> Gate:
        """Return the condition under which an edge is the branch taken."""
        op = graph.ops[edge.head]
        if op not in _LAZY or not edge.position:
            return True
        condition = found[graph.args[edge.head][0]]
        through = op == "and" or (op == "where" and edge.position == 1)
        return condition if through else self.numbers.function("not")(condition)

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
