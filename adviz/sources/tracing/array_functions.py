"""NumPy's functions that would take traced values for floats, in terms of those that do not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import as_vector, mapped, objects, vectorised
from adviz.sources.tracing.calls import call, where
from adviz.sources.tracing.ordering import ORDERED
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue


def _where(condition: Any, *branches: Any) -> Any:
    if not branches:
        return np.nonzero(condition)
    if len(branches) != 2:
        raise TracingError(f"np.where needs both branches; {spot(_getframe(1))}")
    return mapped(where, 3, 1, (condition, *branches))


def _select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
    pairs = list(zip(conditions, choices, strict=True))[::-1]
    return reduce(lambda otherwise, pair: _where(*pair, otherwise), pairs, default)


def _clip(x: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low, high = options.get("min", a_min), options.get("max", a_max)
    raised = x if low is None else np.maximum(x, low)
    return raised if high is None else np.minimum(raised, high)


def _sinc(x: Any) -> Any:
    """Return sin(pi x)/(pi x): NumPy's sinc, where the table's is sin(x)/x."""
    return call("sinc", operator.mul(np.pi, x)) if isinstance(x, TracedValue) else np.sinc(x)


def variance(x: Any, axis: Any = None, *, ddof: int = 0, keepdims: bool = False, **_: Any) -> Any:
    """Return the variance, as np.var does."""
    held = as_vector(x)
    count = held.size if axis is None else np.size(held.view(np.ndarray), axis)
    squares = (held - np.mean(held, axis=axis, keepdims=True)) ** 2
    return np.sum(squares, axis=axis, keepdims=keepdims) / (count - ddof)


def deviation(x: Any, axis: Any = None, **options: Any) -> Any:
    """Return the standard deviation, as np.std does."""
    return np.sqrt(variance(x, axis, **options))


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """Return a vector norm; hypot has a derivative at the origin where a root has none."""
    held = as_vector(x)
    if axis is None and (ord is None or held.ndim == 1):
        held = held.ravel()
    elif axis is None or isinstance(axis, tuple):
        raise TracingError(f"only norms of vectors can be traced; {spot(_getframe(1))}")
    options: dict[str, Any] = {"axis": 0 if axis is None else axis, "keepdims": keepdims}
    magnitudes = np.abs(held)
    if ord in (None, 2):
        return np.hypot.reduce(held if held.size > 1 else magnitudes, **options)
    if ord in (np.inf, -np.inf):
        return (np.maximum if ord > 0 else np.minimum).reduce(magnitudes, **options)
    powers = magnitudes if ord == 1 else magnitudes**ord
    total = np.add.reduce(powers, **options)
    return total if ord == 1 else total ** (1 / ord)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "select": _select,
    "clip": _clip,
    "var": variance,
    "std": deviation,
    "norm": _norm,
    "sinc": lambda x: mapped(_sinc, 1, 1, (x,)),
    "dot": lambda a, b: np.multiply(a, b) if not (np.ndim(a) and np.ndim(b)) else _dot(a, b),
    **ORDERED,
}
"""The functions that NumPy itself computes in ways that traced values cannot go."""


def _dot(a: Any, b: Any) -> Any:
    return vectorised(np.dot(objects(a), objects(b)))
