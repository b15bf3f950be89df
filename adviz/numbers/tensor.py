"""Arrays of any system's numbers, where a node of a graph is an array and a point is one point.

An array of a number system is an array of its numbers: an elementwise row is applied to each of
them, and a structural row moves, adds and multiplies them. Over float64 that is NumPy itself; over
Fractions, mpmath numbers or the nodes of a graph under construction it is arrays of objects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, wraps
from typing import Any

import numpy as np

from adviz.numbers import array as floats
from adviz.numbers.given import float64
from adviz.numbers.maps import Map
from adviz.numbers.rules import Function
from adviz.numbers.structural import Kit, functions
from adviz.numbers.system import Number, Numbers
from adviz.primitives import ARRAYS, TABLE


@lru_cache(maxsize=64)
def tensors(base: Numbers) -> Numbers:
    """Return the system of arrays of a system's numbers, made once.

    >>> from fractions import Fraction
    >>> from adviz.numbers import EXACT, FLOAT64
    >>> halves = np.array([Fraction(1, 2), Fraction(3, 2)])
    >>> tensors(EXACT).function("sum")(halves, (0,), False)
    Fraction(2, 1)
    >>> tensors(FLOAT64).function("exp")(np.zeros((1, 2)))
    array([[1., 1.]])
    """
    return arrays_of(base)


def arrays_of(base: Numbers) -> Numbers:
    """Return the system of arrays of a system's numbers, for a system that is used once."""
    own, kit = _float64(base) if base.name == "float64" else _objects(base)
    structural, element = functions(kit), own.native
    return replace(
        own,
        native=lambda name: structural.get(name) or element(name),
        following=lambda partial, _: partial,
        eager=True,
        rows=ARRAYS if base.rows is TABLE else base.rows,
        _bound={},
    )


def elements(value: Number) -> list[Any]:
    """Return the numbers of an array in order; a number alone.

    >>> elements(np.array([[1.0, 2.0]])), elements(3.0)
    ([1.0, 2.0], [3.0])
    """
    return value.ravel().tolist() if isinstance(value, np.ndarray) else [value]


def kinds(point: Mapping[str, Number]) -> dict[str, Number]:
    """Return a number of every kind that a point's arrays hold, which says what they are of.

    >>> from fractions import Fraction
    >>> kinds({"x": np.ones(3), "y": np.array([Fraction(1, 2), 1], dtype=object)})
    {'x 0': 0.0, 'y 0': Fraction(1, 2), 'y 1': 1}
    """
    found: dict[str, Number] = {}
    for name, value in point.items():
        plain = isinstance(value, np.ndarray) and value.dtype == float
        for k, one in enumerate([0.0] if plain else elements(value)):
            found[f"{name} {k}"] = one
    return found


def _float64(base: Numbers) -> tuple[Numbers, Kit]:
    """Return float64 by NumPy, all elements at once."""
    system = replace(
        floats.ARRAY,
        name=base.name,
        many=False,
        native=lambda name: _unboxed(floats.native(name)),
        constant=lambda value: _held(np.float64, value, float),
        finite=lambda value: isinstance(value, Map) or bool(np.all(np.isfinite(value))),
        isnan=lambda value: not isinstance(value, Map) and bool(np.any(np.isnan(value))),
        given=lambda name, value: _given(_double, name, value, float),
    )
    return system, Kit(np.add, np.multiply, np.maximum, np.minimum, 0.0, float)


def _objects(base: Numbers) -> tuple[Numbers, Kit]:
    """Return arrays of objects, each function applied to every element."""

    def every(judge: Callable[[Number], bool]) -> Callable[[Number], bool]:
        return lambda value: isinstance(value, Map) or all(map(judge, elements(value)))

    system = replace(
        base,
        native=lambda name: _elementwise(base.function(name)),
        constant=lambda value: _held(base.constant, value, object),
        finite=every(base.finite),
        isnan=lambda value: not isinstance(value, Map) and any(map(base.isnan, elements(value))),
        holds=every(base.holds),
        given=lambda name, value: _given(base.given, name, value, object),
    )
    add, mul, greater, less = (
        np.frompyfunc(base.function(name), 2, 1) for name in ("add", "mul", "max", "min")
    )
    return system, Kit(add, mul, greater, less, base.constant(0), object)


def _unboxed(function: Function | None) -> Function | None:
    """Return a function whose results without axes are numbers."""
    if function is None:
        return None
    known = function

    @wraps(known)
    def unboxed(*args: Any) -> Any:
        result = known(*args)
        return result[()] if isinstance(result, np.ndarray) else result

    return unboxed


def _elementwise(function: Function) -> Function:
    """Return a function of numbers for arrays of objects; a product with a map is the map's."""

    def each(*args: Any) -> Any:
        if any(isinstance(one, Map) for one in args):
            return args[0] * args[1]
        if any(isinstance(one, np.ndarray) for one in args):
            return np.frompyfunc(function, len(args), 1)(*args)
        return function(*args)

    return each


def _held(constant: Function, value: Any, dtype: type) -> Any:
    """Return a constant in a system: nested tuples as an array of its numbers."""
    if not isinstance(value, tuple):
        return constant(value)
    made = np.array(value, dtype=object)
    return _mapped(constant, made, dtype)


def _double(name: str, value: Any) -> Any:
    return np.float64(float64(name, value))


def _given(given: Callable[[str, Any], Any], name: str, value: Any, dtype: type) -> Any:
    """Return a user's array or number in a system, each element called by its place."""
    if not isinstance(value, np.ndarray):
        return given(name, value)
    if dtype is float and value.dtype == float:
        return value.copy()
    made: Any = np.empty(value.shape, dtype)
    for place, one in np.ndenumerate(value):
        made[place] = given(f"{name}[{', '.join(map(str, place))}]", one)
    return made


def _mapped(function: Function, value: Any, dtype: type) -> Any:
    """Return an array of what a function gives for every element."""
    made: Any = np.empty(value.shape, dtype)
    for place, one in np.ndenumerate(value):
        made[place] = function(one)
    return made
