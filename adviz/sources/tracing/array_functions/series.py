"""NumPy's functions of sampled values: spaced points, interpolation, polynomials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from sys import _getframe
from typing import Any

import numpy as np

from adviz.errors import TracingError
from adviz.sources.tracing.array_functions.choices import choice
from adviz.sources.tracing.array_functions.linear import linear
from adviz.sources.tracing.arrays import as_vector, is_traced
from adviz.sources.tracing.places import spot


def spaced(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False
) -> Any:
    """Return evenly spaced values between ends that may be traced, as np.linspace does."""
    closed = endpoint and num > 1
    step = (stop - start) / max(num - endpoint, 1)
    inner = [start + i * step for i in range(num - closed)]
    values = as_vector([*inner, stop] if closed else inner)
    return (values, step) if retstep else values


def _log_spaced(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: float = 10.0
) -> Any:
    return np.power(base, spaced(start, stop, num, endpoint))


def _geometric(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> Any:
    return start * np.power(stop / start, np.linspace(0.0, 1.0, num, endpoint))


def interpolated(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """Return the piecewise linear function through points, as np.interp does."""
    if period is not None:
        raise TracingError(f"np.interp with a period cannot be traced; {spot(_getframe(1))}")
    if not is_traced((x, xp)):
        return _interpolated_values(x, xp, fp, left=left, right=right)
    at, knots, values = as_vector(x)[()], as_vector(xp), as_vector(fp)
    first = values[0] if left is None else left
    last = values[-1] if right is None else right
    slopes = (values[1:] - values[:-1]) / (knots[1:] - knots[:-1])
    lines = [f + slope * (at - k) for f, slope, k in zip(values, slopes, knots, strict=False)]
    pairs = list(zip([at < k for k in knots], [first, *lines], strict=True))[::-1]
    beyond = choice(at > knots[-1], last, values[-1])
    return reduce(lambda otherwise, pair: choice(*pair, otherwise), pairs, beyond)


_interpolated_values = linear("np.interp", 2)


# --- polynomials, the highest power first --------------------------------------------------------


def _sum(a: Any, b: Any) -> Any:
    """Return the sum of two polynomials."""
    length = max(np.size(a), np.size(b))
    first, second = (
        np.concatenate([np.zeros(length - np.size(p)), np.atleast_1d(as_vector(p))]) for p in (a, b)
    )
    return first + second


def _derivative(p: Any, m: int = 1) -> Any:
    """Return the m-th derivative of a polynomial."""
    held = as_vector(p)
    for _ in range(m):
        held = held[:-1] * np.arange(len(held) - 1, 0, -1)
    return held


def _integral(p: Any, m: int = 1, k: Any = None) -> Any:
    """Return the m-th antiderivative of a polynomial, with constants of integration."""
    held = as_vector(p)
    constants = np.broadcast_to(np.atleast_1d(0 if k is None else k), m)
    for constant in constants:
        held = np.concatenate([held / np.arange(len(held), 0, -1), [constant]])
    return held


SERIES: Mapping[str, Callable[..., Any]] = {
    "np.linspace": spaced,
    "np.logspace": _log_spaced,
    "np.geomspace": _geometric,
    "np.interp": interpolated,
    "np.polyadd": _sum,
    "np.polysub": lambda a, b: _sum(a, np.negative(b)),
    "np.polymul": lambda a, b: np.convolve(a, b),
    "np.polyder": _derivative,
    "np.polyint": _integral,
}
