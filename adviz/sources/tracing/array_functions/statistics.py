"""NumPy's statistics of arrays with traced values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from adviz.sources.tracing.arrays import as_vector


def variance(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    """Return the variance, as np.var does."""
    held = as_vector(x)
    count = held.size if axis is None else np.size(held.view(np.ndarray), axis)
    squares = (held - np.mean(held, axis=axis, keepdims=True)) ** 2
    return np.sum(squares, axis=axis, keepdims=keepdims) / (count - ddof)


def deviation(x: Any, axis: Any = None, **options: Any) -> Any:
    """Return the standard deviation, as np.std does."""
    return np.sqrt(variance(x, axis, **options))


def _average(x: Any, axis: Any = None, weights: Any = None, *, keepdims: bool = False) -> Any:
    """Return the weighted mean; the weights may be traced too."""
    if weights is None:
        return np.mean(x, axis=axis, keepdims=keepdims)
    held, factors = as_vector(x), as_vector(weights)
    if factors.shape != held.shape:  # one weight for each slice along the axis
        factors = np.moveaxis(factors.reshape((1,) * (held.ndim - 1) + factors.shape), -1, axis)
        factors = np.broadcast_to(factors, held.shape)
    total = np.sum(held * factors, axis=axis, keepdims=keepdims)
    return total / np.sum(factors, axis=axis, keepdims=keepdims)


def covariance(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None
) -> Any:
    """Return the covariances of the rows, as np.cov does without weights."""
    rows = _rows(m, rowvar) if y is None else np.vstack([_rows(m, rowvar), _rows(y, rowvar)])
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    lost = (0 if bias else 1) if ddof is None else ddof
    return np.squeeze(centred @ centred.T / (rows.shape[1] - lost))[()]


def _rows(m: Any, rowvar: bool) -> Any:
    held = np.atleast_2d(as_vector(m))
    return held if rowvar or np.ndim(m) < 2 else held.T


def _correlation(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    """Return the correlations of the rows."""
    covariances = np.atleast_2d(covariance(x, y, rowvar))
    spread = np.sqrt(np.diagonal(covariances))
    return np.squeeze(covariances / np.outer(spread, spread))[()]


def _bincount(x: Any, weights: Any, minlength: int = 0) -> Any:
    """Return the sums of the weights that have the same label."""
    sums = as_vector(np.zeros(max(minlength, np.max(x) + 1)))
    np.add.at(sums, x, weights)
    return sums


def _zscore(x: Any, axis: Any = 0, ddof: int = 0) -> Any:
    """Return the values less their mean, in standard deviations."""
    centred = np.subtract(x, np.mean(x, axis=axis, keepdims=True))
    return centred / deviation(x, axis, ddof=ddof, keepdims=True)


def _entropy(pk: Any, qk: Any = None, base: float | None = None, axis: Any = 0) -> Any:
    """Return the entropy of probabilities, or relative to others; both are normalised first."""
    from scipy import special

    p = _normalised(pk, axis)
    terms = special.entr(p) if qk is None else special.rel_entr(p, _normalised(qk, axis))
    total = np.sum(terms, axis=axis)
    return total if base is None else total / np.log(base)


def _normalised(p: Any, axis: Any) -> Any:
    return np.divide(p, np.sum(p, axis=axis, keepdims=True))


_FINITE = ("sum", "prod", "mean", "var", "std", "max", "min", "cumsum", "cumprod")

STATISTICS: Mapping[str, Callable[..., Any]] = {
    "np.var": variance,
    "np.std": deviation,
    "np.average": _average,
    "np.cov": covariance,
    "np.corrcoef": _correlation,
    "np.bincount": _bincount,
    "np.count_nonzero": lambda a, axis=None: np.sum(np.not_equal(a, 0) * 1, axis=axis),
    "scipy.stats.zscore": _zscore,
    "scipy.stats.entropy": _entropy,
    "scipy.stats.gmean": lambda a, axis=0: np.exp(np.mean(np.log(a), axis=axis)),
    "scipy.stats.hmean": lambda a, axis=0: 1 / np.mean(np.divide(1, a), axis=axis),
    # a traced value stands for a finite number
    **{f"np.nan{name}": getattr(np, name) for name in _FINITE},
}
