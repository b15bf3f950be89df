"""The functions of scipy.special in traced code, by their own names, and in formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adviz

special = pytest.importorskip("scipy.special")

AT = 0.7

TRACED: list[tuple[Callable[[Any], Any], str]] = [
    (lambda x: special.jv(2, x), "besselj(2, x)"),
    (lambda x: special.j0(x) + special.j1(x), "besselj(0, x) + besselj(1, x)"),
    (lambda x: special.y0(x) + special.yn(2, x), "bessely(0, x) + bessely(2, x)"),
    (lambda x: special.iv(0.5, x) + special.i1(x), "besseli(0.5, x) + besseli(1, x)"),
    (lambda x: special.kv(1, x) + special.k0(x), "besselk(1, x) + besselk(0, x)"),
    (lambda x: special.kn(2, x) + special.yv(1, x), "besselk(2, x) + bessely(1, x)"),
    (lambda x: special.airy(x)[1] * special.airy(-x)[2], "airyaiprime(x)*airybi(-x)"),
    (lambda x: special.sici(x)[0] + special.sici(x)[1], "Si(x) + Ci(x)"),
    (lambda x: special.shichi(x)[0] + special.shichi(x)[1], "Shi(x) + Chi(x)"),
    (lambda x: special.expi(x) * special.exp1(x), "Ei(x)*expn(1, x)"),
    (lambda x: special.expn(3, x), "expn(3, x)"),
    (lambda x: special.erfinv(x) + special.erfcinv(x), "erfinv(x) + erfcinv(x)"),
    (lambda x: special.lambertw(x), "lambertw(x)"),
    (lambda x: special.gammaln(x) + special.rgamma(x), "lgamma(x) + 1/gamma(x)"),
    (lambda x: special.factorial(x), "factorial(x)"),
    (lambda x: special.binom(x, 3), "x*(x - 1)*(x - 2)/6"),
    (lambda x: special.comb(x + 5, 3), "where(x + 5 >= 3, (x + 5)*(x + 4)*(x + 3)/6, 0)"),
    (lambda x: special.comb(x, 3), "where(x >= 3, x*(x - 1)*(x - 2)/6, 0)"),
    (lambda x: special.binom(3, x), "binomial(3, x)"),
    (lambda x: special.poch(x, 2), "gamma(x + 2)/gamma(x)"),
    (lambda x: special.beta(x, x + 1), "beta(x, x + 1)"),
    (lambda x: special.betaln(x, x), "lbeta(x, x)"),
    (lambda x: special.zeta(x + 1) + special.zeta(-x, None), "zeta(x + 1) + zeta(-x)"),
    (lambda x: special.fresnel(x)[0] * special.fresnel(-x)[1], "fresnels(x)*fresnelc(-x)"),
    (lambda x: special.ellipk(x) + special.ellipe(-3 * x), "elliptic_k(x) + elliptic_e(-3*x)"),
    (lambda x: special.binom(x, 0.5), "binomial(x, 0.5)"),
    (lambda x: special.binom(-x, x + 1), "binomial(-x, x + 1)"),
    (lambda x: special.polygamma(1, x) + special.polygamma(0, x), "polygamma(1, x) + digamma(x)"),
    (lambda x: special.spherical_jn(1, x), "spherical_jn(1, x)"),
    (
        lambda x: special.spherical_jn(1, x, derivative=True),
        "1/x*spherical_jn(1, x) - spherical_jn(2, x)",
    ),
    (lambda x: special.eval_legendre(3, x), "legendre(3, x)"),
    (lambda x: special.eval_laguerre(2, x), "laguerre(2, x)"),
    (lambda x: special.eval_chebyt(3, x), "chebyshevt(3, x)"),
    (lambda x: special.eval_chebyu(2, x), "chebyshevu(2, x)"),
    (lambda x: special.eval_hermite(3, x), "hermite(3, x)"),
    (lambda x: special.eval_gegenbauer(3, 1.5, x), "gegenbauer(3, 1.5, x)"),
    (lambda x: special.eval_genlaguerre(3, 1.5, x), "genlaguerre(3, 1.5, x)"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "formula"), TRACED, ids=[text for _, text in TRACED])
def test_a_function_of_scipy_is_traced_by_its_name(
    function: Callable[[Any], Any], formula: str
) -> None:
    traced, written = adviz.build(function), adviz.build(formula)
    assert adviz.evaluate(traced, at=[AT]).value == pytest.approx(
        float(np.real(function(AT))), rel=1e-13
    )
    for digits in (None, 30):
        one, other = (adviz.gradient(g, [AT], digits=digits)["x"] for g in (traced, written))
        assert abs(one - other) <= abs(other) * (1e-25 if digits else 1e-13)


def test_arrays_and_numbers_that_are_not_traced_go_on_as_ever() -> None:
    weights = np.array([1.0, 2.0])

    def function(x: Any) -> Any:
        return np.sum(
            special.j0(weights * x) * special.factorial(3) + special.lambertw(x * weights)
        )

    wanted = "6*besselj(0, x) + lambertw(x) + (6*besselj(0, 2*x) + lambertw(2*x))"
    found = adviz.gradient(adviz.build(function), [AT])["x"]
    assert found == pytest.approx(adviz.gradient(wanted, [AT])["x"], rel=1e-13)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: special.lambertw(x, -1), "only branch 0 of lambertw has a row, not -1"),
        (lambda x: special.zeta(x, 2), "only zeta of one argument has a row, not q = 2"),
        (lambda x: special.zetac(x), r"scipy\.special\.zetac has no derivative here"),
        (lambda x: special.ellipkinc(x, 0.5), r"scipy\.special\.ellipkinc has no derivative here"),
        (
            lambda x: special.ellip_harm(5, 8, 1, 1, x),
            r"scipy\.special\.ellip_harm cannot be traced",
        ),
    ],
)
def test_a_function_that_has_no_row_is_named(function: Callable[[Any], Any], said: str) -> None:
    with pytest.raises(adviz.AdvizError, match=said):
        adviz.build(function)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("jv(1, x)", "besselj(1, x)"),
        ("expi(x)", "Ei(x)"),
        ("eval_hermite(2, x)", "hermite(2, x)"),
        ("betaln(x, 2)", "lbeta(x, 2)"),
        ("ellipk(x)", "elliptic_k(x)"),
        ("ellipe(x)", "elliptic_e(x)"),
        ("binom(x, y)", "binomial(x, y)"),
    ],
)
def test_a_formula_knows_scipys_names(alias: str, name: str) -> None:
    assert adviz.build(alias) == adviz.build(name)
