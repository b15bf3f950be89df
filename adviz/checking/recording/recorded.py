"""What a recording of a backward pass holds, whichever framework ran it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adviz.errors import AdvizError
from adviz.language.asked import shown

Array = Any
"""NumPy's array in the framework's format, NumPy's number where there are no axes."""

Meaning = Callable[..., Any]
"""What an operation computes: it takes a reading and its arguments' values to the result's."""


@dataclass(frozen=True, eq=False)
class Operation:
    """One value of the forward pass: an input, or what an operation gave."""

    label: str
    """What the framework calls the operation; empty for an input."""
    args: tuple[int, ...]
    value: Array
    name: str = ""
    """What the author calls it."""
    meaning: Meaning | None = None
    source: str = ""
    """Where the author's code asks for it, in words."""
    ruled: bool = False
    """Whether its derivative is a rule of the author's own."""


class Arrival(NamedTuple):
    """What an operation's derivative sent back to one of its arguments."""

    head: int
    position: int
    incoming: Array
    partial: Array | str
    """What the incoming adjoint was multiplied by, or what the framework calls its rule."""
    product: Array
    total: Array
    """What had been added up at the argument by then."""


BFLOAT16 = 2.0**-8
"""The unit roundoff of bfloat16, whose numbers are held as float32."""


class Silence(NamedTuple):
    """An argument that an operation sent nothing to, though its derivative was asked for."""

    head: int
    position: int
    incoming: Array


@dataclass(frozen=True, eq=False)
class Pass:
    """One backward pass: the operations that led to its start, and all that came back.

    Operations are in a topological order, and so are what their `args` count.
    """

    framework: str
    operations: Sequence[Operation]
    seeds: Mapping[int, Array]
    """The adjoints it started with, by operation: the outputs."""
    arrivals: Sequence[Arrival]
    """In the order in which they arrived."""
    received: Mapping[int, Array]
    """The adjoint that each operation went on with."""
    silent: Sequence[Silence] = ()
    unit: float = 0.0
    """The unit roundoff of a format in it that NumPy has not, such as bfloat16."""


def weights(cotangent: Any, shape: tuple[int, ...]) -> Array:
    """Return a weight for each element of a result: what was asked for, 1 for nothing.

    Raises AdvizError for what is no number and no array of the shape.

    >>> weights(None, (2,)).tolist(), weights(3, ()).tolist()
    ([1.0, 1.0], 3.0)
    """
    import numpy as np

    held = getattr(cotangent, "detach", lambda: cotangent)()
    try:
        found = np.asarray(1.0 if held is None else held, float)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise AdvizError(
            f"cotangent = {shown(cotangent)}; it is a number, or an array of the result's shape"
        ) from None
    if found.shape not in ((), shape):
        raise AdvizError(f"cotangent has the shape {found.shape}, and the result {shape}")
    return np.broadcast_to(found, shape).copy()
