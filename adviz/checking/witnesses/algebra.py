"""Sums of products of generators with exact coefficients: whether one is known to be 0.

A number is a polynomial with exact coefficients in *generators*, whose powers may be negative: the
inputs, exponentials, roots, cosines and sines, and whatever else a row gives, each applied to a
number of this kind. An inverse of a sum is a generator too, and so is a condition, whose value is
0 or 1. Three relations are known: sin² = 1 - cos², the q-th power of a q-th root, and c² = c; they
are used and the denominators cleared only where a number is asked whether it is 0. What is
different here may still be equal; what vanishes is equal wherever both sides are defined, save
where a condition's two sides meet (Davenport, Siret & Tournier, *Computer Algebra*, 2nd ed., 1993,
chapter 2). Nothing is factored and no divisor is sought, so that the work can be counted and ended.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from adviz.errors import TooLarge

Monomial = tuple[tuple[int, int], ...]
"""Generators and their powers, in order."""
Form = dict[Monomial, Fraction]
"""A sum of monomials with their coefficients; none is 0."""

MOST_WORK = 40_000
"""How many products of two terms may be formed."""
_APART = 1e-6
LARGEST_POWER = 60
_EXPANDED_POWER = 3
"""Higher powers of a sum are kept as powers."""
_MOST_CHOICES = 8
ONE: Form = {(): Fraction(1)}
ZERO: Form = {}


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
    """The generators met so far, and the arithmetic of sums of their products."""

    def __init__(self) -> None:
        self.generators: list[Generator] = []
        self.choices: set[int] = set()
        self.numbers: dict[int, tuple[int, Fraction]] = {}
        """The roots of numbers: which root it is, and of what."""
        self.work = 0

    def constant(self, value: Any) -> Form:
        """Return a constant; a number of this kind is returned as it is."""
        if isinstance(value, dict):
            return value
        return {(): Fraction(value)} if value else {}

    def add(self, p: Form, q: Form) -> Form:
        """Return a sum."""
        total = dict(p)
        for monomial, coefficient in q.items():
            together = total.get(monomial, 0) + coefficient
            if together:
                total[monomial] = together
            else:
                total.pop(monomial, None)
        return total

    def scaled(self, p: Form, factor: Fraction | int) -> Form:
        """Return a multiple."""
        return (
            {monomial: coefficient * factor for monomial, coefficient in p.items()}
            if factor
            else {}
        )

    def sub(self, p: Form, q: Form) -> Form:
        """Return a difference."""
        return self.add(p, self.scaled(q, -1))

    def mul(self, p: Form, q: Form) -> Form:
        """Return a product; raises TooLarge when all products together are too many."""
        self.work += len(p) * len(q)
        if self.work > MOST_WORK:
            raise TooLarge(f"the normal form takes more than {MOST_WORK} products")
        total: Form = {}
        for one, a in p.items():
            for other, b in q.items():
                monomial = self._times(one, other)
                total[monomial] = total.get(monomial, 0) + a * b
        return self._folded(total)

    def _folded(self, p: Form) -> Form:
        """Return a sum without zeros and without whole powers of the roots of numbers."""
        if not any(g in self.numbers for monomial in p for g, _ in monomial):
            return {monomial: coefficient for monomial, coefficient in p.items() if coefficient}
        total: Form = {}
        for monomial, coefficient in p.items():
            kept: list[tuple[int, int]] = []
            for generator, power in monomial:
                if generator in self.numbers:
                    root, number = self.numbers[generator]
                    times, power = divmod(power, root)
                    coefficient *= number**times
                kept += [(generator, power)] if power else []
            total = self.add(total, {tuple(kept): coefficient} if coefficient else {})
        return total

    def _times(self, one: Monomial, other: Monomial) -> Monomial:
        if not one or not other:
            return one or other
        powers = dict(one)
        for generator, power in other:
            powers[generator] = 1 if generator in self.choices else powers.get(generator, 0) + power
        return tuple(sorted((g, power) for g, power in powers.items() if power))

    def power(self, p: Form, exponent: int) -> Form:
        """Return a whole power; a high or negative one of a sum is that of its inverse."""
        if abs(exponent) > LARGEST_POWER:
            raise TooLarge(f"a power of {exponent}")
        if exponent == 0:
            return ONE
        if not p and exponent < 0:
            raise TooLarge("a division by 0")
        if len(p) == 1:
            ((monomial, coefficient),) = p.items()
            if not any(generator in self.choices for generator, _ in monomial):
                powers = tuple((g, e * exponent) for g, e in monomial)
                return self._folded({powers: coefficient**exponent})
        if p and (exponent < 0 or exponent > _EXPANDED_POWER):
            ((inverse, unit),) = self.inverse(p).items()
            return {tuple((g, -e * exponent) for g, e in inverse): unit**-exponent}
        result = p
        for _ in range(exponent - 1):
            result = self.mul(result, p)
        return result

    def inverse(self, p: Form) -> Form:
        """Return the inverse of a sum, up to a factor a generator of its own."""
        if self.vanishes(p):
            raise TooLarge("a division by 0")
        if len(p) == 1:
            return self.power(p, -1)
        leading = p[min(p)]
        return self.scaled(self.generator("inverse", (self.scaled(p, 1 / leading),)), 1 / leading)

    def generator(
        self, kind: str, arguments: tuple[Form, ...], relation: tuple[int, Form] | None = None
    ) -> Form:
        """Return the generator of a kind for these arguments, a new one if there is none yet."""
        beside = tuple(map(self._sampled, arguments))
        for number, known in enumerate(self.generators):
            if known.kind != kind or not all(map(_close, known.beside, beside)):
                continue
            if all(map(self.equal, known.arguments, arguments)):
                return {((number, 1),): Fraction(1)}
        sample = _sample(kind, beside)
        self.generators.append(Generator(kind, arguments, relation, beside, sample))
        return {((len(self.generators) - 1, 1),): Fraction(1)}

    def _sampled(self, p: Form) -> complex:
        """Return a number at one point; NaN where that cannot be computed."""
        total = 0j
        try:
            for monomial, coefficient in p.items():
                term = complex(coefficient)
                for number, power in monomial:
                    term *= self.generators[number].sample ** power
                total += term
        except ArithmeticError:
            return complex(math.nan)
        return total

    # --- is it 0? -------------------------------------------------------------------------------

    def equal(self, p: Form, q: Form) -> bool:
        """Return whether two numbers are known to be equal."""
        return p == q or self.vanishes(self.sub(p, q))

    def vanishes(self, p: Form) -> bool:
        """Return whether a number is known to be 0.

        What a generator stands for is made of earlier ones, so each is dealt with once, the last
        one first: its negative powers multiplied away, its relation used, an inverse cleared.
        """
        if not p:
            return True
        last = max((monomial[-1][0] for monomial in p if monomial), default=-1)
        for number in range(last, -1, -1):
            powers = [power for m in p for g, power in m if g == number]
            if not powers or number in self.choices:
                continue
            p = self._cleared(p, number, min(0, *powers), max(powers))
            if not p:
                return True
        return False

    def _cleared(self, p: Form, number: int, lowest: int, highest: int) -> Form:
        """Return a number, up to a factor that is not 0, without one generator's high powers."""
        generator = self.generators[number]
        parts: dict[int, Form] = {}
        for monomial, coefficient in p.items():
            power = next((e for g, e in monomial if g == number), 0) - lowest
            rest = tuple((g, e) for g, e in monomial if g != number)
            parts.setdefault(power, {})[rest] = coefficient
        highest -= lowest
        total: Form = {}
        for power, part in parts.items():
            factor = self._replaced(generator, number, power, highest)
            total = self.add(total, self.mul(part, factor))
        return total

    def _replaced(self, generator: Generator, number: int, power: int, highest: int) -> Form:
        """Return what a generator's power becomes when all are multiplied by the same factor."""
        if generator.kind == "inverse":
            return self._expanded(generator.arguments[0], highest - power)
        if generator.relation is None or power < generator.relation[0]:
            return {((number, power),): Fraction(1)} if power else ONE
        times, left = divmod(power, generator.relation[0])
        whole = self._expanded(generator.relation[1], times)
        return self.mul(whole, {((number, left),): Fraction(1)}) if left else whole

    def _expanded(self, p: Form, exponent: int) -> Form:
        result = ONE
        for _ in range(exponent):
            result = self.mul(result, p)
        return result

    # --- choices ---------------------------------------------------------------------------------

    def by_cases(self, function: Callable[..., Form]) -> Callable[..., Form]:
        """Return a function that is applied to each branch of a choice by itself."""

        def decided(*arguments: Form) -> Form:
            found = [g for p in arguments for m in p for g, _ in m if g in self.choices]
            if not found:
                return function(*arguments)
            if len(set(found)) > _MOST_CHOICES:
                raise TooLarge(f"{len(set(found))} choices meet in one operation")
            number = max(found)
            taken, untaken = (
                decided(*(self._given(p, number, holds) for p in arguments)) for holds in (1, 0)
            )
            choice: Form = {((number, 1),): Fraction(1)}
            return self.add(untaken, self.mul(choice, self.sub(taken, untaken)))

        return decided

    def _given(self, p: Form, number: int, holds: int) -> Form:
        total: Form = {}
        for monomial, coefficient in p.items():
            rest = tuple(pair for pair in monomial if pair[0] != number)
            if holds or rest == monomial:
                total = self.add(total, {rest: coefficient})
        return total


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
    "positive": lambda x: float(x.real > 0),
}
