"""A derivative program with fewer operations and no more rounding.

The chain rule multiplies by 1/y where dividing by y is one operation and one rounding less; and it
carries signs and powers of two, which commute with rounding (Goldberg 1991, ACM Computing Surveys
23(1), theorem on exact scaling), through products where they cancel. What the author wrote is left
as it stands.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from adviz.codegen.draft import Draft
from adviz.codegen.straight import Program

_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
}


class _Scaled(NamedTuple):
    """A node as a power of two, with its sign, times another node."""

    core: int
    factor: float
    saved: int
    """The operations that are not needed when the factor is moved elsewhere."""


def shortened(program: Program) -> Program:
    """Return a program that computes the same with fewer operations.

    >>> import adviz
    >>> from adviz.codegen.program import program
    >>> made = program(adviz.build("exp(-x**2/2)"))
    >>> [op for op in shortened(made).ops[made.primal:]]
    ['mul', 'neg']
    """
    return _Shorter(program).program()


class _Shorter:
    """One program on its way to a shorter one."""

    def __init__(self, program: Program) -> None:
        self.old = program
        self.uses = [0] * len(program)
        for args in (*program.args, program.results.values()):
            for node in args:
                self.uses[node] += 1
        self.draft = Draft(program, program.primal, program.names, program.symbols)

    def program(self) -> Program:
        """Return the shorter program."""
        old, draft = self.old, self.draft
        draft.copy(draft.plainly, self._instead)
        draft.give_values({label: draft.found[node] for label, node in old.results.items()})
        return replace(draft.finished(old.kind), values=old.values)

    def _instead(self, node: int) -> int | None:
        """Return the new node of a constant or a product of the derivative, else None."""
        op, args = self.old.ops[node], self.old.args[node]
        if node < self.old.primal:
            return None
        constants = [self.draft.builder.constants.get(self.draft.found[a]) for a in args]
        if op in _ARITHMETIC and None not in constants:
            return self._folded(op, [float(value or 0) for value in constants])
        return self._product(args) if op == "mul" else None

    def _folded(self, op: str, constants: Sequence[float]) -> int | None:
        """Return the constant that an operation on constants gives, if it does so exactly."""
        if op == "div" and not constants[1]:
            return None
        value = _ARITHMETIC[op](*constants)
        exact = math.isfinite(value) and value == _ARITHMETIC[op](*map(Fraction, constants))
        return self.draft.builder.constant(value) if exact else None

    def _product(self, args: Sequence[int]) -> int:
        """Return the new node of a product."""
        x, y = self._apart(args)
        factor, numbers = x.factor * y.factor, self.draft.numbers
        product = self._multiplied(x.core, y.core)
        if factor in (1, -1):
            return product if factor == 1 else int(numbers.function("neg")(product))
        return int(numbers.function("mul")(product, self.draft.builder.constant(factor)))

    def _apart(self, args: Sequence[int]) -> tuple[_Scaled, _Scaled]:
        """Return the factors of a product, scaled where that saves an operation."""
        x, y = map(self._scaled, args)
        if x.saved + y.saved > (x.factor * y.factor != 1):
            return x, y
        return _Scaled(args[0], 1, 0), _Scaled(args[1], 1, 0)

    def _scaled(self, node: int) -> _Scaled:
        """Return a node without its sign and its power of two, where nothing else uses them."""
        factor, saved = 1.0, 0
        while self._own(node):
            op, args = self.old.ops[node], self.old.args[node]
            powers = [self._power(argument) for argument in args]
            if op == "neg":
                node, step = args[0], -1.0
            elif op == "mul" and any(powers):
                node, step = (args[1], powers[0]) if powers[0] else (args[0], powers[1])
            elif op == "div" and powers[1] and not powers[0]:
                node, step = args[0], 1 / powers[1]
            else:
                break
            factor, saved = factor * step, saved + 1
        return _Scaled(node, factor, saved)

    def _own(self, node: int) -> bool:
        """Return whether a node belongs to the derivative and to one product alone."""
        return node >= self.old.primal and self.uses[node] == 1

    def _power(self, node: int) -> float:
        """Return the power of two, with its sign, that a constant is, or 0."""
        value = self._constant(node)
        return value if value and abs(math.frexp(value)[0]) == 0.5 else 0.0

    def _constant(self, node: int) -> float:
        return float(self.draft.builder.constants.get(self.draft.found[node], 0))

    def _multiplied(self, x: int, y: int) -> int:
        """Return the product of two old nodes; one with a reciprocal of its own is a quotient."""
        found, function = self.draft.found, self.draft.numbers.function
        for one, other in ((x, y), (y, x)):
            args = self.old.args[other]
            reciprocal = self.old.ops[other] == "div" and self.old.constants.get(args[0]) == 1
            if reciprocal and self._own(other):
                return int(function("div")(found[one], found[args[1]]))
        return int(function("mul")(found[x], found[y]))
