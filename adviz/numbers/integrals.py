"""Integrals of elementary functions, by mpmath: elliptic, exponential, of sines and cosines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from adviz.numbers.gammas import GUARD_BITS, Context, gamma

# --- complete elliptic integrals (NIST DLMF 19.4, 19.5) ------------------------------------------


def _elliptic(kind: str, a: float, first: Callable[..., Any]) -> Callable[..., Any]:
    """Return the derivatives of pi/2 times the hypergeometric function F(a, 1/2; 1; m).

    Where its power series is slow, from its differential equation by recurrence, whose other
    solution grows by three a step at most.
    """

    def derivative(context: Context, n: Any, m: Any) -> Any:
        order, half = int(n), context.mpf(1) / 2
        if abs(m) < 0.5:
            known = context.rf(a, order) * context.rf(half, order) / context.factorial(order)
            return context.pi / 2 * known * context.hyp2f1(a + order, half + order, 1 + order, m)
        if m == 1 and order:
            return first(context, m)
        with context.workprec(context.prec + GUARD_BITS + 2 * order):
            now = getattr(context, kind)(m)
            after = first(context, m) if order else now
            for k in range(order):
                push = (k + a) * (k + half) * now - ((k + 1) - (2 * k + a + 1 + half) * m) * after
                now, after = after, push / (m * (1 - m))
        return +now

    return derivative


def _slope_of_k(context: Context, m: Any) -> Any:
    if m == 1:
        return context.inf
    return (context.ellipe(m) - (1 - m) * context.ellipk(m)) / (2 * m * (1 - m))


def _slope_of_e(context: Context, m: Any) -> Any:
    return -context.inf if m == 1 else (context.ellipe(m) - context.ellipk(m)) / (2 * m)


# --- exponential integrals -----------------------------------------------------------------------


def _ei(context: Context, x: Any) -> Any:
    """Return the exponential integral, below 0 without the cut's multiple of pi (DLMF 6.2.6)."""
    return context.ei(x) if context.re(x) > 0 else -context.e1(-x)


def _expn(context: Context, n: Any, x: Any) -> Any:
    """Return the exponential integral of a whole order, away from 0 or 1 (DLMF 8.19.12)."""
    order = int(n)
    if order <= 0:  # below 0 in derivatives by SymPy
        decay = context.exp(-x)
        return reduce(lambda value, k: (decay + k * value) / x, range(1, 1 - order), decay / x)
    if abs(x) > context.prec:
        return context.expint(order, x)
    with context.workprec(context.prec + GUARD_BITS + order * max(1, int(context.mag(x)) + 1)):
        value, decay = context.e1(x), context.exp(-x)
        for k in range(1, order):
            value = (decay - x * value) / k
    return value


INTEGRALS: Mapping[str, Callable[..., Any]] = {
    "fresnels": lambda context, x: context.fresnels(x),
    "fresnelc": lambda context, x: context.fresnelc(x),
    "elliptic_k": lambda context, m: context.ellipk(m),
    "elliptic_e": lambda context, m: context.ellipe(m),
    "elliptic_k_derivative": _elliptic("ellipk", 0.5, _slope_of_k),
    "elliptic_e_derivative": _elliptic("ellipe", -0.5, _slope_of_e),
    "factorial": lambda context, x: context.inf if x == -1 else gamma(context, x + 1),
    "Si": lambda context, x: context.si(x),
    "Ci": lambda context, x: context.ci(x),
    "Shi": lambda context, x: context.shi(x),
    "Chi": lambda context, x: context.chi(x),
    "Ei": _ei,
    "li": lambda context, x: _ei(context, context.log(x)),
    "expn": _expn,
}
"""The functions of rows, by name."""
