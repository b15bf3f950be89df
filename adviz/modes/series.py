"""Power series along a line: the coefficients of whatever local partials are made of.

With u(t) = u₀ + u₁·t + u₂·t² + … for the arguments of a node v, the chain rule v′ = Σ (∂v/∂u)·u′
compared at t**(k-1) is

    k·vₖ = Σ Σ j·uⱼ·pₖ₋ⱼ   over the arguments u and j = 1 … k,

where p are the coefficients of the local partial ∂v/∂u, which is a formula in the arguments, the
result and other rows. Those of sin need those of cos and the other way round; each needs only
lower orders of the other. So the table's partials are written into a graph that grows as far as
an order needs it, equal nodes being one, and no row has a rule of its own for series.

A quotient and a power would open a node for every order, and are closed by what they satisfy:
z = x/y by z·y = x, z = x**y by x·z′ = y·z·x′.

Method: Griewank & Walther, *Evaluating Derivatives* (2nd ed., 2008), section 13.2, proposition
13.1 and tables 13.1 and 13.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from adviz.graph.builder import Builder
from adviz.graph.procedure import CONST, INPUT
from adviz.modes.folding import growing
from adviz.numbers import Number, Numbers
from adviz.numbers.rules import Function
from adviz.primitives import Primitive

_CLOSED = {("pow", 0): "y*z/x", ("Shi", 0): "sinh(x)/x"}
"""Local partials where the table's would be another power every time, or hold at one point only.

Above and below may both be 0 at the point: the quotient of the series is then that of the rest.
"""


_EXACT = 2**53
"""Up to here every number system holds every integer."""


class Factor(NamedTuple):
    """What an argument contributes to a node: its own node, and that of the local partial."""

    argument: int
    partial: int


class Series:
    """The power series of the nodes of a growing graph, each coefficient found when first needed.

    `line` gives the inputs as pairs, where they start and how they move. `nodes` is the number
    system whose numbers are the nodes; at one point its conditions are True or False.

    >>> from adviz.numbers import FLOAT64
    >>> series = Series(FLOAT64, {"x": (0.0, 1.0)})
    >>> sine = series.nodes.function("sin")(series.inputs["x"])
    >>> [series.coefficient(sine, k) * 6 for k in range(4)]
    [0.0, 6.0, 0.0, -1.0]
    """

    def __init__(self, numbers: Numbers, line: Mapping[str, tuple[Number, Number]]) -> None:
        self.numbers, self.builder = numbers, Builder(numbers.rows)
        self.inputs = {name: self.builder.input(name) for name in line}
        grown = replace(growing(self.builder), many=numbers.many, eager=numbers.eager)
        self.nodes = grown if numbers.many else _passing(grown, self._truth)
        self._rules = _passing(self.nodes, self._settle)
        self._numbers: dict[object, int] = {}
        self._zero = numbers.constant(0)
        self._multiply, self._add = numbers.function("mul"), numbers.function("add")
        self._divide = numbers.function("div")
        self._known: list[list[Number]] = []
        self._moving: list[list[Number]] = []
        self._fixed: list[bool] = []
        self._factors: dict[int, list[Factor]] = {}
        self._removable: set[int] = set()
        self._crossed = False
        self._slopes: dict[str, tuple[float | None, ...]] = {}
        self._meet()
        for name, (start, speed) in line.items():
            self._start(self.inputs[name], start, speed)

    def number(self, value: Number) -> int:
        """Return a node that is a number, of whatever kind, all along the line."""
        plain = _plain(value)
        if plain is not None:
            return self.builder.constant(plain)
        bits = value.tobytes() if hasattr(value, "tobytes") else repr(value)
        key = (type(value), getattr(value, "shape", ()), bits)
        if key not in self._numbers:
            name = f"number {len(self._numbers)}"
            while name in self.builder.inputs:
                name += "'"
            self._numbers[key] = node = self.builder.input(name)
            self._meet()
            self._start(node, value, self._zero)
        return self._numbers[key]

    def give(self, node: int, order: int, number: Number) -> None:
        """Say what a coefficient is that is known from elsewhere, the next one of its node."""
        self._meet()
        if len(self._known[node]) == order:
            self._append(node, number)

    def fixed(self, node: int) -> bool:
        """Return whether a node stays what it is along the line."""
        self._meet()
        return self._fixed[node]

    def coefficient(self, node: int, order: int) -> Number:
        """Return a coefficient of a node; a condition has that of order 0 alone."""
        self._meet()
        stack = [(node, order)]
        while stack:
            at, wanted = stack[-1]
            have = len(self._known[at])
            if have > wanted:
                stack.pop()
                continue
            waiting = [(n, k) for n, k in self._needs(at, have) if len(self._known[n]) <= k]
            stack.extend(waiting)
            if not waiting:
                self._append(at, self._next(at, have))
        return self._known[node][order]

    def factor(self, row: Primitive, position: int, arguments: Sequence[int], node: int) -> Factor:
        """Return an argument of a node with the node of the local partial by it."""
        text = _CLOSED.get((row.name, position), "")
        closed = bool(text) and not (row.name == "pow" and self._terminates(arguments))
        rule = self._rules.rule(row, text if closed else row.partials[position])
        partial = rule(*arguments, node)
        if closed:
            self._removable.add(partial)
        return Factor(arguments[position], partial)

    def contribution(self, factor: Factor, order: int) -> Number:
        """Return what an argument contributes to a node's coefficient of an order from 1 on."""
        argument, partial = factor
        if self.fixed(partial):
            return self._multiply(self.coefficient(argument, order), self.coefficient(partial, 0))
        self.coefficient(argument, order), self.coefficient(partial, order - 1)
        total = self._convolved(self._moving[argument], self._known[partial], order)
        return total if order == 1 else self._divide(total, self.numbers.constant(order))

    def leaves(self, row: Primitive, arguments: Sequence[int], node: int) -> bool:
        """Return whether the line leaves a row's smooth piece at the point."""
        self._crossed = False
        if row.piece and not self.numbers.many:
            self.nodes.rule(row, row.piece)(*arguments, node)
        return self._crossed

    def _start(self, node: int, start: Number, speed: Number) -> None:
        self._fixed[node] = not _somewhere(speed != 0)
        for number in (start, speed):
            self._append(node, number)

    # --- the graph as it grows -------------------------------------------------------------

    def _settle(self, node: int | bool) -> int | bool:
        """Return what stays as a number: n - 1 + 1 is n, not a node for every way there."""
        if isinstance(node, bool) or self.builder.is_condition(node) or not self.fixed(node):
            return node
        if self.builder.ops[node] in (INPUT, CONST):
            return node
        return self.number(self.coefficient(node, 0))

    def _truth(self, condition: int | bool) -> int | bool:
        """Return the truth of a condition at the point, and note one that may change there."""
        if isinstance(condition, bool) or not self.builder.is_condition(condition):
            return condition
        truth = self.numbers.holds(self.coefficient(condition, 0))
        sides = self.builder.args[condition]
        if not all(map(self.fixed, sides)):
            left, right = (self.coefficient(side, 0) for side in sides)
            self._crossed = self._crossed or bool(left == right)
        return truth

    def _meet(self) -> None:
        """Look at the nodes that are new: which of them stay what they are along the line."""
        for node in range(len(self._known), len(self.builder.ops)):
            self._known.append([])
            self._moving.append([self._zero])
            self._fixed.append(self._stays(node))
            if self.builder.ops[node] == CONST:
                self._append(node, self.numbers.constant(self.builder.constants[node]))

    def _stays(self, node: int) -> bool:
        op, arguments = self.builder.ops[node], self.builder.args[node]
        if op in (INPUT, CONST):
            return True
        slopes = self._slopes.get(op)
        if slopes is None:
            slopes = self._slopes[op] = self.builder.rows[op].slopes
        pairs = zip(arguments, slopes, strict=True)
        return all(self._fixed[argument] or slope == 0 for argument, slope in pairs)

    def _terminates(self, arguments: Sequence[int]) -> bool:
        """Return whether a power's derivatives end at one, or its own form divides by zero."""
        base, exponent = (self.coefficient(argument, 0) for argument in arguments)
        floor, holds = self.numbers.function("floor"), self.numbers.holds
        if not holds(base != 0):
            return True
        return self.fixed(arguments[1]) and holds((exponent >= 0) & (floor(exponent) == exponent))

    # --- the next coefficient of a node ----------------------------------------------------

    def _needs(self, node: int, order: int) -> Iterable[tuple[int, int]]:
        """Return what the next coefficient of a node is made of, as nodes and orders."""
        arguments = self.builder.args[node]
        if self._vanishing(node):
            return [(argument, order + 1) for argument in arguments]
        if order == 0:
            return [(argument, 0) for argument in arguments]
        if self._fixed[node] or not arguments:
            return ()
        if self._chooses(node):
            return [(arguments[0], 0), *((argument, order) for argument in arguments[1:])]
        if self.builder.ops[node] == "div":
            return [(argument, order) for argument in arguments]
        return [
            need
            for argument, partial in self._all_factors(node)
            for need in ((argument, order), (partial, 0 if self._fixed[partial] else order - 1))
        ]

    def _next(self, node: int, order: int) -> Number:
        op, arguments = self.builder.ops[node], self.builder.args[node]
        if self._vanishing(node):
            return self._rest(node, order)
        if order == 0:
            return self.numbers.function(op)(*[self._known[argument][0] for argument in arguments])
        if self._fixed[node] or not arguments:
            return self._zero
        if self._chooses(node):
            branches = [self._known[argument][order] for argument in arguments[1:]]
            return self.numbers.function(op)(self._known[arguments[0]][0], *branches)
        if op == "div":
            return self._quotient(node, order)
        parts = [self.contribution(factor, order) for factor in self._all_factors(node)]
        return reduce(self._add, parts, self._zero) if len(parts) != 1 else parts[0]

    def _quotient(self, node: int, order: int, skip: int = 0) -> Number:
        """Return a coefficient of z = x/y from those of x = y·z, the first `skip` being 0."""
        above, below = self.builder.args[node]
        known, divisor = self._known[above][order + skip], self._known[below]
        if order and not self._fixed[below]:
            past = self._convolved(divisor[skip:], self._known[node], order)
            known = self.numbers.function("sub")(known, past)
        return self._divide(known, divisor[skip])

    def _rest(self, node: int, order: int) -> Number:
        """Return a coefficient of a quotient that is 0/0 somewhere, there that of the rest."""
        rest, plain = (self._quotient(node, order, skip) for skip in (1, 0))
        zero = self._known[self.builder.args[node][1]][0] == 0
        return self.numbers.function("where")(zero, rest, plain)

    def _vanishing(self, node: int) -> bool:
        """Return whether a quotient may be 0/0, and is somewhere."""
        if node not in self._removable:
            return False
        first = [self._known[argument][:1] for argument in self.builder.args[node]]
        return all(known and _somewhere(known[0] == 0) for known in first)

    def _convolved(self, first: Sequence[Number], second: Sequence[Number], order: int) -> Number:
        """Return the sum of first[j]·second[order - j] over j from 1 to the order."""
        return reduce(self._add, map(self._multiply, first[1 : order + 1], second[order - 1 :: -1]))

    def _chooses(self, node: int) -> bool:
        return self.builder.rows[self.builder.ops[node]].chooses

    def _all_factors(self, node: int) -> list[Factor]:
        """Return what contributes to a node: arguments that move, and by which it is not fixed."""
        found = self._factors.get(node)
        if found is None:
            row, arguments = self.builder.rows[self.builder.ops[node]], self.builder.args[node]
            made = (
                self.factor(row, position, arguments, node)
                for position, argument in enumerate(arguments)
                if row.differentiable(position) and not self._fixed[argument]
            )
            constants = self.builder.constants
            found = self._factors[node] = [f for f in made if constants.get(f.partial) != 0]
            self._meet()
        return found

    def _append(self, node: int, number: Number) -> None:
        order = len(self._known[node])
        self._known[node].append(number)
        if order:
            weight = self.numbers.constant(order)
            moving = number if order == 1 else self._multiply(weight, number)
            self._moving[node].append(moving)


def _passing(nodes: Numbers, then: Callable[[int | bool], int | bool]) -> Numbers:
    """Return the nodes as numbers of which every result passes through a function."""

    def native(name: str) -> Function | None:
        made = nodes.native(name)
        return made and (lambda *arguments: then(made(*arguments)))

    return replace(nodes, native=native, _bound={})


def _plain(value: Number) -> int | float | None:
    """Return a number as one that a formula may hold; None for any other."""
    if getattr(value, "shape", ()) or not math.isfinite(value):
        return None
    if value and abs(value) < _EXACT and value == int(value):
        return int(value)
    return float(value) if isinstance(value, float) else None


def _somewhere(condition: Number) -> bool:
    return bool(condition.any()) if hasattr(condition, "any") else bool(condition)
