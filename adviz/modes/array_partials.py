"""The local partials of array nodes: linear maps, which a sweep's product applies.

Between nodes of one shape an elementwise row's local partial is an array that is multiplied. Where
an argument was broadcast, what goes back is summed over the axes that it lacked; a structural row
brings its own map. Method: Giles, *Collected matrix derivative results for forward and reverse mode
algorithmic differentiation* (2008); Griewank & Walther (2008), section 2.2, with vectors for
numbers.

Of an array some elements may take one branch and some the other. An element that no output needs
has the local partial 0, so that what it is, which may be nothing, disturbs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from adviz.graph.procedure import Edge, Procedure, is_lazy
from adviz.numbers import FLOAT64, Number, Numbers
from adviz.numbers.maps import Map
from adviz.numbers.tensor import tensors
from adviz.primitives import Primitive
from adviz.primitives.row import Shape

Open = Any
"""True, False, or an array of truths: which elements are needed."""


class ArrayPartials:
    """The local partials of a procedure with arrays, at the point at which `found` are its values.

    >>> import numpy as np
    >>> from adviz.graph.builder import Builder
    >>> from adviz.primitives import ARRAYS
    >>> builder = Builder(ARRAYS)
    >>> x = builder.input("x", (2,))
    >>> graph = builder.finish({"f": builder.node("sum", (x,), ((0,), False))})
    >>> partials = ArrayPartials(graph, tensors(FLOAT64), [np.array([3.0, 4.0]), 7.0])
    >>> 5.0 * partials.partial(Edge(0, 1, 0))
    array([5., 5.])
    """

    def __init__(self, procedure: Procedure, numbers: Numbers, found: Sequence[Number]) -> None:
        self.procedure, self.numbers, self.found = procedure, numbers, found
        self.shapes, self.params = procedure.shapes or {}, procedure.params or {}

    def partial(self, edge: Edge) -> Number:
        """Return an edge's local partial: an array that is multiplied, or a map."""
        tail, head, position = edge
        row = self.procedure.rows[self.procedure.ops[head]]
        if row.shape is None:
            slope = self._slope(edge)
            same = self._shape(tail) == self._shape(head)
            return slope if same else self._broadcast(slope, edge)
        forwards, backwards = self.numbers.carried(row, position)
        given = *map(self._needed, self.procedure.args[head]), self.found[head], *self._static(head)
        return Map(
            lambda t: forwards(t, *given), lambda w: backwards(w, *given), _text(row, position)
        )

    @cached_property
    def open(self) -> list[Open]:
        """Per node its elements that an output or a guard needs, the branches taken as they are."""
        procedure = self.procedure
        needed: list[Open] = [False] * len(procedure)
        for node in (*procedure.outputs.values(), *(guard.node for guard in procedure.guards)):
            needed[node] = True
        if not is_lazy(procedure):
            return [True] * len(procedure)
        for node in range(len(procedure) - 1, -1, -1):
            for position, tail in enumerate(procedure.args[node]):
                edge = Edge(tail, node, position)
                through = self._back(edge, _both(needed[node], self._taken(edge)))
                needed[tail] = _either(needed[tail], through)
        return needed

    def _slope(self, edge: Edge) -> Number:
        """Return the local partial of an elementwise row, 0 where the edge does not count."""
        _, head, position = edge
        procedure, numbers = self.procedure, self.numbers
        rule = numbers.partial(procedure.rows[procedure.ops[head]], position)
        slope = rule(*[self.found[tail] for tail in procedure.args[head]], self.found[head])
        counts = _both(self.open[head], self._taken(edge))
        if counts is True:
            return slope
        return numbers.function("where")(counts, slope, numbers.constant(0))

    def _broadcast(self, slope: Number, edge: Edge) -> Map:
        """Return the map of an argument that was broadcast to the shape of the result."""
        narrow, wide = self._shape(edge.tail), self._shape(edge.head)
        mul, spread, total = map(self.numbers.function, ("mul", "broadcast_to", "sum_to"))
        return Map(
            lambda t: spread(mul(slope, t), wide),
            lambda w: total(mul(w, slope), narrow),
            "broadcast(·)",
            slope,
        )

    def _needed(self, node: int) -> Number:
        """Return a node's value, 0 for elements that nothing needs."""
        needed, value = self.open[node], self.found[node]
        if needed is True:
            return value
        return self.numbers.function("where")(needed, value, self.numbers.constant(0))

    def _taken(self, edge: Edge) -> Open:
        """Return for which elements of an edge's head the branch that it is in is taken."""
        procedure = self.procedure
        truth = procedure.rows[procedure.ops[edge.head]].needed_where(edge.position)
        if truth is None:
            return True
        return _truths(self.found[procedure.args[edge.head][0]]) == truth

    def _back(self, edge: Edge, needed: Open) -> Open:
        """Return which elements of an argument are needed where some of the result are.

        Truths go back as adjoints do, where all numbers are 1: what is reached is not 0.
        """
        if isinstance(needed, bool):
            return needed
        ones, shapes = tensors(FLOAT64).over(self.procedure.rows), self.shapes
        spread, row = ones.function("broadcast_to"), self.procedure.row(edge.head)
        weights = spread(needed * 1.0, self._shape(edge.head))
        if row is None or row.shape is None:
            return _truths(ones.function("sum_to")(weights, self._shape(edge.tail)) != 0)
        of = [*self.procedure.args[edge.head], edge.head]
        known = [spread(ones.constant(1), shapes.get(node, ())) for node in of]
        backwards = ones.carried(row, edge.position)[1]
        return _truths(backwards(weights, *known, *self._static(edge.head)) != 0)

    def _shape(self, node: int) -> Shape:
        return self.shapes.get(node, ())

    def _static(self, node: int) -> tuple[Any, ...]:
        return self.params.get(node, ())


def _text(row: Primitive, position: int) -> str:
    """Return a structural row as a function of one argument, in which it is linear here."""
    places = ["·" if k == position else name for k, name in enumerate(row.args)]
    return f"{row.label or row.name}({', '.join(places)})"


def _truths(condition: Any) -> Any:
    """Return a condition of any number system as NumPy's truths."""
    import numpy as np

    return np.asarray(condition, dtype=bool)[()]


def _both(first: Open, second: Open) -> Open:
    if first is True or second is False:
        return second
    return first if second is True or first is False else first & second


def _either(first: Open, second: Open) -> Open:
    if first is False or second is True:
        return second
    return first if second is False or first is True else first | second
