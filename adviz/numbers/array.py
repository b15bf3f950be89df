"""NumPy arrays: an array is many independent points, computed at once.

NumPy's own functions come first, then SciPy's special functions where SciPy is installed, then
a row's stable definition, then the float function applied to every element.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from adviz.numbers import FLOAT64, Numbers
from adviz.rules import Function

_NUMPY = frozenset(
    "add hypot exp exp2 expm1 log log2 log10 log1p logaddexp sqrt cbrt sin cos tan asin acos "
    "atan atan2 degrees radians sinh cosh tanh asinh acosh atanh abs sign floor ceil trunc "
    "copysign fmod where pow".split()
)
_SCIPY = {
    "erf": "erf",
    "erfc": "erfc",
    "ndtr": "ndtr",
    "gamma": "gamma",
    "lgamma": "gammaln",
    "digamma": "digamma",
    "spherical_jn": "spherical_jn",
}
"""What SciPy calls the rows that NumPy lacks."""

RUNTIME: dict[str, Function] = {
    "pi": lambda: np.float64(np.pi),
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
    "div": np.true_divide,
    "mod": np.mod,
    "floordiv": np.floor_divide,
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
        found = getattr(special, _SCIPY[name])
        return _whole_order(found) if name == "spherical_jn" else found
    return _elementwise(name) if name == "polygamma" else None


def _whole_order(function: Callable[..., Any]) -> Function:
    """Return a Bessel function whose order may come as floats."""
    return lambda n, x: function(np.asarray(n, dtype=int), x)


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
    holds=lambda condition: bool(np.all(condition)),
    many=True,
)
