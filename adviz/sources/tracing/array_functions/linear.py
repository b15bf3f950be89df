"""Functions that are linear in one argument, read off from what they make of unit vectors.

A function that only adds and weighs the values of one array, such as a finite difference, a
filter or a quadrature, is a matrix; its columns are its values at the unit vectors, which the
library's own code computes. So nothing about the function has to be known but its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import add
from pkgutil import resolve_name
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import Vector, as_vector, is_traced
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.traced import TracedValue


def linear(name: str, position: int = 0) -> Callable[..., Any]:
    """Return the named function, for traced values in the argument at a position.

    Raises TracingError when another argument is traced, or for a result that is not real.
    """

    def expand(*args: Any, **options: Any) -> Any:
        function = resolve_name(name.replace("np.", "numpy.", 1))
        values = args[position]
        others = (*args[:position], *args[position + 1 :])
        if is_traced((others, tuple(options.values()))):
            raise TracingError(
                f"{name} can be traced in its argument {position + 1} alone; {spot(_getframe(1))}"
            )

        def at(numbers: Any) -> Any:
            return function(*args[:position], numbers, *args[position + 1 :], **options)

        return _expanded(name, at, as_vector(values))

    return expand


def _expanded(name: str, function: Callable[[Any], Any], values: Vector) -> Any:
    """Return a linear function of an array, as sums of its elements with constant weights."""
    zero = function(np.zeros(values.shape))
    if isinstance(zero, tuple | list):
        parts: list[Callable[[Any], Any]] = [
            partial(_part, function, position) for position in range(len(zero))
        ]
        return [_expanded(name, part, values) for part in parts]
    if np.iscomplexobj(zero):
        raise TracingError(f"{name} is complex, not real; {spot(_getframe(1))}")
    flat = values.view(np.ndarray).ravel().tolist()
    known = [0.0 if isinstance(value, TracedValue) else float(value) for value in flat]
    rest = np.asarray(function(np.reshape(known, values.shape)))
    columns = [
        (value, np.ravel(function(np.eye(1, len(flat), i).reshape(values.shape)) - zero).tolist())
        for i, value in enumerate(flat)
        if isinstance(value, TracedValue)
    ]
    sums = [_sum(constant, columns, k) for k, constant in enumerate(rest.ravel().tolist())]
    return as_vector(sums).reshape(rest.shape) if rest.ndim else sums[0]


def _part(function: Callable[[Any], Any], position: int, values: Any) -> Any:
    return function(values)[position]


def _sum(constant: float, columns: Sequence[tuple[Any, Sequence[float]]], position: int) -> Any:
    """Return one element of the result: the traced values by their weights other than 0."""
    weighted = [(value, weights[position]) for value, weights in columns if weights[position]]
    terms = [value if weight == 1 else weight * value for value, weight in weighted]
    return reduce(add, [constant, *terms] if constant or not terms else terms)


_POSITIONS = {
    "np.gradient": 0,
    "np.linalg.tensorsolve": 1,
    "np.polyfit": 1,
    **{f"scipy.fft.{name}": 0 for name in ("dct", "dst", "idct", "idst")},
    **{f"scipy.integrate.{name}": 0 for name in ("cumulative_simpson", "romb", "simpson")},
    **{f"scipy.ndimage.{name}": 0 for name in ("convolve", "convolve1d", "correlate")},
    **{f"scipy.ndimage.{name}": 0 for name in ("correlate1d", "gaussian_filter", "laplace")},
    **{f"scipy.ndimage.{name}": 0 for name in ("gaussian_filter1d", "gaussian_laplace", "zoom")},
    **{f"scipy.ndimage.{name}": 0 for name in ("prewitt", "shift", "sobel", "uniform_filter")},
    "scipy.ndimage.uniform_filter1d": 0,
    **{f"scipy.signal.{name}": 0 for name in ("detrend", "resample", "savgol_filter")},
    **{f"scipy.signal.{name}": 1 for name in ("sosfilt", "sosfiltfilt", "upfirdn")},
    **{f"scipy.signal.{name}": 2 for name in ("filtfilt", "lfilter")},
    **{f"scipy.linalg.{name}": 0 for name in ("circulant", "hankel", "toeplitz")},
    **{f"scipy.linalg.{name}": 1 for name in ("cho_solve", "lu_solve", "solve_triangular")},
    "scipy.linalg.solve_banded": 2,
    "scipy.spatial.distance.squareform": 0,
}
"""The position of the argument in which a function is linear."""

LINEAR: Mapping[str, Callable[..., Any]] = {
    name: linear(name, position) for name, position in _POSITIONS.items()
}
