"""A graph linearized at a point: which edges count, their local partials, and their gates.

Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 2.2: near a point each edge is
a multiplication by its local partial, and a sweep multiplies and adds up.

A branch that a condition does not take must not disturb the result. One idea serves everywhere:
every contribution passes a *gate*, the condition under which it counts. For single points a gate
is True or False and a closed one is simply no step; for arrays and for graphs a product behind a
gate is `where(gate, product, 0)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from adviz.errors import DomainError
from adviz.graph.procedure import Edge, Procedure, is_lazy
from adviz.language.brief import few
from adviz.numbers import Number, Numbers
from adviz.primitives import Primitive

if TYPE_CHECKING:
    from adviz.modes.array_partials import ArrayPartials

Gate = Any
"""True, False, or a condition of the number system."""


class Linear:
    """A procedure linearized at the point at which `found` are its values.

    Only edges on a way from a wanted node count, as `active` has it; all, where `wanted` is None.
    In `kept` local partials stay for further sweeps at the point.

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
        self.wanted = None if wanted is None else tuple(wanted)
        self.reached = self._reached()
        """Per node whether it depends on a wanted one."""
        self.multiply, self.add = numbers.function("mul"), numbers.function("add")
        self._kept = kept
        self._arrays = self._of_arrays()
        self._edges: Sequence[Sequence[Edge]] | None = None
        self._rules: dict[tuple[str, int], Callable[..., Number]] = {}

    def at(self, found: Sequence[Number]) -> Linear:
        """Return the same at other values: what counts, and by which rule, is looked up once."""
        other = copy(self)
        other.found, other._kept = found, {}
        other._arrays = other._of_arrays()
        if is_lazy(self.procedure):
            other.reached = other._reached()
        elif self._edges is None:
            edges = [tuple(self._uses(node)) for node in range(len(self.procedure))]
            self._edges = other._edges = edges
        return other

    def _of_arrays(self) -> ArrayPartials | None:
        """Return what knows the local partials of arrays; None where all nodes are numbers."""
        if self.procedure.shapes is None:
            return None
        from adviz.modes.array_partials import ArrayPartials

        return ArrayPartials(self.procedure, self.numbers, self.found)

    def _reached(self) -> bytearray:
        if self.wanted is None:
            return bytearray(b"\1") * len(self.procedure)
        return active(self.procedure, self.wanted, self.found or None)

    def reaching(self, reached: bytearray) -> Linear:
        """Return the same with other nodes that count."""
        other = copy(self)
        other.reached, other._edges = reached, None
        return other

    def multiplying(self, multiply: Callable[[Number, Number], Number]) -> Linear:
        """Return the same with another product of a local partial and what travels."""
        other = copy(self)
        other.multiply = multiply
        return other

    def telling(self, tell: Callable[[int], None]) -> Linear:
        """Return the same, telling of every node before the edges that end in it are gone along.

        Then the node is complete in a reverse sweep, and its arguments in a forward one.
        """
        other = copy(self)

        def uses(node: int) -> Iterable[Edge]:
            tell(node)
            return self.uses(node)

        other.uses = uses  # type: ignore[method-assign]  # of this one alone
        return other

    def uses(self, node: int) -> Iterable[Edge]:
        """Return the edges that end in a node and count, by argument."""
        return self._uses(node) if self._edges is None else self._edges[node]

    def _uses(self, node: int) -> Iterator[Edge]:
        row, reached = self.procedure.row(node), self.reached
        if row is not None and reached[node]:
            for position, tail in enumerate(self.procedure.args[node]):
                if reached[tail] and row.differentiable(position):
                    yield Edge(tail, node, position)

    def partial(self, edge: Edge) -> Number:
        """Return the local partial of an edge."""
        kept = self._kept
        if kept is not None and edge in kept:
            return kept[edge]
        if self._arrays is not None:
            return self._arrays.partial(edge)
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
        """Return the condition under which an edge counts; in arrays the local partial has it."""
        procedure = self.procedure
        truth = procedure.rows[procedure.ops[edge.head]].needed_where(edge.position)
        if truth is None or self._arrays is not None:
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


def active(
    procedure: Procedure, wanted: Iterable[int], found: Sequence[Number] | None = None
) -> bytearray:
    """Return per node whether some way leads to it from a wanted node.

    A way ends where the local partial is identically 0, as floor's is and that of x - x by x: what
    lies beyond is constant piece by piece, so nobody needs the partials by it, which need not even
    exist (x**floor(y) at a negative x). At one point, where `found` are the values, a way also
    ends at a branch that is not taken.

    The term: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 6.2.

    >>> import adviz
    >>> list(active(adviz.build("x**floor(y)"), wanted=[0, 1]))
    [1, 1, 0, 1]
    >>> list(active(adviz.build("x**floor(y)"), wanted=[1]))
    [0, 1, 0, 0]
    """
    return since(latest(procedure, wanted, found), 0)


def latest(
    procedure: Procedure, wanted: Iterable[int], found: Sequence[Number] | None = None
) -> list[int]:
    """Return per node the place of the last wanted node that leads to it, or -1; see `active`.

    >>> import adviz
    >>> latest(adviz.build("x*y + 2*z"), wanted=[0, 1, 4])
    [0, 1, 1, -1, 2, 2, 2]
    """
    places, into = [-1] * len(procedure), ways(procedure, found)
    for place, node in enumerate(wanted):
        places[node] = place
    for node, arguments in enumerate(procedure.args):
        if arguments and max([places[argument] for argument in arguments]) >= 0:
            last = max([places[argument] for argument in into(node)], default=-1)
            places[node] = max(last, places[node])
    return places


def since(places: Sequence[int], start: int) -> bytearray:
    """Return per node whether a wanted one from a place on leads to it, given `latest`."""
    return bytearray(map(start.__le__, places))


def refuse_orders(procedure: Procedure, wanted: Sequence[int]) -> None:
    """Raise DomainError where a wanted input leads to an order, by which there is no derivative.

    >>> import adviz
    >>> graph = adviz.build("besselj(floor(n), x)")
    >>> refuse_orders(graph, list(graph.inputs.values()))
    """
    used = [procedure.rows[op] for op in {*procedure.ops} if op in procedure.rows]
    places = {row.name: row.orders for row in used if row.orders}
    if not places:
        return
    reached = active(procedure, wanted)
    for op, arguments in zip(procedure.ops, procedure.args, strict=True):
        for position in places.get(op, ()):
            if reached[arguments[position]]:
                leading = origins(procedure, arguments[position])
                names = few([name for name, node in leading.items() if node in wanted])
                raise DomainError(
                    f"{op} has no derivative by its argument {position + 1}, "
                    f"{procedure.rows[op].args[position]}, to which {names} leads; leave {names} "
                    "out of wrt="
                )


def origins(
    procedure: Procedure, node: int, found: Sequence[Number] | None = None
) -> dict[str, int]:
    """Return the inputs from which some way leads to a node, as `active` has it.

    >>> import adviz
    >>> origins(adviz.build("x**(floor(x) + y*z)"), node=5)
    {'y': 2, 'z': 3}
    """
    into, stack, met = ways(procedure, found), [node], {node}
    while stack:
        new = {*into(stack.pop())} - met
        met |= new
        stack.extend(new)
    return {name: place for name, place in procedure.inputs.items() if place in met}


def ways(
    procedure: Procedure, found: Sequence[Number] | None = None
) -> Callable[[int], Sequence[int]]:
    """Return what gives the arguments from which a way leads into a node, as `active` has it.

    >>> import adviz
    >>> [*ways(adviz.build("x**floor(y)"))(3)]
    [0, 2]
    """
    rows = {op: procedure.rows[op] for op in {*procedure.ops} if op in procedure.rows}
    slopes = {op: row.slopes for op, row in rows.items()}
    some = {op for op, fixed in slopes.items() if rows[op].needed or _may_vanish(fixed)}
    ops, args = procedure.ops, procedure.args

    def into(node: int) -> Sequence[int]:
        op, arguments = ops[node], args[node]
        if op not in some:
            return arguments
        open_ = arguments if found is None else _open(rows[op], arguments, found)
        return _not_zero(slopes[op], open_)

    return into


def _may_vanish(slopes: Sequence[float | None]) -> bool:
    """Return whether partials that are one number everywhere may add up to 0."""
    fixed = [slope for slope in slopes if slope is not None]
    return 0 in fixed or min(fixed, default=1) < 0


def _open(
    row: Primitive, arguments: tuple[int, ...], found: Sequence[Number]
) -> Sequence[int | None]:
    """Return the arguments of a node, None for a branch that is not taken at a point."""
    if not row.needed:
        return arguments
    condition = found[arguments[0]]  # neither True nor False in graphs and arrays: all is open
    pairs = zip(row.needed, arguments, strict=True)
    return [
        None if truth is not None and condition is (not truth) else argument
        for truth, argument in pairs
    ]


def _not_zero(slopes: Sequence[float | None], arguments: Sequence[int | None]) -> Sequence[int]:
    """Return the arguments by which a node's partials, together, are not 0 everywhere."""
    total: dict[int, float] = {}
    for slope, argument in zip(slopes, arguments, strict=True):
        if argument is not None:
            total[argument] = total.get(argument, 0.0) + (math.nan if slope is None else slope)
    return [argument for argument, slope in total.items() if slope]
