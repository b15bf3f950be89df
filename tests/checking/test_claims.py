"""What a claimed gradient may return, and what is said of the kind of numbers it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy

import adviz
from adviz.checking.finding import WRONG, Finding
from adviz.errors import TooLarge


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
        adviz.AdvizError, match=r"df/dx = \(2\+0\.5j\) is complex; it must be a real number"
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
        (
            {"dtype": "int8", "gradient": "1"},
            "dtype = 'int8'; it is float64, float32, float16, bfloat16",
        ),
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


# --- in the structure of the arguments -----------------------------------------------------------


@dataclass
class Pendulum:
    mass: float
    arms: list[float]
    label: str = "double"


def energy(p: Pendulum, x: float) -> float:
    return p.mass * p.arms[0] * p.arms[1] * x


def by_fields(p: Pendulum, x: float) -> Any:
    a, b = p.arms
    return {"mass": a * b * x, "arms": [p.mass * b * x, p.mass * a * x]}


AT = {"p": Pendulum(2.0, [3.0, 4.0]), "x": 5.0}
IN_STRUCTURE: list[Callable[..., Any]] = [
    lambda p, x: {"p": by_fields(p, x), "x": energy(p, 1.0)},
    lambda p, x: (by_fields(p, x), energy(p, 1.0)),
    lambda x, p: (energy(p, 1.0), by_fields(p, x)),
    lambda p, x: (Pendulum(**by_fields(p, x)), energy(p, 1.0)),
]


@pytest.mark.parametrize("gradient", IN_STRUCTURE)
def test_a_gradient_comes_in_the_structure_of_the_arguments(gradient: Any) -> None:
    assert adviz.check(energy, at=AT, gradient=gradient).verdict == "agrees"


def test_of_one_argument_the_structure_alone_is_its_gradient() -> None:
    def square(p: Any) -> Any:
        return p["a"] * p["b"][0]

    at = {"p": {"a": 2.0, "b": [3.0]}}
    right = adviz.check(square, at=at, gradient=lambda p: {"a": p["b"][0], "b": [p["a"]]})
    assert right.verdict == "agrees"
    wrong = worst(adviz.check(square, at=at, gradient=lambda p: {"a": p["b"][0], "b": [7.0]}))
    assert (wrong.key.input, wrong.verdict, wrong.found) == ("p_b0", "wrong gradient", 7.0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"gradient": lambda x, y: {"x": y, "y": x, "z": 3}},
            "the gradient has something for 'z', which is no input; there is x, y",
        ),
        (
            {"gradient": {"x": "y", "y": "x", "z": "3"}},
            "the gradient has something for 'z', which is no input; there is x, y",
        ),
        (
            {"gradient": lambda x, y: None},
            "the gradient is None; it needs one for each input: x, y",
        ),
        (
            {"hessian": lambda x, y: None},
            "the Hessian is None; it needs 4, one for each pair of x, y",
        ),
        (
            {"hvp": lambda x, y, v: None},
            "the Hessian-vector product is None; it needs one for each input: x, y",
        ),
        (
            {"gradient": lambda x, y: (10**400, 1)},
            f"the gradient's df/dx = {10**39}… (int) is no float64; give float(…) of it, or let "
            "digits= keep it, in a sweep",
        ),
        (
            {"gradient": lambda x, y: (b"1", True)},
            "the gradient's df/dx = b'1' is bytes; it must be a real number",
        ),
        (
            {"gradient": lambda x, y: (1, True)},
            "the gradient's df/dy = True is bool; it must be a real number",
        ),
        (
            {"gradient": lambda x, y: {"x": np.array([1j, 2]), "y": x}},
            "the gradient's df/dx = array([0.+1.j, 2.+0.j]) is ndarray; it must be a real number; "
            "of (value, gradient) give the second",
        ),
        (
            {"gradient": lambda x, y: (sympy.Symbol("y"), x)},
            "the gradient's df/dx = y is Symbol; it must be a real number",
        ),
        (
            {"gradient": lambda x, y: (sympy.I, x)},
            "the gradient's df/dx = I is ImaginaryUnit; it must be a real number",
        ),
        (
            {"gradient": lambda x, y: (sympy.Integer(10) ** 400, x)},
            f"the gradient's df/dx = {10**39}… (Integer) is no float64; give float(…) of it, or "
            "let digits= keep it, in a sweep",
        ),
        (
            {"gradient": lambda x, y: np.ma.array([y, x], mask=[False, True])},
            "the gradient's df/dy is masked; give the numbers that are there (.compressed()), or "
            "one in its place (.filled(…))",
        ),
    ],
)
def test_what_a_claim_gives_is_refused_in_one_sentence(options: Any, said: str) -> None:
    with pytest.raises(adviz.AdvizError) as error:
        adviz.check("x*y", at={"x": 1.0, "y": 2.0}, **options)
    assert str(error.value) == said


@pytest.mark.parametrize("given", [[1, 2, 3], {"b": 1.0}])
def test_a_gradient_of_another_shape_is_told_what_it_needs(given: Any) -> None:
    with pytest.raises(adviz.AdvizError, match="it needs a number for each of x0, x1"):
        adviz.check(lambda x: x[0] * x[1], at={"x": [2, 3]}, gradient=lambda x: {"x": given})


@pytest.mark.parametrize(
    ("power", "shown"), [(12, "1000000000000"), (400, f"{10**39}…"), (5000, "<int>")]
)
def test_more_points_than_a_report_holds_are_refused_before_any_is_drawn(
    power: int, shown: str
) -> None:
    with pytest.raises(TooLarge) as error:
        adviz.check("x*x", points=10**power)
    assert str(error.value) == (
        f"points = {shown} are more than a report holds, 1000000; check several times, each with "
        "a seed= of its own"
    )
    with pytest.raises(TooLarge, match="formula 0, x"):
        adviz.check_many(["x*x"], points=10**power)
