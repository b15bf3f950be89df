"""The nodes of a graph under construction as numbers: neutral constants are folded as they arise.

Sums with 0, products with 0, 1 and -1, and choices between equal branches need no node. What an
author wrote is never rewritten; only what a sweep adds is.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from adviz.graph.builder import Builder
from adviz.numbers import Numbers
from adviz.numbers.rules import Function


def growing(builder: Builder) -> Numbers:
    """Return the number system whose numbers are the nodes of a graph under construction."""
    folded = _Folding(builder)

    def native(name: str) -> Function:
        return folded.rules.get(name) or (lambda *args: builder.node(name, args))

    return Numbers(
        name="graph",
        native=native,
        constant=builder.constant,
        finite=lambda _: True,
        isnan=lambda _: False,
        rows=builder.rows,
    )


class _Folding:
    """The rows that are simplified while a derivative grows: neutral and absorbing constants."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.rules: Mapping[str, Callable[..., Any]] = {
            "add": self.add,
            "sub": self.sub,
            "mul": self.mul,
            "div": self.div,
            "neg": self.neg,
            "pow": self.pow,
            "eq": self.eq,
            "where": self.where,
            "and": self.and_,
            "or": self.or_,
            "not": self.not_,
        }

    def constant(self, node: int) -> int | float | None:
        """Return the number a node holds, if it is a constant."""
        return self.builder.constants.get(node)

    def add(self, x: int, y: int) -> int:
        left, right = self.constant(x), self.constant(y)
        if _is(left, 0):
            return y
        if _is(right, 0):
            return x
        for one, other in ((x, y), (y, x)):
            if self.builder.ops[one] == "neg":
                return self.sub(other, self.builder.args[one][0])
        chosen = self._chosen(x, y)
        return self._exact("add", x, y, left, right) if chosen is None else chosen

    def sub(self, x: int, y: int) -> int:
        left, right = self.constant(x), self.constant(y)
        if _is(right, 0):
            return x
        if self.builder.ops[y] == "neg":
            return self.add(x, self.builder.args[y][0])
        return self.neg(y) if _is(left, 0) else self._exact("sub", x, y, left, right)

    def mul(self, x: int, y: int) -> int:
        for one, other in ((x, y), (y, x)):
            factor = self.constant(one)
            if _is(factor, 0):
                return self.builder.constant(0)
            if _is(factor, 1):
                return other
            if _is(factor, -1):
                return self.neg(other)
        return self._exact("mul", x, y, self.constant(x), self.constant(y))

    def div(self, x: int, y: int) -> int:
        if _is(self.constant(x), 0):
            return x
        return x if _is(self.constant(y), 1) else self.builder.node("div", (x, y))

    def neg(self, x: int) -> int:
        value = self.constant(x)
        if value is not None:
            return self.builder.constant(-value)
        if self.builder.ops[x] == "neg":
            return self.builder.args[x][0]
        return self.builder.node("neg", (x,))

    def pow(self, x: int, y: int) -> int:
        exponent = self.constant(y)
        if _is(exponent, 1):
            return x
        return self.builder.constant(1) if _is(exponent, 0) else self.builder.node("pow", (x, y))

    def eq(self, x: int, y: int) -> int | bool:
        left, right = self.constant(x), self.constant(y)
        if left is not None and right is not None:
            return left == right
        return self.builder.node("eq", (x, y))

    def and_(self, c: int | bool, d: int | bool) -> int | bool:
        for one, other in ((c, d), (d, c)):
            if isinstance(one, bool):
                return other if one else False
        return self.builder.node("and", (c, d))

    def or_(self, c: int | bool, d: int | bool) -> int | bool:
        for one, other in ((c, d), (d, c)):
            if isinstance(one, bool):
                return True if one else other
            if self.builder.ops[one] == "not" and self.builder.args[one] == (other,):
                return True
        return self.builder.node("or", (c, d))

    def not_(self, c: int | bool) -> int | bool:
        return not c if isinstance(c, bool) else self.builder.node("not", (c,))

    def where(self, condition: int | bool, x: int, y: int) -> int:
        if isinstance(condition, bool):
            return x if condition else y
        if self.builder.ops[condition] == "not":
            return self.where(self.builder.args[condition][0], y, x)
        x, y = self._knowing(condition, 1, x), self._knowing(condition, 2, y)
        return x if x == y else self.builder.node("where", (condition, x, y))

    def _chosen(self, x: int, y: int) -> int | None:
        """Return the sum of two terms of which one condition lets only one count, as a choice."""
        if not self.builder.ops[x] == self.builder.ops[y] == "where":
            return None
        (condition, *one), (same, *other) = self.builder.args[x], self.builder.args[y]
        for first, second in ((one, other), (other, one)):
            zeros = (self.constant(first[1]), self.constant(second[0]))
            if condition == same and all(_is(zero, 0) for zero in zeros):
                return self.where(condition, first[0], second[1])
        return None

    def _knowing(self, condition: int, branch: int, node: int) -> int:
        """Return what a node is in a branch of a choice: a gate behind the same gate is open."""
        if self.builder.ops[node] != "mul":
            return self._branch(condition, branch, node)
        args = left, right = self.builder.args[node]
        known = self._branch(condition, branch, left), self._branch(condition, branch, right)
        return node if known == args else self.mul(*known)

    def _branch(self, condition: int, branch: int, node: int) -> int:
        """Return what a node is, a choice by the same condition being decided."""
        args = self.builder.args[node]
        same = self.builder.ops[node] == "where" and args[0] == condition
        return args[branch] if same else node

    def _exact(
        self, op: str, x: int, y: int, left: int | float | None, right: int | float | None
    ) -> int:
        """Return the constant of two numbers' sum, difference or product if exact, else a node."""
        if left is not None and right is not None:
            result = _EXACTLY[op](left, right)
            if abs(result) < 2**53 and result == _EXACTLY[op](Fraction(left), Fraction(right)):
                return self.builder.constant(result)
        return self.builder.node(op, (x, y))


_EXACTLY: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
}


def _is(value: int | float | None, wanted: int) -> bool:
    """Return whether a constant is the wanted number."""
    return value is not None and value == wanted
