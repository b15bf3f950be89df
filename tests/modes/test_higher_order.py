"""Taylor coefficients of any order, and the sweep of second order: against differences, known
series, SymPy, and the modes of first order."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from corpus import CORPUS, Formula
from laws import Arguments, by_position, exactly, graph_of, point_of, points
from samples import corpus_points

import adviz
from adviz.errors import AdvizError, DomainError, PointError
from adviz.language.notation import unicode_text
from adviz.modes.evaluation import evaluated
from adviz.modes.series import Series
from adviz.modes.trace import BACKWARD
from adviz.numbers import FLOAT64, Number, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive
from adviz.primitives.elementary import ELEMENTARY
from adviz.scene.quantities import QUANTITIES

ORDER, DIGITS = 5, 50
SMOOTH = [row for row in TABLE.values() if by_position(row) and not row.chooses]
rows = pytest.mark.parametrize("row", SMOOTH, ids=lambda row: row.name)
formulas = pytest.mark.parametrize("formula", CORPUS[1::3], ids=lambda formula: formula.name)


def differences(numbers: Numbers, function: Callable[[Number], Number], at: Number) -> list[Any]:
    """Return Taylor coefficients by differences, whose precision lies far beyond the digits."""
    context = numbers.constant(0).context
    found = context.diffs(function, at, ORDER)
    return [slope / context.factorial(k) for k, slope in enumerate(found)]


def moderate(row: Primitive) -> list[Arguments]:
    """Return points of a row at which differences do not cancel."""
    fair = [at for at in points(row.name, 12) if all(x == 0 or 1e-3 < abs(x) < 1e3 for x in at)]
    return fair[:2]


@rows
def test_coefficients_are_those_of_differences(row: Primitive) -> None:
    graph, numbers = graph_of(row), multiprecision(DIGITS)
    function = numbers.function(row.name)
    for at in moderate(row):
        exact = exactly(numbers, at)
        for k in by_position(row):
            name = list(graph.inputs)[k]

            def along(x: Number, k: int = k, exact: Arguments = exact) -> Number:
                return function(*exact[:k], x, *exact[k + 1 :])

            truth = differences(numbers, along, exact[k])
            found = adviz.taylor(graph, point_of(row, at), name, ORDER, digits=DIGITS)
            largest = max(map(abs, truth))
            for one, other in zip(found.coefficients, truth, strict=True):
                assert abs(one - other) <= largest * 1e-25, (at, k)


@rows
def test_floats_lose_few_digits(row: Primitive) -> None:
    graph = graph_of(row)
    for at in moderate(row):
        for name in list(graph.inputs)[slice(*_span(row))]:
            place = point_of(row, at)
            truth = adviz.taylor(graph, place, name, ORDER, digits=DIGITS).coefficients
            found = adviz.taylor(graph, place, name, ORDER).coefficients
            largest = max(map(abs, truth))
            for one, other in zip(found, truth, strict=True):
                assert abs(one - other) <= largest * 1e-11, (at, name)


def _span(row: Primitive) -> tuple[int, int]:
    positions = by_position(row)
    return positions[0], positions[-1] + 1


@formulas
def test_coefficients_along_a_line_are_those_of_differences(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    numbers = multiprecision(DIGITS).over(graph.rows)
    ((label, output),) = graph.outputs.items()
    for at in corpus_points(formula, graph):
        direction = {name: x / 4 + (-1) ** k / 8 for k, (name, x) in enumerate(at.items())}

        def along(
            t: Number, at: Mapping[str, float] = at, direction: Mapping[str, float] = direction
        ) -> Number:
            moved = {n: numbers.constant(x) + t * direction[n] for n, x in at.items()}
            return evaluated(graph, numbers, moved)[output]

        truth = differences(numbers, along, numbers.constant(0))
        for digits, allowed in ((DIGITS, 1e-25), (None, 1e-10)):
            found = adviz.taylor(graph, at, direction, ORDER, digits=digits)
            for one, other in zip(found.coefficients, truth, strict=True):
                assert abs(one - other) <= size(found.trace) * allowed, (label, at, digits)


def size(trace: adviz.Trace) -> Number:
    """Return how large the numbers are that a sweep adds up: where they cancel, digits go."""
    found = [trace.values, *trace.derivatives.values()]
    return max(abs(one) for numbers in found for one in numbers if one is not None)


def bernoulli_tangent(k: int) -> Fraction:
    """Return a coefficient of tan, by Bernoulli numbers."""
    if k % 2 == 0:
        return Fraction(0)
    n = (k + 1) // 2
    bernoulli = Fraction(str(sympy.bernoulli(2 * n)))
    found: Fraction = (-1) ** (n - 1) * 4**n * (4**n - 1) * bernoulli / math.factorial(2 * n)
    return found


def odd(coefficient: Callable[[int], Fraction]) -> Callable[[int], Fraction]:
    return lambda k: coefficient((k - 1) // 2) if k % 2 else Fraction(0)


KNOWN: dict[str, tuple[str, Callable[[int], Fraction | int]]] = {
    "DLMF 4.2.19": ("exp(x)", lambda k: Fraction(1, math.factorial(k))),
    "DLMF 4.6.1": ("log(1 + x)", lambda k: Fraction((-1) ** (k - 1), k) if k else 0),
    "DLMF 4.6.1, log1p": ("log1p(x)", lambda k: Fraction((-1) ** (k - 1), k) if k else 0),
    "DLMF 4.19.3": ("tan(x)", bernoulli_tangent),
    "DLMF 4.24.1": (
        "asin(x)",
        odd(lambda n: Fraction(math.comb(2 * n, n), 4**n * (2 * n + 1))),
    ),
    "DLMF 4.24.3": ("atan(x)", odd(lambda n: Fraction((-1) ** n, 2 * n + 1))),
    "DLMF 4.38.1": (
        "asinh(x)",
        odd(lambda n: Fraction((-1) ** n * math.comb(2 * n, n), 4**n * (2 * n + 1))),
    ),
    "DLMF 4.13.5": (
        "lambertw(x)",
        lambda k: Fraction((-k) ** (k - 1), math.factorial(k)) if k else 0,
    ),
    "DLMF 6.6.5": (
        "Si(x)",
        odd(lambda n: Fraction((-1) ** n, math.factorial(2 * n + 1) * (2 * n + 1))),
    ),
    "DLMF 6.6.5, Shi": (
        "Shi(x)",
        odd(lambda n: Fraction(1, math.factorial(2 * n + 1) * (2 * n + 1))),
    ),
    "DLMF 10.2.2": (
        "besselj(0, 2*x)",
        lambda k: 0 if k % 2 else Fraction((-1) ** (k // 2), math.factorial(k // 2) ** 2),
    ),
    "Catalan numbers, OEIS A000108": (
        "(1 - sqrt(1 - 4*x))/2",
        lambda k: Fraction(math.comb(2 * k - 2, k - 1), k) if k else 0,
    ),
    "Bell numbers over factorials, OEIS A000110": (
        "exp(exp(x) - 1)",
        lambda k: Fraction(int(sympy.bell(k)), math.factorial(k)),
    ),
}  # fmt: skip
"""Functions with known series around 0, by their source."""


@pytest.mark.parametrize("source", KNOWN)
def test_known_series_to_many_digits(source: str) -> None:
    text, coefficient = KNOWN[source]
    found = adviz.taylor(text, at={"x": 0}, order=20, digits=60).coefficients
    for k, one in enumerate(found):
        truth = Fraction(coefficient(k))
        assert abs(one - one.context.mpf(truth.numerator) / truth.denominator) < 1e-50, k


FIBONACCI = [0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55]
EXACT: dict[str, tuple[str, list[Any]]] = {
    "geometric series": ("1/(1 - x)", [1] * 11),
    "Fibonacci, OEIS A000045": ("x/(1 - x - x**2)", FIBONACCI),
    "binomial theorem": ("(1 + x)**10", [math.comb(10, k) for k in range(11)]),
    "binomial series": ("(1 + x)**-2", [(-1) ** k * (k + 1) for k in range(11)]),
    "a third": ("1/(3 - x)", [Fraction(1, 3 ** (k + 1)) for k in range(11)]),
}


@pytest.mark.parametrize("name", EXACT)
def test_rational_functions_have_exact_coefficients(name: str) -> None:
    text, truth = EXACT[name]
    found = adviz.taylor(text, at={"x": Fraction(0)}, order=10).coefficients
    assert list(found) == truth
    assert all(isinstance(one, Fraction) for one in found)


X = sympy.Symbol("x")
COMPOSED = {
    "exp(sin(x))": sympy.exp(sympy.sin(X)),
    "log(1 + x)/(1 + x)": sympy.log(1 + X) / (1 + X),
    "sqrt(1 + x + x**2)": sympy.sqrt(1 + X + X**2),
    "cos(x)**2*exp(-x)": sympy.cos(X) ** 2 * sympy.exp(-X),
    "(2 + x)**x": (2 + X) ** X,
    "erf(x)*tanh(x) + gamma(1 + x)": sympy.erf(X) * sympy.tanh(X) + sympy.gamma(1 + X),
}


@pytest.mark.parametrize("text", COMPOSED)
def test_coefficients_are_those_of_sympys_series(text: str) -> None:
    series = sympy.series(COMPOSED[text], X, 0, 6).removeO()
    found = adviz.taylor(text, at={"x": 0}, order=5).coefficients
    assert list(found) == pytest.approx([float(series.coeff(X, k)) for k in range(6)])


# --- against the sweeps of first and second order ----------------------------------------------


@formulas
def test_order_one_is_the_forward_sweep_and_order_two_half_the_curvature(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    for at in corpus_points(formula, graph)[:1]:
        direction = {name: 0.5 + k for k, name in enumerate(at)}
        expansion = adviz.taylor(graph, at, direction, 2)
        forward = adviz.forward(graph, at, direction)
        second = adviz.second_order(graph, at, direction)
        first = expansion.trace.further["order 1"]
        for one, other in zip(first, forward.tangents or (), strict=True):
            assert (one is None) == (other is None)
            assert one is None or abs(one - other) <= 1e-13 * size(forward)
        curvature = sum(second.hvp.get(name, 0.0) * direction[name] for name in at)
        allowed = 1e-12 * max(size(second), size(expansion.trace))
        assert abs(2 * expansion.coefficients[2] - curvature) <= allowed


@formulas
def test_the_second_order_sweep_is_reverse_mode_and_its_derivative(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    for at in corpus_points(formula, graph)[:1]:
        direction = {name: 0.5 + k for k, name in enumerate(at)}
        second, reverse = adviz.second_order(graph, at, direction), adviz.reverse(graph, at)
        assert second.gradient == pytest.approx(reverse.gradient, rel=1e-12, abs=1e-300)
        truth = adviz.hvp(graph, at, direction, digits=50)
        for name, product in second.hvp.items():
            assert abs(product - truth[name]) <= 1e-12 * size(second), name


def test_the_second_order_sweep_in_every_number_system() -> None:
    at, direction = {"x": 3, "y": 2}, {"x": 1, "y": 2}
    exact = {name: Fraction(x) for name, x in at.items()}
    many = {name: np.array([x, x + 1.0]) for name, x in at.items()}
    for point, digits in ((at, None), (exact, None), (many, None), (at, 40)):
        found = adviz.second_order("x*x*y/(x + y)", point, direction, digits=digits)
        truth = adviz.hvp("x*x*y/(x + y)", point, direction, digits=digits)
        for name, product in found.hvp.items():
            assert type(product) is type(truth[name])
            assert product == pytest.approx(truth[name], rel=1e-14)


def test_a_cotangent_may_be_any_number_and_weighs_outputs_that_are_one_node() -> None:
    found = adviz.second_order(
        {"p": "x**3", "q": "x**3", "r": "y*x"}, {"x": Fraction(2), "y": Fraction(1)},
        {"x": 1, "y": 1}, cotangent={"p": Fraction(1, 3), "q": 2, "r": 1},
    )  # fmt: skip
    assert found.gradient == {"x": 29, "y": 2}
    assert found.hvp == {"x": 29, "y": 1}


def test_only_wanted_inputs_have_second_derivatives() -> None:
    found = adviz.second_order("x**2*y", {"x": 3, "y": 2}, {"x": 1, "y": 1}, wrt="y")
    assert found.hvp == {"y": 6.0}


# --- points, numbers, branches -----------------------------------------------------------------


def test_arrays_are_many_points() -> None:
    xs, ys = np.array([0.5, -1.5, 2.0]), np.array([[1.5], [0.25]])
    text, direction = "where(x > 0, sqrt(x)*exp(y), log(y)/x) + Shi(x - 0.5)", {"x": 1, "y": 2}
    whole = adviz.taylor(text, {"x": xs, "y": ys}, direction, 4).coefficients
    for (i, j), _ in np.ndenumerate(np.zeros((2, 3))):
        one = adviz.taylor(text, {"x": xs[j], "y": ys[i, 0]}, direction, 4).coefficients
        assert [c[i, j] for c in whole] == pytest.approx(list(one), rel=1e-12)


def test_a_branch_that_is_not_taken_disturbs_nothing() -> None:
    found = adviz.taylor("x if x > 0 else log(x)", {"x": 2}, order=3)
    assert found.coefficients == (2.0, 1.0, 0.0, 0.0)
    assert found.nodes[found.graph.args[found.graph.outputs["f"]][2]] is None
    assert found.nodes[found.graph.args[found.graph.outputs["f"]][0]] is None  # a condition


def test_several_outputs_have_a_series_each() -> None:
    found = adviz.taylor({"p": "x*x", "q": "1/x"}, {"x": 1}, order=2)
    assert found.coefficients == {"p": (1.0, 2.0, 1.0), "q": (1.0, -1.0, 1.0)}
    assert found.derivatives == {"p": (1.0, 2.0, 2.0), "q": (1.0, -1.0, 2.0)}
    assert found.polynomial(0.5) == {"p": 2.25, "q": 0.75}


def test_an_input_that_stays_has_no_part_in_it() -> None:
    found = adviz.taylor("x**floor(y)", {"x": -2, "y": 3.5}, "x", 4)
    assert found.coefficients == (-8.0, 12.0, -6.0, 1.0, 0.0)


def test_powers_end_and_start_at_zero() -> None:
    assert adviz.taylor("x**3", {"x": 0}, order=4).coefficients == (0, 0, 0, 1, 0)
    assert adviz.taylor("x**2*y**0", {"x": 0, "y": 0}, {"x": 1, "y": 1}, 3).coefficients == (
        0, 0, 1, 0,
    )  # fmt: skip


def test_a_users_own_row_needs_nothing_more() -> None:
    mine = adviz.primitive("cubed_sine", "sin(x)**3")
    graph = adviz.build("cubed_sine(2*x)", functions=[mine])
    truth = adviz.taylor("sin(2*x)**3", {"x": 0.3}, order=5).coefficients
    assert adviz.taylor(graph, {"x": 0.3}, order=5).coefficients == pytest.approx(truth)


KINKS = {
    "abs(x)": "kink", "elu(x)": "kink", "softsign(x)": "kink", "huber(1, x + 1)": "kink",
    "pseudo_huber(1, x + 1)": "ok", "x**2": "ok", "Shi(x)": "ok", "sinc(x)": "ok",
}  # fmt: skip


@pytest.mark.parametrize("text", KINKS)
def test_a_kink_of_any_order_is_marked(text: str) -> None:
    found = adviz.taylor(text, {"x": 0}, order=2)
    assert found.trace.status[-1] == KINKS[text]


def test_a_kink_of_second_order_is_none_for_the_first() -> None:
    assert adviz.taylor("elu(x)", {"x": 0}, order=1).trace.status[-1] == "ok"


WORDS: dict[str, tuple[Callable[[], object], str]] = {
    "pole": (
        lambda: adviz.taylor("1 + sqrt(x)", {"x": 0}),
        "there is no finite Taylor coefficient of order 1 of node v1 = sqrt(x), columns 5-11 of "
        "the formula, at x = 0.0; move the point, or pass errors='ieee' to go on",
    ),
    "pole of second order": (
        lambda: adviz.taylor("x**1.5", {"x": 0}),
        "of order 2 of node v1 = x**1.5, columns 1-6 of the formula, at x = 0.0; ask for order=1",
    ),
    "overflow": (
        lambda: adviz.taylor("1/x", {"x": 1e-200}),
        "there is no finite Taylor coefficient of order 1 of node v1 = 1/x",
    ),
    "no second derivative": (
        lambda: adviz.second_order("x**1.5", {"x": 0}),
        "there is no finite second derivative of node v1 = x**1.5, columns 1-6 of the formula, "
        "at x = 0.0; move the point",
    ),
    "order 0": (
        lambda: adviz.taylor("x", {"x": 1}, order=0),
        "order = 0 must be a whole number from 1 to 1000",
    ),
    "an order of a function": (
        lambda: adviz.taylor("besselj(n, x)", {"n": 1, "x": 2}, {"n": 1}),
        "besselj has no derivative by its argument 1, n, to which n leads",
    ),
    "Fractions": (
        lambda: adviz.taylor("x**y", {"x": Fraction(2), "y": Fraction(3)}, {"y": 1}),
        "exact numbers have no log; give floats instead of Fractions",
    ),
    "no direction": (
        lambda: adviz.taylor("x*y", {"x": 1, "y": 2}),
        "a direction is needed: one of x, y, or a number for each",
    ),
    "hvp of another trace": (
        lambda: adviz.reverse("x*x", {"x": 1}).hvp,
        "a trace of 'reverse' holds no second derivatives; use adviz.second_order",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_goes_wrong_is_said(name: str) -> None:
    call, words = WORDS[name]
    with pytest.raises(AdvizError) as caught:
        call()
    assert words in str(caught.value)


def test_with_ieee_a_series_goes_on() -> None:
    found = adviz.taylor("sqrt(x)", {"x": 0}, order=2, errors="ieee")
    assert found.coefficients[1] == math.inf
    assert found.trace.status[1] == "undefined"


# --- cost, depth, and what is shown ------------------------------------------------------------


def test_no_recursion_on_depth_or_order() -> None:
    def chain(x: Any) -> Any:
        for _ in range(3000):
            x = x + 1e-6 * x * x
        return x

    graph = adviz.build(chain)
    assert adviz.taylor(graph, {"x": 0.5}, order=2).coefficients[2] > 0
    assert adviz.second_order(graph, {"x": 0.5}).hvp["x"] > 0
    assert len(adviz.taylor("besselj(0, x)", {"x": 1}, order=60).coefficients) == 61


def opened(row: Primitive, order: int) -> int:
    """Return how many nodes the series of a row opens up to an order."""
    at = moderate(row)[0]
    moving = by_position(row)
    line = {arg: (at[k], 1.0 if k in moving else 0.0) for k, arg in enumerate(row.args)}
    series = Series(FLOAT64, line)
    node = series.nodes.function(row.name)(*series.inputs.values())
    series.coefficient(node, order)
    return len(series.builder.ops)


@pytest.mark.parametrize(
    "row", [row for row in ELEMENTARY if row in SMOOTH], ids=lambda row: row.name
)
def test_elementary_functions_close(row: Primitive) -> None:
    """So that the work is of the square of the order; sinc has a Bessel function an order."""
    assert (opened(row, 12) > opened(row, 6)) == (row.name == "sinc")


@rows
def test_every_order_opens_no_more_nodes_than_the_last(row: Primitive) -> None:
    """An order of a function, such as n - 1 + 1, is one node however one comes there."""
    first, second, third = (opened(row, order) for order in (8, 12, 16))
    assert third - second <= second - first


@pytest.mark.parametrize("name", ["besselj", "legendre", "spherical_jn"])
def test_an_order_may_be_an_input(name: str) -> None:
    orders, xs = np.array([2.0, 3.0]), np.array([0.5, 1.5])
    whole = adviz.taylor(f"{name}(n, x)", {"n": orders, "x": xs}, "x", 16).coefficients
    for k, (n, x) in enumerate(zip(orders, xs, strict=True)):
        one = adviz.taylor(f"{name}(n, x)", {"n": n, "x": x}, "x", 16).coefficients
        fixed = adviz.taylor(f"{name}({n:.0f}, x)", {"x": x}, order=16).coefficients
        assert one == fixed
        assert [c[k] for c in whole] == pytest.approx(one, rel=1e-9)


def test_the_film_of_an_order_tells_every_pair() -> None:
    scene = adviz.animate(adviz.taylor("x*sin(x)", {"x": 2}, order=2)).scene
    assert [phase.title for phase in scene.phases] == ["Values", "Order 1", "Order 2"]
    said = [unicode_text(frame.formula, scene.text) for frame in scene.frames]
    assert said[-1] == (
        "v₂^[2] += 1/2(v₁^[1] · (x)^[1] + 2 · v₁^[2] · (x)^[0]) = "
        "1/2(−0.416147 · 1 + 2 · (−0.454649) · 2) = −1.11737 ⇒ "
        "v₂^[2] = −0.208073 + (−1.11737) = −1.32544"
    )
    assert said[3] == "x^[1] = 1"
    assert said[7] == "x^[2] = 0"


def test_many_pairs_are_shortened_and_many_orders_refused() -> None:
    scene = adviz.animate(adviz.taylor("x*sin(x)", {"x": 2}, order=6)).scene
    said = unicode_text(scene.frames[-1].formula, scene.text)
    assert "2 · v₁^[2] · (x)^[4] + … + 6 · v₁^[6] · (x)^[0]) =" in said
    with pytest.raises(AdvizError, match="a picture shows 12 orders, not 13; ask for order=12"):
        adviz.animate(adviz.taylor("x*sin(x)", {"x": 2}, order=13))


def test_the_film_of_second_order_tells_four_numbers() -> None:
    trace = adviz.second_order("x*sin(x)", {"x": 2})
    scene = adviz.animate(trace).scene
    assert [(p.kind, p.role, p.backward) for p in scene.phases] == [
        ("value", "value", False),
        ("tangent", "tangent", False),
        ("adjoint", "adjoint", True),
        ("adjoint tangent", "second", True),
    ]
    assert unicode_text(scene.frames[-1].formula, scene.text) == (
        "x̄̇ += v̄̇₁ · cos(x) + v̄₁ · (cos(x))• = 1 · (−0.416147) + 2 · (−0.909297) = −2.23474 ⇒ "
        "x̄̇ = −0.416147 + (−2.23474) = −2.65089"
    )
    rows = adviz.table(trace).as_rows()
    assert list(rows[0]) == ["node", "formula", "value", "tangent", "adjoint", "adjoint tangent"]
    assert rows[0]["adjoint tangent"] == trace.hvp["x"]


def test_a_picture_is_no_film() -> None:
    class Pictured:
        def _scene_(self, marks: Mapping[Any, Any] | None, precision: int) -> Any:
            return adviz.draw("x*y").scene

    pictured: Any = Pictured()
    with pytest.raises(AdvizError, match=r"there is a picture but no film of it; use adviz\.draw"):
        adviz.animate(pictured)


def test_a_film_ends_with_a_picture() -> None:
    expansion = adviz.taylor("exp(x)*x", at={"x": 1}, order=2)
    assert adviz.draw(expansion).svg() == adviz.draw(expansion.trace).svg()
    assert adviz.animate(expansion).html() == adviz.animate(expansion.trace).html()


@pytest.mark.parametrize("kind", sorted(BACKWARD))
def test_what_travels_back_is_told_so(kind: str) -> None:
    assert kind in QUANTITIES


def test_derivatives_of_high_orders_are_factorials_of_what_float64_holds() -> None:
    found = adviz.taylor("exp(x)", at={"x": 1.0}, order=200)
    assert found.derivatives[:171] == pytest.approx([math.e] * 171, rel=1e-12)
    assert found.derivatives[-1] == 0  # of a coefficient that is less than any double
    exact = adviz.taylor("exp(x)", at={"x": 1.0}, order=200, digits=30).derivatives
    assert float(exact[-1]) == pytest.approx(math.e, rel=1e-15)


@pytest.mark.parametrize("call", [adviz.taylor, adviz.second_order, adviz.forward])
def test_a_formula_without_inputs_has_no_direction(call: Any) -> None:
    with pytest.raises(PointError, match=r"^the formula has no inputs, so there is no dir"):
        call("3 + 4", {})


@pytest.mark.parametrize(
    ("formula", "order", "cure"),
    [
        ("1/(1 - 1000*x)", 150, "ask for order=102, or digits=30, or pass"),
        ("1/(1 - 1e200*x)", 2, "ask for order=1, or digits=30, or pass"),
        ("x**2.5", 30, "ask for order=2, or pass"),
        ("sqrt(x)", 30, "move the point, or pass"),
    ],
)
def test_digits_are_a_cure_only_where_they_give_a_coefficient(
    formula: str, order: int, cure: str
) -> None:
    with pytest.raises(DomainError, match=f"; {re.escape(cure)} errors='ieee' to go on$"):
        adviz.taylor(formula, {"x": 0.0}, order=order)
    if "digits" in cure:
        assert adviz.taylor(formula, {"x": 0.0}, order=order, digits=30).order == order
