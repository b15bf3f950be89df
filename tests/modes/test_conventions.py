"""The written conventions: domains, poles, kinks, branches, points, arrays; the words of errors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.errors import DomainError, GraphError, PointError
from adviz.numbers import FLOAT64
from adviz.primitives import TABLE, extend

X2 = {"x": 1, "y": 2}


def words(error: type[adviz.AdvizError], *arguments: Any, **options: Any) -> str:
    """Return what an evaluation says when it fails."""
    with pytest.raises(error) as caught:
        adviz.evaluate(*arguments, **options)
    return str(caught.value)


# --- where there is no value -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (
            "log(x - y)", X2,
            "log is undefined at -1.0 (node v1 = x - y, columns 5-9 of the formula); "
            "its argument must be > 0",
        ),
        (
            "a = x - y; sqrt(a)", X2,
            "sqrt is undefined at -1.0 (node a = x - y, columns 5-9 of the formula); "
            "its argument must be >= 0",
        ),
        (
            "asin(x)", [2],
            "asin is undefined at 2.0 (node x, column 6 of the formula); "
            "its argument must be between -1 and 1",
        ),
        (
            "atanh(x)", [1],
            "atanh is undefined at 1.0 (node x, column 7 of the formula); "
            "its argument must satisfy -1 < x < 1",
        ),
        (
            "x/(y - y)", X2,
            "division by zero (node v2 = x/v1, columns 1-9 of the formula; the denominator is "
            "node v1 = y - y, columns 4-8 of the formula)",
        ),
        (
            "x // y", [1, 0],
            "division by zero (node v1 = x // y, columns 1-6 of the formula; the denominator is "
            "node y, column 6 of the formula)",
        ),
        (
            "log(x, b)", [2, 1],
            "logb is undefined at (2.0, 1.0) (node v1 = log(x, b), columns 1-9 of the formula); "
            "it needs a positive argument and a positive base other than 1",
        ),
        (
            "exp(x)", [1000],
            "overflow: exp of 1000.0 is too large for float64 (node v1 = exp(x), columns 1-6 of "
            "the formula); pass digits=50 to compute it, or errors='ieee' to go on with inf",
        ),
    ],
)  # fmt: skip
def test_an_error_names_the_node_the_place_the_value_and_the_cure(
    text: str, at: Any, said: str
) -> None:
    assert words(DomainError, text, at) == said


@pytest.mark.parametrize("text", ["x**2", "x*x", "cosh(x/1e197)", "x*1e300", "x/1e-300"])
def test_an_overflow_is_named_and_ieee_goes_on(text: str) -> None:
    assert words(DomainError, text, [1e200]).startswith("overflow: ")
    trace = adviz.evaluate(text, [1e200], errors="ieee")
    assert trace.value == math.inf and trace.status[-1] == "overflow"
    precise = adviz.evaluate(text, [1e200], digits=30)
    assert precise.numbers.finite(precise.value)


@pytest.mark.parametrize(("text", "x"), [("log(x)", -1), ("sqrt(x)", -1), ("acosh(x)", 0.5)])
def test_ieee_goes_on_with_nan_and_marks_the_node(text: str, x: float) -> None:
    trace = adviz.reverse(text, [x], errors="ieee")
    assert math.isnan(trace.value) and trace.status[-1] == "undefined"


def test_a_power_needs_a_base_and_an_exponent_that_fit() -> None:
    assert "x**y" in words(DomainError, "x**y", [-2, 0.5])
    assert "x**y" in words(DomainError, "x**y", [0, -1])
    assert adviz.evaluate("x**y", [-2, 3]).value == -8
    assert adviz.evaluate("(-8.0)**(x/3)", [3]).value == -8


# --- where only the derivative is infinite, or does not exist ----------------------------------


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("sqrt(x)", 0, math.inf),
        ("cbrt(x)", 0, math.inf),
        ("x**0.5", 0, math.inf),
        ("asin(x)", 1, math.inf),
        ("acos(x)", 1, -math.inf),
        ("acosh(x)", 1, math.inf),
    ],
)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_at_a_pole_the_partial_is_infinite_and_marked(
    text: str, x: float, slope: float, mode: Any
) -> None:
    assert adviz.gradient(text, [x], mode=mode) == {"x": slope}
    trace = adviz.reverse(text, [x])
    assert trace.steps[-1].status == "pole" and "pole" in trace.status


@pytest.mark.parametrize("text", ["sqrt(x)*y", "sqrt(x)**2 + y"])
def test_zero_times_an_infinite_partial_is_undetermined(text: str) -> None:
    with pytest.raises(DomainError, match=r"the derivative is undetermined at x = 0\.0"):
        adviz.gradient(text, {"x": 0, "y": 0})


def test_a_constant_exponent_never_takes_a_logarithm() -> None:
    assert adviz.gradient("x**3", [-2]) == {"x": 12}
    assert adviz.gradient("x**2", [0]) == {"x": 0}
    assert adviz.gradient("x**0", [0]) == {"x": 0}


def test_wrt_limits_which_partials_are_taken() -> None:
    at = {"x": -2, "y": 3}
    for mode in ("forward", "reverse", "symbolic"):
        assert adviz.gradient("x**y", at, wrt="x", mode=mode) == {"x": 12}
    with pytest.raises(DomainError) as caught:
        adviz.gradient("x**y", at)
    assert str(caught.value) == (
        "the derivative by y does not exist at x = -2.0, y = 3.0 "
        "(node v1 = x**y, columns 1-4 of the formula); leave y out of wrt="
    )


# --- kinks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "gradient", "sides"),
    [
        ("abs(x)", 0, {0: (-1, 1)}),
        ("relu(x)", 0, {0: (0, 1)}),
        ("sign(x)", 0, {0: (0, 0)}),
        ("floor(x)", 0, {0: (0, 0)}),
        ("max(x, 0)", 0.5, {0: (0, 1), 1: (0, 1)}),
        ("min(x, 0)", 0.5, {0: (1, 0), 1: (1, 0)}),
        ("hypot(x, 0)", 0, {0: (-1, 1), 1: (0, 0)}),
    ],
)
def test_at_a_kink_the_convention_holds_and_both_slopes_are_told(
    text: str, gradient: float, sides: dict[int, tuple[float, float]]
) -> None:
    for mode in ("forward", "reverse"):
        assert adviz.gradient(text, [0], mode=mode) == {"x": gradient}
    trace = adviz.reverse(text, [0])
    assert trace.status[-1] == "kink"
    found = trace.slopes(len(trace.graph) - 1)
    if "hypot" not in text and "max" not in text and "min" not in text:
        assert found == sides
    else:
        assert found[0] == sides[0]


def test_a_tie_is_shared_and_the_origin_has_slope_zero() -> None:
    for name in ("max", "min"):
        assert adviz.gradient(f"{name}(x, y)", [1, 1]) == {"x": 0.5, "y": 0.5}
    assert adviz.gradient("hypot(x, y)", [0, 0]) == {"x": 0, "y": 0}
    assert adviz.gradient("f(x, y) = atan2(y, x)", [0, 0]) == {"x": 0, "y": 0}


def test_symbolic_mode_follows_the_same_conventions() -> None:
    for text in ("abs(x)", "relu(x)", "sign(x)", "floor(x)", "max(x, 0)", "min(x, 0)"):
        assert adviz.gradient(text, [0], mode="symbolic") == adviz.gradient(text, [0])


def test_a_choice_on_its_boundary_is_marked() -> None:
    trace = adviz.reverse("where(x > 0, x, 2*x)", [0])
    assert trace.gradient == {"x": 2} and trace.status[-1] == "kink"
    assert adviz.reverse("where(x > 0, x, 2*x)", [1]).status[-1] == "ok"


# --- branches ----------------------------------------------------------------------------------


def test_an_untaken_branch_is_skipped() -> None:
    trace = adviz.reverse("where(x > 0, log(x), y)", {"x": -1, "y": 2})
    assert trace.value == 2 and trace.gradient == {"x": 0, "y": 1}
    node = trace.graph.ops.index("log")
    assert trace.status[node] == "skipped"
    assert trace.values[node] is None and trace.adjoints is not None
    assert trace.adjoints[node] is None


def test_and_and_or_look_at_their_second_side_only_when_they_must() -> None:
    assert adviz.evaluate("where(x > 0 and log(x) > 0, 1, 2)", [-1]).value == 2
    assert adviz.evaluate("where(x <= 0 or log(x) < 0, 1, 2)", [-1]).value == 1


# --- inputs and points -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_an_unused_input_has_gradient_zero_and_a_constant_is_fine(mode: Any) -> None:
    assert adviz.gradient("f(x, y) = x", [1, 2], mode=mode) == {"x": 1, "y": 0}
    assert adviz.gradient("f(x) = 3", [1], mode=mode) == {"x": 0}
    assert adviz.gradient("3", {}, mode=mode) == {}


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({"x": 1}, "the point gives no value for y; the inputs are x, y"),
        ({"x": 1, "y": 2, "z": 3}, "there is no input 'z'; the inputs are x, y"),
        ([1], "the point has 1 numbers; the inputs are x, y"),
        ({"x": 1j, "y": 1}, "x = 1j is complex; it must be a real number"),
        ({"x": "1", "y": 1}, "x = '1' is str; it must be a real number"),
        ({"x": None, "y": 1}, "x = None is NoneType; it must be a real number"),
        ({"x": [[1], [1, 2]], "y": 1},
         "x = [[1], [1, 2]] is no array; its rows have different lengths"),
        ({"x": True, "y": 1}, "x = True is bool; it must be a real number"),
        ({"x": math.nan, "y": 1}, "x = nan is not finite; pass errors='ieee' to go on"),
        ({"x": -math.inf, "y": 1}, "x = -inf is not finite; pass errors='ieee' to go on"),
        ({"x": ["a"], "y": 1}, "x[0] = 'a' is str; it must be a real number"),
        ({"x": [1, 2], "y": [1, 2, 3]},
         "the arrays do not fit together; their shapes are x: (2,), y: (3,)"),
        ("x", "a point is a mapping such as {'x': 3.0}, not str"),
        (None, "a point is a mapping such as {'x': 3.0}, not NoneType"),
        (b"ab", "a point is a mapping such as {'x': 3.0}, not bytes"),
        (bytearray(b"ab"), "a point is a mapping such as {'x': 3.0}, not bytearray"),
    ],
)  # fmt: skip
def test_a_point_that_does_not_fit_is_said_to(at: Any, said: str) -> None:
    assert words(PointError, "x*y", at) == said


def test_who_means_eulers_number_is_told_how_it_is_written() -> None:
    said = r"gives no value for e; .*; Euler's number is exp\(1\), its powers are exp\(x\)$"
    with pytest.raises(adviz.AdvizError, match=said):
        adviz.evaluate("e**x", {"x": 1})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"digits": 0}, "digits = 0 must be a whole number from 1 to 20000"),
        ({"digits": 2.5}, "digits = 2.5 must be a whole number from 1 to 20000"),
        ({"digits": True}, "digits = True must be a whole number from 1 to 20000"),
        (
            {"digits": np.timedelta64(3)},
            "digits = np.timedelta64(3) must be a whole number from 1 to 20000",
        ),
        ({"digits": -1}, "digits = -1 must be a whole number from 1 to 20000"),
        ({"digits": 10**9}, "digits = 1000000000 must be a whole number from 1 to 20000"),
        ({"errors": "no"}, "errors = 'no'; it is 'raise' or 'ieee'"),
    ],
)
def test_an_option_that_does_not_fit_is_said_to(options: Any, said: str) -> None:
    assert words(PointError, "x", [1], **options) == said


@pytest.mark.parametrize("call", ["gamma(x)", "zeta(x)", "lambertw(x)", "besselj(1, x)", "gelu(x)"])
def test_special_functions_have_fewer_digits(call: str) -> None:
    name = call.partition("(")[0]
    said = words(PointError, call, [1.5], digits=20000)
    assert said == f"digits = 20000 must be a whole number from 1 to 1000 where there is {name}"


def test_ieee_goes_on_from_points_that_are_not_finite() -> None:
    assert adviz.evaluate("1/x", [math.inf], errors="ieee").value == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: adviz.gradient("x*y", X2, wrt="z"), "wrt: there is no input 'z'"),
        (lambda: adviz.gradient("x*y", X2, mode="up"), "modes are reverse, forward, symbolic"),  # type: ignore[arg-type]
        (lambda: adviz.gradient(["x", "y"], X2), r"2 outputs \(f1, f2\); use jacobian"),
        (lambda: adviz.forward("x*y", X2), "a direction is needed: one of x, y"),
        (lambda: adviz.forward("x*y", X2, {"q": 1}), "direction: there is no input 'q'"),
        (lambda: adviz.reverse(["x", "y"], X2), "give a cotangent such as {'f1': 1}"),
        (lambda: adviz.reverse("x*y", X2, {"g": 1}), "there is no output 'g'"),
        (lambda: adviz.hessian(["x", "y"], X2), "say which output: of= one of f1, f2"),
        (lambda: adviz.derivative_graph("x", of="g"), "there is no output 'g'; outputs are f"),
        (lambda: adviz.symbolic("x", form="tree"), "forms are expression and assignments"),  # type: ignore[arg-type]
        (lambda: adviz.forward("x*y", X2, "x").gradient, "in one direction only"),
        (lambda: adviz.evaluate("x", [1]).tangent, "holds no tangents; use adviz.forward"),
        (lambda: adviz.evaluate("x", [1]).values["q"], "no node is called 'q'; nodes are x"),
    ],
)
def test_a_question_without_an_answer_says_why(call: Any, said: str) -> None:
    with pytest.raises(adviz.AdvizError, match=said):
        call()


# --- arrays ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_arrays_are_broadcast_and_never_summed(mode: Any) -> None:
    at = {"x": np.array([1.0, 2.0]), "y": np.array([[3.0], [4.0], [5.0]])}
    found = adviz.gradient("x*y + x", at, mode=mode)
    assert found["x"].shape == found["y"].shape == (3, 2)
    assert np.array_equal(found["x"], [[4, 4], [5, 5], [6, 6]])
    assert np.array_equal(found["y"], [[1, 2]] * 3)


def test_a_list_is_an_array_and_a_number_beside_it_is_every_points() -> None:
    assert adviz.evaluate("x*y", {"x": [1, 2], "y": 3}).value.tolist() == [3, 6]
    assert adviz.gradient("f(x, y) = 2*y", {"x": [1, 2], "y": 3})["x"].tolist() == [0, 0]
    assert adviz.evaluate("f(x) = 3", {"x": [1, 2]}).value.tolist() == [3, 3]


def test_arrays_go_on_where_single_points_raise() -> None:
    found = adviz.gradient("log(x)*sqrt(y)", {"x": [-1, 0, 1], "y": [1, 1, 0]}, errors=None)
    assert np.isnan(adviz.evaluate("log(x)", {"x": [-1.0, 1]}).value).tolist() == [True, False]
    assert found["y"][2] == 0 or math.isnan(found["y"][2])
    with pytest.raises(DomainError, match="division by zero"):
        adviz.gradient("1/x", {"x": [0.0, 1]}, errors="raise")


def test_what_was_given_is_not_changed() -> None:
    x = np.array([1.0, 2.0])
    found = adviz.gradient("x*x", {"x": x})
    found["x"][:] = 7
    assert x.tolist() == [1, 2] and adviz.gradient("x*x", {"x": x})["x"].tolist() == [2, 4]


# --- several outputs, and products with derivatives --------------------------------------------


def test_cotangents_weigh_several_outputs() -> None:
    pair = {"p": "x*y", "q": "x + y"}
    trace = adviz.reverse(pair, {"x": 3, "y": 2}, {"p": 1, "q": 10})
    assert trace.value == {"p": 6, "q": 5} and trace.gradient == {"x": 12, "y": 13}
    assert adviz.reverse(pair, {"x": 3, "y": 2}, [1, 10]).gradient == {"x": 12, "y": 13}
    assert adviz.forward(pair, {"x": 3, "y": 2}, "x").tangent == {"p": 2, "q": 1}


def test_one_node_can_be_several_outputs() -> None:
    both = adviz.build('a = x*x; {"p": a, "q": a}')
    assert adviz.reverse(both, [3], {"p": 1, "q": 10}).gradient == {"x": 66}


def test_products_with_derivatives_agree() -> None:
    text, at = "exp(x*y) + sin(x)/y", {"x": 0.3, "y": 1.7}
    v, w = {"x": 0.6, "y": -1.1}, 2.5
    gradient, hessian = adviz.gradient(text, at), adviz.hessian(text, at)
    assert adviz.jvp(text, at, v) == pytest.approx(sum(gradient[n] * v[n] for n in v), rel=1e-14)
    scaled = adviz.vjp(text, at, w)
    assert scaled == pytest.approx({n: w * g for n, g in gradient.items()}, rel=1e-14)
    along = {n: sum(hessian[n][m] * v[m] for m in v) for n in v}
    assert adviz.hvp(text, at, v) == pytest.approx(along, rel=1e-14)
    assert hessian["x"]["y"] == pytest.approx(hessian["y"]["x"], rel=1e-14)
    assert adviz.jacobian(text, at) == {"f": gradient}


def test_a_second_derivative_is_labelled() -> None:
    once = adviz.derivative_graph("x**3*y", wrt="x")
    twice = adviz.derivative_graph(once, of="df/dx", wrt=["x", "y"])
    assert adviz.evaluate(twice, [2, 5]).value == {
        "f": 40, "df/dx": 60, "d2f/dx2": 60, "d2f/dxdy": 12,
    }  # fmt: skip


# --- tables ------------------------------------------------------------------------------------


def test_a_users_table_is_its_own() -> None:
    def row(value: str) -> Any:
        return adviz.primitive("tripled", f"{value}*x")

    one, two = extend([row("3")]), extend([row("4")])
    for rows, factor in ((one, 3), (two, 4), (one, 3)):
        assert FLOAT64.over(rows).function("tripled")(2.0) == 2 * factor
        assert FLOAT64.over(rows).partial(rows["tripled"], 0)(2.0, 6.0) == factor
    assert "tripled" not in TABLE and FLOAT64.over(TABLE) is FLOAT64


def test_a_table_refuses_two_rows_of_one_name() -> None:
    with pytest.raises(GraphError, match="'sin' exists already; choose another name"):
        extend([adviz.primitive("mine", "x + 1"), TABLE["cos"].__class__(
            name="sin", args=("x",), partials=("1",))])  # fmt: skip


@pytest.mark.parametrize("form", ["x**where(y > 0, y, 2)", "log(x)*y if y > 0 else 2*x"])
def test_in_symbolic_mode_what_only_an_untaken_branch_uses_has_slope_0(form: str) -> None:
    at = {"x": -3.0, "y": -1.0}
    assert adviz.gradient(form, at, mode="symbolic") == adviz.gradient(form, at)


@pytest.mark.parametrize("text", ["copysign(3, x)", "atan2(x, -1)", "1/x", "x*x"])
def test_many_digits_refuse_a_zero_whose_sign_they_do_not_keep(text: str) -> None:
    with pytest.raises(adviz.AdvizError, match=r"^x = -0.0 has a sign that digits= does not keep"):
        adviz.evaluate(text, {"x": -0.0}, digits=30)


@pytest.mark.parametrize("text", ["log(x) + y", "y - 1/x", "x**y", "sqrt(x - 1) + y"])
def test_what_is_undefined_stays_so_when_its_derivative_overflows(text: str) -> None:
    trace = adviz.reverse(text, {"x": 0, "y": -2}, errors="ieee")
    assert "undefined" in trace.status and "overflow" not in trace.status
