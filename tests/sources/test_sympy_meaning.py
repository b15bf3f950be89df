"""A SymPy expression that is read means what SymPy means, at every point, or is refused there."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import sympy
from laws import UNIT
from sympy import Rational

import adviz

x, y = sympy.symbols("x y")
LINE = (
    -40.5,
    -8.0,
    -3.0,
    -2.5,
    -1.3,
    -1.0,
    -0.5,
    -1e-9,
    0.0,
    1e-9,
    0.3,
    0.5,
    1.0,
    1.5,
    2.0,
    3.0,
    8.0,
)
"""The real line, with whole numbers and halves, beside poles and within all unit intervals."""

ONE: tuple[Callable[[Any], Any], ...] = (
    sympy.sqrt, sympy.cbrt, sympy.log, sympy.exp, sympy.Abs, sympy.sign, sympy.floor,
    sympy.ceiling, sympy.frac, sympy.Heaviside, sympy.sin, sympy.cos, sympy.tan, sympy.sec,
    sympy.csc, sympy.cot, sympy.sinc, sympy.asin, sympy.acos, sympy.atan, sympy.asec, sympy.acsc,
    sympy.acot, sympy.sinh, sympy.cosh, sympy.tanh, sympy.sech, sympy.csch, sympy.coth,
    sympy.asinh, sympy.acosh, sympy.atanh, sympy.asech, sympy.acsch, sympy.acoth, sympy.erf,
    sympy.erfc, sympy.erfinv, sympy.gamma, sympy.loggamma, sympy.factorial, sympy.digamma,
    sympy.trigamma, sympy.harmonic, sympy.zeta, sympy.LambertW, sympy.Si, sympy.Ci, sympy.Shi,
    sympy.Chi, sympy.Ei, sympy.li, sympy.Li, sympy.fresnels, sympy.fresnelc, sympy.airyai,
    sympy.airybi, sympy.airyaiprime, sympy.airybiprime, sympy.elliptic_k, sympy.elliptic_e,
    *(lambda x, n=n: sympy.real_root(x, n) for n in (3, 4)),
    *(lambda x, e=e: x**e for e in (Rational(1, 3), Rational(-2, 3), Rational(3, 2), 3, -2, 0.5)),
    *(lambda x, b=b: sympy.Pow(b, x) for b in (-2, 0, 2)),
    *(
        lambda x, f=f, n=n: f(n, x)
        for f in (sympy.besselj, sympy.bessely, sympy.besseli, sympy.besselk)
        for n in (0, 1, -2, Rational(1, 2))
    ),
    *(
        lambda x, f=f, n=n: f(n, x)
        for f in (sympy.expint, sympy.polygamma, sympy.legendre, sympy.chebyshevt,
                  sympy.chebyshevu, sympy.hermite, sympy.laguerre)
        for n in (1, 2)
    ),
    lambda x: sympy.re(sympy.loggamma(x)), lambda x: sympy.re(sympy.log(x)),
    lambda x: sympy.im(sympy.acosh(x)), lambda x: sympy.im(sympy.sqrt(x)),
    lambda x: sympy.conjugate(sympy.sqrt(x)), lambda x: sympy.Abs(sympy.sqrt(x)),
    lambda x: sympy.log(x) ** 2, lambda x: sympy.sqrt(x) ** 4, lambda x: sympy.log(x**2),
    lambda x: sympy.sqrt(sympy.log(x)), lambda x: sympy.RisingFactorial(x, Rational(1, 2)),
    lambda x: sympy.FallingFactorial(x, 2),
)  # fmt: skip
"""What SymPy has of one real number."""

TWO: tuple[Callable[[Any, Any], Any], ...] = (
    sympy.Pow, sympy.atan2, sympy.Mod, sympy.Max, sympy.Min, sympy.beta, sympy.binomial, sympy.log,
    lambda x, y: sympy.Piecewise((sympy.loggamma(x), y > 0), (y, True)),
    lambda x, y: sympy.UnevaluatedExpr(x) * y,
)  # fmt: skip


class _Angle(sympy.atan2):  # type: ignore[misc]  # SymPy is untyped
    """The angle of a point, 0 at the origin as in every language; SymPy has no number there."""

    @classmethod
    def eval(cls, *at: Any) -> Any:
        return sympy.S.Zero if at == (0, 0) else sympy.atan2.eval(*at)


def _with_angles(expression: Any) -> Any:
    return expression.replace(sympy.atan2, _Angle)


def departure(expression: Any, at: dict[str, float]) -> str:
    """Return what adviz gives where SymPy gives another number or none, or nothing."""
    try:
        found = adviz.evaluate(expression, at).value
    except adviz.AdvizError:
        return ""
    exact = {sympy.Symbol(name): Rational(*value.as_integer_ratio()) for name, value in at.items()}
    meant = sympy.N(_with_angles(expression).subs(exact).doit(), 40)
    if not (meant.is_Float or meant.is_Rational):
        return f"{found}, where SymPy has {meant}"
    lost = 1e-12 * max(1, abs(meant)) + 64 * UNIT
    return f"{found}, where SymPy has {meant}" if not abs(found - meant) <= lost else ""


@pytest.mark.parametrize("function", ONE, ids=lambda f: str(f(x)))
def test_a_function_of_one_number_means_what_sympy_means(function: Callable[[Any], Any]) -> None:
    graph, expression = adviz.build(function(x)), function(x)
    assert graph is not None
    for value in LINE:
        assert not departure(expression, {"x": value}), value


@pytest.mark.parametrize("function", TWO, ids=lambda f: str(f(x, y)))
def test_a_function_of_two_numbers_means_what_sympy_means(function: Callable[..., Any]) -> None:
    source = random.Random(1)
    for at in [(a, b) for a in LINE for b in source.sample(LINE, 5)]:
        point = dict(zip("xy", at, strict=True))
        assert not departure(function(x, y), point), at


@pytest.mark.parametrize("function", [sympy.jn, sympy.yn], ids=str)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_spherical_bessel_functions_mean_their_closed_form(order: int, function: Any) -> None:
    """SymPy's own numbers of them have the wrong sign at negative arguments."""
    for value in (at for at in LINE if abs(at) > 0.1):
        found = adviz.evaluate(function(order, x), {"x": value}).value
        closed = sympy.expand_func(function(order, x)).subs(x, Rational(*value.as_integer_ratio()))
        assert found == pytest.approx(float(sympy.N(closed, 30)), rel=1e-11)
