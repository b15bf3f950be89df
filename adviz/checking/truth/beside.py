"""What a derivative and its function approach beside a point, from either side of one input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from adviz.checking.truth.settling import Truth
from adviz.numbers import Number

_VANISHING, _CONTINUOUS = 1e-6, 1e-15
"""The ratio over these steps of what has no limit but 0; the difference of what is the same."""


class Beside(NamedTuple):
    """What a derivative and its function approach from the left and from the right."""

    slopes: tuple[Truth, Truth]
    gaps: tuple[Number, Number, Number, Number]
    """How far the function's value is from that at the point: on the left near and nearer by, on
    the right near and nearer by."""

    @property
    def jumps(self) -> bool:
        """Whether the function's value beside the point does not approach that at the point."""
        pairs = (self.gaps[:2], self.gaps[2:])
        return not all(nearer <= near * _VANISHING or not nearer for near, nearer in pairs)

    @property
    def common(self) -> Truth | None:
        """The derivative, when both sides approach the same finite one."""
        left, right = self.slopes
        size = max(abs(left.value), abs(right.value))
        slack = left.slack + right.slack + size * _CONTINUOUS
        same = abs(left.value - right.value) <= slack and size < math.inf
        return None if self.jumps or not same else Truth(left.value, slack, left.digits)

    @classmethod
    def joined(cls, several: Sequence[Beside]) -> Beside:
        """Return what is approached on several lines beside a point; where they differ, both."""
        common = [one.common for one in several]
        apart = next((one for one, same in zip(several, common, strict=True) if same is None), None)
        known = [one for one in common if one is not None]
        if apart is not None or not known:
            return apart or several[0]
        ends = min(known, key=lambda one: one.value), max(known, key=lambda one: one.value)
        return cls(ends, several[0].gaps)


def approached(near: Number, nearer: Number, digits: int) -> Truth:
    """Return the limit of a derivative from what it is at steps of 10⁻²⁰ and 10⁻⁴⁰.

    One that vanishes or grows with the step has the limit 0 or infinity; one that stays differs
    from its limit by what the second derivative adds over the step; any other, such as one that
    oscillates, has no limit.
    """
    context = nearer.context
    if context.isfinite(near) and abs(nearer) <= abs(near) * _VANISHING:
        return Truth(context.zero, abs(nearer), digits)
    if context.isfinite(near) and abs(near) <= abs(nearer) * _VANISHING:
        return Truth(context.inf * context.sign(nearer), context.zero, digits)
    steady = abs(nearer - near) <= abs(nearer) * _VANISHING
    return Truth(nearer if steady else context.nan, abs(nearer - near), digits)
