"""Functions of one number by their names in `scipy.special`, in terms of NumPy's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from math import factorial
from typing import Any

import numpy as np

from adviz.sources.tracing.calls import call, where
from adviz.sources.tracing.traced import TracedValue


def _exprel(x: Any) -> Any:
    """Return (exp(x) - 1)/x, near 0 by its series, which has derivatives there."""
    coefficients = [1 / factorial(k + 1) for k in range(7, -1, -1)]
    series = reduce(lambda total, c: total * x + c, coefficients)
    near = abs(x) < 0.01
    return where(near, series, np.expm1(x) / x)


def _boxcox(x: Any, lmbda: Any) -> Any:
    """Return (x**lmbda - 1)/lmbda, whose limit at lmbda = 0 is log(x)."""
    if not isinstance(lmbda, TracedValue) and lmbda == 0:
        return np.log(x)
    return np.expm1(lmbda * np.log(x)) / lmbda


def _log_ndtr(x: Any) -> Any:
    """Return the logarithm of a normal probability, which loses its digits where it is near 1."""
    p: Any = call("ndtr", x)
    complement: Any = call("ndtr", -x)
    return where(p < 0.75, np.log(p), np.log1p(-complement))


SPECIAL: Mapping[str, Callable[..., Any]] = {
    "boxcox": _boxcox,
    "boxcox1p": lambda x, lmbda: _boxcox(1 + x, lmbda),
    "cosdg": lambda x: np.cos(np.radians(x)),
    "cosm1": lambda x: -2 * np.sin(x / 2) ** 2,
    "exp10": lambda x: np.power(10, x),
    "exprel": _exprel,
    "kl_div": lambda x, y: call("rel_entr", x, y) - x + y,
    "log_ndtr": _log_ndtr,
    "powm1": lambda x, y: np.expm1(y * np.log(x)),
    "sindg": lambda x: np.sin(np.radians(x)),
    "tandg": lambda x: np.tan(np.radians(x)),
}
"""The ufuncs that no row of the table is named after."""
