"""Functions of one number or few by their names in `scipy.special`, in terms of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from math import factorial
from operator import mul
from typing import Any

import numpy as np

from adviz.sources.tracing.calls import call, where
from adviz.sources.tracing.traced import TracedValue

Function = Callable[..., Any]
_MOST_FACTORS = 32


def _gamma(x: Any) -> Any:
    """Return gamma of a number or a traced value."""
    if isinstance(x, TracedValue):
        return call("gamma", x)
    from scipy import special

    return float(special.gamma(x))


def factors(n: Any, k: Any) -> Any:
    """Return a binomial coefficient, a product for a small whole number of factors."""
    if not isinstance(k, TracedValue) and float(k).is_integer() and 1 <= k <= _MOST_FACTORS:
        return reduce(mul, (n - i for i in range(1, int(k))), n) / factorial(int(k))
    return call("binomial", n, k)


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


SPECIAL: Mapping[str, Function] = {
    "j0": lambda x: call("besselj", 0, x),
    "j1": lambda x: call("besselj", 1, x),
    "y0": lambda x: call("bessely", 0, x),
    "y1": lambda x: call("bessely", 1, x),
    "yn": lambda n, x: call("bessely", n, x),
    "i0": lambda x: call("besseli", 0, x),
    "i1": lambda x: call("besseli", 1, x),
    "k0": lambda x: call("besselk", 0, x),
    "k1": lambda x: call("besselk", 1, x),
    "kn": lambda n, x: call("besselk", n, x),
    "exp1": lambda x: call("expn", 1, x),
    "airy": lambda x: tuple(call(n, x) for n in ("airyai", "airyaiprime", "airybi", "airybiprime")),
    "sici": lambda x: (call("Si", x), call("Ci", x)),
    "fresnel": lambda x: (call("fresnels", x), call("fresnelc", x)),
    "shichi": lambda x: (call("Shi", x), call("Chi", x)),
    "binom": factors,
    "poch": lambda x, k: _gamma(x + k) / _gamma(x),
    "rgamma": lambda x: 1 / _gamma(x),
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
