"""The Taylor test: how fast the remainder of a slope vanishes, at the truth's precision.

With the right slope g the remainder |f(x + h) - f(x) - h·g| is of second order in h, with a wrong
one of first: halving h divides it by four or only by two. That needs no tolerance, and many digits
leave no rounding to hide in (Farrell, Ham, Funke & Rognes, *Automated Derivation of the Adjoint of
High-Level Transient Finite Element Programs*, SIAM J. Sci. Comput. 35(4), 2013, section 6).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from adviz.checking.finding import Statement
from adviz.checking.truth.agreement import decimal
from adviz.checking.witnesses.question import Question
from adviz.modes.rounding import UNIT
from adviz.numbers import Number, Numbers, multiprecision

NAME = "Taylor"
_FIRST, _SECOND = 1.0, 2.0
_BETWEEN = (_FIRST + _SECOND) / 2
"""A rate is of the order to which it is nearer."""
_HALVINGS = 3
_STEADY = 0.05
"""How much the rates of successive halvings may differ: terms of higher order are gone."""
_SPARE = 5
"""How many of the last digits of a value may be rounding."""
_SHRINK = 1.5
"""A smaller step has so many times the digits after the point: they are few, and soon tiny."""
_UNRESOLVED = "the values do not resolve so small a slope"
_ORDER_BITS = 64
"""An order is a float: its logarithm needs few digits, though the remainders may have thousands."""


@dataclass(frozen=True)
class Rate:
    """How fast the remainder of a slope vanishes, and what that says of the slope.

    >>> Rate(2.0, 0.0, 1e-9).right, Rate(1.0, 0.01, 1e-9).right, Rate(math.nan, 0.0, 0.0).right
    (True, False, None)
    """

    order: float
    """The observed order; infinite when there is no remainder, NaN when it does not settle."""
    defect: float
    """The remainder over the step: how far the slope is off, when it is of first order."""
    step: float
    affine: bool = False
    """Whether the function has no second-order term, so that the right slope leaves nothing."""
    remark: str = ""

    @property
    def right(self) -> bool | None:
        """Whether the slope is right; None when the test cannot say."""
        return None if math.isnan(self.order) else self.order > _BETWEEN

    def __str__(self) -> str:
        if self.remark:
            return self.remark
        if self.affine and self.right:
            return "affine: no remainder"
        if self.right:
            return f"order {self.order:.2f}"
        return f"order {self.order:.2f}: the slope is off by {self.defect:.3g}"


def states(asked: Question) -> Statement:
    """Return whether the slope that the same graph gives with many digits is right.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> states(Question(adviz.build("x**3"), Key("f", "x"), {"x": 2.0})).remark
    'order 2.00'
    """
    slope = asked.slope(asked.precise)
    if not asked.precise.finite(slope):
        return asked.silent(NAME, f"the slope of the replay is {slope}")
    rate = taylor_rate(asked, slope)
    if rate.right is None:
        return asked.silent(NAME, str(rate), decimal(slope))
    error = 0.0 if rate.right else rate.defect
    verdict = "agrees" if rate.right else "differs"
    return Statement(NAME, decimal(slope), error, verdict, str(rate))  # type: ignore[arg-type]  # one of two verdicts


def taylor_rate(asked: Question, slope: float | Decimal | Number) -> Rate:
    """Return how fast the remainder of any slope vanishes at the point asked about.

    A slope that is right to the last of its own digits counts as right, whatever the order: a
    float64 number cannot be better. A step may be too large for how the function bends, so that a
    slope is wrong only when ever smaller steps say so.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> asked = Question(adviz.build("sin(x)"), Key("f", "x"), {"x": 1.0})
    >>> taylor_rate(asked, math.cos(1.0)).right, taylor_rate(asked, 0.5404).right
    (True, False)
    """
    if asked.kinked:
        return Rate(math.nan, math.nan, math.nan, remark="the point lies on a kink")
    test = _Test(asked, slope)
    rates: list[Rate] = []
    for step in test.steps():
        rates.append(test.rate(step))
        if rates[-1].right or rates[-1].remark == _UNRESOLVED:  # nor do they at smaller steps
            break
    decided = [rate for rate in rates if rate.right is not None]
    return decided[-1] if decided else rates[-1]


class _Test:
    """One slope under test, with twice the digits of the truth."""

    def __init__(self, asked: Question, slope: Any) -> None:
        self.asked = asked
        self.numbers: Numbers = multiprecision(2 * asked.digits).over(asked.graph.rows)
        self.context = self.numbers.constant(0).context
        self.slope = self.context.mpf(str(slope) if isinstance(slope, Decimal) else slope)
        self.rounded = isinstance(slope, float)
        digits = 15 if self.rounded else min(asked.digits, 28)
        self.resolved = self.context.mpf(10) ** -digits
        rounded = asked.allowed / UNIT * self.context.mpf(10) ** -asked.digits
        self.own = max(self.resolved * abs(self.slope), rounded if rounded < math.inf else 0)
        self.here = self.numbers.constant(asked.here)
        found = asked.evaluated(self.numbers, self.here)
        self.value = found[asked.graph.outputs[asked.key.output]]
        self.pieces = asked.pieces(self.numbers, found)
        self.noise = self._noise(found)

    def steps(self) -> Iterator[Number]:
        """Yield steps, ever smaller ones.

        At the first a right slope's remainder is of second order: for a float64 number, whose
        rounding is not its fault, the root of what its digits resolve, else little more than that.
        """
        size = abs(self.here) or self.context.one
        step = size * (self.context.sqrt(self.resolved) if self.rounded else 100 * self.resolved)
        smallest = size * self.context.mpf(10) ** (-self.asked.digits * 0.6)
        while step >= smallest:
            yield self.context.ldexp(1, self.context.mag(step))
            step = size * (step / size) ** _SHRINK

    def rate(self, step: Number) -> Rate:
        """Return the rate from one step on."""
        ends = [self._at(self.here + side * step) for side in (-1, 1)]
        if not all(self.context.isfinite(value) for value, _ in [*ends, (self.value, None)]):
            return _unknown(step, "the domain ends beside the point")
        if any(self.asked.pieces(self.numbers, found) != self.pieces for _, found in ends):
            return _unknown(step, "a kink lies beside the point")
        bend = abs(ends[0][0] - 2 * self.value + ends[1][0])
        affine = bool(bend <= self.noise)
        remainders = [self._remainder(self.context.ldexp(step, -k)) for k in range(_HALVINGS + 1)]
        off = float(remainders[-1] / self.context.ldexp(step, -_HALVINGS))
        if self.slope and abs(self.slope) * step <= self.noise:
            return _unknown(step, _UNRESOLVED)
        if remainders[0] <= self.noise or off <= self.own:
            return Rate(math.inf if affine else _SECOND, off, float(step), affine)
        orders = self._orders(remainders)
        if max(orders) - min(orders) > _STEADY:
            return _unknown(step, "the remainder does not settle")
        return Rate(orders[-1], off, float(step), affine)

    def _at(self, x: Number) -> tuple[Number, list[Number]]:
        found = self.asked.evaluated(self.numbers, x)
        return found[self.asked.graph.outputs[self.asked.key.output]], found

    def _remainder(self, step: Number) -> Number:
        moved, _ = self._at(self.here + step)
        return abs(moved - self.value - step * self.slope)

    def _orders(self, remainders: list[Number]) -> list[float]:
        """Return by which power of the step each remainder vanishes."""
        pairs, log = pairwise(remainders), self.context.log
        with self.context.workprec(_ORDER_BITS):
            return [float(log(a / b, 2)) if a and b else math.inf for a, b in pairs]

    def _noise(self, found: list[Number]) -> Number:
        """Return what rounding at this precision may leave of a remainder that is none."""
        adjoints = self.asked.adjoints(self.asked.linear(self.numbers, found))
        pairs = [(adjoints[node], found[node]) for node in self.asked.between]
        sizes = [abs(bar * v) for bar, v in pairs if bar is not None and v is not None]
        largest = max((size for size in sizes if self.context.isfinite(size)), default=0)
        return largest * self.context.mpf(10) ** (_SPARE - self.context.dps)


def _unknown(step: Number, why: str) -> Rate:
    return Rate(math.nan, math.nan, float(step), remark=why)
