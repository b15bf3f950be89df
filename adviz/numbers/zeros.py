"""Functions on arrays beside their zeros: what the slope gathers on the way from there.

A library's function is off by so much of its largest values, which beside a zero is many units in
the last place. Its slope is large there, and keeps its digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from adviz.numbers.rules import Function

_STEP = 1 / 64
_SLOWLY = 1 / 16
_STEPS_OF_NEWTON = 4
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
_GRID = 2.0**-30
_FARTHEST = 1 / 4


def steep(function: Function, found: Any, *args: Any) -> Any:
    """Return at which elements the function differs much from what it is a step beside.

    Of a high order, a power of x is steep next to 0, so that the step is shorter there.
    """
    *orders, x = args
    order = np.abs(orders[0]) if orders else 0.0
    step = _STEP * np.minimum(np.abs(x) / (1 + order), 1)
    return np.abs(function(*orders, x + step) - found) > _SLOWLY * np.abs(found)


def beside(function: Function, slope: Function, exact: Function) -> Function:
    """Return a function beside its zeros: its exact value next to the zero, once for all elements
    there, and what the slope adds from then on, by quadrature (Gauss and Legendre).

    It is NaN where no zero is near, and for the few elements that are as near to it as that place.

    >>> beside(np.sin, np.cos, np.sin)(np.array([3.14, 3.15, 1.0]))
    array([ 0.00159265, -0.00840725,         nan])
    """

    def near(*args: Any) -> Any:
        *orders, x = args
        start = _place_of_zero(function, slope, orders, x)
        rest, way = _once(exact, *orders, start), x - start
        gathered = sum(
            weight / 2 * slope(*orders, start + way * (1 + node) / 2)
            for node, weight in zip(_NODES, _WEIGHTS, strict=True)
        )
        value = rest + way * gathered
        return np.where((np.abs(rest) < np.abs(value)) & (np.abs(way) < _FARTHEST), value, np.nan)

    return near


def _place_of_zero(function: Function, slope: Function, orders: list[Any], x: Any) -> Any:
    """Return where the zeros next to some elements are, by Newton's method, on a grid.

    So an element's number does not depend on the others, and many have a place in common.
    """
    for _ in range(_STEPS_OF_NEWTON):
        x = x - function(*orders, x) / slope(*orders, x)
    return np.round(x / _GRID) * _GRID


def _once(exact: Function, *args: Any) -> Any:
    """Return a function's values, asking for each but once."""
    places, which = np.unique(np.stack(args), axis=1, return_inverse=True)
    return np.atleast_1d(exact(*places))[which]
