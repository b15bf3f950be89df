"""What the structural rows compute, in arrays of any system's numbers.

All they need of the numbers is how two are added, multiplied and compared; the rest is moving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from adviz.numbers.rules import Function
from adviz.primitives.row import Shape
from adviz.primitives.structural import STATIC, Key, selection

_MANY = 1 << 14
"""From so many products on, a contraction that NumPy plans first is the faster one."""


class Kit(NamedTuple):
    """How a system's numbers are added, multiplied and compared, all elements at once."""

    add: Any
    mul: Any
    greater: Any
    less: Any
    zero: Any
    dtype: type


def functions(kit: Kit) -> Mapping[str, Function]:
    """Return the structural functions, each of its arguments and then its parameters.

    >>> doubles = Kit(np.add, np.multiply, np.maximum, np.minimum, 0.0, float)
    >>> known = functions(doubles)
    >>> known["einsum"](np.eye(2), np.array([3.0, 4.0]), "ij", "j", "i")
    array([3., 4.])
    >>> known["scatter"](np.array([1.0, 2.0]), ((1, 1),), (3,))
    array([0., 3., 0.])
    """
    floats = kit.dtype is float
    moving: dict[str, Function] = {
        "reshape": lambda x, shape: np.reshape(_array(x, kit), shape),
        "transpose": lambda x, axes: np.transpose(x, axes),
        "broadcast_to": lambda x, shape: np.broadcast_to(_array(x, kit), shape),
        "index": lambda x, key: x[selection(key)],
        "concatenate": lambda x, y, axis: np.concatenate([x, y], axis),
    }
    adding: dict[str, Function] = {
        "sum": partial(_reduced, kit.add),
        "amax": partial(_reduced, kit.greater),
        "amin": partial(_reduced, kit.less),
        "sum_to": partial(_sum_to, kit),
        "scatter": partial(_scatter, kit),
        "einsum": _einsum if floats else partial(_contracted, kit),
    }
    return {**STATIC, **{name: _quiet(one) for name, one in (moving | adding).items()}}


def _quiet(function: Function) -> Function:
    """Return a function that overflows in silence, and whose results without axes are numbers."""

    def quiet(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            result = function(*args)
        return result[()] if isinstance(result, np.ndarray) else result

    return quiet


def _array(x: Any, kit: Kit) -> Any:
    """Return a number as an array without axes, and an array as it is."""
    if isinstance(x, np.ndarray):
        return x
    held: Any = np.empty((), kit.dtype)
    held[()] = x
    return held


def _reduced(pair: Any, x: Any, axes: Sequence[int], keepdims: bool) -> Any:
    """Return an array reduced over axes, from the last, by a function of two numbers."""
    for axis in reversed(axes):
        x = pair.reduce(x, axis=axis, keepdims=keepdims)
    return x


def _sum_to(kit: Kit, x: Any, shape: Shape) -> Any:
    """Return the sums over the axes along which an array of a shape was broadcast."""
    x = _array(x, kit)
    padded = (1,) * (x.ndim - len(shape)) + tuple(shape)
    axes = [axis for axis, size in enumerate(padded) if size != x.shape[axis]]
    return np.reshape(_array(_reduced(kit.add, x, axes, True), kit), shape)


def _scatter(kit: Kit, x: Any, key: Key, shape: Shape) -> Any:
    """Return zeros with the elements added where the key takes them from."""
    made: Any = np.full(shape, kit.zero, kit.dtype)
    places = np.arange(made.size).reshape(shape)[selection(key)].ravel()
    values = _array(x, kit).ravel()
    first, at = np.unique(places, return_index=True)
    made.flat[first] = values[at]
    for again in np.setdiff1d(np.arange(len(places)), at):  # nothing is added to a zero
        made.flat[places[again]] = kit.add(made.flat[places[again]], values[again])
    return made


def _einsum(x: Any, y: Any, first: str, second: str, result: str) -> Any:
    """Return a contraction of floats, by NumPy."""
    large = np.size(x) * np.size(y) > _MANY
    return np.einsum(f"{first},{second}->{result}", x, y, optimize=large)


def _contracted(kit: Kit, x: Any, y: Any, first: str, second: str, result: str) -> Any:
    """Return a contraction of any numbers: all products, and their sums from the first on."""
    summed = [letter for letter in first if letter not in result]
    letters = [*result, *summed]
    products = kit.mul(_aligned(x, first, letters, kit), _aligned(y, second, letters, kit))
    return _reduced(kit.add, products, range(len(result), len(letters)), False)


def _aligned(x: Any, own: str, letters: Sequence[str], kit: Kit) -> Any:
    """Return an array with an axis for every letter, of size 1 where it has none."""
    moved = np.transpose(_array(x, kit), [own.index(one) for one in letters if one in own])
    sizes = iter(moved.shape)
    return moved.reshape([next(sizes) if one in own else 1 for one in letters])
