"""What is taken for a user's number: one rule, wherever numbers are given."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

import adviz
from adviz.errors import PointError

THIRD = np.longdouble(1) / 3
WIDE = float(THIRD) != THIRD
"""Whether long doubles are wider than doubles here."""

TENTH = 0.1
TAKEN = [
    (3, 3.0), (2**60, 2.0**60), (TENTH, TENTH), (Fraction(1, 4), 0.25),
    (np.float32(TENTH), np.float32(TENTH).item()), (np.float16(TENTH), np.float16(TENTH).item()),
    (np.longdouble(TENTH), TENTH), (np.int64(3), 3.0), (np.uint8(200), 200.0),
    (np.array(3.0), 3.0), (np.array(2, object), 2.0), (np.ma.array(3.0), 3.0),
    (sympy.Integer(3), 3.0), (sympy.Rational(1, 4), 0.25), (sympy.Float(TENTH), TENTH),
    (mpmath.mpf("0.25"), 0.25),
]  # fmt: skip
"""Numbers, and the float that each is."""

_LOST = "(%s) is no float64; give float(…) of it, or let digits= keep it, in a sweep"
_NONE = "is %s; it must be a real number"
_MASKED = (
    " is masked; give the numbers that are there (.compressed()), or one in its place (.filled(…))"
)
REFUSED = [
    (2**53 + 1, f" = 9007199254740993 {_LOST % 'int'}"),
    (np.int64(2**53 + 1), f" = 9007199254740993 {_LOST % 'int'}"),
    (np.array(2**53 + 1), f" = 9007199254740993 {_LOST % 'int'}"),
    (10**400, f" = {10**39}… {_LOST % 'int'}"),
    (10**5000, f" = <int> {_LOST % 'int'}"),
    (sympy.Rational(1, 3), f" = 1/3 {_LOST % 'Rational'}"),
    (True, f" = True {_NONE % 'bool'}"),
    (np.True_, f" = True {_NONE % 'bool'}"),
    (None, f" = None {_NONE % 'NoneType'}"),
    ("1", f" = '1' {_NONE % 'str'}"),
    (b"1", f" = b'1' {_NONE % 'bytes'}"),
    (1j, f" = 1j {_NONE % 'complex'}"),
    (1 + 0j, f" = (1+0j) {_NONE % 'complex'}"),
    (mpmath.mpc(1, 0), f" = mpc(real='1.0', imag='0.0') {_NONE % 'complex'}"),
    (Decimal("0.5"), f" = Decimal('0.5') {_NONE % 'Decimal'}"),
    (datetime.date(2020, 1, 1), f" = datetime.date(2020, 1, 1) {_NONE % 'date'}"),
    (np.datetime64("2020-01-01"), f" = np.datetime64('2020-01-01') {_NONE % 'datetime64'}"),
    (np.timedelta64(3, "ns"), f" = np.timedelta64(3,'ns') {_NONE % 'timedelta64'}"),
    (np.zeros((), [("a", float)])[()], f" = (0.0,) {_NONE % 'tuple'}"),
    (np.ma.masked, _MASKED),
    ({1.0}, f" = {{1.0}} {_NONE % 'set'}"),
]
"""What is no number of float64, and what is said behind its name."""
EXACT_ONLY = [
    (Fraction(1, 3), f" = Fraction(1, 3) {_LOST % 'Fraction'}"),
    (Fraction(10**400, 3), f" = Fraction({'1' + 30 * '0'}… {_LOST % 'Fraction'}"),
]
"""What sweeps compute with as it is."""
if WIDE:
    REFUSED.append((THIRD, f" = {THIRD!r} {_LOST % 'longdouble'}"))

Way = Callable[[Any], Any]
KERNEL = adviz.compile("x*2", target="python")
BESIDE = adviz.compile("2*x + y", target="python")
SWEEPS: dict[str, tuple[Way, str]] = {
    "evaluate": (lambda x: adviz.evaluate("x*2", {"x": x}).value, "x"),
    "in order": (lambda x: adviz.evaluate("x*2", [x]).value, "x"),
    "gradient": (lambda x: adviz.gradient("x*x", {"x": x})["x"], "x"),
}
FLOATS: dict[str, tuple[Way, str]] = {
    "beside a float": (lambda x: adviz.evaluate("2*x + y", {"x": x, "y": 0.0}).value, "x"),
    "symbolic": (
        lambda x: adviz.gradient("x*x + y", {"x": x, "y": 0.0}, mode="symbolic")["x"],
        "x",
    ),
    "beside an array": (
        lambda x: adviz.evaluate("2*x + y", {"x": x, "y": [0.0]}).value[0],
        "x",
    ),
    "direction": (lambda x: adviz.jvp("2*x", {"x": 1.0}, {"x": x}), "direction x"),
    "cotangent": (lambda x: adviz.vjp("2*x", {"x": 1.0}, {"f": x})["x"], "cotangent f"),
    "many": (lambda x: adviz.evaluate_many("x*2", {"x": x}, kind="value"), "x"),
    "points": (
        lambda x: adviz.evaluate_many("x*2", [{"x": x}], kind="value", errors="raise")[0],
        "point 0: x",
    ),
    "many along": (
        lambda x: adviz.evaluate_many("2*x", {"x": 1.0}, kind="jvp", direction={"x": x})[1],
        "direction x",
    ),
    "call": (lambda x: KERNEL(x=x)[0], "x"),
    "call in order": (lambda x: KERNEL(x)[0], "x"),
    "call beside an array": (lambda x: BESIDE(x=x, y=[0.0])[0][0], "x"),
    "tangent": (lambda x: adviz.compile("x*2", "jvp")(x=1.0, x_dot=x)[1], "x_dot"),
    "check": (lambda x: 2 * adviz.check("x*2", at={"x": x}).points[0]["x"], "x"),
}


@pytest.mark.parametrize("way", [*SWEEPS, *FLOATS])
@pytest.mark.parametrize(("number", "is_"), TAKEN, ids=lambda one: repr(one))
def test_a_number_is_taken_alike_everywhere(number: Any, is_: float, way: str) -> None:
    take, _ = {**SWEEPS, **FLOATS}[way]
    assert take(number) == 2 * is_


@pytest.mark.parametrize("way", [*SWEEPS, *FLOATS])
@pytest.mark.parametrize(("value", "said"), REFUSED, ids=lambda one: repr(type(one)))
def test_what_is_no_number_is_refused_alike_everywhere(value: Any, said: str, way: str) -> None:
    take, name = {**SWEEPS, **FLOATS}[way]
    with pytest.raises(PointError) as error:
        take(value)
    assert str(error.value) == name + said


@pytest.mark.parametrize("way", FLOATS)
@pytest.mark.parametrize(("value", "said"), EXACT_ONLY, ids=lambda one: repr(type(one)))
def test_a_fraction_among_floats_is_one_that_float64_holds(value: Any, said: str, way: str) -> None:
    take, name = FLOATS[way]
    with pytest.raises(PointError) as error:
        take(value)
    assert str(error.value) == name + said


TWO = [1.0, 2.0]
ARRAYS_TAKEN: list[tuple[Any, list[float]]] = [
    (TWO, TWO), ((1, 2), TWO), (range(1, 3), TWO), ([1, Fraction(1, 2)], [1.0, 0.5]),
    (np.array([1, 2]), TWO), (np.array([1, 2], np.uint8), TWO),
    (np.array([0.1, 2], np.float32), [float(np.float32(0.1)), 2.0]), (np.array(TWO, object), TWO),
    (np.array(TWO, ">f8"), TWO), (np.array(TWO, np.longdouble), TWO), (np.ma.array(TWO), TWO),
    (np.array([0.0, 1.0, 0.0, 2.0])[1::2], TWO), ([np.float64(1.0), np.array(2)], TWO),
    (np.array([2**60, -(2**60)]), [2.0**60, -(2.0**60)]),
]  # fmt: skip
ARRAYS_REFUSED: list[tuple[Any, str]] = [
    ([1.0, True], f"[1] = True {_NONE % 'bool'}"),
    (["1", 2.0], f"[0] = '1' {_NONE % 'str'}"),
    ([1, None], f"[1] = None {_NONE % 'NoneType'}"),
    ([2**53 + 1, 1.0], f"[0] = 9007199254740993 {_LOST % 'int'}"),
    ([1, 10**400], f"[1] = {10**39}… {_LOST % 'int'}"),
    (np.array([1, 2**53 + 1]), f"[1] = 9007199254740993 {_LOST % 'int'}"),
    (np.array([1, 2**64 - 1], np.uint64), f"[1] = {2**64 - 1} {_LOST % 'int'}"),
    (np.array([True, False]), f"[0] = True {_NONE % 'bool'}"),
    (np.array([1, 1j]), f"[0] = (1+0j) {_NONE % 'complex'}"),
    (np.array(["1", "2"]), f"[0] = '1' {_NONE % 'str'}"),
    (
        np.array(["2020-01-01"] * 2, "M8[D]"),
        f"[0] = np.datetime64('2020-01-01') {_NONE % 'datetime64'}",
    ),
    (np.array([1, 2], "m8[D]"), f"[0] = np.timedelta64(1,'D') {_NONE % 'timedelta64'}"),
    (np.zeros(2, [("a", float)]), f"[0] = (0.0,) {_NONE % 'tuple'}"),
    (np.ma.array(TWO, mask=[False, True]), f"[1]{_MASKED}"),
    ([1.0, np.ma.masked], f"[1]{_MASKED}"),
    ([[1.0], [1.0, 2.0]], " = [[1.0], [1.0, 2.0]] is no array; its rows have different lengths"),
]
if WIDE:
    ARRAYS_REFUSED.append((np.array([1, THIRD]), f"[1] = {THIRD!r} {_LOST % 'longdouble'}"))

BOTH = adviz.compile({"f": "1*x", "g": "1*y"}, "value", target="python")
ARRAYS: dict[str, tuple[Way, str]] = {
    "evaluate": (lambda x: adviz.evaluate("x*1", {"x": x}).value, "x"),
    "gradient": (lambda x: adviz.gradient("x*x/2", {"x": x})["x"], "x"),
    "direction": (
        lambda x: adviz.jvp("x*1", {"x": np.zeros(2)}, {"x": x}),
        "direction x",
    ),
    "many": (lambda x: adviz.evaluate_many("x*1", {"x": x}, kind="value"), "x"),
    "call": (lambda x: adviz.compile("x*1", "value")(x), "x"),
    "vector": (BOTH.vector, "vector"),
}


@pytest.mark.parametrize("way", ARRAYS)
@pytest.mark.parametrize(("numbers", "are"), ARRAYS_TAKEN, ids=lambda one: repr(one))
def test_arrays_are_taken_alike_everywhere(numbers: Any, are: list[float], way: str) -> None:
    take, _ = ARRAYS[way]
    np.testing.assert_array_equal(take(numbers), are)


@pytest.mark.parametrize("way", ARRAYS)
@pytest.mark.parametrize(("given", "said"), ARRAYS_REFUSED, ids=lambda one: repr(one))
def test_the_first_wrong_element_of_an_array_is_said(given: Any, said: str, way: str) -> None:
    take, name = ARRAYS[way]
    with pytest.raises(PointError) as error:
        take(given)
    assert str(error.value) == name + said


def test_what_is_not_finite_is_a_number() -> None:
    given = [math.nan, math.inf, -math.inf]
    for one in (given, np.array(given, np.longdouble), np.array(given, object)):
        np.testing.assert_array_equal(adviz.evaluate("1*x", {"x": one}).value, given)


@pytest.mark.parametrize(
    ("number", "twice", "shown"),
    [
        (Fraction(10**400, 3), Fraction(2 * 10**400, 3), "6.66667 × 10³⁹⁹"),
        (Fraction(1, 3), Fraction(2, 3), "2/3"),
        (mpmath.mpf("1e400"), mpmath.mpf("2e400"), "2 × 10⁴⁰⁰"),
    ],
)
def test_numbers_of_other_systems_stay_what_they_are(number: Any, twice: Any, shown: str) -> None:
    assert adviz.evaluate("2*x", {"x": number}).value == twice
    trace = adviz.reverse("x*x", {"x": number})
    assert trace.gradient == {"x": twice}
    assert shown in str(adviz.table(trace))


@pytest.mark.parametrize("number", [10**400, 2**53 + 1, THIRD])
def test_digits_keep_what_float64_does_not_hold(number: Any) -> None:
    value = adviz.evaluate("x", {"x": number}, digits=500).value
    exact = Fraction(*number.as_integer_ratio())
    assert value * exact.denominator == exact.numerator


def test_an_infinity_beside_a_fraction_beyond_floats_is_one() -> None:
    at = {"x": Fraction(0), "y": Fraction(10**400)}
    found = adviz.gradient("y/x", at, errors="ieee")
    assert found["y"] == math.inf
    assert found["x"] == -math.inf


def test_a_fraction_sweep_refuses_a_direction_that_is_none() -> None:
    with pytest.raises(PointError) as error:
        adviz.forward("x*x", {"x": Fraction(1, 3)}, {"x": math.nan})
    assert str(error.value) == "direction x = nan is no Fraction, as the numbers of the point are"


def test_an_empty_argument_has_no_numbers() -> None:
    assert adviz.gradient(lambda x: sum(x), {"x": []}) == {}
