"""Python's own floats: `math`, made total, and mpmath where `math` has no such function."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from typing import Any

from adviz.numbers import Numbers, multiprecision
from adviz.numbers.operators import OPERATORS
from adviz.numbers.rules import Function
from adviz.numbers.special import FUNCTIONS

_GUARD_DIGITS = 25
"""Working precision of functions borrowed from mpmath: enough to round correctly to a double."""


def _div(x: float, y: float) -> float:
    """Divide as IEEE 754 does: a nonzero number by zero is an infinity."""
    if y != 0:
        return x / y
    return math.nan if x == 0 or x != x else math.copysign(math.inf, x) * math.copysign(1.0, y)


def _pow(x: float, y: float) -> float:
    """Raise to a power as C99 does, with NaN for a negative base and a broken exponent."""
    odd = y % 2 == 1
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        return math.copysign(math.inf, x if odd else 1.0) if x == 0 else math.nan


def _sign(x: float) -> float:
    return x if x != x else float((x > 0) - (x < 0))


def _rounded(function: Callable[[float], int]) -> Function:
    """Return a rounding function with the sign of its argument on a zero, as IEEE 754 has it."""
    return lambda x: math.copysign(function(x), x) if math.isfinite(x) else x


def _at_zero(function: Callable[[float], float], limit: float = -math.inf) -> Function:
    """Return a logarithm that is -inf at its pole and NaN below it."""
    pole = -1.0 if function is math.log1p else 0.0

    def logarithm(x: float) -> float:
        return function(x) if x > pole else limit if x == pole else math.nan

    return logarithm


def _gamma(x: float) -> float:
    """Return gamma, whose infinity has the sign of that side of the pole at 0."""
    if x <= 0 and x.is_integer():
        return math.copysign(math.inf, x) if x == 0 else math.nan
    try:
        return math.gamma(x)
    except OverflowError:
        return math.copysign(math.inf, x)
    except ValueError:
        return math.nan


def _square(x: Any) -> tuple[Any, Any]:
    """Return a square and what rounding took from it (Dekker 1971, Numerische Mathematik 18)."""
    shifted = x * (2.0**27 + 1)
    high = shifted - (shifted - x)
    low = x - high
    square = x * x
    return square, ((high * high - square) + 2 * high * low) + low * low


def tail(erfc: Function, exp: Function, x: Any) -> Any:
    """Return half of erfc(-x/sqrt(2)) below -1, where the argument t needs more than its digits.

    In the tail a relative error of t counts 2*t*t times, so what rounding takes from t is put
    back to first order. Holds for numbers and arrays alike.
    """
    t = -x * math.sqrt(0.5)
    (wanted, beyond_wanted), (got, beyond_got) = _square(x), _square(t)
    taken = ((wanted / 2 - got) + (beyond_wanted / 2 - beyond_got)) / (2 * t)
    return erfc(t) / 2 - exp(-t * t) / math.sqrt(math.pi) * taken


def _ndtr(x: float) -> float:
    if not -60 < x < -1:
        return math.erfc(-x * math.sqrt(0.5)) / 2
    return float(tail(math.erfc, math.exp, x))


def _lgamma(x: float) -> float:
    """Return the logarithm of gamma; near its zeros, where `math` loses digits, by mpmath."""
    value: float = math.inf if x <= 0 and x.is_integer() else _total(math.lgamma)(x)
    return value if abs(value) > 1 else _precise_lgamma()(x)


@cache
def _precise_lgamma() -> Function:
    return _borrowed("lgamma", 2 * _GUARD_DIGITS)


RUNTIME: dict[str, Function] = {
    **OPERATORS,
    "pi": lambda: math.pi,
    "div": _div,
    "pow": _pow,
    "mod": lambda x, y: x % y if y and math.isfinite(x) else math.nan,
    "floordiv": lambda x, y: x // y if y and math.isfinite(x) else math.nan,
    "sign": _sign,
    "floor": _rounded(math.floor),
    "ceil": _rounded(math.ceil),
    "trunc": _rounded(math.trunc),
    "round": _rounded(round),
    "min": lambda x, y: y if y < x or y != y else x,
    "max": lambda x, y: y if y > x or y != y else x,
    "log": _at_zero(math.log),
    "log2": _at_zero(math.log2),
    "log10": _at_zero(math.log10),
    "log1p": _at_zero(math.log1p),
    "atanh": lambda x: math.copysign(math.inf, x) if abs(x) == 1 else _total(math.atanh)(x),
    "sinh": lambda x: math.sinh(x) if abs(x) < 710 else _total(math.sinh)(abs(x)) * _sign(x),
    "gamma": _gamma,
    "lgamma": _lgamma,
    "ndtr": _ndtr,
}
"""The rows for which `math` has nothing, another meaning, or an exception for a limit."""


def _total(function: Callable[..., float]) -> Function:
    """Return a function of `math` with infinities and NaN in place of its exceptions."""

    @wraps(function)
    def total(*args: float) -> float:
        try:
            return function(*args)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return total


def _borrowed(name: str, digits: int = _GUARD_DIGITS) -> Function:
    """Return mpmath's function rounded to a double."""
    library = multiprecision(digits)
    function = library.function(name)
    return lru_cache(maxsize=4096)(lambda *args: float(function(*map(library.constant, args))))


def native(name: str) -> Function | None:
    """Return the function of a row for floats, or None when it must be taken by definition."""
    if name in RUNTIME:
        return RUNTIME[name]
    if name in _BORROWED:
        return _borrowed(name, 2 * _GUARD_DIGITS)
    found: Any = getattr(math, name, None)
    return found and _total(found)


_BORROWED = frozenset({"digamma", "polygamma", "spherical_jn", *FUNCTIONS})
"""Special functions without a definition in other rows."""

FLOAT64 = Numbers(
    name="float64",
    native=native,
    constant=float,
    finite=math.isfinite,
    isnan=math.isnan,
    total=True,
    following=lambda partial, value: value if value != value else partial,
)
