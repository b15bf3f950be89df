"""The functions of `scipy.special` that are no ufuncs, of every element."""

from __future__ import annotations

from collections.abc import Mapping
from sys import _getframe
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import mapped
from adviz.sources.tracing.calls import call, where
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.special import Function, factors


def _lambertw(z: Any, k: Any = 0, _: float = 1e-8) -> Any:
    if k != 0:
        raise TracingError(f"only branch 0 of lambertw has a row, not {k}; {spot(_getframe(1))}")
    return call("lambertw", z)


def _zeta(x: Any, q: Any = None, _: Any = None) -> Any:
    if q not in (None, 1):
        raise TracingError(
            f"only zeta of one argument has a row, not q = {q}; {spot(_getframe(1))}"
        )
    return call("zeta", x)


def _polygamma(n: Any, x: Any) -> Any:
    return call("polygamma", n, x) if n else call("digamma", x)


def _spherical_jn(n: Any, x: Any, derivative: bool = False) -> Any:
    value = call("spherical_jn", n, x)
    return n / x * value - call("spherical_jn", n + 1, x) if derivative else value


def _of_elements(count: int, function: Function) -> Function:
    """Return a function of arrays from one that takes so many numbers, and options after them."""

    def row(*args: Any, **options: Any) -> Any:
        numbers, rest = args[:count], args[count:]
        return mapped(lambda *each: function(*each, *rest, **options), count, 1, numbers)

    return row


SPECIAL_FUNCTIONS: Mapping[str, Function] = {
    "scipy.special.lambertw": _of_elements(1, _lambertw),
    "scipy.special.zeta": _of_elements(1, _zeta),
    "scipy.special.polygamma": _of_elements(2, _polygamma),
    "scipy.special.spherical_jn": _of_elements(2, _spherical_jn),
    "scipy.special.factorial": _of_elements(
        1, lambda n, **_: where(n >= 0, call("factorial", n), 0)
    ),
    "scipy.special.comb": _of_elements(
        2, lambda n, k, **_: where((k <= n) & (k >= 0), factors(n, k), 0)
    ),
}
