"""The number systems: total everywhere, alike at special values, exact where they say so."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from laws import exactly, inside, points
from samples import FINITE, specials

import adviz
from adviz.numbers import ARRAY, EXACT, FLOAT64, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive

ROWS = [pytest.param(row, id=row.name) for row in TABLE.values() if row.args]


@pytest.mark.parametrize("row", ROWS)
def test_a_float_function_is_total(row: Primitive) -> None:
    for at in specials(row):
        found = FLOAT64.function(row.name)(*at)
        assert isinstance(found, bool if row.condition else float), (at, found)


@pytest.mark.parametrize("row", ROWS)
def test_a_function_of_many_digits_is_total_and_agrees_at_special_values(row: Primitive) -> None:
    numbers = multiprecision(30)
    for at in specials(row):
        found = numbers.function(row.name)(*exactly(numbers, at))
        plain = FLOAT64.function(row.name)(*at)
        if inside(row, at) and set(map(str, at)) <= set(map(str, FINITE)) and not row.condition:
            assert math.isnan(plain) == math.isnan(found), (at, plain, found)
            assert plain == pytest.approx(float(found), rel=1e-14, abs=1e-300), (at, found)


@pytest.mark.parametrize("row", ROWS)
def test_an_array_function_is_total_and_agrees_at_special_values(row: Primitive) -> None:
    places = specials(row)
    columns = [np.array([at[k] for at in places]) for k in range(row.arity)]
    with np.errstate(all="raise"):
        together = ARRAY.function(row.name)(*columns)
    for at, found in zip(places, together, strict=True):
        plain = FLOAT64.function(row.name)(*at)
        if inside(row, at) and all(map(math.isfinite, at)):
            same = plain == pytest.approx(float(found), rel=1e-12, abs=1e-300, nan_ok=True)
            assert same, (at, found, plain)


@pytest.mark.parametrize("row", [p for p in ROWS if TABLE[str(p.id)].rational])
def test_a_rational_row_is_exact_on_fractions(row: Primitive) -> None:
    for at in points(row.name, 12):
        if row.name == "pow" and (at[1] != int(at[1]) or abs(at[1]) > 50):
            continue
        exact = EXACT.function(row.name)(*exactly(EXACT, at))
        assert isinstance(exact, bool | Fraction), exact
        numbers = multiprecision(700)
        precise = numbers.function(row.name)(*exactly(numbers, at))
        near = abs(numbers.constant(exact) - precise) <= abs(precise) * numbers.constant("1e-690")
        assert exact == precise or near


def test_fractions_stay_exact_through_a_sweep() -> None:
    third = Fraction(1, 3)
    trace = adviz.reverse("x**3/y + max(x, 2*x) % 1", at={"x": third, "y": 7})
    assert trace.value == Fraction(1, 189) + Fraction(2, 3)
    assert trace.gradient == {"x": Fraction(1, 21) + 2, "y": Fraction(-1, 1323)}
    assert all(isinstance(number, Fraction) for number in trace.gradient.values())


def test_a_point_of_ints_and_fractions_is_exact_and_one_with_a_float_is_not() -> None:
    assert adviz.evaluate("x*y", at={"x": Fraction(1, 3), "y": 3}).value == Fraction(1)
    assert isinstance(adviz.evaluate("x*y", at={"x": Fraction(1, 2), "y": 3.0}).value, float)
    assert isinstance(adviz.evaluate("x*y", at={"x": 1, "y": 3}).value, float)


@pytest.mark.parametrize("text", ["sin(x)", "sqrt(x)", "pi*x", "x**0.5", "x**(10**9)"])
def test_fractions_through_other_rows_are_an_error(text: str) -> None:
    with pytest.raises(adviz.AdvizError, match="floats instead of Fractions"):
        adviz.evaluate(text, at={"x": Fraction(1, 3)})


def test_digits_are_those_asked_for() -> None:
    value = adviz.evaluate("sqrt(x)", at={"x": 2}, digits=60).value
    assert str(value).startswith("1.4142135623730950488016887242096980785696718753769480731766")
    assert (
        str(adviz.gradient("x**3", at=[Fraction(1, 3)], digits=40)["x"])[:20]
        == "0.333333333333333333"
    )


def test_a_precision_changes_no_other() -> None:
    import mpmath

    before = mpmath.mp.dps
    adviz.gradient("sin(x)*exp(x)", at=[1], digits=200)
    assert mpmath.mp.dps == before
    assert multiprecision(30).constant(1).context is not multiprecision(31).constant(1).context


def test_mpmath_numbers_keep_their_precision() -> None:
    import mpmath

    context = mpmath.MPContext()
    context.dps = 35
    value = adviz.evaluate("x/3", at={"x": context.mpf(1)}).value
    assert str(value) == "0." + "3" * 35


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("gamma", (1e18,)),
        ("gamma", (1e300,)),
        ("lgamma", (-1e15 - 0.5,)),
        ("polygamma", (3.0, -1e15 - 0.5)),
        ("polygamma", (1e200, 2.0)),
        ("spherical_jn", (1e200, 2.0)),
        ("spherical_jn", (300.0, 1e-300)),
        ("digamma", (-1e15 - 0.5,)),
        ("mod", (1e300, 1e-300)),
        ("erfc", (1e300,)),
        ("pow", (1e300, 1e300)),
        ("exp", (1e300,)),
        ("sin", (1e300,)),
    ],
)
@pytest.mark.parametrize("numbers", [FLOAT64, multiprecision(50)], ids=lambda n: n.name)
def test_nothing_hangs_on_huge_arguments(
    name: str, at: tuple[float, ...], numbers: Numbers
) -> None:
    numbers.function(name)(*exactly(numbers, at))


def test_a_huge_number_of_many_digits_neither_hangs_nor_fills_the_memory() -> None:
    numbers = multiprecision(50)
    huge = numbers.function("exp")(numbers.constant(1e15))
    for name in ("sin", "exp", "cosh", "mod", "floordiv", "fmod", "pow"):
        arguments = (huge,) * TABLE[name].arity
        numbers.function(name)(*arguments)
    assert numbers.isnan(numbers.function("sin")(huge))
    assert numbers.function("exp")(-huge) == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("zeta(2)", "pi**2/6"),
        ("zeta(-1)", "-1/12"),
        ("zeta_derivative(1, 0)", "-log(2*pi)/2"),
        ("elliptic_k(0.5)", "gamma(0.25)**2/(4*sqrt(pi))"),
        ("elliptic_k_derivative(1, 0)", "pi/8"),
        ("elliptic_e_derivative(2, 0)", "-3*pi/64"),
        ("elliptic_e(1)", "1"),
        ("beta(1e100, 2)", "1/(1e100*(1e100 + 1))"),
        ("binomial(1e100, 2)", "1e100*(1e100 - 1)/2"),
        ("binomial(-0.5, 2)", "0.375"),
        ("lbeta(3, 4)", "-log(60)"),
        ("polygamma_difference(0, 3, 1)", "1/3"),
        ("erfcinv(erfc(0.25))", "0.25"),
        ("hermite(-1, 0)", "sqrt(pi)/2"),
    ],
)
@pytest.mark.parametrize("digits", [None, 60])
def test_a_special_value_is_the_one_in_the_books(
    text: str, wanted: str, digits: int | None
) -> None:
    found, known = (adviz.evaluate(each, at={}, digits=digits).value for each in (text, wanted))
    assert abs(found - known) <= abs(known) * (1e-55 if digits else 2e-15)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zeta(x)", "zeta is undefined at 1.0 .*; its argument must be above -30 other than 1"),
        ("elliptic_k(x)", "elliptic_k is undefined at 1.0 .*; its argument must be below 1"),
        ("beta(x, -x)", "beta is undefined at .*other than 0, -1, -2, …"),
        ("fresnels(1e9*x)", "below 1e8 in size, where the phase still has digits"),
    ],
)
def test_a_special_function_outside_its_domain_says_what_it_needs(text: str, said: str) -> None:
    with pytest.raises(adviz.AdvizError, match=said):
        adviz.evaluate(text, at={"x": 1.0})


def test_zeros_keep_their_sign() -> None:
    assert math.copysign(1, adviz.evaluate("x*y", at={"x": 0.0, "y": -1.0}).value) == -1
    assert math.copysign(1, adviz.evaluate("-x", at=[0.0]).value) == -1
