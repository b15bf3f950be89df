"""The norms of vectors and matrices with traced values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import _getframe
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import as_vector
from adviz.sources.tracing.places import spot


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """Return a norm as np.linalg.norm does, of a vector, a matrix, or along axes."""
    held = as_vector(x)
    if axis is None and (ord is None or held.ndim == 1):
        return vector_norm(held, 2 if ord is None else ord, keepdims=keepdims)
    axes = tuple(range(held.ndim)) if axis is None else axis
    if not isinstance(axes, tuple) or len(axes) == 1:
        return vector_norm(held, 2 if ord is None else ord, axis=axes, keepdims=keepdims)
    return _matrix_norm(held, "fro" if ord is None else ord, axes, keepdims)


def vector_norm(x: Any, ord: Any = 2, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Return a vector norm; hypot has a derivative at the origin where a root has none."""
    if isinstance(ord, str):
        raise TracingError(
            f"np.linalg.norm of order {ord!r} does not exist for vectors; {spot(_getframe(1))}; "
            "they have numbers, inf and -inf"
        )
    held = as_vector(x)
    axes = normalize_axis_tuple(range(held.ndim) if axis is None else axis, held.ndim)
    others = [size for position, size in enumerate(held.shape) if position not in axes]
    rows = np.moveaxis(held, axes, range(-len(axes), 0)).reshape(*others, -1)
    found = _ORDERS.get(ord, _power_mean(ord))(rows)
    return np.expand_dims(found, axes) if keepdims else found


def _euclidean(x: Any) -> Any:
    return np.hypot.reduce(x if x.shape[-1] > 1 else np.abs(x), axis=-1)


def _power_mean(ord: Any) -> Callable[[Any], Any]:
    return lambda x: np.add.reduce(np.abs(x) ** ord, axis=-1) ** (1 / ord)


_ORDERS: Mapping[Any, Callable[[Any], Any]] = {
    2: _euclidean,
    1: lambda x: np.add.reduce(np.abs(x), axis=-1),
    0: lambda x: np.add.reduce((x != 0) * 1.0, axis=-1),
    np.inf: lambda x: np.maximum.reduce(np.abs(x), axis=-1),
    -np.inf: lambda x: np.minimum.reduce(np.abs(x), axis=-1),
}
"""The norms of a vector that are not a root of a sum of powers."""


def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """Return a matrix norm over the last two axes."""
    return _matrix_norm(as_vector(x), ord, (-2, -1), keepdims)


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Return the norm of matrices over two axes; raise TracingError for what needs a spectrum."""
    if len(axes) != 2 or ord not in _MATRIX_ORDERS:
        raise TracingError(
            f"np.linalg.norm of order {ord!r} over {len(axes)} axes needs singular values or does "
            f"not exist; {spot(_getframe(1))}; matrices have 'fro', 1, -1, inf and -inf"
        )
    held = np.moveaxis(x, axes, (-2, -1))
    found = _MATRIX_ORDERS[ord](held)
    return np.expand_dims(found, axes) if keepdims else found


def _largest_sum(axis: int, extreme: Any) -> Callable[[Any], Any]:
    return lambda x: extreme.reduce(np.add.reduce(np.abs(x), axis=axis), axis=-1)


_MATRIX_ORDERS: Mapping[Any, Callable[[Any], Any]] = {
    "fro": lambda x: vector_norm(x, axis=(-2, -1)),
    1: _largest_sum(-2, np.maximum),
    -1: _largest_sum(-2, np.minimum),
    np.inf: _largest_sum(-1, np.maximum),
    -np.inf: _largest_sum(-1, np.minimum),
}

NORMS: Mapping[str, Callable[..., Any]] = {
    "np.linalg.norm": norm,
    "np.linalg.vector_norm": lambda x, /, *, ord=2, **rest: vector_norm(x, ord, **rest),
    "np.linalg.matrix_norm": matrix_norm,
    "scipy.linalg.norm": lambda a, ord=None, axis=None, keepdims=False, check_finite=True: norm(
        a, ord, axis, keepdims
    ),
}
