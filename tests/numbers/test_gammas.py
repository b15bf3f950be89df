"""The gamma function and its logarithm's slopes with many digits: right, and of few terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from mpmath.libmp import gammazeta

import adviz
from adviz.numbers import Numbers, multiprecision

DIGITS = (50, 250, 400, 800)
PLACES = (
    0.3,
    1 + 1e-13,
    2 - 1e-13,
    1.5,
    7.25,
    1e-60,
    1e5 + 0.3,
    -0.7,
    -1e-60,
    -12.5000001,
    -1e4 - 0.3,
)


def departs(found: Any, wanted: Any, digits: int) -> bool:
    """Return whether numbers differ by more than their last digits."""
    return bool(abs(found - wanted) > abs(wanted) * found.context.mpf(10) ** (2 - digits))


def doubled_gamma(numbers: Numbers, x: Any) -> tuple[Any, Any]:
    """Return both sides of the duplication formula (NIST DLMF 5.5.5)."""
    gamma, context = numbers.function("gamma"), x.context
    left = gamma(x) * gamma(x + context.mpf(0.5))
    return left, 2 ** (1 - 2 * x) * context.sqrt(context.pi) * gamma(2 * x)


def doubled_lgamma(numbers: Numbers, x: Any) -> tuple[Any, Any]:
    """Return the logarithms of its sizes."""
    lgamma, context = numbers.function("lgamma"), x.context
    left = lgamma(x) + lgamma(x + context.mpf(0.5))
    return left, (1 - 2 * x) * context.ln2 + context.log(context.pi) / 2 + lgamma(2 * x)


def doubled_digamma(numbers: Numbers, x: Any) -> tuple[Any, Any]:
    """Return both sides of its slope (NIST DLMF 5.5.8)."""
    digamma, context = numbers.function("digamma"), x.context
    return 2 * digamma(2 * x) - digamma(x) - digamma(x + context.mpf(0.5)), 2 * context.ln2


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("doubled", [doubled_gamma, doubled_lgamma, doubled_digamma])
def test_the_duplication_formula_holds_with_all_digits(
    doubled: Callable[..., tuple[Any, Any]], digits: int
) -> None:
    numbers = multiprecision(digits + 10)
    for place in (0.3, 1.5, 7.25, 31.7, -0.7, -12.6):
        assert not departs(*doubled(numbers, numbers.constant(place)), digits), place


@pytest.mark.parametrize("name", ["gamma", "lgamma", "digamma"])
def test_many_digits_agree_with_fewer(name: str) -> None:
    few, many = (multiprecision(digits) for digits in (150, 250))
    for place in PLACES:
        found, wanted = (one.function(name)(one.constant(place)) for one in (few, many))
        assert not departs(many.constant(found), wanted, 140), place


@pytest.mark.parametrize(
    ("name", "made_by"),
    [
        ("gamma", "stirling_coefficient"),
        ("lgamma", "stirling_coefficient"),
        ("digamma", "mpf_bernoulli"),
    ],
)
def test_few_bernoulli_numbers_are_made(
    name: str, made_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: set[int] = set()
    make = getattr(gammazeta, made_by)

    def counted(order: int, *rest: Any) -> Any:
        made.add(order)
        return make(order, *rest)

    monkeypatch.setattr(gammazeta, made_by, counted)
    monkeypatch.setattr(gammazeta, "gamma_taylor_coefficients", None)
    numbers = multiprecision(800)
    numbers.function(name)(numbers.constant(0.3))
    assert 0 < len(made) < 300


def test_whole_numbers_are_exact_and_poles_are_none() -> None:
    numbers = multiprecision(800)
    gamma, lgamma, digamma = map(numbers.function, ("gamma", "lgamma", "digamma"))
    one, three, pole = map(numbers.constant, (1, 3, -2))
    assert (gamma(three), lgamma(one)) == (2, 0)
    assert digamma(three) - digamma(one) == numbers.constant(1.5)
    assert all(map(numbers.isnan, (gamma(pole), digamma(pole))))


def test_what_all_precisions_swallow_is_told_in_time() -> None:
    report = adviz.check("(gamma(1 + x) - 1)/x", at={"x": 1e-60})
    assert report.verdict == "ill-conditioned"
    slope = (mpmath.euler**2 + mpmath.pi**2 / 6) / 2  # of the second term of the series
    assert report.worst is not None
    assert float(report.worst.expected) == pytest.approx(float(slope), rel=1e-14)  # type: ignore[arg-type]  # told
