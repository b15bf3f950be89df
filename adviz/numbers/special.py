"""Special functions by mpmath, once for numbers of any precision, real or barely complex.

Each takes an mpmath context and the row's arguments in it, inside the row's domain. mpmath's own
function is taken where it has one; what stands here is where that takes minutes at high precision,
gives up next to a zero, or does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from adviz.numbers.gammas import GAMMAS, GUARD_BITS, Context, gamma
from adviz.numbers.integrals import INTEGRALS
from adviz.numbers.zeta import zeta

_FEW_BITS = 60
_FAR = 2**60
_MOST_SQUARED = 2**29


def _erfinv(context: Context, x: Any) -> Any:
    """Return what erf takes to x; in the tails, from what x lacks of 1."""
    if not abs(x) < 1:
        raise ValueError
    if abs(x) > 0.5:
        side = context.sign(context.re(x))
        with context.workprec(context.prec + 2 * max(0, -int(context.mag(1 - abs(x) or 1)))):
            return side * _erfcinv(context, 1 - side * x)

    def step(y: Any) -> Any:
        return (x - context.erf(y)) * context.exp(y * y) * context.sqrt(context.pi) / 2

    return _newton(context, step, x) if x else x


def _erfcinv(context: Context, x: Any) -> Any:
    """Return what erfc takes to x, by the logarithms of both, which are nearly parabolas."""
    if not 0 < context.re(x) < 2:
        raise ValueError
    if abs(1 - x) <= 0.5:
        return _erfinv(context, 1 - x)
    if context.re(x) > 1:
        return -_erfcinv(context, 2 - x)

    def step(y: Any) -> Any:
        tail = context.erfc(y)
        slope = -2 / context.sqrt(context.pi) * context.exp(-y * y) / tail
        return (context.log(x) - context.log(tail)) / slope

    return _newton(context, step, context.sqrt(-context.log(x * (2 - x))))


def _newton(context: Context, step: Callable[[Any], Any], start: Any) -> Any:
    """Return a root; the precision doubles with the digits that each step of Newton gains."""
    wanted, bits, found = context.prec + GUARD_BITS, _FEW_BITS, start
    while True:
        with context.workprec(bits):
            change = step(found)
            found = found + change
        if abs(change) > abs(found) * 2.0 ** (-_FEW_BITS // 2):
            continue
        if bits >= wanted:
            return found
        bits = min(2 * bits - 8, wanted)


# --- Bessel functions of whole orders (NIST DLMF 10.8.1, 10.31.1, 10.17, 10.40) ------------------


def _besseli(context: Context, n: Any, x: Any) -> Any:
    """Return the modified Bessel function of the first kind, by its parities."""
    side = -1 if context.re(x) < 0 and int(n) % 2 else 1
    size = -x if context.re(x) < 0 else x
    order = abs(n) if context.isint(n) else n
    return side * (context.besseli(order, size) if abs(size) < _FAR else context.inf)


def _bessely(context: Context, n: Any, x: Any) -> Any:
    """Return the Bessel function of the second kind."""
    if not context.isint(n):
        return context.bessely(n, x)
    sign = -1 if n < 0 and int(n) % 2 else 1
    return sign * _second(context, abs(int(n)), x, -1)


def _besselk(context: Context, n: Any, x: Any) -> Any:
    """Return the modified Bessel function of the second kind."""
    return _second(context, abs(int(n)), x, 1) if context.isint(n) else context.besselk(n, x)


def _second(context: Context, n: int, x: Any, sign: int) -> Any:
    """Return the second solution of a whole order: K for the sign 1, Y for -1."""
    size = float(min(abs(x), 1e9))
    if size > 0.4 * context.prec + n * n / 2:
        with context.workprec(context.prec + GUARD_BITS):
            return (_far_k if sign > 0 else _far_y)(context, n, x)
    with context.workprec(context.prec + GUARD_BITS + int(3 * size)):
        return _near(context, n, x, sign)


def _near(context: Context, n: int, x: Any, sign: int) -> Any:
    """Return K or Y by its power series, whose terms grow before they shrink."""
    half, square = x / 2, sign * x * x / 4
    finite = _finite_part(context, n, -square) / 2 * half**-n
    term = half**n / context.factorial(n)
    psi = sum((context.one / k for k in range(1, n + 1)), -2 * context.euler)
    first = second = context.zero
    for k in count(1):
        first, second = first + term, second + psi * term
        if abs(term) < abs(first) * context.eps and k > abs(x):
            break
        term = term * square / (k * (k + n))
        psi += context.one / k + context.one / (k + n)
    logarithm = context.log(half) * first - second / 2
    return finite - (-1) ** n * logarithm if sign > 0 else 2 * (logarithm - finite) / context.pi


def _finite_part(context: Context, n: int, square: Any) -> Any:
    """Return the terms of a negative power: sum of (n-k-1)!/k! times a power."""
    return sum(
        (context.factorial(n - k - 1) / context.factorial(k) * square**k for k in range(n)),
        context.zero,
    )


def _hankel_terms(context: Context, n: int, x: Any) -> Iterator[Any]:
    """Yield a_k(n)/x**k, down to the precision (NIST DLMF 10.17.1)."""
    term = context.one
    for k in count(1):
        yield term
        term = term * (4 * n * n - (2 * k - 1) ** 2) / (8 * k * x)
        if abs(term) < context.eps:
            return


def _far_k(context: Context, n: int, x: Any) -> Any:
    """Return K by its asymptotic series."""
    total = sum(_hankel_terms(context, n, x), context.zero)
    return context.sqrt(context.pi / (2 * x)) * context.exp(-x) * total


def _far_y(context: Context, n: int, x: Any) -> Any:
    """Return Y by its asymptotic series."""
    terms = list(_hankel_terms(context, n, x))
    even = sum(((-1) ** k * a for k, a in enumerate(terms[::2])), context.zero)
    odd = sum(((-1) ** k * a for k, a in enumerate(terms[1::2])), context.zero)
    spare = max(0, int(context.mag(x)))
    with context.workprec(context.prec + spare):
        phase = x - (context.mpf(n) / 2 + context.mpf(1) / 4) * context.pi
        sine, cosine = context.sin(phase), context.cos(phase)
    return context.sqrt(2 / (context.pi * x)) * (sine * even + cosine * odd)


# --- Airy functions (NIST DLMF 9.4) --------------------------------------------------------------


def _airy(kind: str, derivative: int) -> Callable[..., Any]:
    """Return Ai or Bi, or its derivative: near by power series, far out mpmath's."""
    side = 1 if kind == "airybi" else -1

    def airy(context: Context, x: Any) -> Any:
        phase = float(min(abs(x), 1e9)) ** 1.5
        if phase > context.prec:
            return getattr(context, kind)(x, derivative=derivative)
        with context.workprec(context.prec + GUARD_BITS + int(2 * phase)):
            even, odd = _airy_pair(context, x, derivative)
            of_thirds = gamma(context, context.mpf(2) / 3)
            one = even / (context.cbrt(9) * of_thirds)
            other = odd * of_thirds * context.sqrt(3) / (2 * context.pi * context.cbrt(3))
            return (one + side * other) * (context.sqrt(3) if side > 0 else 1)

    return airy


def _airy_pair(context: Context, x: Any, derivative: int) -> tuple[Any, Any]:
    """Return the two power series of which every solution is made, or their derivatives."""
    if derivative:
        return _airy_series(context, x * x / 2, x, 2), _airy_series(context, context.one, x, -2)
    return _airy_series(context, context.one, x, -1), _airy_series(context, x, x, 1)


def _airy_series(context: Context, first: Any, x: Any, offset: int) -> Any:
    """Return a series in the cube of x, whose terms grow before they shrink."""
    term, total, cube = first, first, x**3
    k = 0
    while abs(term) > context.eps * abs(total) or k * k < abs(cube):
        k += 3
        term = term * cube / (k * (k + offset))
        total += term
    return total


# --- orthogonal polynomials, by their recurrences (NIST DLMF 18.9.1) -----------------------------


def _recurrence(
    first: Callable[..., Any], coefficients: Callable[..., tuple[Any, Any]]
) -> Callable[..., Any]:
    """Return a polynomial by p(k+1) = a*p(k) - c*p(k-1), from 1 and the first one.

    That of a negative order is 0, which makes the derivative of a constant 0.
    """

    def polynomial(context: Context, n: Any, *rest: Any) -> Any:
        if n < 0:
            return context.zero
        with context.workprec(context.prec + GUARD_BITS):
            before, now = context.one, first(*rest)
            if n == 0:
                return before
            for k in range(1, int(n)):
                a, c = coefficients(context.mpf(k), *rest)
                before, now = now, a * now - c * before
        return +now

    return polynomial


def _hermite(context: Context, n: Any, x: Any) -> Any:
    """Return a Hermite function, of a negative order downwards from that of -1 (DLMF 7.18.7)."""
    if n >= 0:
        return _hermite_polynomial(context, n, x)
    if context.re(x) < -_MOST_SQUARED:
        return context.inf
    if context.re(x) > 100:
        return context.hermite(n, x)
    steps = -int(n)
    size = max(1, int(context.mag(x or 1)) + 1)
    with context.workprec(context.prec + GUARD_BITS + 2 * steps * size):
        before = context.one
        now = context.sqrt(context.pi) / 2 * context.exp(x * x) * context.erfc(x)
        for k in range(1, steps):
            before, now = now, (before - 2 * x * now) / (2 * k)
    return +now


_hermite_polynomial = _recurrence(lambda x: 2 * x, lambda k, x: (2 * x, 2 * k))

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **GAMMAS,
    **INTEGRALS,
    "erfinv": _erfinv,
    "erfcinv": _erfcinv,
    "zeta": lambda context, x: zeta(context, 0, x),
    "zeta_derivative": zeta,
    "besselj": lambda context, n, x: context.besselj(n, x),
    "bessely": _bessely,
    "besseli": _besseli,
    "besselk": _besselk,
    "airyai": _airy("airyai", 0),
    "airybi": _airy("airybi", 0),
    "airyaiprime": _airy("airyai", 1),
    "airybiprime": _airy("airybi", 1),
    "lambertw": lambda context, x: context.lambertw(x),
    "legendre": _recurrence(lambda x: x, lambda k, x: ((2 * k + 1) / (k + 1) * x, k / (k + 1))),
    "chebyshevt": _recurrence(lambda x: x, lambda _, x: (2 * x, 1)),
    "chebyshevu": _recurrence(lambda x: 2 * x, lambda _, x: (2 * x, 1)),
    "hermite": _hermite,
    "gegenbauer": _recurrence(
        lambda a, x: 2 * a * x,
        lambda k, a, x: (2 * (k + a) / (k + 1) * x, (k - 1 + 2 * a) / (k + 1)),
    ),
    "laguerre": _recurrence(lambda x: 1 - x, lambda k, x: ((2 * k + 1 - x) / (k + 1), k / (k + 1))),
    "genlaguerre": _recurrence(
        lambda a, x: 1 + a - x,
        lambda k, a, x: ((2 * k + 1 + a - x) / (k + 1), (k + a) / (k + 1)),
    ),
}
"""The special functions of rows, by name."""
