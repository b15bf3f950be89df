"""A number as it settles with growing precision: which precisions, and when that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adviz.checking.truth.agreement import AGREED_DIGITS, BELOW_DOUBLES
from adviz.numbers import Number

FIRST_DIGITS, MOST_DIGITS = 50, 1600
"""Truth starts at 50 digits and doubles until two results agree to 30; at 1600 it is undecided."""
PRECISIONS = (100, 200, 400, 800, 1600)
"""Those it may take, as far as its budget allows; two always."""
ZERO_DIGITS = 800
"""What vanishes is 0 only if it does so here: doubles span 632 decimal orders."""


class Truth(NamedTuple):
    """A derivative's value with many digits, and how far from it the truth may lie."""

    value: Number
    slack: Number
    digits: int
    """The precision of the value."""
    settled: bool = True

    def contradicts(self, number: Number, allowed: Number = 0) -> bool:
        """Return whether a number is further from the truth than its slack and what is allowed."""
        exact = self.value.context.mpf(number)
        if abs(exact - self.value) <= self.slack + allowed:
            return False
        if exact != exact or self.value != self.value:
            return bool((exact == exact) != (self.value == self.value))
        return bool(exact != self.value)


def settled(results: Sequence[Number], digits: int) -> Truth | None:
    """Return a number that no longer changes with the precision, or 0 if it vanishes."""
    before, after = results[-2:]
    context = after.context
    if digits >= ZERO_DIGITS and abs(after) <= context.mpf(10) ** BELOW_DOUBLES:
        return Truth(context.zero, context.mpf(10) ** BELOW_DOUBLES, digits)
    if after == before == 0:
        return None
    if after == before or (after != after and before != before):
        return Truth(after, context.zero, digits)
    slack = abs(after) * context.mpf(10) ** -AGREED_DIGITS
    return Truth(after, slack, digits) if abs(after - before) <= slack else None


def shrinks(before: Number, after: Number) -> bool:
    """Return whether a number falls with the precision: what is left of it is rounding."""
    context = after.context
    if not before:
        return bool(abs(after) <= context.mpf(10) ** (-context.dps // 2))
    return bool(abs(after) <= abs(before) * context.mpf(10) ** (-FIRST_DIGITS // 2))
