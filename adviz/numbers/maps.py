"""A local partial that is no number: a linear map, which a product applies.

What a sweep multiplies is `incoming * partial` backwards and `partial * incoming` forwards: a row
vector times a matrix, and a matrix times a column. So a map stands where a number stands, and what
is on its left it takes by its transpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Map:
    """A linear map between arrays, and its transpose.

    >>> import numpy as np
    >>> total = Map(np.sum, lambda w: np.full(3, w), "Σ(·)")
    >>> total * np.array([1.0, 2.0, 3.0]), 2.0 * total
    (np.float64(6.0), array([2., 2., 2.]))
    """

    jvp: Callable[[Any], Any]
    """Carries a tangent of the argument to the result."""
    vjp: Callable[[Any], Any]
    """Carries an adjoint of the result to the argument."""
    text: str
    """What it is, as a function of a dot: `Σ(·)`."""
    each: Any = None
    """What each element is multiplied by on the way, if that is all but for a sum."""

    __array_ufunc__ = None  # an array leaves the product to the map

    def __mul__(self, tangent: Any) -> Any:
        return self.jvp(tangent)

    def __rmul__(self, adjoint: Any) -> Any:
        return self.vjp(adjoint)

    def __repr__(self) -> str:
        return f"<Map {self.text}>"

    def __str__(self) -> str:
        return self.text
