"""The constants of a graph: numbers as Python reads them, arrays as nested tuples of such."""

from __future__ import annotations

import math
import numbers
from fractions import Fraction
from typing import Any

from adviz.errors import GraphError
from adviz.graph.procedure import Held
from adviz.language.brief import quoted
from adviz.primitives.row import Shape

_LARGE = 2**1000
"""Below it a whole number is certainly a finite double."""
_MOST_AXES = 32


def shape_of(constant: Held) -> Shape:
    """Return the shape of a constant.

    >>> shape_of(((1, 2, 3), (4, 5, 6))), shape_of(2.5)
    ((2, 3), ())
    """
    shape = []
    while isinstance(constant, tuple):
        shape.append(len(constant))
        constant = constant[0]
    return tuple(shape)


def plain_number(value: object, depth: int = 0) -> Held:
    """Return a real finite number as the int or float that it is, an array as tuples of such.

    Raises GraphError for anything else.
    """
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is int and -_LARGE < value < _LARGE:
        return value
    if getattr(value, "shape", ()) or type(value) in (list, tuple):
        return _plain_array(value, depth)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
            return plain_number(value.item())  # type: ignore[attr-defined]  # a NumPy scalar
        raise GraphError(f"{quoted(value)} is not a real number")
    number = int(value) if isinstance(value, numbers.Integral) else float(value)
    if isinstance(value, Fraction) and Fraction(number) != value:
        raise GraphError(f"{quoted(value)} is not a double; write it as a quotient")
    try:
        finite = math.isfinite(number)
    except OverflowError:
        finite = False
    if not finite:
        raise GraphError(f"the constant {quoted(value)} is not a finite double")
    return number


def _plain_array(value: Any, depth: int) -> Held:
    """Return an array, or nested lists, of numbers as nested tuples."""
    if depth == _MOST_AXES:
        raise GraphError(f"lists are nested deeper than {_MOST_AXES} axes go")
    made = tuple([plain_number(part, depth + 1) for part in value])
    shapes = {shape_of(part) for part in made}
    if len(shapes) != 1:
        raise GraphError(
            f"{quoted(value)} has no elements"
            if not made
            else f"the rows of {quoted(value)} are not equally long"
        )
    return made
