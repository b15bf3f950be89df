"""Of what dtype an array of traced values is where it is an array of numbers, and its casts.

Imported only where NumPy is already in use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.condition import TracedCondition
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue
from adviz.sources.tracing.whole import TracedInteger

_DTYPES: Mapping[type, Any] = {
    TracedValue: np.dtype(float),
    TracedInteger: np.dtype(int),
    TracedCondition: np.dtype(bool),
    **{kind: np.dtype(kind) for kind in (float, int, bool)},
}


def dtype_of(held: np.ndarray[Any, Any]) -> Any:
    """Return the dtype that a bare array has where the traced values in it are numbers."""
    if held.dtype != object:
        return held.dtype
    kinds = {type(one) for one in held.flat}
    found = [
        _DTYPES.get(one, np.dtype(one if issubclass(one, np.generic) else object)) for one in kinds
    ]
    return np.result_type(*found) if found else np.dtype(float)


def _real(value: TracedValue) -> TracedValue:
    return value.tape.real(_number(value))


def _whole(value: TracedValue) -> TracedValue:
    known = isinstance(value, TracedInteger)
    return value if known else value.tape.whole("trunc", _number(value), None)


def _truth(value: Any) -> Any:
    return value if isinstance(value, TracedCondition) else value != 0


def _number(value: TracedValue) -> TracedValue:
    return value.tape.counted(value) if isinstance(value, TracedCondition) else value


_CASTS: Mapping[str, Callable[[TracedValue], Any]] = {
    "f": _real,
    "i": _whole,
    "u": _whole,
    "b": _truth,
    "O": lambda value: value,
}
"""What a cast does to a traced value, by the kind of the dtype; fractions are cut off."""


def cast(dtype: Any) -> Callable[[Any], Any]:
    """Return what a cast to a dtype does to one number, traced or not.

    Raises TracingError for a dtype that traced values cannot have: a graph computes in float64.
    """
    wanted = np.dtype(dtype)
    traced = _CASTS.get(wanted.kind)
    if traced is None or (wanted.kind == "f" and wanted.itemsize < np.dtype(float).itemsize):
        raise TracingError(
            f"traced values cannot become {wanted.name} ({spot(_getframe(1))}); a graph computes "
            "in float64: leave the dtype out, or say float"
        )

    def element(value: Any) -> Any:
        return traced(value) if isinstance(value, TracedValue) else wanted.type(value).item()

    return element


def plain_key(key: Any) -> Any:
    """Return an index without traced values, each the whole number or truth that it is.

    That is known where one point is followed, and the graph requires it there.
    """
    if isinstance(key, tuple):
        return tuple(map(plain_key, key))
    if isinstance(key, TracedValue):
        return bool(key) if isinstance(key, TracedCondition) else key.__index__()
    if isinstance(key, list):
        key = np.array(key, dtype=object) if any(isinstance(o, TracedValue) for o in key) else key
    if not isinstance(key, np.ndarray):
        return key
    held = key.view(np.ndarray)
    wanted = dtype_of(held)
    if held.dtype == object and wanted.kind in "bi":
        return np.array([plain_key(one) for one in held.flat], dtype=wanted).reshape(held.shape)
    return held
