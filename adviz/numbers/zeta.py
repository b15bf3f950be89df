"""Riemann's zeta function and its derivatives of any order, by mpmath, above -30.

By Borwein's alternating series (P. Borwein, *An Efficient Algorithm for the Riemann Zeta
Function*, CMS Conference Proceedings 27, 2000, algorithm 2): its powers of whole numbers are
products of those of primes, which takes a tenth of the time of mpmath's sum where digits are many.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import Any

from adviz.numbers.gammas import GUARD_BITS, Context

_BITS_A_TERM = 2.54


def zeta(context: Context, n: Any, x: Any) -> Any:
    """Return the derivative of an order at a number above -30 other than 1.

    At -2, -4, … it is 0, which no sum gives exactly (NIST DLMF 25.4.1).

    Raises ValueError elsewhere.
    """
    order, real = int(n), float(context.re(x))
    if real <= -30 or x == 1 or order < 0:
        raise ValueError
    if order == 0 and real < 0 and context.isint(x / 2):
        return context.zero
    if real > context.prec / 4:
        with context.workprec(context.prec + GUARD_BITS):
            return _far(context, order, x)
    lost = max(0, -int(context.mag(x - 1))) * (order + 1) + int(max(2 * real, -16 * real))
    with context.workprec(context.prec + lost + GUARD_BITS + 4 * order):
        return _derivatives(context, order, x)[-1]


def _far(context: Context, order: int, x: Any) -> Any:
    """Return a derivative by its own series, of which few terms are not far below the second."""
    most = 3 + int(2 * 2 ** min(6.0, context.prec / float(context.re(x))))
    terms = ((-context.log(k)) ** order * context.exp(-x * context.log(k)) for k in range(2, most))
    return sum(terms, context.one if order == 0 else context.zero)


def _derivatives(context: Context, order: int, x: Any) -> list[Any]:
    """Return zeta and its derivatives, from those of (1 - 2**(1 - x))*zeta by Leibniz's rule."""
    power, base = 2 ** (1 - x), -context.log(2)
    slopes = [1 - power, *(-power * base**k for k in range(1, order + 1))]
    found: list[Any] = []
    for k, alternating in enumerate(_alternating(context, order, x)):
        known = sum(comb(k, i) * slopes[k - i] * found[i] for i in range(k))
        found.append((alternating - known) / slopes[0])
    return found


def _alternating(context: Context, order: int, x: Any) -> list[Any]:
    """Return the sum of (-1)**(k + 1)/k**x and its derivatives."""
    count = int(context.prec / _BITS_A_TERM) + 2
    weights = _weights(count)
    totals = [context.mpf(weights[0])] + [context.zero] * order
    logs, powers = [context.zero] * (count + 1), [context.one] * (count + 1)
    for k, factor in enumerate(_smallest_factors(count)[2:], 2):
        if factor == k:
            logs[k] = context.log(k)
            powers[k] = context.exp(-x * logs[k])
        else:
            logs[k] = logs[factor] + logs[k // factor]
            powers[k] = powers[factor] * powers[k // factor]
        term = weights[k - 1] * powers[k]
        for i in range(order + 1):
            totals[i] += term
            term *= -logs[k]
    return [total / weights[-1] for total in totals]


@lru_cache(maxsize=16)
def _weights(count: int) -> tuple[int, ...]:
    """Return the weights of the terms, with their signs, and by what their sum is divided."""
    partial, term, sums = 0, 1, []
    for i in range(count + 1):
        partial += term
        sums.append(partial)
        term = term * 4 * (count + i) * (count - i) // ((2 * i + 1) * (2 * i + 2))
    whole = sums[-1]
    return (*((-1) ** k * (whole - sums[k]) for k in range(count)), whole)


@lru_cache(maxsize=16)
def _smallest_factors(most: int) -> tuple[int, ...]:
    """Return the smallest prime factor of every whole number up to one."""
    factors = list(range(most + 1))
    for p in range(2, int(most**0.5) + 1):
        for multiple in range(p * p, most + 1, p):
            factors[multiple] = min(factors[multiple], p)
    return tuple(factors)
