"""Second derivatives are judged as first ones are: right, wrong, or none, with place and cause."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

import pytest
from laws import by_position, graph_of, point_of, points
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
)
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
    report = adviz.check(graph_of(row), at=of_row(row, 3), order=2, wrt=wrt)
    bad = (*WRONG, "undecided", "undefined")
    assert not [(str(f.key), f.verdict, f.cause) for f in report.findings if f.verdict in bad]


STEEPER = replace(TABLE["degrees"], partials=("1.01*(180/pi)",))
"""The same number, its slope one percent larger."""
CHANGED = [one for one in PARTIALS if one.values[0].name not in ("degrees", "radians")]


@pytest.mark.parametrize(("row", "position"), CHANGED)
def test_a_changed_second_derivative_is_a_wrong_rule(row: Primitive, position: int) -> None:
    at = of_row(row, 3)
    whole = [adviz.hessian(graph_of(row), one, errors="ieee") for one in at]
    texts = list(row.partials)
    *before, result = texts[position].split(";")
    texts[position] = "; ".join([*before, f"degrees(radians({result}))"])
    mutant = replace(row, partials=tuple(texts))
    rows = MappingProxyType({**TABLE, "degrees": STEEPER, row.name: mutant})
    report = adviz.check(graph_of(mutant, rows), at=at, order=2)
    wrong = [finding for finding in report.findings if finding.verdict == "wrong rule"]
    curved = any(number for one in whole for number in one[row.args[position]].values())
    assert {str(f.key).startswith("d2") for f in wrong} == ({True} if curved else set())
    assert all("the rule of degrees is wrong" in f.cause for f in wrong)
