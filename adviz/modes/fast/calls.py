"""A graph as calls of one number system's functions: the sweeps without their steps.

A check computes the same few sweeps again and again, at many points, in many precisions, once for
each input, and looks at no step of them. So the functions are looked up once for a graph and a
number system, and a local partial is computed once at a point, whichever sweeps need it. The same
functions are called with the same arguments, and sums are added up in the same order, as in
`adviz.modes.sweep`: the numbers are those of the sweeps, bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from adviz.graph.graph import Graph
from adviz.modes.sweep import active, values
from adviz.numbers import Number, Numbers

Step = tuple[int, Callable[..., Number], tuple[int, ...]]
"""A node, the function that computes it, and its arguments."""
Rule = tuple[int, int, Callable[..., Number]]
"""The position of an argument by which a node is differentiated, the argument, and how."""
Slopes = list[tuple[int, Number]]
"""The arguments of a node through which it is differentiated, and the local partials."""

LAZY = frozenset(("where", "and", "or"))
"""The rows that decide what is evaluated."""


class Calls:
    """A graph's operations as functions of one number system, whose numbers are single points.

    Only arguments that depend on the `wanted` nodes count in derivatives; all, where it is None.

    >>> import adviz
    >>> from adviz.numbers import FLOAT64
    >>> made = Calls(adviz.build("x*y"), FLOAT64)
    >>> found = made.values({"x": 3.0, "y": 2.0})
    >>> found, At(made, found).adjoints(2)
    ([3.0, 2.0, 6.0], [2.0, 3.0, 1.0])
    """

    def __init__(self, graph: Graph, numbers: Numbers, wanted: Sequence[int] | None = None) -> None:
        self.graph, self.numbers = graph, numbers.over(graph.rows)
        self.multiply, self.add = map(self.numbers.function, ("mul", "add"))
        self._reached = None if wanted is None else active(graph, wanted)
        self._lazy = not LAZY.isdisjoint(graph.ops)
        self._rules: dict[int, list[Rule]] = {}
        self._partials: dict[tuple[str, int], Callable[..., Number]] = {}

    # --- values ----------------------------------------------------------------------------------

    def values(self, point: Mapping[str, Number]) -> list[Number]:
        """Return every node's value at a point whose numbers are those of the system.

        None stands where a branch that is not taken alone needs a value.
        """
        return self.computed(point, None)[0]

    def computed(
        self, point: Mapping[str, Number], nodes: Iterable[int] | None
    ) -> tuple[list[Number], list[int]]:
        """Return the nodes' values, and which were computed, in order.

        Instead of all, `nodes` may be some with all that they need.
        """
        found = self._constants.copy()
        leaves = {self.graph.inputs[name]: value for name, value in point.items()}
        if self._lazy:
            order = [one.node for one in values(self.graph, self.numbers, leaves, found)]
            return found, order
        for node, value in leaves.items():
            found[node] = value
        steps = self._all if nodes is None else self._steps(nodes)
        for node, function, arguments in steps:
            found[node] = function(*[found[argument] for argument in arguments])
        return found, [node for node, _, _ in steps]

    @cached_property
    def _constants(self) -> list[Number]:
        known = self.graph.constants
        constant = self.numbers.constant
        return [constant(known[n]) if n in known else None for n in range(len(self.graph))]

    @cached_property
    def _all(self) -> list[Step]:
        return self._steps(range(len(self.graph)))

    def _steps(self, nodes: Iterable[int]) -> list[Step]:
        ops, args, functions = self.graph.ops, self.graph.args, self._functions
        return [(n, functions[ops[n]], args[n]) for n in nodes if ops[n] in functions]

    @cached_property
    def _functions(self) -> dict[str, Callable[..., Number]]:
        used = [op for op in dict.fromkeys(self.graph.ops) if op in self.graph.rows]
        return {op: self.numbers.function(op) for op in used}

    # --- local partials --------------------------------------------------------------------------

    def slopes(self, found: Sequence[Number], node: int) -> Slopes:
        """Return a node's local partials by the arguments that count, in the branch taken."""
        rules = self._rules.get(node)
        if rules is None:
            rules = self._rules[node] = self._counting(node)
        if not rules:
            return []
        args, value = self.graph.args[node], found[node]
        if self._lazy and self.graph.ops[node] == "where":
            taken = bool(found[args[0]])
            rules = [rule for rule in rules if taken == (rule[0] == 1)]
        arguments = [found[argument] for argument in args]
        if value == value:
            return [(tail, rule(*arguments, value)) for _, tail, rule in rules]
        following = self.numbers.following
        return [(tail, following(rule(*arguments, value), value)) for _, tail, rule in rules]

    def _counting(self, node: int) -> list[Rule]:
        row, reached = self.graph.row(node), self._reached
        if row is None:
            return []
        return [
            (position, tail, self._partial(row.name, position))
            for position, tail in enumerate(self.graph.args[node])
            if (reached is None or reached[tail]) and row.differentiable(position)
        ]

    def _partial(self, op: str, position: int) -> Callable[..., Number]:
        rule = self._partials.get((op, position))
        if rule is None:
            rule = self.numbers.partial(self.graph.rows[op], position)
            self._partials[op, position] = rule
        return rule


@lru_cache(maxsize=64)
def calls(graph: Graph, numbers: Numbers, wanted: tuple[int, ...] | None) -> Calls:
    """Return a graph as calls of a number system, looked up once."""
    return Calls(graph, numbers, wanted)


class At:
    """The sweeps over a graph at one point, where its values are known."""

    def __init__(self, made: Calls, found: Sequence[Number]) -> None:
        self.calls, self.found = made, found
        self._known: dict[int, Slopes] = {}

    def slopes(self, node: int) -> Slopes:
        """Return a node's local partials by the arguments that count."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self.calls.slopes(self.found, node)
        return found

    def adjoints(self, output: int) -> list[Number]:
        """Return what reverse mode gives every node; None where nothing arrives."""
        adjoints: list[Number] = [None] * len(self.found)
        adjoints[output] = self.calls.numbers.constant(1)
        known, multiply, add = self._known, self.calls.multiply, self.calls.add
        for node in range(output, -1, -1):
            incoming = adjoints[node]
            if incoming is None:
                continue
            for tail, partial in known.get(node) or self.slopes(node):
                product, before = multiply(incoming, partial), adjoints[tail]
                adjoints[tail] = product if before is None else add(before, product)
        return adjoints

    def tangents(self, node: int) -> list[Number]:
        """Return what forward mode gives every node that depends on one; None for all others."""
        tangents: list[Number] = [None] * len(self.found)
        tangents[node] = self.calls.numbers.constant(1)
        found, known = self.found, self._known
        multiply, add = self.calls.multiply, self.calls.add
        for head in range(node + 1, len(found)):
            if found[head] is None:
                continue
            for tail, partial in known.get(head) or self.slopes(head):
                incoming = tangents[tail]
                if incoming is not None:
                    product, before = multiply(partial, incoming), tangents[head]
                    tangents[head] = product if before is None else add(before, product)
        return tangents
