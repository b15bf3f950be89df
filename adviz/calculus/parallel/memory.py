"""Memory that results at many points are written to: what a user gives instead of new arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from adviz.calculus.parallel.columns import Column, is_number
from adviz.compiler.executable import Array
from adviz.compiler.results import Nesting
from adviz.errors import PointError
from adviz.language.brief import few


def given(
    nesting: Nesting, out: Any, shape: tuple[int, ...], columns: Mapping[str, Column]
) -> list[Array]:
    """Return the arrays that a user gives for a result as columns, in the nesting's order.

    Raises PointError for what is not nested as the result is, for an array that is not one of
    float64 of the points' shape, side by side and to be written to, and for memory in two places.

    >>> value, slope = np.zeros(2), np.zeros(2)
    >>> given((0, {"x": 1}), (value, {"x": slope}), (2,), {"x": np.ones(2)})
    [array([0., 0.]), array([0., 0.])]
    """
    found = dict(_leaves(nesting, out, "out"))
    for place, array in found.items():
        if fault := _fault(array, shape):
            raise PointError(
                f"{place} must be a contiguous float64 array of shape {shape} that can be written "
                f"to; it is {fault}"
            )
    _refuse_shared(found, columns)
    return [array.reshape(-1) for array in found.values()]


def _leaves(nesting: Nesting, out: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield where each number of a result is, and what is given there."""
    if isinstance(nesting, int):
        yield place, out
        return
    if isinstance(nesting, Mapping):
        if not isinstance(out, Mapping) or out.keys() != nesting.keys():
            has = f"has {few([*out]) or 'nothing'}" if isinstance(out, Mapping) else _is(out)
            raise PointError(f"{place} must be a mapping with {few(nesting)}; it {has}")
        keys = [*nesting]
    else:
        if not isinstance(out, list | tuple) or len(out) != len(nesting):
            raise PointError(f"{place} must be a pair, value and derivative; it {_is(out)}")
        keys = [*range(len(nesting))]
    for key in keys:
        yield from _leaves(nesting[key], out[key], f"{place}[{key!r}]")


def _is(out: Any) -> str:
    return f"is {type(out).__name__}" + (f" of {len(out)}" if isinstance(out, list | tuple) else "")


def _fault(array: Any, shape: tuple[int, ...]) -> str:
    """Return what is wrong with an array, in words; nothing where results can be written to it."""
    if not isinstance(array, np.ndarray):
        return type(array).__name__
    faults = (
        (array.dtype != np.float64, f"one of {array.dtype}"),
        (array.shape != shape, f"one of shape {array.shape}"),
        (not array.flags.c_contiguous, "not contiguous"),
        (not array.flags.writeable, "read only"),
    )
    return next((told for wrong, told in faults if wrong), "")


def _refuse_shared(found: Mapping[str, Array], columns: Mapping[str, Column]) -> None:
    """Raise PointError where one result would be written over another, or over what is given."""
    by_place = sorted(found.items(), key=lambda one: one[1].ctypes.data)
    read = [(f"what is given for {name}", c) for name, c in columns.items() if not is_number(c)]
    pairs = [*pairwise(by_place), *((one, two) for one in by_place for two in read)]
    for (place, array), (other, memory) in pairs:
        if np.may_share_memory(array, memory):
            raise PointError(f"{place} and {other} are the same memory")
