"""SciPy's functions of arrays that statistics and machine learning are written with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import as_vector, is_traced
from adviz.sources.tracing.places import spot


def logsumexp(
    a: Any,
    axis: Any = None,
    b: Any = None,
    keepdims: bool = False,
    return_sign: bool = False,
) -> Any:
    """Return log(sum(b*exp(a))), term by term by `logaddexp`.

    That function shifts by the greater of two and is smooth where they are equal, as a shift by
    the greatest of all would not be.
    """
    if return_sign or (b is not None and (is_traced(b) or np.min(b) <= 0)):
        raise TracingError(
            "scipy.special.logsumexp can be traced with positive constant weights b and without "
            f"return_sign; {spot(_getframe(1))}"
        )
    terms = as_vector(a) if b is None else np.add(as_vector(a), np.log(b))
    axes = tuple(range(terms.ndim)) if axis is None else axis
    total = np.logaddexp.reduce(terms, axis=axes)
    return np.expand_dims(total, axes) if keepdims else total


def log_softmax(x: Any, axis: Any = None) -> Any:
    """Return the logarithm of the softmax."""
    return np.subtract(x, logsumexp(x, axis, keepdims=True))


def softmax(x: Any, axis: Any = None) -> Any:
    """Return exp(x)/sum(exp(x)), which never overflows."""
    return np.exp(log_softmax(x, axis))


# --- distances between vectors -------------------------------------------------------------------


def _difference(norm: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """Return the distance that a norm makes."""
    return lambda u, v: norm(np.subtract(as_vector(u), as_vector(v)))


def minkowski(u: Any, v: Any, p: float = 2) -> Any:
    """Return the p-norm of a difference."""
    return np.linalg.norm(np.subtract(as_vector(u), as_vector(v)), p)


def cosine(u: Any, v: Any) -> Any:
    """Return 1 - cos of the angle between two vectors."""
    return 1 - np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))


def correlation(u: Any, v: Any) -> Any:
    """Return 1 - the correlation of two vectors."""
    return cosine(np.subtract(u, np.mean(u)), np.subtract(v, np.mean(v)))


def canberra(u: Any, v: Any) -> Any:
    """Return the sum of relative differences."""
    return np.sum(np.abs(np.subtract(u, v)) / (np.abs(u) + np.abs(v)))


def braycurtis(u: Any, v: Any) -> Any:
    """Return the difference of two vectors, relative to their sum."""
    return np.sum(np.abs(np.subtract(u, v))) / np.sum(np.abs(np.add(u, v)))


def mahalanobis(u: Any, v: Any, VI: Any) -> Any:  # noqa: N803 - SciPy's name
    """Return the distance in the metric of an inverse covariance."""
    d = np.subtract(as_vector(u), as_vector(v))
    return np.sqrt(d @ VI @ d)


METRICS: Mapping[str, Callable[..., Any]] = {
    "euclidean": _difference(np.linalg.norm),
    "sqeuclidean": _difference(lambda d: np.sum(d**2)),
    "cityblock": _difference(lambda d: np.sum(np.abs(d))),
    "chebyshev": _difference(lambda d: np.max(np.abs(d))),
    "minkowski": minkowski,
    "cosine": cosine,
    "correlation": correlation,
    "canberra": canberra,
    "braycurtis": braycurtis,
    "mahalanobis": mahalanobis,
}
"""The distances of `scipy.spatial.distance`."""


def _metric(name: Any, **options: Any) -> Callable[..., Any]:
    """Return the distance of a name with its options, or the user's own."""
    given = {key: value for key, value in options.items() if value is not None}
    if callable(name):
        return partial(name, **given)
    if name not in METRICS:
        raise TracingError(
            f"the metric {name!r} cannot be traced ({spot(_getframe(2))}); "
            f"there are {', '.join(METRICS)}"
        )
    return partial(METRICS[name], **given)


def between(XA: Any, XB: Any, metric: Any = "euclidean", *, p: Any = None, VI: Any = None) -> Any:  # noqa: N803 - SciPy's name
    """Return the distance of every row (m, k) to every row (n, k): (m, n)."""
    distance = _metric(metric, p=p, VI=VI)
    return as_vector([[distance(a, b) for b in as_vector(XB)] for a in as_vector(XA)])


def among(X: Any, metric: Any = "euclidean", *, p: Any = None, VI: Any = None) -> Any:  # noqa: N803 - SciPy's name
    """Return the distances of all pairs of rows (n, k), in one vector."""
    distance, rows = _metric(metric, p=p, VI=VI), as_vector(X)
    pairs = ((a, b) for i, a in enumerate(rows) for b in rows[i + 1 :])
    return as_vector([distance(a, b) for a, b in pairs])


LEARNING: Mapping[str, Callable[..., Any]] = {
    "scipy.special.logsumexp": logsumexp,
    "scipy.special.softmax": softmax,
    "scipy.special.log_softmax": log_softmax,
    "scipy.special.softplus": lambda x: np.logaddexp(0, x),
    **{f"scipy.spatial.distance.{name}": metric for name, metric in METRICS.items()},
    "scipy.spatial.distance.cdist": between,
    "scipy.spatial.distance.pdist": among,
}
