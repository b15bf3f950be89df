"""Formulas in a normal form, as a number system: where two are equal, their difference vanishes.

Hyperbolic functions become exponentials, tangents quotients, broken powers roots, absolute values
and the like choices; what has a definition is taken by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import reduce
from typing import Any

from adviz.checking.witnesses.algebra import CHOICE, LARGEST_POWER, Algebra, Form
from adviz.numbers import Numbers
from adviz.numbers.operators import OPERATORS
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Table

_TIMES = (1, -1, 2, -2)
"""The powers of a power that are looked for."""
_POSITIVE = ("pi", "exp")
"""The kinds of generators that are positive everywhere."""


def system(
    rows: Table, inputs: tuple[str, ...], size: int
) -> tuple[Numbers, dict[str, Form], Algebra]:
    """Return a number system of formulas, the inputs in it, and the algebra that decides.

    There may be `size` generators.

    >>> from adviz.primitives import TABLE
    >>> numbers, point, algebra = system(TABLE, ("x",), 8)
    >>> sin, cos, square = numbers.function("sin"), numbers.function("cos"), numbers.constant(2)
    >>> power, add, x = numbers.function("pow"), numbers.function("add"), point["x"]
    >>> algebra.equal(add(power(sin(x), square), power(cos(x), square)), numbers.constant(1))
    True
    """
    algebra = Algebra(size)
    point = {
        name: algebra.generator("input", (algebra.constant(k),)) for k, name in enumerate(inputs)
    }
    native = _Rows(algebra).native
    numbers = Numbers(
        name="normal form",
        native=native,
        constant=algebra.constant,
        finite=lambda _: True,
        isnan=lambda _: False,
        many=True,
        eager=True,
        textbook=True,
        rows=rows,
    )
    return numbers, point, algebra


def _factors(number: int) -> Iterator[int]:
    """Yield small factors of a number, and what is left of it."""
    for prime in (2, 3, 5, 7, 11, 13):
        while number % prime == 0:
            yield prime
            number //= prime
    if number > 1:
        yield number


class _Rows:
    """The rows of the table, in normal form; those not here come from their definition."""

    def __init__(self, algebra: Algebra) -> None:
        self.algebra = a = algebra
        nonlinear: dict[str, Callable[..., Form]] = {
            "div": self.quotient,
            "pow": self.pow,
            "sqrt": lambda x: self.root(x, Fraction(1, 2)),
            "exp": self.exp,
            "sin": self.sin,
            "cos": self.cos,
            "tan": lambda x: self.quotient(self.sin(x), self.cos(x)),
            "sinh": lambda x: (self.exp(x) - self.exp(-x)) / 2,
            "cosh": lambda x: (self.exp(x) + self.exp(-x)) / 2,
            "tanh": self.tanh,
            "gt": lambda x, y: self.positive(x - y),
            "lt": lambda x, y: self.positive(y - x),
            "ge": lambda x, y: 1 - self.positive(y - x),
            "le": lambda x, y: 1 - self.positive(x - y),
            "eq": lambda x, y: a.constant(a.equal(x, y)),
            "ne": lambda x, y: a.constant(not a.equal(x, y)),
            "floordiv": lambda x, y: self.floor(self.quotient(x, y)),
            "mod": lambda x, y: x - a.mul(y, self.floor(self.quotient(x, y))),
            "log": lambda x: a.zero if a.equal(x, a.one) else a.generator("log", (x,)),
            "polygamma": self.polygamma,
            "spherical_jn": self.bessel,
        }
        self.rows: dict[str, Function] = {
            **{name: OPERATORS[name] for name in ("add", "sub", "neg")},
            "mul": a.mul,
            "and": a.mul,
            "or": lambda c, d: c + d - a.mul(c, d),
            "not": lambda c: 1 - c,
            "where": self.where,
            **{name: a.by_cases(function) for name, function in nonlinear.items()},
            "abs": lambda x: self.where(self.rows["gt"](x, a.zero), x, -x),
            "sign": lambda x: self.where(self.rows["gt"](x, a.zero), a.one, -a.one),
            "min": lambda x, y: self.where(self.rows["lt"](x, y), x, y),
            "max": lambda x, y: self.where(self.rows["gt"](x, y), x, y),
        }

    def native(self, name: str) -> Function | None:
        """Return a row's function; one without a definition is a generator of its own."""
        if name in self.rows:
            return self.rows[name]
        if TABLE[name].define:
            return None
        return self.algebra.by_cases(lambda *arguments: self.algebra.generator(name, arguments))

    def where(self, c: Form, x: Form, y: Form) -> Form:
        """Return a choice: the second, and with the condition the difference to the first."""
        return y + self.algebra.mul(c, x - y)

    def quotient(self, x: Form, y: Form) -> Form:
        """Return a quotient, as a product with an inverse."""
        return self.algebra.mul(x, self.algebra.inverse(y))

    def positive(self, x: Form) -> Form:
        """Return whether a number is above 0, as a generator that is 0 or 1."""
        if x.is_ground:
            return self.algebra.constant(x.LC > 0)
        choice = self.algebra.generator(CHOICE, (x.monic(),))
        return choice if x.LC > 0 else 1 - choice

    def floor(self, x: Form) -> Form:
        """Return a floor, a generator of its own."""
        return self.algebra.generator("floor", (x,))

    def sin(self, x: Form) -> Form:
        """Return the sine; that of the opposite is the opposite."""
        if x.LC < 0:
            return -self.sin(-x)
        rest = 1 - self.algebra.power(self.cos(x), 2)
        return self.algebra.generator("sin", (x,), relation=(2, rest)) if x else x

    def cos(self, x: Form) -> Form:
        """Return the cosine, to which the sign does not matter."""
        if x.LC < 0:
            return self.cos(-x)
        return self.algebra.generator("cos", (x,)) if x else self.algebra.one

    def tanh(self, x: Form) -> Form:
        """Return the hyperbolic tangent, in exponentials."""
        up, down = self.exp(x), self.exp(-x)
        return self.quotient(up - down, up + down)

    def polygamma(self, n: Form, x: Form) -> Form:
        """Return a polygamma function; that of order 0 has its own name."""
        kind, arguments = ("polygamma", (n, x)) if n else ("digamma", (x,))
        return self.algebra.generator(kind, arguments)

    def bessel(self, n: Form, x: Form) -> Form:
        """Return a spherical Bessel function, the first two by sine and cosine (DLMF 10.49.3)."""
        if n not in (0, 1) or not x:
            return self.algebra.generator("spherical_jn", (n, x))
        first = self.quotient(self.sin(x), x)
        return self.quotient(first - self.cos(x), x) if n else first

    def exp(self, x: Form) -> Form:
        """Return an exponential as the product of those of all terms."""
        return reduce(self.algebra.mul, map(self._exp_of, x.items()), self.algebra.one)

    def _exp_of(self, term: tuple[Any, Any]) -> Form:
        """Return the exponential of a term, as a power of that of a multiple met before."""
        monomial, coefficient = term
        for name, known in self.algebra.met("exp"):
            if known.arguments[0].keys() == {monomial}:
                ratio = coefficient / known.arguments[0].LC
                if max(ratio.denominator, abs(ratio.numerator)) <= LARGEST_POWER:
                    return self.root(name, ratio)
        return self.algebra.generator("exp", (self.algebra.ring.from_dict(dict([term])),))

    def root(self, x: Form, exponent: Any) -> Form:
        """Return a power, a broken one as a whole power of a root."""
        q = int(exponent.denominator)
        if q == 1:
            return self.algebra.power(x, int(exponent))
        if not x:
            return self.algebra.power(x, 1 if exponent > 0 else -1)
        root = self.algebra.constant(Fraction(1, int(abs(x.LC).denominator)))
        for part in self._parts(x, q):
            one = self.algebra.generator("root", (part, self.algebra.constant(q)), (q, part))
            root = self.algebra.mul(root, one)
        return self.algebra.power(root, int(exponent.numerator))

    def _parts(self, x: Form, q: int) -> Iterator[Form]:
        """Yield the factors of a number of which the root may be taken one by one: the positive."""
        content, a = abs(x.LC), self.algebra
        for prime in _factors(int(content.numerator * content.denominator ** (q - 1))):
            yield a.constant(prime)
        rest = x / content
        if len(rest) == 1:
            for name in (name for kind in _POSITIVE for name, _ in a.met(kind)):
                part = a.power(name, x.degree(name))
                rest = a.mul(rest, a.power(part, -1))
                if part != 1:
                    yield part
        if rest != 1:
            yield rest

    def pow(self, x: Form, y: Form) -> Form:
        """Return a power: whole, of a root, or a generator times a whole power."""
        if y.is_ground and y.LC.denominator <= LARGEST_POWER:
            return self.root(x, y.LC)
        for name, known in self.algebra.met("pow"):
            if self.algebra.equal(known.arguments[0], x):
                for times in _TIMES:
                    rest = y - known.arguments[1] * times
                    if rest.is_ground and rest.LC.denominator == 1:
                        whole = self.algebra.power(x, int(rest.LC))
                        return self.algebra.mul(self.algebra.power(name, times), whole)
        return self.algebra.generator("pow", (x, y))
