"""What a target that can run gives: one point fast, many points faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy

Array: TypeAlias = "numpy.ndarray[Any, numpy.dtype[numpy.float64]]"
Column: TypeAlias = "Array | float"
"""An input at many points: one number for each, or one number for all."""
Many: TypeAlias = "tuple[list[Array], list[slice]]"
"""Per result its numbers, and the points among which some result may not be finite."""

Part: TypeAlias = "int | list[Any]"
"""A result by its place, or several by theirs, in an array; nested in one of two axes."""
Parts: TypeAlias = "Part | tuple[Part, ...]"
ByArray: TypeAlias = "Callable[[Any], Any]"
"""Takes the parameters in one array and gives parts of the results; or None, where it cannot."""


class Swept(tuple[float, ...]):
    """Results of the sweeps at a point for which straight-line code has none."""

    __slots__ = ()


Again = Callable[..., Swept]
"""What computes a point for which straight-line code has no finite number."""


@dataclass(frozen=True, eq=False)
class Executable:
    """A program that runs.

    A kernel is the fast path for points where every number is finite. Whatever raises, overflows
    or has no value is computed again by the sweeps, which alone know branches, conventions and
    errors.
    """

    function: Callable[..., tuple[float, ...]]
    """Takes floats in the order of the parameters, gives the results in their order."""
    many: Callable[[Sequence[Column], int], Many]
    """Takes a column per parameter and the number of points."""
    source: Callable[[], str]
    """Gives the code, to be read."""
    by_array: Callable[[Parts], ByArray] | None = None
    """Gives what reads and makes arrays itself; None: numbers go one by one by `function`."""
