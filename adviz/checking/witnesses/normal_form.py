"""Formulas in a normal form, as a number system: where two are equal, their difference vanishes.

Hyperbolic functions become exponentials, tangents quotients, broken powers roots, absolute values
and the like choices; what has a definition is taken by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from adviz.checking.witnesses.algebra import LARGEST_POWER, ONE, ZERO, Algebra, Form, Monomial
from adviz.numbers import Numbers
from adviz.numbers.rules import Function
from adviz.primitives import TABLE, Table

_TIMES = (1, -1, 2, -2)
"""The powers of a power that are looked for."""


def system(rows: Table, inputs: tuple[str, ...]) -> tuple[Numbers, dict[str, Form], Algebra]:
    """Return a number system of formulas, the inputs in it, and the algebra that decides.

    >>> from adviz.primitives import TABLE
    >>> numbers, point, algebra = system(TABLE, ("x",))
    >>> sin, cos, square = numbers.function("sin"), numbers.function("cos"), numbers.constant(2)
    >>> power, add, x = numbers.function("pow"), numbers.function("add"), point["x"]
    >>> algebra.equal(add(power(sin(x), square), power(cos(x), square)), numbers.constant(1))
    True
    """
    algebra = Algebra()
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
        self.algebra = algebra
        a = algebra
        nonlinear: dict[str, Callable[..., Form]] = {
            "div": lambda x, y: a.mul(x, a.inverse(y)),
            "pow": self.pow,
            "sqrt": lambda x: self.pow(x, a.constant(Fraction(1, 2))),
            "exp": self.exp,
            "sin": lambda x: self.odd("sin", x),
            "cos": lambda x: self.cos(self.signed(x)[1]),
            "tan": lambda x: a.mul(self.odd("sin", x), a.inverse(self.cos(self.signed(x)[1]))),
            "sinh": lambda x: self.hyperbolic(x, -1),
            "cosh": lambda x: self.hyperbolic(x, 1),
            "tanh": lambda x: a.mul(self.hyperbolic(x, -1), a.inverse(self.hyperbolic(x, 1))),
            "gt": lambda x, y: self.positive(a.sub(x, y)),
            "lt": lambda x, y: self.positive(a.sub(y, x)),
            "ge": lambda x, y: self.complement(self.positive(a.sub(y, x))),
            "le": lambda x, y: self.complement(self.positive(a.sub(x, y))),
            "eq": lambda x, y: ONE if a.equal(x, y) else ZERO,
            "ne": lambda x, y: ZERO if a.equal(x, y) else ONE,
            "floordiv": lambda x, y: self.floor(a.mul(x, a.inverse(y))),
            "mod": lambda x, y: a.sub(x, a.mul(y, self.floor(a.mul(x, a.inverse(y))))),
            "log": lambda x: ZERO if a.equal(x, ONE) else a.generator("log", (x,)),
            "polygamma": self.polygamma,
            "spherical_jn": self.bessel,
        }
        self.rows: dict[str, Function] = {
            "add": a.add,
            "sub": a.sub,
            "mul": a.mul,
            "neg": lambda x: a.scaled(x, -1),
            "and": a.mul,
            "or": lambda c, d: a.sub(a.add(c, d), a.mul(c, d)),
            "not": self.complement,
            "where": self.where,
            **{name: a.by_cases(function) for name, function in nonlinear.items()},
            "abs": lambda x: self.where(self.rows["gt"](x, ZERO), x, a.scaled(x, -1)),
            "sign": lambda x: self.where(self.rows["gt"](x, ZERO), ONE, a.constant(-1)),
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
        return self.algebra.add(y, self.algebra.mul(c, self.algebra.sub(x, y)))

    def complement(self, c: Form) -> Form:
        """Return the opposite of a condition."""
        return self.algebra.sub(ONE, c)

    def signed(self, x: Form) -> tuple[int, Form]:
        """Return a sign and a number whose leading coefficient is positive."""
        sign = -1 if x and x[min(x)] < 0 else 1
        return sign, self.algebra.scaled(x, sign)

    def positive(self, x: Form) -> Form:
        """Return whether a number is above 0, as a generator that is 0 or 1."""
        if x.keys() <= {()}:
            return ONE if x and x[()] > 0 else ZERO
        sign, x = self.signed(x)
        choice = self.algebra.generator("positive", (self.algebra.scaled(x, 1 / x[min(x)]),))
        self.algebra.choices.add(min(choice)[0][0])
        return choice if sign > 0 else self.complement(choice)

    def floor(self, x: Form) -> Form:
        """Return a floor, a generator of its own."""
        return self.algebra.generator("floor", (x,))

    def odd(self, name: str, x: Form) -> Form:
        """Return the sine; that of the opposite is the opposite."""
        if not x:
            return ZERO
        sign, x = self.signed(x)
        rest = self.algebra.sub(ONE, self.algebra.power(self.cos(x), 2))
        return self.algebra.scaled(self.algebra.generator(name, (x,), relation=(2, rest)), sign)

    def cos(self, x: Form) -> Form:
        """Return the cosine of a number whose sign does not matter."""
        return self.algebra.generator("cos", (x,)) if x else ONE

    def polygamma(self, n: Form, x: Form) -> Form:
        """Return a polygamma function; that of order 0 has its own name."""
        kind, arguments = ("polygamma", (n, x)) if n else ("digamma", (x,))
        return self.algebra.generator(kind, arguments)

    def bessel(self, n: Form, x: Form) -> Form:
        """Return a spherical Bessel function, the first two by sine and cosine (DLMF 10.49.3)."""
        a = self.algebra
        if n not in (ZERO, ONE) or not x:
            return a.generator("spherical_jn", (n, x))
        inverse = a.inverse(x)
        first = a.mul(self.odd("sin", x), inverse)
        if not n:
            return first
        return a.mul(inverse, a.sub(first, self.cos(self.signed(x)[1])))

    def hyperbolic(self, x: Form, sign: int) -> Form:
        """Return half the sum, or difference, of two exponentials."""
        up, down = self.exp(x), self.exp(self.algebra.scaled(x, -1))
        return self.algebra.scaled(
            self.algebra.add(up, self.algebra.scaled(down, sign)), Fraction(1, 2)
        )

    def exp(self, x: Form) -> Form:
        """Return an exponential as the product of those of all terms."""
        result = ONE
        for monomial, coefficient in x.items():
            result = self.algebra.mul(result, self._exp_of(monomial, coefficient))
        return result

    def _exp_of(self, monomial: Monomial, coefficient: Fraction) -> Form:
        """Return the exponential of a term, as a power of that of a multiple met before."""
        for number, known in enumerate(self.algebra.generators):
            if known.kind != "exp" or known.arguments[0].keys() != {monomial}:
                continue
            ratio = coefficient / known.arguments[0][monomial]
            if ratio.denominator == 1 and abs(ratio) <= LARGEST_POWER:
                return {((number, int(ratio)),): Fraction(1)}
            if ratio.denominator <= LARGEST_POWER and abs(ratio.numerator) <= LARGEST_POWER:
                whole: Form = {((number, 1),): Fraction(1)}
                return self._root(whole, ratio)
        return self.algebra.generator("exp", ({monomial: coefficient},))

    def _root(self, x: Form, exponent: Fraction) -> Form:
        """Return a broken power as a whole power of a root."""
        if not x:
            return self.algebra.power(x, 1 if exponent > 0 else -1)
        q = exponent.denominator
        root = self.algebra.constant(Fraction(1, abs(x[min(x)]).denominator))
        for part in self._parts(x, q):
            one = self.algebra.generator("root", (part, self.algebra.constant(q)), (q, part))
            if part.keys() == {()}:
                self.algebra.numbers[min(one)[0][0]] = q, part[()]
            root = self.algebra.mul(root, one)
        return self.algebra.power(root, exponent.numerator)

    def _parts(self, x: Form, q: int) -> Iterator[Form]:
        """Yield the factors of a number of which the root may be taken one by one: the positive."""
        content = abs(x[min(x)]) if x else Fraction(1)
        for prime in _factors(content.numerator * content.denominator ** (q - 1)):
            yield self.algebra.constant(prime)
        rest = self.algebra.scaled(x, 1 / content)
        if len(rest) == 1:
            ((monomial, sign),) = rest.items()
            known = self.algebra.generators
            positive = [pair for pair in monomial if known[pair[0]].kind in ("pi", "exp")]
            for generator, power in positive:
                yield {((generator, power),): Fraction(1)}
            rest = {tuple(pair for pair in monomial if pair not in positive): sign}
        if rest != ONE:
            yield rest

    def pow(self, x: Form, y: Form) -> Form:
        """Return a power: whole, of a root, or a generator times a whole power."""
        if y.keys() <= {()}:
            exponent = y.get((), Fraction(0))
            if exponent.denominator == 1:
                return self.algebra.power(x, int(exponent))
            if exponent.denominator <= LARGEST_POWER:
                return self._root(x, exponent)
        for number, known in enumerate(self.algebra.generators):
            if known.kind == "pow" and self.algebra.equal(known.arguments[0], x):
                for times in _TIMES:
                    rest = self.algebra.sub(y, self.algebra.scaled(known.arguments[1], times))
                    if _is_whole(rest):
                        whole = self.algebra.power(x, int(rest.get((), 0)))
                        return self.algebra.mul({((number, times),): Fraction(1)}, whole)
        return self.algebra.generator("pow", (x, y))


def _is_whole(p: Form) -> bool:
    return p.keys() <= {()} and p.get((), Fraction(0)).denominator == 1
