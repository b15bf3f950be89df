"""The densities of `scipy.stats`, from their standard forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from math import log, pi
from sys import _getframe
from typing import Any, NamedTuple

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.array_functions.choices import choice
from adviz.sources.tracing.places import spot

Function = Callable[..., Any]


def _special(name: str) -> Function:
    """Return a ufunc of `scipy.special`, which is installed wherever it is asked for."""
    return lambda *args: getattr(import_module("scipy.special"), name)(*args)


_NDTR, _EXPIT, _GAMMALN = map(_special, ("ndtr", "expit", "gammaln"))


class Standard(NamedTuple):
    """A distribution before it is shifted and scaled; shape parameters come after the argument."""

    shapes: int
    """How many shape parameters it has."""
    logpdf: Function
    """The logarithm of the density; undefined outside the support."""
    cdf: Function | None = None
    """The probability up to a number."""
    sf: Function | None = None
    """The probability beyond a number, which keeps its digits where the other is near 1."""


STANDARD: Mapping[str, Standard] = {
    "norm": Standard(0, lambda x: -np.square(x) / 2 - log(2 * pi) / 2, _NDTR, lambda x: _NDTR(-x)),
    "logistic": Standard(
        0, lambda x: -np.logaddexp(0, x) - np.logaddexp(0, -x), _EXPIT, lambda x: _EXPIT(-x)
    ),
    "cauchy": Standard(0, lambda x: -np.log1p(np.square(x)) - log(pi)),
    "laplace": Standard(0, lambda x: -np.abs(x) - log(2)),
    "gamma": Standard(1, lambda x, a: (a - 1) * np.log(x) - x - _GAMMALN(a)),
    "lognorm": Standard(
        1, lambda x, s: -np.square(np.log(x) / s) / 2 - np.log(s * x) - log(2 * pi) / 2
    ),
    "t": Standard(
        1,
        lambda x, df: (
            _GAMMALN((df + 1) / 2)
            - _GAMMALN(df / 2)
            - np.log(pi * df) / 2
            - (df + 1) / 2 * np.log1p(np.square(x) / df)
        ),
    ),
}
"""The distributions of `scipy.stats` whose densities are elementary."""


def _pdf(row: Standard, x: Any, *args: Any, **options: Any) -> Any:
    y, shapes, scale = _standardised(row, x, *args, **options)
    return np.exp(row.logpdf(y, *shapes)) / scale


def _logpdf(row: Standard, x: Any, *args: Any, **options: Any) -> Any:
    y, shapes, scale = _standardised(row, x, *args, **options)
    return row.logpdf(y, *shapes) - np.log(scale)


def _probability(row: Standard, x: Any, *args: Any, of: Function, **options: Any) -> Any:
    y, shapes, _ = _standardised(row, x, *args, **options)
    return of(y, *shapes)


def _logarithm(p: Any, complement: Any) -> Any:
    """Return log(p), by way of 1 - p where p is near 1 and would have lost its digits."""
    return choice(np.less(p, 0.75), np.log(p), np.log1p(np.negative(complement)))


def _standardised(
    row: Standard, x: Any, *args: Any, loc: Any = 0, scale: Any = 1, **named: Any
) -> tuple[Any, tuple[Any, ...], Any]:
    """Return the shifted and scaled argument, the shape parameters, and the scale."""
    given = (*args, *named.values())
    shapes, rest = given[: row.shapes], given[row.shapes :]
    loc, scale = (*rest, *(loc, scale)[len(rest) :])
    return np.divide(np.subtract(x, loc), scale), shapes, scale


def _methods(name: str, row: Standard) -> Mapping[str, Function]:
    """Return the methods of a distribution by their full names."""
    found: dict[str, Function] = {"pdf": partial(_pdf, row), "logpdf": partial(_logpdf, row)}
    if row.cdf is not None and row.sf is not None:
        cdf, sf = row.cdf, row.sf
        of = {
            "cdf": cdf,
            "sf": sf,
            "logcdf": lambda x: _logarithm(cdf(x), sf(x)),
            "logsf": lambda x: _logarithm(sf(x), cdf(x)),
        }
        found |= {method: partial(_probability, row, of=f) for method, f in of.items()}
    return {f"scipy.stats.{name}.{method}": f for method, f in found.items()}


def _normal_logpdf(x: Any, mean: Any, cov: Any = 1) -> Any:
    """Return the logarithm of the normal density at vectors (…, k), with a mean (k,)."""
    d = np.subtract(x, mean)
    size = np.size(mean)
    if np.shape(d)[-1:] != (size,):
        raise TracingError(
            f"scipy.stats.multivariate_normal is traced for vectors as long as its mean, {size}, "
            f"not for the shape {np.shape(x)}; {spot(_getframe(1))}"
        )
    covariance = cov if np.ndim(cov) == 2 else np.multiply(cov, np.eye(size))
    quadratic = np.sum(d @ np.linalg.inv(covariance) * d, axis=-1)
    return -(quadratic + np.log(np.linalg.det(covariance)) + size * log(2 * pi)) / 2


DISTRIBUTIONS: Mapping[str, Function] = {
    **{full: f for name, row in STANDARD.items() for full, f in _methods(name, row).items()},
    "scipy.stats.multivariate_normal.logpdf": _normal_logpdf,
    "scipy.stats.multivariate_normal.pdf": lambda x, mean, cov=1: np.exp(
        _normal_logpdf(x, mean, cov)
    ),
}
