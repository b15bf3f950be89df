"""Quotients of gamma functions and differences of their logarithmic slopes, by mpmath.

Their terms are large where the result is small, so that each is taken with the digits to spare
that cancel (NIST DLMF 5.5.3, 5.12, 5.15).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

Context = Any
"""An mpmath context."""

GUARD_BITS = 30
_NEAR_BITS = 60
_MPMATHS_BITS = 700
"""Up to so many, mpmath's own ways are as fast, also the first time at a precision."""
_RAISED = 0.4
"""How large an argument is made for each bit.

Stirling's series has a quarter of the terms there that it has at 0.11, where mpmath begins: it is
the Bernoulli numbers in them, and the coefficients of Taylor's series, that take seconds.
"""
_FAR = 2**60


def gamma(context: Context, x: Any) -> Any:
    """Return gamma, at many digits by recurrence from a large argument (NIST DLMF 5.5.1, 5.5.3)."""
    if _is_mpmaths(context, x):
        return context.gamma(x)
    with context.workprec(context.prec + GUARD_BITS):
        if context.re(x) <= 0:
            value = context.pi / (context.sinpi(x) * gamma(context, 1 - x))
        else:
            steps = _steps(context, x)
            value = context.gamma(x + len(steps)) / _product(context, x, steps)
    return +value


def log_gamma(context: Context, x: Any) -> Any:
    """Return the logarithm of gamma for a positive number; it is small where x is near 1 or 2."""
    if _is_mpmaths(context, x):
        return context.loggamma(x)
    lost = max(0, *(-int(context.mag(x - zero)) for zero in (1, 2)))
    with context.workprec(context.prec + lost + GUARD_BITS):
        steps = _steps(context, x)
        value = context.loggamma(x + len(steps)) - context.log(_product(context, x, steps))
    return +value


def digamma(context: Context, x: Any) -> Any:
    """Return the slope of the logarithm of gamma in the same way (NIST DLMF 5.5.2, 5.5.4)."""
    if _is_mpmaths(context, x):
        return context.digamma(x)
    with context.workprec(context.prec + GUARD_BITS):
        if context.re(x) <= 0:
            value = digamma(context, 1 - x) - context.pi * context.cospi(x) / context.sinpi(x)
        else:
            steps = _steps(context, x)
            terms = (1 / (x + k) for k in steps)
            value = context.digamma(x + len(steps)) - sum(terms, context.zero)
    return +value


def _is_mpmaths(context: Context, x: Any) -> bool:
    """Return whether mpmath's own function is as fast: where digits are few, at whole numbers."""
    return bool(context.prec <= _MPMATHS_BITS or not context.isfinite(x) or context.isint(x))


def _steps(context: Context, x: Any) -> range:
    """Return the steps by 1 from a positive number to where Stirling's series has few terms."""
    return range(max(0, int(_RAISED * context.prec) - int(min(context.re(x), context.prec))))


def _product(context: Context, x: Any, steps: Iterable[int]) -> Any:
    """Return the product of a number and those that follow it by steps."""
    return context.fprod(x + k for k in steps)


def _log_gammas(context: Context, above: Iterable[Any], below: Iterable[Any]) -> tuple[Any, int]:
    """Return the logarithm of the size of a quotient of gamma functions, and its sign."""
    terms = [(1, *_log_gamma(context, x)) for x in above]
    terms += [(-1, *_log_gamma(context, x)) for x in below]
    total = sum((side * size for side, size, _ in terms), context.zero)
    return total, -1 if sum(sign < 0 for *_, sign in terms) % 2 else 1


def _log_gamma(context: Context, x: Any) -> tuple[Any, int]:
    """Return the logarithm of the size of gamma, and its sign; below 0 by reflection."""
    if context.re(x) > 0:
        return log_gamma(context, x), 1
    sign = -1 if int(context.floor(context.re(x))) % 2 else 1
    return context.log(context.pi / (sign * context.sinpi(x))) - log_gamma(context, 1 - x), sign


def _of_gammas(finish: Callable[..., Any], parts: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the logarithm of a quotient, whose terms cancel where they are large."""

    def function(context: Context, *args: Any) -> Any:
        if not all(map(context.isfinite, args)):
            raise ValueError
        spare = max(0, *(int(context.mag(x or 1)) for x in args)) + GUARD_BITS
        with context.workprec(context.prec + spare):
            return finish(context, *_log_gammas(context, *parts(*args)))

    return function


def _power(context: Context, logarithm: Any, sign: int) -> Any:
    """Return a number by its logarithm; what could not be held in memory is a limit."""
    if abs(logarithm) > _FAR:
        return sign * context.inf if context.re(logarithm) > 0 else context.zero
    return sign * context.exp(logarithm)


def polygamma(context: Context, n: Any, x: Any) -> Any:
    """Return a polygamma function, below zero by reflection (NIST DLMF 5.15.6)."""
    if n == 0:
        return digamma(context, x)
    if context.re(x) > 0:
        return context.polygamma(n, x)
    with context.workprec(context.prec + 10):
        cotangent = context.cospi(x) / context.sinpi(x)
        turned = context.pi ** (n + 1) * context.polyval(cotangent_slopes(int(n)), cotangent)
        value = (-1) ** int(n) * context.polygamma(n, 1 - x) - turned
    return +value


@lru_cache
def cotangent_slopes(order: int) -> tuple[int, ...]:
    """Return the derivative of the cotangent of so high an order as a polynomial in it.

    The highest power comes first; c' is -(1 + c**2). It gives polygamma at
    negative arguments by reflection (NIST DLMF 5.15.6), where mpmath's recurrence takes time linear
    in the argument and loses its digits.
    """
    rising = [0, 1]
    for _ in range(order):
        slope = [power * factor for power, factor in enumerate(rising)][1:]
        rising = [-a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    return tuple(reversed(rising))


def _polygamma_difference(context: Context, n: Any, x: Any, y: Any) -> Any:
    """Return a polygamma function at x + y less that at x; for a small y by Taylor's series."""
    if not (context.isfinite(x) and context.isfinite(y)):
        raise ValueError
    if not y:
        return y
    lost = max(0, int(context.mag(x)) - int(context.mag(y)))
    if context.re(x) > 0 and lost > _NEAR_BITS + context.prec // 4:
        terms = (y**k / context.factorial(k) * context.polygamma(n + k, x) for k in range(1, 6))
        return sum(terms, context.zero)
    with context.workprec(context.prec + lost + GUARD_BITS):
        return polygamma(context, n, x + y) - polygamma(context, n, x)


GAMMAS: Mapping[str, Callable[..., Any]] = {
    "polygamma_difference": _polygamma_difference,
    "beta": _of_gammas(_power, lambda x, y: ((x, y), (x + y,))),
    "lbeta": _of_gammas(lambda _, total, sign: total, lambda x, y: ((x, y), (x + y,))),
    "binomial": _of_gammas(_power, lambda n, k: ((n + 1,), (k + 1, n - k + 1))),
}
"""The functions of rows, by name."""
