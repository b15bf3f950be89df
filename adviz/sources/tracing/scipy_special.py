"""What a function sees in place of the functions of `scipy.special` that are no ufuncs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from sys import _getframe
from typing import Any

from adviz.errors import TracingError
from adviz.sources.tracing.arrays import is_traced, mapped
from adviz.sources.tracing.calls import call, where
from adviz.sources.tracing.places import spot
from adviz.sources.tracing.special import Function, factors


def _lambertw(z: Any, k: Any = 0, _: float = 1e-8) -> Any:
    if k != 0:
        raise TracingError(f"only branch 0 of lambertw has a row, not {k}; {spot(_getframe(1))}")
    return call("lambertw", z)


def _polygamma(n: Any, x: Any) -> Any:
    return call("polygamma", n, x) if n else call("digamma", x)


def _spherical_jn(n: Any, x: Any, derivative: bool = False) -> Any:
    value = call("spherical_jn", n, x)
    return n / x * value - call("spherical_jn", n + 1, x) if derivative else value


_FUNCTIONS: Mapping[str, tuple[int, Function]] = {
    "lambertw": (1, _lambertw),
    "polygamma": (2, _polygamma),
    "spherical_jn": (2, _spherical_jn),
    "factorial": (1, lambda n, **_: call("factorial", n)),
    "comb": (2, lambda n, k, **_: where((k <= n) & (k >= 0), factors(n, k), 0)),
}
"""Functions of scipy.special that are no ufuncs: the numbers they take, and what they mean."""


def stand_in(original: Any) -> Any:
    """Return what traced code sees in place of a function of scipy.special; itself where it can."""
    known = _FUNCTIONS.get(getattr(original, "__name__", ""))
    if known is None or not (original.__module__ or "").startswith("scipy.special"):
        return original
    count, function = known

    @wraps(original)
    def seen(*args: Any, **options: Any) -> Any:
        if not is_traced(args):
            return original(*args, **options)
        numbers, rest = args[:count], args[count:]
        return mapped(lambda *each: function(*each, *rest, **options), count, 1, numbers)

    return seen
