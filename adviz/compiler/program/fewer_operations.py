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
from fractions import Fraction
from itertools import permutations
from typing import Any, NamedTuple

from adviz.compiler.program.data import Program
from adviz.compiler.program.draft import over, rebuilt
from adviz.graph.procedure import INPUT

_ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
}


class _Scaled(NamedTuple):
    """A node as a power of two, with its sign, times another node or 1, perhaps over a third."""

    factor: float
    above: int | None
    below: int | None


def with_fewer_operations(program: Program) -> Program:
    """Return a program that computes the same with fewer operations.

    >>> import adviz
    >>> from adviz.compiler.program.program import program
    >>> made = program(adviz.build("exp(-x**2/2)"))
    >>> [op for op in with_fewer_operations(made).ops[made.primal:]]
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
        self.draft = over(program)

    def program(self) -> Program:
        """Return the shorter program."""
        return rebuilt(self.draft, self.old, self.draft.plainly, self._instead)

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
        """Return the new node of a product; its sign and power of two go into one constant.

        Both partials of x/y have the denominator y, so the adjoint is divided by y once for both.
        """
        parts = self._together(x, y)
        factor = parts[0].factor * parts[1].factor
        above = [part.above for part in parts if part.above is not None]
        below = [part.below for part in parts if part.below is not None]
        if above and len(below) == 1:
            return self._times(self._divided(above, below[0]), factor)
        factors = []
        for part in parts:
            factors.append(self._whole(part, factor))
            factor = 1.0 if part.above is None else factor
        return self._times(self._function("mul")(*factors), factor)

    def _whole(self, part: _Scaled, factor: float) -> int:
        """Return what a part is without its factor; a constant one has the whole product's."""
        above = self._number(factor) if part.above is None else self.draft.found[part.above]
        if part.below is None:
            return above
        if part.above is None:
            return self._function("div")(above, self.draft.found[part.below])
        return self._quotient(part.above, part.below)

    def _multiplied(self, *factors: int) -> int:
        """Return a product of nodes, of which one alone is itself."""
        return factors[0] if len(factors) == 1 else self._function("mul")(*factors)

    def _together(self, x: int, y: int) -> tuple[_Scaled, _Scaled]:
        """Return two factors; a constant one takes in the power of two of the other."""
        one, other = self._scaled(x), self._scaled(y)
        if self._cancels(x, other):
            one = _Scaled(self._power(self.old.args[x][0]), None, self.old.args[x][1])
        elif self._cancels(y, one):
            other = _Scaled(self._power(self.old.args[y][0]), None, self.old.args[y][1])
        if one.below is other.below is None:
            one, other = self._absorbed(one, other.factor), self._absorbed(other, one.factor)
        return one, other

    def _cancels(self, node: int, beside: _Scaled) -> bool:
        """Return whether a power of two over something, used elsewhere too, cancels a factor."""
        if node < self.old.primal or self.old.ops[node] != "div" or beside.below is not None:
            return False
        power = self._power(self.old.args[node][0])
        return abs(power * beside.factor) == 1 != abs(power) and beside.above is not None

    def _absorbed(self, part: _Scaled, factor: float) -> _Scaled:
        """Return a part with its constant as its factor, if that times another factor is exact."""
        constant = None if part.above is None else self._constant(part.above)
        if not constant or abs(factor) == 1:
            return part
        exact = Fraction(constant) * Fraction(part.factor) * Fraction(factor)
        value = constant * part.factor * factor
        whole = math.isfinite(value) and Fraction(value) == exact
        return _Scaled(constant * part.factor, None, None) if whole else part

    def _times(self, product: int, factor: float) -> int:
        if abs(factor) == 1:
            return product if factor == 1 else self._function("neg")(product)
        return self._function("mul")(product, self._number(factor))

    def _number(self, value: float) -> int:
        return self.draft.builder.constant(value)

    def _divided(self, above: Sequence[int], below: int) -> int:
        """Return a product over something, by a quotient that is there, or by one division."""
        found = self.draft.found
        for one, *rest in permutations(above):
            if (one, below) in self.quotients:
                return self._multiplied(self.quotients[one, below], *[found[a] for a in rest])
        *rest, one = above
        return self._multiplied(*[found[a] for a in rest], self._quotient(one, below))

    def _quotient(self, above: int, below: int) -> int:
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
        if below is not None and (power := self._power(node)):
            return _Scaled(factor * power, None, below)
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
