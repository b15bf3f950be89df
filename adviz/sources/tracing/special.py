"""The ufuncs of `scipy.special` that no row is named after, for traced numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from math import factorial
from operator import mul
from typing import Any

from adviz.sources.tracing.calls import call
from adviz.sources.tracing.traced import TracedValue

Function = Callable[..., Any]
_MOST_FACTORS = 32


def _gamma(x: Any) -> Any:
    """Return gamma of a number or a traced value."""
    return call("gamma", x) if isinstance(x, TracedValue) else _plain("gamma", x)


def _lgamma(x: Any) -> Any:
    return call("lgamma", x) if isinstance(x, TracedValue) else _plain("gammaln", x)


def _plain(name: str, x: Any) -> float:
    from scipy import special

    return float(getattr(special, name)(x))


def factors(n: Any, k: Any) -> Any:
    """Return a binomial coefficient, a product for a small whole number of factors."""
    if not isinstance(k, TracedValue) and float(k).is_integer() and 1 <= k <= _MOST_FACTORS:
        return reduce(mul, (n - i for i in range(1, int(k))), n) / factorial(int(k))
    return _gamma(n + 1) / (_gamma(k + 1) * _gamma(n - k + 1))


UFUNCS: Mapping[str, Function] = {
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
    "erfcinv": lambda x: call("erfinv", 1 - x),
    "airy": lambda x: tuple(call(n, x) for n in ("airyai", "airyaiprime", "airybi", "airybiprime")),
    "sici": lambda x: (call("Si", x), call("Ci", x)),
    "shichi": lambda x: (call("Shi", x), call("Chi", x)),
    "beta": lambda x, y: _gamma(x) * _gamma(y) / _gamma(x + y),
    "betaln": lambda x, y: _lgamma(x) + _lgamma(y) - _lgamma(x + y),
    "binom": factors,
    "poch": lambda x, k: _gamma(x + k) / _gamma(x),
    "rgamma": lambda x: 1 / _gamma(x),
}
"""The ufuncs of scipy.special in terms of rows."""
