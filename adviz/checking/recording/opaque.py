"""The rows of operations that the table has no row for: named, with a shape, and with no rule."""

from __future__ import annotations

import re
from functools import partial

from adviz.errors import AdvizError
from adviz.numbers.maps import Map
from adviz.primitives import ARRAYS, Primitive
from adviz.primitives.row import Shape
from adviz.primitives.structural import structural

_NONE = "of_the_framework(w)"
"""What no rule can be read from: its derivative is the framework's."""


def opaque(label: str, arity: int, mark: str = "") -> Primitive:
    """Return the row of an operation of so many arguments that only its framework can compute.

    >>> opaque("addmm", 3).args, opaque("sum", 1).name
    (('a0', 'a1', 'a2'), 'sum_')
    """
    plain = re.sub(r"\W", "_", label) or "operation"
    named = f"{plain}{mark}"
    args = " ".join(f"a{place}" for place in range(arity))
    return structural(
        f"{named}_" if named in ARRAYS else named, args, "shape", [_NONE]*arity, [_NONE]*arity,
        shape=_as_recorded, label=plain,
    )  # fmt: skip


def _as_recorded(*shapes: Shape) -> Shape:
    """Return the last of the shapes, which is the result's own, a parameter."""
    return tuple(shapes[-1])


def sent(rule: str) -> Map:
    """Return a rule of a framework as a local partial: what it is called is known, and no more.

    >>> sent("TanhBackward0")
    <Map TanhBackward0(·)>
    """
    refuse = partial(_refuse, rule)
    return Map(refuse, refuse, f"{rule}(·)")


def _refuse(rule: str, _: object) -> object:
    raise AdvizError(
        f"{rule} is a rule of the framework, of which a recording has one result; show nodes alone"
    )
