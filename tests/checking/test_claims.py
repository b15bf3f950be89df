"""What a claimed gradient may return, and what is said of the kind of numbers it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.checking.finding import WRONG, Finding


def worst(report: adviz.Report) -> Finding:
    return report.findings[0]


@pytest.mark.parametrize(
    "gradient",
    [
        lambda x, y: (complex(y), complex(x)),
        lambda x, y: np.array([y, x], complex),
        lambda x, y: {"x": y, "y": np.complex128(x)},
    ],
)
def test_a_complex_number_without_an_imaginary_part_is_real(gradient: Any) -> None:
    assert adviz.check("x*y", gradient=gradient, points=3).verdict == "agrees"


def test_a_complex_number_with_one_is_refused() -> None:
    with pytest.raises(
        adviz.AdvizError, match=r"gives '\(2\+0\.5j\)' for df/dx; it must be a real"
    ):
        adviz.check("x**2", gradient=lambda x: complex(2 * x, 0.5), at={"x": 1})


def test_none_counts_as_0_and_is_said() -> None:
    report = adviz.check("f(x, y) = x**2", gradient=lambda x, y: (2 * x, None), at={"x": 1, "y": 2})
    assert report.verdict == "agrees"
    causes = {str(finding.key): finding.cause for finding in report.findings}
    assert causes == {"df/dx": "", "df/dy": "None for df/dy counts as 0"}


def test_none_for_an_input_that_is_used_is_wrong() -> None:
    found = worst(adviz.check("x*y", gradient=lambda x, y: (y, None), at={"x": 3, "y": 2}))
    assert (str(found.key), found.verdict, found.found) == ("df/dy", "wrong gradient", 0.0)
    assert found.cause.startswith("None for df/dy counts as 0; ")


# --- 32-bit floats -------------------------------------------------------------------------------


def single(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function computed in 32-bit floats, as a framework does."""

    def rounded(*at: float) -> Any:
        return np.float32(function(*map(np.float32, at)))

    return rounded


# fmt: off
SINGLE: list[tuple[str, Callable[..., Any], dict[str, tuple[float, float]]]] = [
    ("x**3", lambda x: 3*x*x, {"x": (-2, 2)}),
    ("sin(x)", np.cos, {"x": (-3, 3)}),
    ("exp(-x*x)", lambda x: -2*x*np.exp(-x*x), {"x": (-2, 2)}),
    ("log(x)", lambda x: 1/x, {"x": (0.01, 100)}),
    ("tanh(x)", lambda x: 1 - np.tanh(x)**2, {"x": (-3, 3)}),
    ("sin(100*x)", lambda x: np.float32(100)*np.cos(np.float32(100)*x), {"x": (-3, 3)}),
]
# fmt: on


@pytest.mark.parametrize(("text", "slope", "ranges"), SINGLE)
def test_numbers_that_come_as_float32_are_judged_as_such(
    text: str, slope: Any, ranges: Any
) -> None:
    report = adviz.check(text, gradient=single(slope), ranges=ranges, points=12)
    assert not [f for f in report.findings if f.verdict in WRONG], str(report)
    assert worst(report).cause.startswith("judged by the rounding of float32")


@pytest.mark.parametrize(("text", "slope", "ranges"), SINGLE)
def test_a_float32_a_thousandth_off_is_wrong(text: str, slope: Any, ranges: Any) -> None:
    wrong = single(lambda x: slope(x) * np.float32(1.001))
    assert adviz.check(text, gradient=wrong, ranges=ranges, points=12).verdict == "wrong gradient"


@pytest.mark.parametrize(
    ("dtype", "verdict"),
    [
        ("float32", "agrees"),
        (np.float32, "agrees"),
        (np.dtype("float32"), "agrees"),
        (None, "wrong gradient"),
        ("float64", "wrong gradient"),
        (float, "wrong gradient"),
    ],
)
def test_dtype_says_what_a_gradient_is_computed_in(dtype: Any, verdict: str) -> None:
    cosine = single(np.cos)
    report = adviz.check("sin(x)", gradient=lambda x: float(cosine(x)), at={"x": 0.7}, dtype=dtype)
    assert report.verdict == verdict


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"dtype": "float16", "gradient": "1"}, "dtype = 'float16'; it is float32 or float64"),
        ({"dtype": "float32"}, "dtype= is what a gradient is computed in; give gradient="),
    ],
)
def test_other_types_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        adviz.check("x", **options)


# --- finite differences --------------------------------------------------------------------------


def quotient(low: float, high: float, relative: bool) -> Callable[[float], float]:
    """Return a difference quotient of exp(x)*x**3, of ends in absolute or relative steps."""

    def function(x: float) -> float:
        return math.exp(x) * x**3

    def slope(x: float) -> float:
        size = abs(x) if relative else 1.0
        a, b = x + low * size, x + high * size
        return (function(b) - function(a)) / (b - a)

    return slope


QUOTIENTS = [
    (quotient(-1e-3, 1e-3, False), "central", "0.001"),
    (quotient(-2e-4, 2e-4, False), "central", "0.0002"),
    (quotient(0, 1e-6, False), "forward", "1e−6"),
    (quotient(-1e-5, 0, False), "backward", "1e−5"),
    (quotient(-1e-3, 1e-3, True), "central", "0.001 times the input"),
]


@pytest.mark.parametrize(("slope", "kind", "step"), QUOTIENTS)
def test_a_finite_difference_is_called_what_it_is(slope: Any, kind: str, step: str) -> None:
    found = worst(adviz.check("exp(x)*x**3", gradient=slope, at={"x": 1.3}))
    words = f"it is a {kind} difference: every error is what a step of about {step} leaves"
    assert (found.verdict, found.cause) == ("wrong gradient", words)


def test_of_two_differences_that_leave_the_same_the_one_of_a_usual_step_is_named() -> None:
    def slope(x: float) -> float:  # of exp, whose second and third derivative are the same
        return (math.exp(x + 1e-5) - math.exp(x)) / 1e-5

    found = worst(adviz.check("exp(x)", gradient=slope, at={"x": 1.3}))
    assert "a forward difference: every error is what a step of about 1e−5 leaves" in found.cause


@pytest.mark.parametrize("gradient", [lambda x: math.cos(x) * (1 + 1e-7), lambda x: 0.3])
def test_another_mistake_is_no_finite_difference(gradient: Any) -> None:
    found = worst(adviz.check("sin(x)", gradient=gradient, at={"x": 0.7}))
    assert found.verdict == "wrong gradient"
    assert "difference:" not in found.cause
