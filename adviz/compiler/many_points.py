"""A program at many points at once: columns in, arrays out, and again where nothing is finite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from adviz.compiler.executable import Column, Executable
from adviz.compiler.fallback import Reference
from adviz.modes.point import common_shape
from adviz.numbers import Number
from adviz.numbers.given import float64


def at_many(
    parameters: Sequence[str],
    numbers: Sequence[Number],
    executable: Executable,
    reference: Reference,
) -> list[Number]:
    """Return the results at many points, as arrays of their broadcast shape.

    Raises PointError where the parameters' arrays do not fit together, and for one number of all
    points that float64 does not hold.
    """
    given = dict(zip(parameters, numbers, strict=True))
    shape = common_shape(given)
    columns = [_column(name, number, shape) for name, number in given.items()]
    results, suspicious = executable.many(columns, int(np.prod(shape)))
    for part in suspicious:
        _mend(results, columns, part, reference)
    return [result.reshape(shape) for result in results]


def _mend(
    results: Sequence[Any], columns: Sequence[Column], part: slice, reference: Reference
) -> None:
    """Compute the points of a slice again of which some result is not finite."""
    finite = np.logical_and.reduce([np.isfinite(result[part]) for result in results])
    (wrong,) = np.nonzero(~finite)
    if not len(wrong):
        return
    wrong += part.start
    points = [c[wrong] if isinstance(c, np.ndarray) else c for c in columns]
    for result, again in zip(results, reference(points, "ieee"), strict=True):
        result[wrong] = again


def _column(name: str, number: Number, shape: tuple[int, ...]) -> Column:
    """Return a number for every point in one contiguous row, or the one number of all."""
    if not np.ndim(number):
        return float64(name, number)
    array = np.asarray(number, dtype=np.float64)
    return np.ascontiguousarray(np.broadcast_to(array, shape)).reshape(-1)
