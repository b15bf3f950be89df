"""Complex numbers with an imaginary part so small that it carries a derivative and nothing else.

For an analytic f, f(x + ih) = f(x) + ih f'(x) + O(h²): no difference is taken, so nothing cancels
and h may be as small as one likes (Squire & Trapp, *Using Complex Variables to Estimate
Derivatives of Real Functions*, SIAM Review 40(1), 1998; Martins, Sturdza & Alonso, *The
Complex-Step Derivative Approximation*, ACM Trans. Math. Software 29(3), 2003).

Order is that of the real parts, as Martins et al. advise, and so are pieces: the absolute value,
minimum or floor of a number. A real part is always the float64 function's; only the imaginary
part comes from complex arithmetic.
"""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable
from typing import Any

import mpmath

from adviz.numbers import FLOAT64, Numbers
from adviz.numbers.gammas import cotangent_slopes
from adviz.numbers.rules import Function
from adviz.numbers.special import FUNCTIONS
from adviz.primitives import TABLE

_SPARE_BITS = 120
_MOST_BITS = 8000
_LEAST = -1080
"""A power of two below all doubles: an imaginary part that is smaller is 0."""


def _steady(name: str, function: Callable[..., complex]) -> Function:
    """Return a function whose real part is float64's and whose imaginary part is its own."""
    real = FLOAT64.function(name)

    def total(*points: complex) -> complex:
        value = real(*(z.real for z in points))
        if not any(z.imag for z in points):
            return complex(value, 0.0)
        try:
            return complex(value, function(*points).imag)
        except (ArithmeticError, ValueError):
            return complex(value, math.nan)

    return total


def _pow(z: complex, w: complex) -> complex:
    """Raise to a power in polar form; below 0 only to a whole, fixed power."""
    if z.real < 0:
        sign = -1 if w.real % 2 else 1
        return sign * _pow(-z, w) if not w.imag else complex(0, math.nan)
    if not z:
        return complex(0, 0.0 if w.real > 0 else math.nan)
    size, angle = cmath.polar(z)
    return cmath.rect(math.pow(size, w.real), angle * w.real + math.log(size) * w.imag)


def _cbrt(z: complex) -> complex:
    if z.real < 0:
        return -_cbrt(-z)
    size, angle = cmath.polar(z)
    return cmath.rect(math.cbrt(size), angle / 3)


def _hypot(x: complex, y: complex) -> complex:
    size = math.hypot(x.real, y.real)
    return size * cmath.sqrt((x / size) ** 2 + (y / size) ** 2) if size else complex(0, 0)


def _atan2(y: complex, x: complex) -> complex:
    """Return the angle from the smaller coordinate over the larger; a turn adds only to it."""
    if not x.real and not y.real:
        return complex(0, 0)
    return cmath.atan(y / x) if abs(x.real) >= abs(y.real) else -cmath.atan(x / y)


def _mod(x: complex, y: complex) -> complex:
    return x - y * (x.real // y.real)


def _fmod(x: complex, y: complex) -> complex:
    return x - y * math.trunc(x.real / y.real)


def _softsign(z: complex) -> complex:
    """Return z/(1 + |z|) as a sum, less its constant; the quotient's derivative cancels."""
    return -1 / (1 + z) if z.real > 0 else 1 / (1 - z)


# --- special functions: mpmath's, at a precision in which the imaginary part is resolved ---------


def _continued(name: str, formula: Callable[..., Any]) -> Callable[..., complex]:
    """Return a function by mpmath: the precision grows until the imaginary part is known.

    An order has no derivative, so that its imaginary part does not count.
    """
    context = mpmath.MPContext()
    partials = TABLE[name].partials

    def continued(*points: complex) -> complex:
        moved = [bool(z.imag and text) for z, text in zip(points, partials, strict=True)]
        given = [
            context.mpc(z) if m else context.mpf(z.real) for z, m in zip(points, moved, strict=True)
        ]
        spread = (context.mag(z.real or 1) - context.mag(z.imag) for z in points if z.imag)
        bits = _SPARE_BITS + max(0, *map(int, spread))
        while True:
            with context.workprec(bits):
                value = context.mpc(formula(context, *given))
            if not any(moved):
                return complex(float(value.real))
            least = context.mag(value.real) - bits + _SPARE_BITS // 2
            if bits > _MOST_BITS or context.mag(value.imag) > least or least < _LEAST:
                return complex(float(value.real), float(value.imag))
            bits *= 2

    return continued


def _tail(context: Any, z: Any) -> Any:
    """Return erfc, below 0 less 2: a constant would only hide the imaginary part."""
    return context.erfc(z) if z.real > 0 else -context.erfc(-z)


def _log_gamma(context: Any, z: Any) -> Any:
    """Return the logarithm of the size of gamma, below 0 by reflection (NIST DLMF 5.5.3)."""
    if z.real > 0:
        return context.loggamma(z)
    gamma = context.pi / (context.sinpi(z) * context.gamma(1 - z))
    return context.log(gamma if gamma.real > 0 else -gamma)


def _polygamma(context: Any, n: Any, z: Any) -> Any:
    """Return a polygamma function, below 0 by reflection (NIST DLMF 5.15.6)."""
    if not n:
        return context.digamma(z)
    if z.real > 0:
        return -((-1) ** int(n)) * context.factorial(n) * context.zeta(n + 1, z)
    cotangent = context.cospi(z) / context.sinpi(z)
    turned = context.pi ** (n + 1) * context.polyval(cotangent_slopes(int(n)), cotangent)
    return (-1) ** int(n) * _polygamma(context, n, 1 - z) - turned


def _bessel(context: Any, n: Any, z: Any) -> Any:
    """Return the spherical Bessel function of the first kind (NIST DLMF 10.47.3, 10.53.1)."""
    if z.real < 0:
        return (-1) ** int(n) * _bessel(context, n, -z)
    half = context.mpf(0.5)
    if abs(z) > 1:
        return context.sqrt(context.pi / (2 * z)) * context.besselj(n + half, z)
    return z ** int(n) / context.fac2(2 * n + 1) * context.hyp0f1(n + 1 + half, -z * z / 4)


_SPECIAL: dict[str, Callable[..., Any]] = {
    "erf": lambda context, z: -_tail(context, z),
    "erfc": _tail,
    "ndtr": lambda context, z: _tail(context, -z / context.sqrt(2)) / 2,
    "gamma": lambda context, z: context.gamma(z),
    "lgamma": _log_gamma,
    "digamma": lambda context, z: context.digamma(z),
    "polygamma": _polygamma,
    "spherical_jn": _bessel,
    "sinc": lambda context, z: _bessel(context, context.mpf(0), z),
    **FUNCTIONS,
}

_ANALYTIC: dict[str, Callable[..., complex]] = {
    "pi": lambda: complex(math.pi),
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "pow": _pow,
    "cbrt": _cbrt,
    "hypot": _hypot,
    "atan2": _atan2,
    "mod": _mod,
    "fmod": _fmod,
    "expm1": cmath.exp,
    "log2": lambda z: cmath.log(z) / math.log(2),
    "log10": cmath.log10,
    "log1p": lambda z: cmath.log(1 + z),
    "softsign": _softsign,
    **{name: _continued(name, function) for name, function in _SPECIAL.items()},
}
for _name in "sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split():
    _ANALYTIC[_name] = getattr(cmath, _name)


# --- pieces and conditions: decided by the real parts ---------------------------------------------


def _flat(name: str) -> Function:
    """Return a piecewise constant function, of the real parts."""
    real = FLOAT64.function(name)
    return lambda *points: complex(real(*(z.real for z in points)))


def _compared(name: str) -> Function:
    real = FLOAT64.function(name)
    return lambda x, y: real(x.real, y.real)


RUNTIME: dict[str, Function] = {
    **{name: _steady(name, function) for name, function in _ANALYTIC.items()},
    **{name: _flat(name) for name in ("sign", "floor", "ceil", "trunc", "round", "floordiv")},
    **{name: _compared(name) for name in ("lt", "le", "gt", "ge", "eq", "ne")},
    **{name: FLOAT64.function(name) for name in ("and", "or", "not", "where")},
    "abs": lambda z: z if z.real >= 0 else -z,
    "min": lambda x, y: y if y.real < x.real or y != y else x,
    "max": lambda x, y: y if y.real > x.real or y != y else x,
}

COMPLEX = Numbers(
    name="complex",
    native=RUNTIME.get,
    constant=lambda value: complex(float(value)),
    finite=cmath.isfinite,
    isnan=cmath.isnan,
)
