"""NumPy arrays: an array is many independent points, computed at once.

NumPy's own functions come first, then SciPy's special functions where SciPy is installed, then
a row's stable definition, then the float function applied to every element.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from adviz.numbers import FLOAT64, Numbers
from adviz.numbers.float64 import tail
from adviz.numbers.given import float64
from adviz.numbers.rules import Function
from adviz.numbers.special import FUNCTIONS

_NUMPY = frozenset(
    "add hypot exp exp2 expm1 log log2 log10 log1p logaddexp sqrt cbrt sin cos tan asin acos "
    "atan atan2 degrees radians sinh cosh tanh asinh acosh atanh abs sign floor ceil trunc "
    "copysign fmod where pow".split()
)
_SCIPY = {
    "erf": "erf",
    "erfc": "erfc",
    "gamma": "gamma",
    "lgamma": "gammaln",
    "digamma": "digamma",
    "ndtr": "erfc",
    "spherical_jn": "spherical_jn",
}
"""What SciPy calls the rows that NumPy lacks, or what they are made of."""

_NEAREST = 1e-30
"""Below which the power series of SciPy's Bessel functions lose digits."""

RUNTIME: dict[str, Function] = {
    "pi": lambda: np.float64(np.pi),
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "div": np.true_divide,
    "mod": np.mod,
    "floordiv": np.floor_divide,
    "round": np.rint,
    "min": np.minimum,
    "max": np.maximum,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}


def native(name: str) -> Function | None:
    """Return the function of a row for arrays, or None when it must be taken by definition."""
    found = RUNTIME.get(name) or (getattr(np, name) if name in _NUMPY else _special(name))
    return found and _quiet(found)


def _special(name: str) -> Function | None:
    """Return SciPy's function where it has one, or the float function element by element."""
    if name in _SCIPY:
        try:
            from scipy import special
        except ImportError:
            return _elementwise(name)
        found: Function = getattr(special, _SCIPY[name])
        return _BETTER[name](found) if name in _BETTER else found
    if name in _BESIDE and find_spec("scipy"):
        return _mended(name)
    return _elementwise(name) if name == "polygamma" or name in FUNCTIONS else None


_BESIDE: Mapping[str, tuple[str, float]] = {
    "erfinv": ("erfinv", 1.0),
    "besselj": ("jv", 1e6),
    "bessely": ("yv", 1e6),
    "besseli": ("iv", 700.0),
    "besselk": ("kv", 700.0),
    "airyai": ("airy 0", 10.0),
    "airyaiprime": ("airy 1", 10.0),
    "airybi": ("airy 2", 10.0),
    "airybiprime": ("airy 3", 10.0),
    "Si": ("sici 0", 1e300),
    "Ci": ("sici 1", 1e300),
    "Shi": ("shichi 0", 700.0),
    "Chi": ("shichi 1", 700.0),
    "Ei": ("expi", 700.0),
    "lambertw": ("lambertw", 1e300),
    "erfcinv": ("erfcinv", 2.0),
    "fresnels": ("fresnel 0", 1e8),
    "fresnelc": ("fresnel 1", 1e8),
    "elliptic_k": ("ellipk", 1e300),
    "elliptic_e": ("ellipe", 1e300),
}
"""SciPy's function, or a place among the results of one, and how far out it keeps its digits.

Its `beta`, `betaln` and `binom` lose up to nine digits of sixteen, its `zeta` one near 0.
"""


def _mended(name: str) -> Function:
    """Return SciPy's function, with the float function where it has no digits or no value."""
    from scipy import special

    library, _, place = _BESIDE[name][0].partition(" ")
    function, largest, alone = getattr(special, library), _BESIDE[name][1], _elementwise(name)

    def mended(*args: Any) -> Any:
        found = np.array(function(*args)[int(place)] if place else np.real(function(*args)))
        size = np.abs(args[-1])
        lost = (size > largest) | (size < _NEAREST) | ~np.isfinite(found)
        if lost.any():
            found[lost] = alone(*(one[lost] for one in np.broadcast_arrays(*args)))
        return found

    return mended


def _ndtr(erfc: Function) -> Function:
    """Return the normal distribution with all its digits in the lower tail."""

    def ndtr(x: Any) -> Any:
        inner = np.clip(x, -60, -1)
        return np.where(inner == x, tail(erfc, np.exp, inner), erfc(-x * np.sqrt(0.5)) / 2)

    return ndtr


def _spherical_jn(library: Function) -> Function:
    """Return the Bessel function for orders given as floats; near 0, by its power series.

    SciPy's loses digits there, and underflows too early (NIST DLMF 10.53.1).
    """
    from scipy.special import factorial2

    def spherical_jn(n: Any, x: Any) -> Any:
        order, half = np.asarray(n, dtype=int), x * x / 2
        series = 1 - half / (2 * n + 3) * (1 - half / (2 * (2 * n + 5)))
        near = np.power(x, n) / factorial2(2 * order + 1) * series
        return np.where(np.abs(x) < 1e-3, near, library(order, x))

    return spherical_jn


_BETTER = {"ndtr": _ndtr, "spherical_jn": _spherical_jn}
"""The rows that need more than SciPy's function."""


def _elementwise(name: str) -> Function:
    function = FLOAT64.function(name)
    return lambda *args: np.vectorize(function, otypes=[float])(*args)


def _quiet(function: Function) -> Function:
    """Return a function that reports what is undefined by NaN and infinities alone."""

    def quiet(*args: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*args)

    return quiet


ARRAY = Numbers(
    name="array",
    native=native,
    constant=np.float64,
    finite=lambda value: bool(np.all(np.isfinite(value))),
    isnan=lambda value: bool(np.any(np.isnan(value))),
    following=lambda partial, value: np.where(np.isnan(value), value, partial),
    holds=lambda condition: bool(np.all(condition)),
    many=True,
    given=lambda name, value: np.float64(float64(name, value)),
)
