"""Second derivatives are judged as first ones are: right, wrong, or none, with place and cause."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pytest
from laws import by_position, graph_of, point_of, points, with_slopes
from samples import PARTIALS, ROWS

import adviz
from adviz.checking.finding import WRONG, Finding, Verdict
from adviz.primitives import TABLE, Primitive


class Case(NamedTuple):
    """A formula at a point, and the second derivatives that it has there, by hand."""

    text: str
    at: dict[str, float]
    true: dict[str, float]
    """By label; those that are left out do not exist."""

    def __str__(self) -> str:
        return f"{self.text} at {self.at}"


ORIGIN = {"x": 0.0, "y": 0.0}
SMOOTH = (
    Case("x**3", {"x": 2}, {"d2f/dx2": 12}),
    Case("x**2*y", {"x": 3, "y": 2}, {"d2f/dx2": 4, "d2f/dxdy": 6, "d2f/dydx": 6, "d2f/dy2": 0}),
    Case("sinc(x)", {"x": 0}, {"d2f/dx2": -1 / 3}),
    Case("relu(x)**3", {"x": 0}, {"d2f/dx2": 0}),
    Case("x**y", {"x": 2, "y": 0}, {
        "d2f/dx2": 0, "d2f/dxdy": 0.5, "d2f/dydx": 0.5, "d2f/dy2": 0.480453013918201424667,
    }),
)  # fmt: skip
"""Here adviz's own are right."""
HIDDEN = (
    Case("abs(x)**2", {"x": 0}, {"d2f/dx2": 2}),
    Case("max(x, -x)**2", {"x": 0}, {"d2f/dx2": 2}),
    Case("where(x == 0, 1, sin(x)/x)", {"x": 0}, {"d2f/dx2": -1 / 3}),
    Case("where(x == 2, 4, x**2)", {"x": 2}, {"d2f/dx2": 2}),
    Case("hypot(x, y)**2", ORIGIN, {"d2f/dx2": 2, "d2f/dy2": 2, "d2f/dxdy": 0, "d2f/dydx": 0}),
    Case("min(x, y)*max(x, y)", {"x": 1.5, "y": 1.5}, {
        "d2f/dx2": 0, "d2f/dxdy": 1, "d2f/dydx": 1, "d2f/dy2": 0,
    }),
    Case("where(x == 2, 4, x**2)*y", {"x": 2, "y": 3}, {
        "d2f/dx2": 6, "d2f/dxdy": 4, "d2f/dydx": 4, "d2f/dy2": 0,
    }),
)  # fmt: skip
"""Here the conventions at kinks inside the derivative add up to other numbers."""
NONE = (
    Case("hypot(x, y)", ORIGIN, {}),
    Case("abs(x)*y", ORIGIN, {"d2f/dx2": 0, "d2f/dy2": 0}),
    Case("x*abs(x)", {"x": 0}, {}),
    Case("relu(x)**2", {"x": 0}, {}),
    Case("elu(x)", {"x": 0}, {}),
    Case("floor(x)", {"x": 1}, {}),
    Case("where(y == 0, x**3, x**2)", {"y": 0, "x": 1}, {"d2f/dx2": 6, "d2f/dy2": 0}),
    # these have as many as there are lines to approach on (the first is Peano's, with Schwarz's)
    Case("where(x == 0 and y == 0, 0, x*y*(x**2 - y**2)/(x**2 + y**2))", ORIGIN,
         {"d2f/dx2": 0, "d2f/dy2": 0}),
    Case("where(x == 0 and y == 0, 0, x**3*y/(x**2 + y**2))", ORIGIN,
         {"d2f/dx2": 0, "d2f/dy2": 0}),
)  # fmt: skip
"""Here some do not exist, though adviz has a number."""


def second(case: Case) -> list[Finding]:
    report = adviz.check(case.text, at=case.at, order=2)
    return [finding for finding in report.findings if str(finding.key).startswith("d2")]


@pytest.mark.parametrize("case", (*SMOOTH, *HIDDEN, *NONE), ids=str)
def test_the_truth_is_that_of_the_function_and_not_of_a_convention(case: Case) -> None:
    told = {str(f.key): f.expected for f in second(case)}
    true = {label: float(value) for label, value in told.items() if value is not None}
    assert true == pytest.approx(case.true, rel=1e-15, abs=1e-15)


@pytest.mark.parametrize("case", SMOOTH, ids=str)
def test_right_second_derivatives_agree(case: Case) -> None:
    assert {finding.verdict for finding in second(case)} == {"agrees"}


@pytest.mark.parametrize("case", HIDDEN, ids=str)
def test_a_number_that_only_conventions_give_is_wrong_and_says_so(case: Case) -> None:
    wrong = [finding for finding in second(case) if finding.verdict == "wrong gradient"]
    assert {f.subject for f in wrong} == {"forward", "reverse"}
    assert all(f.place and "the conventions at kinks add up" in f.cause for f in wrong)


@pytest.mark.parametrize("case", NONE, ids=str)
def test_where_there_is_none_no_number_is_right(case: Case) -> None:
    none = [finding for finding in second(case) if str(finding.key) not in case.true]
    assert none
    assert {f.verdict for f in none} == {"not differentiable"}


# fmt: off
CAUSES = [
    ("hypot(x, y)", ORIGIN, "not differentiable",
     "there is no df/dx to differentiate: hypot has a kink at v1 = hypot(x, y)"),
    ("abs(x)*y", ORIGIN, "not differentiable",
     "beside this point there is no df/dx to differentiate"),
    ("sqrt(x)", {"x": 0}, "undefined",
     "there is no df/dx to differentiate: the true derivative is infinite"),
    ("x**1.5", {"x": 0}, "not finite", "the true derivative is infinite"),
    ("abs(x)**2", {"x": 0}, "wrong gradient",
     "df/dx has the slope 2 on both sides of a kink inside it, at v1 = abs(x)"),
]
# fmt: on


@pytest.mark.parametrize(("text", "at", "verdict", "cause"), CAUSES)
def test_the_cause_is_said(text: str, at: dict[str, float], verdict: Verdict, cause: str) -> None:
    found = [f for f in second(Case(text, at, {})) if f.verdict == verdict]
    assert found
    assert found[0].cause.startswith(cause)


def test_first_derivatives_are_in_the_same_report() -> None:
    report = adviz.check("x**2*y", at={"x": 3, "y": 2}, order=2)
    assert report.headline == "all 6 derivatives agree at x = 3, y = 2"


@pytest.mark.parametrize("order", [0, 3, "2", True])
def test_other_orders_are_refused(order: int) -> None:
    with pytest.raises(adviz.AdvizError, match=rf"order = {order!r}; it is 1 or 2"):
        adviz.check("x**2", order=order)  # type: ignore[arg-type]  # which is what is tested


# --- no false alarm, no silent pass --------------------------------------------------------------


DIFFERENTIABLE = [row for row in ROWS if by_position(row)]


def of_row(row: Primitive, count: int) -> list[dict[str, float]]:
    return [point_of(row, at) for at in points(row.name, count)]


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=lambda row: row.name)
def test_right_second_derivatives_are_never_called_wrong(row: Primitive) -> None:
    wrt = [row.args[position] for position in by_position(row)]
    report = adviz.check(graph_of(row), at=of_row(row, 2), order=2, wrt=wrt)
    bad = (*WRONG, "undecided", "undefined")
    assert not [(str(f.key), f.verdict, f.cause) for f in report.findings if f.verdict in bad]


STEEPER = replace(TABLE["degrees"], partials=("1.01*(180/pi)",))
"""The same number, its slope one percent larger."""
CHANGED = [one for one in PARTIALS if one.id not in ("degrees-x", "radians-x")]


@pytest.mark.parametrize(("row", "position"), CHANGED[::3])
def test_a_changed_second_derivative_is_a_wrong_rule(row: Primitive, position: int) -> None:
    at, wrt = of_row(row, 1), with_slopes(graph_of(row))
    whole = [adviz.hessian(graph_of(row), one, wrt=wrt, errors="ieee") for one in at]
    texts = list(row.partials)
    *before, result = texts[position].split(";")
    texts[position] = "; ".join([*before, f"degrees(radians({result}))"])
    mutant = replace(row, partials=tuple(texts))
    rows = MappingProxyType({**TABLE, "degrees": STEEPER, row.name: mutant})
    report = adviz.check(graph_of(mutant, rows), at=at, wrt=wrt, order=2)
    wrong = [finding for finding in report.findings if finding.verdict == "wrong rule"]
    curved = any(number for one in whole for number in one[row.args[position]].values())
    assert {str(f.key).startswith("d2") for f in wrong} == ({True} if curved else set())
    assert all("the rule of degrees is wrong" in f.cause for f in wrong)


# --- claims --------------------------------------------------------------------------------------


def sympys() -> Any:
    import sympy

    x, y = sympy.symbols("x y")
    return sympy.hessian(x**2 * y, (x, y))


# fmt: off
HESSIANS: dict[str, Any] = {
    "formulas by input": {"x": {"x": "2*y", "y": "2*x"}, "y": {"x": "2*x", "y": "0"}},
    "rows of formulas": [["2*y", "2*x"], ["2*x", 0]],
    "rows by input": {"y": ["2*x", "0"], "x": ["2*y", "2*x"]},
    "SymPy": sympys(),
    "numbers": lambda x, y: ((2*y, 2*x), (2*x, 0)),
    "another order": lambda y, x: [[0, 2*x], [2*x, 2*y]],
    "one array": lambda at: np.array([[2*at[1], 2*at[0]], [2*at[0], 0]]),
    "flat": lambda x, y: [2*y, 2*x, 2*x, 0],
    "mapping": lambda x, y: {"x": {"x": 2*y, "y": 2*x}, "y": {"x": 2*x, "y": 0}},
    "kernel": adviz.compile("x**2*y", "hessian"),
}
PRODUCTS: dict[str, Any] = {
    "formulas": {"x": "2*y*x_dot + 2*x*y_dot", "y": "2*x*x_dot"},
    "numbers": lambda x, y, v: (2*y*v[0] + 2*x*v[1], 2*x*v[0]),
    "one array": lambda at, v: np.array([2*at[1]*v[0] + 2*at[0]*v[1], 2*at[0]*v[0]]),
    "mapping": lambda x, y, v: {"y": 2*x*v[0], "x": 2*y*v[0] + 2*x*v[1]},
    "kernel": adviz.compile("x**2*y", "hvp"),
}
WRONG_ONES: list[tuple[dict[str, Any], str]] = [
    ({"hessian": [["2*y", "2*x"], ["2*x", "1e-3"]]}, "d2f/dy2"),
    ({"hessian": lambda x, y: [[2*y, 2*x], [x, 0]]}, "d2f/dydx"),
    ({"hvp": lambda x, y, v: (2*y*v[0] + x*v[1], 2*x*v[0])}, "d2f/dxdy"),
    ({"hvp": {"x": "2*y*x_dot + 2*x*y_dot", "y": "2*x*x_dot + y_dot"}}, "d2f/dy2"),
]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"hessian": [1, 2, 3]}, "the Hessian has 3 entries; it needs 4, one for each pair of x, y"),
    ({"hessian": {"x": ["0", "1"]}}, "the Hessian has nothing for the input 'y'; it has x"),
    ({"hessian": [["z", "0"], ["0", "0"]]}, "Hessian: 'z' is not an input of the function"),
    ({"hessian": adviz.compile("x*y")}, "a gradient kernel gives no Hessian; compile one of kind"),
    ({"hvp": adviz.compile("x*y")}, "gives no Hessian-vector product; compile one of kind hvp"),
    ({"hvp": ["z*x_dot", "0"]}, "Hessian-vector product: 'z' is not an input of the function; its "
                                "inputs are x, y, x_dot, y_dot"),
    ({"hvp": lambda x, y, v: (v[0]**2, v[1])},
     "not linear in the direction: along x = -2, y = 3 its part for x is 4, and -2 by its columns"),
    ({"hessian": "1", "gradient": "1"}, "give one of gradient=, hessian= at a time"),
    ({"gradient": ["y", "x"], "order": 2}, "a gradient is of order 1; give second derivatives as"),
]
# fmt: on


@pytest.mark.parametrize("claim", HESSIANS.values(), ids=HESSIANS)
def test_a_hessian_may_come_in_many_shapes(claim: Any) -> None:
    report = adviz.check("x**2*y", hessian=claim, points=3)
    assert report.headline == "all 4 derivatives agree at 3 points"
    assert {finding.subject for finding in report.findings} == {"Hessian"}


@pytest.mark.parametrize("claim", PRODUCTS.values(), ids=PRODUCTS)
def test_a_product_may_come_in_many_shapes(claim: Any) -> None:
    report = adviz.check("x**2*y", hvp=claim, points=3)
    assert report.headline == "all 4 derivatives agree at 3 points"
    assert {finding.subject for finding in report.findings} == {"Hessian-vector product"}


@pytest.mark.parametrize(("claim", "label"), WRONG_ONES)
def test_a_wrong_second_derivative_is_caught(claim: dict[str, Any], label: str) -> None:
    report = adviz.check("x**2*y", points=3, **claim)
    assert report.verdict == "wrong gradient"
    assert {str(f.key) for f in report.findings if f.verdict in WRONG} == {label}


@pytest.mark.parametrize("product", [lambda x, v: 2 * abs(v), lambda x, v: 2 * v * v])
def test_a_product_that_is_right_along_the_input_alone_is_refused(product: Any) -> None:
    with pytest.raises(adviz.AdvizError, match="not linear in the direction: along x = -2 its"):
        adviz.check("x**2", at={"x": 3}, hvp=product)


@pytest.mark.parametrize(("claim", "words"), REFUSED)
def test_what_is_no_hessian_is_refused(claim: dict[str, Any], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=re.escape(words)):
        adviz.check("x*y", points=2, **claim)


def cubes(v: Any) -> Any:
    return sum(part**3 for part in v)


@pytest.mark.parametrize(
    "claim",
    [
        {"hessian": lambda v: np.diag(6 * v)},
        {"hessian": lambda v: {"v": {"v": np.diag(6 * v)}}},
        {"hvp": lambda v, along: 6 * v * along},
    ],
)
def test_vectors_have_matrices(claim: dict[str, Any]) -> None:
    report = adviz.check(cubes, at={"v": [1.0, 2.0, 3.0]}, **claim)
    assert (report.verdict, len(report.findings)) == ("agrees", 9)


def test_several_outputs_have_a_matrix_each() -> None:
    claim = {"p": [["0", "1"], ["1", "0"]], "q": [["2", "0"], ["0", "2"]]}
    report = adviz.check({"p": "x*y", "q": "x**2"}, hessian=claim, points=2)
    assert [str(f.key) for f in report.findings if f.verdict in WRONG] == ["d2q/dy2"]


# fmt: off
AT_KINKS = [
    ("abs(x)**2", {"x": 0}, "2", "agrees"),
    ("abs(x)**2", {"x": 0}, "0", "wrong gradient"),
    ("where(x == 0, 1, sin(x)/x)", {"x": 0}, lambda x: -1/3, "agrees"),
    ("where(x == 0, 1, sin(x)/x)", {"x": 0}, "0", "wrong gradient"),
    ("x*abs(x)", {"x": 0}, "2", "not differentiable"),
    ("x*abs(x)", {"x": 0}, "3", "wrong gradient"),
    ("abs(x)", {"x": 0}, "5", "not differentiable"),
    ("sqrt(x**4)", {"x": 0}, "2", "witness failed"),
]
# fmt: on


@pytest.mark.parametrize(("text", "at", "claim", "verdict"), AT_KINKS)
def test_a_claim_at_a_kink_is_held_against_both_sides(
    text: str, at: dict[str, float], claim: Any, verdict: Verdict
) -> None:
    assert adviz.check(text, at=at, hessian=claim).verdict == verdict


def test_a_report_on_second_derivatives_has_every_view() -> None:
    report = adviz.check("sin(x)*y", at={"x": 1, "y": 2}, hessian=[["-sin(x)*y", "x"], ["x", "0"]])
    assert "d2f/dxdy" in str(report)
    assert "d2f/dxdy" in report.html()
    found = {one["derivative"]: one["verdict"] for one in report.to_json()["findings"]}
    assert found["d2f/dxdy"] == found["d2f/dydx"] == "wrong gradient"
    assert found["d2f/dx2"] == "agrees"
    assert "df/dx" in adviz.draw(report).svg()


def test_many_functions_and_scenarios_have_second_derivatives() -> None:
    reports = adviz.check_many(["x**3", "abs(x)**2"], at={"x": 0}, order=2)
    assert [report.verdict for report in reports] == ["agrees", "wrong gradient"]
    scenario = adviz.Scenario(function="x**3", at={"x": 2.0}, hessian="6.1*x")
    assert scenario.check().worst.key == ("df/dx", "x")  # type: ignore[union-attr]  # there is one
