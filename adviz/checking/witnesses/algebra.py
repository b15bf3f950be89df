"""Polynomials in generators with exact coefficients: whether one is known to be 0.

A number is a polynomial of SymPy's in *generators*, whose powers may be negative: the inputs,
exponentials, roots, cosines and sines, and whatever else a row gives, each applied to a number of
this kind. An inverse of a sum is a generator too, and so is a condition, whose value is 0 or 1.
Three relations are known: sin² = 1 - cos², the q-th power of a q-th root, and c² = c; they are
used and the denominators cleared only where a number is asked whether it is 0. What is different
here may still be equal; what vanishes is equal wherever both sides are defined, save where a
condition's two sides meet (Davenport, Siret & Tournier, *Computer Algebra*, 2nd ed., 1993, chapter
2). Nothing is factored and no divisor is sought, so that the work can be counted and ended.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from typing import Any

from adviz.errors import TooLarge

Form = Any
"""A number: SymPy's `PolyElement`, a dictionary from the powers of all generators to coefficients.

A sum or difference is SymPy's; a product is the algebra's, which counts it.
"""

MOST_WORK = 40_000
"""How many products of two terms may be formed."""
LARGEST_POWER = 60
CHOICE = "positive"
"""The kind of the generators whose value is 0 or 1."""
_APART = 1e-6
_EXPANDED_POWER = 3
"""Higher powers of a sum are kept as powers."""
_MOST_CHOICES = 8


class Crowded(Exception):
    """The ring has fewer names than there are generators: a larger one may do."""


@dataclass(frozen=True)
class Generator:
    """What a generator stands for: a function of a kind, applied to numbers."""

    kind: str
    arguments: tuple[Form, ...]
    relation: tuple[int, Form] | None
    """A power of it, and what that power is."""
    beside: tuple[complex, ...]
    """Its arguments at one point, by which most that are different are told apart."""
    sample: complex
    """Itself at that point."""


class Algebra:
    """The generators met so far, and the arithmetic of polynomials in them.

    Every monomial has a power of each of the `size` generators that there may be, so that a small
    ring is a fast one; one more raises Crowded.
    """

    def __init__(self, size: int) -> None:
        self.ring = _ring(size)
        self.names = self.ring.gens
        self.zero, self.one = self.ring.zero, self.ring.one
        self.generators: list[Generator] = []
        self.choices: list[int] = []
        self.numbers: dict[int, tuple[int, Any]] = {}
        """The roots of numbers: which root it is, and of what."""
        self.work = 0

    def constant(self, value: Any) -> Form:
        """Return a constant; a number of this kind is returned as it is."""
        if isinstance(value, dict):
            return value
        return self.ring(self.ring.domain(*Fraction(value).as_integer_ratio()))

    def mul(self, p: Form, q: Form) -> Form:
        """Return a product; raises TooLarge when all products together are too many."""
        self.work += len(p) * len(q)
        if self.work > MOST_WORK:
            raise TooLarge(f"the normal form takes more than {MOST_WORK} products")
        return self._folded(p * q)

    def _folded(self, p: Form) -> Form:
        """Return a number without high powers of choices and of the roots of numbers."""
        if not self.choices and not self.numbers:
            return p
        total = self.ring.zero
        for monomial, coefficient in p.items():
            powers = list(monomial)
            for choice in self.choices:
                powers[choice] = min(powers[choice], 1)
            for number, (root, radicand) in self.numbers.items():
                times, powers[number] = divmod(powers[number], root)
                coefficient *= radicand**times
            total[tuple(powers)] = total.get(tuple(powers), 0) + coefficient
        total.strip_zero()
        return total

    def power(self, p: Form, exponent: int) -> Form:
        """Return a whole power; a high or negative one of a sum is that of its inverse."""
        if abs(exponent) > LARGEST_POWER:
            raise TooLarge(f"a power of {exponent}")
        if not p and exponent < 0:
            raise TooLarge("a division by 0")
        if len(p) == 1:
            ((monomial, coefficient),) = p.items()
            powers = tuple(power * exponent for power in monomial)
            return self._folded(self.ring.from_dict({powers: coefficient**exponent}))
        if p and (exponent < 0 or exponent > _EXPANDED_POWER):
            return self.power(self.inverse(p), -exponent)
        return self._power(p, exponent)

    def _power(self, p: Form, exponent: int) -> Form:
        return reduce(self.mul, (p for _ in range(exponent)), self.one)

    def inverse(self, p: Form) -> Form:
        """Return the inverse of a sum, up to a factor a generator of its own."""
        if self.vanishes(p):
            raise TooLarge("a division by 0")
        if len(p) == 1:
            return self.power(p, -1)
        return self.generator("inverse", (p.monic(),)) / p.LC

    def generator(
        self, kind: str, arguments: tuple[Form, ...], relation: tuple[int, Form] | None = None
    ) -> Form:
        """Return the generator of a kind for these arguments, a new one if there is none yet."""
        beside = tuple(map(self._sampled, arguments))
        for name, known in self.met(kind):
            near = all(map(_close, known.beside, beside))
            if near and all(map(self.equal, known.arguments, arguments)):
                return name
        number = len(self.generators)
        if number == len(self.names):
            raise Crowded
        self.generators.append(Generator(kind, arguments, relation, beside, _sample(kind, beside)))
        if kind == CHOICE:
            self.choices.append(number)
        if relation and relation[1].is_ground:
            self.numbers[number] = relation[0], relation[1].LC
        return self.names[number]

    def met(self, kind: str) -> Iterator[tuple[Form, Generator]]:
        """Yield the generators of a kind, and what each stands for."""
        for name, known in zip(self.names, self.generators, strict=False):
            if known.kind == kind:
                yield name, known

    def _sampled(self, p: Form) -> complex:
        """Return a number at one point; NaN where that cannot be computed."""
        try:
            return sum((self._term(*term) for term in p.items()), 0j)
        except ArithmeticError:
            return complex(math.nan)

    def _term(self, monomial: tuple[int, ...], coefficient: Any) -> complex:
        powers = zip(self.generators, monomial, strict=False)
        return math.prod((g.sample**e for g, e in powers if e), start=complex(float(coefficient)))

    # --- is it 0? -------------------------------------------------------------------------------

    def equal(self, p: Form, q: Form) -> bool:
        """Return whether two numbers are known to be equal."""
        return self.vanishes(p - q)

    def vanishes(self, p: Form) -> bool:
        """Return whether a number is known to be 0.

        What a generator stands for is made of earlier ones, so each is dealt with once, the last
        one first: its negative powers multiplied away, its relation used, an inverse cleared.
        """
        for number in reversed(range(len(self.generators))):
            if not p:
                break
            if number not in self.choices:
                p = self._cleared(p, number)
        return not p

    def _cleared(self, p: Form, number: int) -> Form:
        """Return a number, up to a factor that is not 0, without one generator's high powers."""
        powers = {monomial[number] for monomial in p}
        if powers == {0}:
            return p
        lowest, highest = min(0, *powers), max(powers)
        parts: dict[int, Form] = {}
        for monomial, coefficient in p.items():
            rest = (*monomial[:number], 0, *monomial[number + 1 :])
            parts.setdefault(monomial[number], self.ring.zero)[rest] = coefficient
        return sum(
            (
                self.mul(part, self._replaced(number, power - lowest, highest - lowest))
                for power, part in parts.items()
            ),
            self.zero,
        )

    def _replaced(self, number: int, power: int, highest: int) -> Form:
        """Return what a generator's power becomes when all are multiplied by the same factor."""
        generator = self.generators[number]
        if generator.kind == "inverse":
            return self._power(generator.arguments[0], highest - power)
        root, whole = generator.relation or (highest + 1, self.one)
        times, left = divmod(power, root)
        return self.mul(self._power(whole, times), self.names[number] ** left)

    # --- choices ---------------------------------------------------------------------------------

    def by_cases(self, function: Callable[..., Form]) -> Callable[..., Form]:
        """Return a function that is applied to each branch of a choice by itself."""

        def decided(*arguments: Form) -> Form:
            found = [c for c in self.choices if any(p.degree(c) > 0 for p in arguments)]
            if not found:
                return function(*arguments)
            if len(found) > _MOST_CHOICES:
                raise TooLarge(f"{len(found)} choices meet in one operation")
            taken, untaken = (
                decided(*(p.subs(found[-1], holds) for p in arguments)) for holds in (1, 0)
            )
            return untaken + self.mul(self.names[found[-1]], taken - untaken)

        return decided


@cache
def _ring(size: int) -> Any:
    from sympy import QQ
    from sympy.polys.rings import PolyRing

    return PolyRing([f"g{number}" for number in range(size)], QQ)


def _close(one: complex, other: complex) -> bool:
    """Return whether two samples may be of equal numbers, rounding and all."""
    return not abs(one - other) > _APART * max(1.0, abs(one), abs(other))


def _sample(kind: str, arguments: tuple[complex, ...]) -> complex:
    """Return a function's value; any fixed function will do that satisfies its relation."""
    try:
        if kind in _SAMPLES:
            return complex(_SAMPLES[kind](*arguments))
        mixed = sum((k + 2) * argument for k, argument in enumerate(arguments))
        return cmath.sin(0.7 * mixed + len(kind))
    except (ArithmeticError, ValueError):
        return complex(math.nan)


_SAMPLES: dict[str, Callable[..., complex]] = {
    "inverse": lambda x: 1 / x,
    "exp": cmath.exp,
    "cos": cmath.cos,
    "sin": cmath.sin,
    "root": lambda x, q: x ** (1 / q),
    "pow": lambda x, y: x**y,
    CHOICE: lambda x: float(x.real > 0),
}
