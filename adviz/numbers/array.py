"""NumPy arrays: an array is many independent points, computed at once.

NumPy's own functions come first, then SciPy's special functions where SciPy is installed, then
a row's stable definition, then the float function applied to every element.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from adviz.numbers import Numbers
from adviz.numbers.given import float64
from adviz.numbers.library import LIBRARY, one_by_one, special
from adviz.numbers.rules import Function
from adviz.numbers.special import FUNCTIONS

_NUMPY = frozenset(
    "add hypot exp exp2 expm1 log log2 log10 log1p logaddexp sqrt cbrt sin cos tan asin acos "
    "atan atan2 degrees radians sinh cosh tanh asinh acosh atanh abs sign floor ceil trunc "
    "copysign fmod where pow".split()
)
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
    alone = name in LIBRARY or name in FUNCTIONS or name == "polygamma"
    return special(name) or (one_by_one(name) if alone else None)


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
    total=True,
    following=lambda partial, value: np.where(np.isnan(value), value, partial),
    holds=lambda condition: bool(np.all(condition)),
    many=True,
    eager=True,
    given=lambda name, value: np.float64(float64(name, value)),
)
