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
from adviz.graph import INPUT

_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
}


class _Scaled(NamedTuple):
    """A node as a power of two, with its sign, times another node, perhaps over a third."""

    factor: float
    above: int
    below: int | None


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
        self.varies = bytearray(len(program))
        for node, args in enumerate(program.args):
            self.varies[node] = program.ops[node] == INPUT or any(self.varies[a] for a in args)
        self.quotients: dict[tuple[int, int], int] = {}
        self.draft = Draft(program, program.primal, program.names, program.symbols)

    def program(self) -> Program:
        """Return the shorter program."""
        old, draft = self.old, self.draft
        draft.copy(draft.plainly, self._instead)
        draft.give_values({label: draft.found[node] for label, node in old.results.items()})
        return replace(draft.finished(old.kind), values=old.values)

    def _instead(self, node: int) -> int | None:
        """Return the new node of the derivative's arithmetic; None for all that stays."""
        op, args = self.old.ops[node], self.old.args[node]
        if node < self.old.primal or op not in _ARITHMETIC:
            return None
        constants = [self.draft.builder.constants.get(self.draft.found[a]) for a in args]
        if None not in constants:
            return self._folded(op, [float(value or 0) for value in constants])
        return self._product(*args) if op == "mul" else self._made(op, *args)

    def _folded(self, op: str, constants: Sequence[float]) -> int | None:
        """Return the constant that an operation on constants gives, if it does so exactly."""
        if op == "div" and not constants[1]:
            return None
        value = _ARITHMETIC[op](*constants)
        exact = math.isfinite(value) and value == _ARITHMETIC[op](*map(Fraction, constants))
        return self.draft.builder.constant(value) if exact else None

    def _product(self, x: int, y: int) -> int:
        """Return the new node of a product, its sign and power of two as its last factor.

        Both partials of x/y have the denominator y, so the adjoint is divided by y once for both.
        """
        one, other = self._scaled(x), self._scaled(y)
        below = [node for node in (one.below, other.below) if node is not None]
        if len(below) == 1:
            product = self._divided(one.above, other.above, below[0])
        else:
            factors = [self._quotient(part.above, part.below) for part in (one, other)]
            product = self._function("mul")(*factors)
        factor = one.factor * other.factor
        if abs(factor) == 1:
            return product if factor == 1 else self._function("neg")(product)
        return self._function("mul")(product, self.draft.builder.constant(factor))

    def _divided(self, x: int, y: int, below: int) -> int:
        """Return x*y/below, by a quotient that is there already, or by one division."""
        for one, other in ((x, y), (y, x)):
            if (one, below) in self.quotients:
                return self._function("mul")(self.quotients[one, below], self.draft.found[other])
        for one, other in ((x, y), (y, x)):
            if self._constant(one) == 1:
                return self._quotient(other, below)
        return self._function("mul")(self.draft.found[x], self._quotient(y, below))

    def _quotient(self, above: int, below: int | None) -> int:
        if below is None:
            return self.draft.found[above]
        return self.quotients.setdefault((above, below), self._made("div", above, below))

    def _scaled(self, node: int) -> _Scaled:
        """Return a factor without its sign and power of two, where nothing else uses them."""
        factor, below = 1.0, None
        while self._own(node):
            op, args = self.old.ops[node], self.old.args[node]
            powers = [self._power(argument) for argument in args]
            if op == "neg":
                node, factor = args[0], -factor
            elif op == "mul" and any(powers):
                place = powers.index(0.0) if 0.0 in powers else 0
                node, factor = args[place], factor * powers[1 - place]
            elif op == "div" and powers[1]:
                node, factor = args[0], factor / powers[1]
            elif op == "div" and below is None:
                node, below = args
            else:
                break
        return _Scaled(factor, node, below)

    def _own(self, node: int) -> bool:
        """Return whether a node varies, and belongs to the derivative and to one product alone."""
        return node >= self.old.primal and self.uses[node] == 1 and bool(self.varies[node])

    def _power(self, node: int) -> float:
        """Return the power of two, with its sign, that a constant is, or 0."""
        value = self._constant(node)
        return value if value and abs(math.frexp(value)[0]) == 0.5 else 0.0

    def _constant(self, node: int) -> float:
        return float(self.draft.builder.constants.get(self.draft.found[node], 0))

    def _made(self, op: str, *args: int) -> int:
        return self._function(op)(*[self.draft.found[a] for a in args])

    def _function(self, op: str) -> Callable[..., int]:
        return self.draft.numbers.function(op)
