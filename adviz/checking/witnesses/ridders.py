"""Central differences extrapolated to the limit, with an estimate of their own error.

Ridders, *Accurate Computation of F'(x) and F'(x)F''(x)*, Advances in Engineering Software 4(2),
1982, 75-76; Press et al., *Numerical Recipes*, 3rd ed., section 5.7. The steps are powers of 4, so
that x ± h is exact and a step is never chosen: all of them are taken, from the smallest up, as long
as they do not contradict what smaller ones have found within their errors. To Ridders' estimate of
what extrapolation leaves, the rounding noise of the function over the step is added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from adviz.checking.finding import Statement
from adviz.checking.witnesses.question import Question
from adviz.modes.rounding import TINIEST, UNIT, own_errors, passed_on
from adviz.numbers import Number, Numbers, multiprecision

NAME = "Ridders"
_RATIO = 4
_LARGEST_POWER, _SMALLEST_SPAN = -1, 2.0**-150
"""Steps go from a quarter of the input, or of 1, down to its last digits, or to this at 0."""
_ORDERS = 4
"""How many steps are combined at most: each removes one more even power of the step."""
_SAFE = 4.0
"""What the first-order noise of the function is multiplied by."""
_SAME = 1e-6


@dataclass(frozen=True)
class Quotient:
    """A central difference quotient, and how much of it may be rounding noise."""

    step: float
    value: float
    noise: float
    kind: str = "clean"
    """Whether it may be trusted: `clean`, `kinked`, or none at all, `outside`."""


@dataclass(frozen=True)
class Estimate:
    """What the quotients from some steps on extrapolate to."""

    value: float
    error: float
    step: float
    """The largest step that takes part."""
    noise: float = 0.0
    """The part of the error that is rounding noise."""


def states(asked: Question) -> Statement:
    """Return what finite differences find, and whether their own error estimate is right.

    >>> import adviz
    >>> from adviz.language.labels import Key
    >>> from decimal import Decimal
    >>> asked = Question(adviz.build("x**3"), Key("f", "x"), {"x": 2.0}, truth=Decimal(12))
    >>> said = states(asked)
    >>> said.verdict, abs(said.value - 12) < said.error < 1e-10
    ('agrees', True)
    """
    if asked.kinked:
        return asked.silent(NAME, "the point lies on a kink")
    stencil = Stencil(asked)
    clean = [one for one in stencil.quotients if one.kind == "clean"]
    usable = clean or [one for one in stencil.quotients if one.kind == "kinked"]
    if not usable:
        return Statement(NAME, None, math.nan, "failed", stencil.obstacle())
    found = extrapolated(usable)
    said = asked.judged(NAME, found.value, found.error, lambda: stencil.reason(found, bool(clean)))
    return replace(said, remark=said.remark or f"steps up to {found.step:.2g}")


def extrapolated(quotients: Iterable[Quotient]) -> Estimate:
    """Return the best estimate of the limit, from quotients in the order of growing steps.

    >>> exact = [Quotient(h, 3 + h**2, 1e-16 / h) for h in (0.0625, 0.25)]
    >>> round(extrapolated(exact).value, 12)
    3.0
    """
    best = Estimate(math.nan, math.inf, 0.0)
    diagonal: list[Estimate] = []
    for one in quotients:
        row = [Estimate(one.value, math.inf, one.step, one.noise)]
        row += [*_row(row[0], diagonal)]
        diagonal = row[:_ORDERS]
        candidate = min(row, key=lambda estimate: estimate.error)
        apart = abs(candidate.value - best.value)
        if apart > candidate.error + best.error:
            break
        best = candidate if candidate.error < best.error or best.error == math.inf else best
    return best


def _row(first: Estimate, smaller: Sequence[Estimate]) -> Iterator[Estimate]:
    """Yield a row of the tableau: every entry removes the next even power of the step."""
    larger = first
    for order, small in enumerate(smaller, 1):
        factor = float(_RATIO ** (2 * order))
        value = small.value + (small.value - larger.value) / (factor - 1)
        noise = (factor * small.noise + larger.noise) / (factor - 1)
        error = max(abs(value - small.value), abs(value - larger.value)) + noise
        larger = Estimate(value, error, first.step, noise)
        yield larger


class Stencil:
    """The points beside one point, and what the function is there."""

    def __init__(self, asked: Question) -> None:
        self.asked, self.doubles = asked, asked.doubles
        self.pieces = asked.pieces(self.doubles, asked.evaluated(self.doubles))

    @cached_property
    def quotients(self) -> list[Quotient]:
        """Every quotient, in the order of growing steps."""
        return [self._quotient(step) for step in self._steps()]

    def _steps(self) -> list[float]:
        here = abs(self.asked.here)
        largest = math.frexp(max(here, 1.0))[1] + 2 * _LARGEST_POWER
        smallest = math.frexp(4 * math.ulp(here) if here else _SMALLEST_SPAN)[1]
        return [math.ldexp(1.0, power) for power in range(largest, smallest - 1, -2)][::-1]

    def _quotient(self, step: float) -> Quotient:
        ends = [self.asked.here + side * step for side in (-1, 1)]
        (low, low_noise, left), (high, high_noise, right) = map(self._side, ends)
        width = ends[1] - ends[0]
        value = (high - low) / width
        noise = _SAFE * (high_noise + low_noise) / width + abs(value) * 2 * UNIT
        kind = "clean" if left == right == self.pieces else "kinked"
        finite = math.isfinite(value) and math.isfinite(noise)
        return Quotient(step, value, noise + TINIEST, kind if finite else "outside")

    def _side(self, x: float) -> tuple[float, float, tuple[Number, ...]]:
        """Return the function at one end of a step, its rounding noise, and its smooth piece."""
        found = self.asked.evaluated(self.doubles, x)
        value, noise = self._value(found, x), self._noise(found)
        if self.asked.function is not None:
            noise += UNIT * abs(value)
        return value, noise, self.asked.pieces(self.doubles, found)

    def _value(self, found: Sequence[Number], x: float) -> float:
        """Return what the opaque function gives, if there is one; NaN where it gives nothing."""
        asked = self.asked
        if asked.function is None:
            return float(found[asked.graph.outputs[asked.key.output]])
        point = {**asked.point, asked.key.input: x}
        try:
            return float(asked.function(*(point[name] for name in asked.graph.inputs)))
        except (ArithmeticError, ValueError):
            return math.nan

    def _noise(self, found: Sequence[Number]) -> float:
        """Return how far rounding may carry the value, through what depends on the input.

        The sum of (c·u·|v| + η)·|v̄| over these nodes; what does not depend on the input is the
        same at both ends of a step, and cancels.
        """
        linear = self.asked.linear(self.doubles, found)
        return float(passed_on(self.asked.adjoints(linear), own_errors(linear), 0.0))

    # --- why it is off -------------------------------------------------------------------------

    def reason(self, found: Estimate, clean: bool) -> str:
        """Return why the estimate is off; nothing when the function's slope is not the truth."""
        if self.asked.function is not None and not self._follows(found.step):
            return ""
        if not clean:
            return "a kink lies within the stencil"
        if not self._slope_is_true(found):
            return ""
        if math.isinf(found.error):
            return "no two steps fit" + self._limited()
        if found.noise >= self._left_out(found):
            return self._rounded(found) + self._limited()
        return (
            f"the step {found.step:.2g} is too large for how the function bends or oscillates"
            + self._limited()
        )

    def obstacle(self) -> str:
        """Return why there is no difference at all."""
        step = self.quotients[0].step
        ends = (self.asked.precise.constant(self.asked.here + side * step) for side in (-1, 1))
        values = [self.asked.value(self.asked.precise, end) for end in ends]
        if all(map(self.asked.precise.finite, values)):
            return "the values, or their rounding errors, overflow"
        return "the domain ends within the stencil"

    def _rounded(self, found: Estimate) -> str:
        if found.value == 0:
            return "rounding or underflow swamps the difference: the values do not differ"
        return "rounding noise swamps the difference of the values"

    def _limited(self) -> str:
        """Return what keeps the steps small, if anything does."""
        kinds = [one.kind for one in self.quotients]
        if "kinked" in kinds:
            return "; a kink or a pole keeps the steps small"
        return "; the domain keeps the steps small" if "outside" in kinds else ""

    def _left_out(self, found: Estimate) -> float:
        """Return how much of the error many digits leave: that of the step, not of rounding."""
        numbers, smaller = self.asked.precise, found.step / _RATIO ** (_ORDERS - 1)
        return self.asked.departure(_central(self.asked, numbers, numbers.constant(smaller)))

    def _follows(self, step: float) -> bool:
        """Return whether the opaque function and the graph are the same beside the point."""
        sides = (self.asked.here + side * step for side in (-1, 1))
        return all(self._same_at(x) for x in sides)

    def _same_at(self, x: float) -> bool:
        found = self.asked.evaluated(self.doubles, x)
        own = found[self.asked.graph.outputs[self.asked.key.output]]
        allowed = _SAFE * (self._noise(found) + UNIT * abs(own))
        return bool(abs(own - self._value(found, x)) <= allowed)

    def _slope_is_true(self, found: Estimate) -> bool:
        """Return whether a difference with many digits and a tiny step gives the truth."""
        asked = self.asked
        if asked.truth is None:
            return False
        numbers = multiprecision(3 * asked.digits).over(asked.graph.rows)
        context = numbers.constant(0).context
        step = (abs(numbers.constant(asked.here)) or 1) * context.mpf(10) ** -asked.digits
        limit = _central(asked, numbers, step)
        size = abs(context.mpf(str(asked.truth)))
        return bool(asked.departure(limit) <= max(float(size) * _SAME, found.error * _SAME))


def _central(asked: Question, numbers: Numbers, step: Number) -> Number:
    here = numbers.constant(asked.here)
    low, high = (asked.value(numbers, here + side * step) for side in (-1, 1))
    return (high - low) / (2 * step)
