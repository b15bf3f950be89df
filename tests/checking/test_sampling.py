"""Points drawn lie inside and off the kinks, points near kinks straddle them, both reproducibly."""

from __future__ import annotations

import math
from typing import Any

import pytest
from corpus import CORPUS, Formula
from hypothesis import given
from hypothesis import strategies as st

import adviz
from adviz.checking.points.sampling import drawn, near_kinks
from adviz.checking.points.scout import Scout
from adviz.errors import PointError
from adviz.modes.habitats import HABITATS, span_between
from adviz.primitives import TABLE, Primitive

ROWS = [row for row in TABLE.values() if row.args and not row.condition and row.name != "where"]
"""Every function of numbers."""
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def applied(row: Primitive) -> adviz.Graph:
    """Return a row applied to inputs; whole orders stay constants."""
    names = ["2" if name == "n" else name for name in row.args]
    return adviz.build(f"{row.name}({', '.join(names)})" if not row.symbol else written(row))


def written(row: Primitive) -> str:
    return f" {row.symbol} ".join(row.args) if row.arity == 2 else f"{row.symbol}{row.args[0]}"


# --- drawn ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_is_drawn_inside_its_domain_and_off_its_kinks(row: Primitive) -> None:
    graph = applied(row)
    for point in drawn(graph, 20):
        status = adviz.evaluate(graph, point).status
        assert set(status) == {"ok"}, (point, status)


@pytest.mark.parametrize("formula", CORPUS, ids=lambda formula: formula.name)
def test_the_corpus_needs_no_ranges(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    scout = Scout(graph)
    assert all(map(scout.regular, drawn(graph, 3)))


@pytest.mark.parametrize("formula", CORPUS[::10], ids=lambda formula: formula.name)
def test_points_lie_in_the_user_s_ranges(formula: Formula) -> None:
    for point in drawn(adviz.build(formula.text), 5, formula.ranges):
        assert all(low <= point[name] <= high for name, (low, high) in formula.ranges.items())


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("log(x)", lambda x: x > 0),
        ("asin(x)", lambda x: abs(x) <= 1),
        ("asin(x/3) + log(-x)", lambda x: -3 <= x < 0),
        ("acoth(x) + 1", lambda x: abs(x) > 1),
        ("logit(2*x)", lambda x: 0 < x < 0.5),
        ("sqrt(x - 7)", lambda x: x >= 7),
        ("sqrt(-x - 700)", lambda x: x <= -700),
        ("exp(x) + log(x)", lambda x: 0 < x < 710),
        ("log(x - 1e7)", lambda x: x > 1e7),
        ("sqrt(1e-4 - x**2)", lambda x: abs(x) <= 0.01),
    ],
)
def test_an_input_lives_where_its_formula_has_a_value(text: str, holds: object) -> None:
    points = drawn(adviz.build(text), 30)
    assert all(holds(point["x"]) for point in points)  # type: ignore[operator]  # a condition


@pytest.mark.parametrize(
    "text", ["log(x - y - 300)", "sqrt(1 - a*a - b*b - c*c - d*d - e*e)", "polygamma(n, x)"]
)
def test_inputs_with_a_domain_in_common_find_it(text: str) -> None:
    assert len(drawn(adviz.build(text), 20)) == 20


def test_a_branch_is_nobody_s_domain() -> None:
    points = drawn(adviz.build("where(x > 0, log(x), 0)"), 40)
    assert min(p["x"] for p in points) < -1 < 1 < max(p["x"] for p in points)


@given(seed=st.integers(0, 2**64), few=st.integers(1, 8), more=st.integers(0, 8))
def test_points_depend_on_the_seed_alone_and_few_are_the_first_of_more(
    seed: int, few: int, more: int
) -> None:
    graph = adviz.build("log(x*y) + z")
    assert drawn(graph, few, seed=seed) == drawn(graph, few + more, seed=seed)[:few]


def test_another_seed_draws_other_points() -> None:
    graph = adviz.build("log(x)")
    assert drawn(graph, 4, seed=7) != drawn(graph, 4, seed=8)


@given(low=FINITE, high=FINITE, t=st.floats(0, 1), u=st.floats(0, 1))
def test_a_span_stays_within_its_ends_and_is_monotonic(
    low: float, high: float, t: float, u: float
) -> None:
    low, high = sorted((low, high))
    span = span_between(low, high)
    assert low <= span(min(t, u)) <= high
    assert span(min(t, u)) <= span(max(t, u)) or math.isclose(span(t), span(u), rel_tol=1e-12)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("low", "high"), [(1e-6, 1e6), (1e-300, 1e300), (5e-324, 1.0), (1, 1e3)])
def test_a_range_over_decades_gives_each_its_share(sign: int, low: float, high: float) -> None:
    ends = (low, high) if sign > 0 else (-high, -low)
    points = [abs(p["x"]) for p in drawn(adviz.build("x"), 400, {"x": ends})]
    middle = math.exp((math.log(low) + math.log(high)) / 2)
    assert 150 < sum(x < middle for x in points) < 250


@pytest.mark.parametrize("ends", [(-1e6, 1e6), (-1e300, 1e300), (0, 1e9), (-1e4, 0.5)])
def test_a_wide_range_around_zero_sees_small_and_large_numbers(ends: tuple[float, float]) -> None:
    points = [p["x"] for p in drawn(adviz.build("x"), 2000, {"x": ends})]
    reach = max(map(abs, ends))
    assert any(abs(x) < 1 for x in points) and any(abs(x) > reach**0.9 for x in points)


def test_a_range_of_no_decades_is_drawn_evenly() -> None:
    points = [p["x"] for p in drawn(adviz.build("x"), 400, {"x": (0, 500)})]
    assert 150 < sum(x < 250 for x in points) < 250


def test_a_vector_s_range_is_that_of_its_elements() -> None:
    graph = adviz.build(lambda v: v[0] * v[1] + v[2], shapes={"v": 3})
    (vector,) = graph.vectors or {}
    first, *rest = graph.inputs
    for point in drawn(graph, 20, {first: (0, 1), vector: (5, 6)}):
        assert 0 <= point[first] <= 1
        assert all(5 <= point[name] <= 6 for name in rest)


def test_a_constant_formula_and_a_constant_kink_have_points() -> None:
    assert drawn(adviz.build("3"), 2) == [{}, {}]
    assert len(drawn(adviz.build("floor(2)*x + abs(0)"), 5)) == 5


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("x", {"ranges": {"q": (0, 1)}}, "ranges: there is no input 'q'; inputs are x"),
        ("x", {"ranges": {"x": (2, 1)}}, "not from 2 to 1"),
        ("x", {"ranges": {"x": 3}}, r"x = 3; it is a pair such as \(0, 1\)"),
        ("x", {"ranges": {"x": (0, math.inf)}}, "its ends must be finite"),
        ("x", {"count": 0}, "points = 0; it is a whole number"),
        ("log(x)", {"ranges": {"x": (-2, -1)}}, "no 3 points of the ranges lie in the domain"),
        ("log(x)", {"ranges": {"x": (-2, -1)}}, "0 of 2000 tries did; .* log is undefined at -1"),
        ("exp(x)", {"ranges": {"x": (800, 900)}}, "overflow: exp of"),
        ("log(-x**2)", {}, "log is undefined"),
        ("max(x, x)", {}, r"a kink \(node v1 = max\(x, x\)"),
        ("log(-2)", {}, "without inputs: log is undefined at -2"),
    ],
)
def test_a_range_without_points_is_one_clear_error(
    text: str, arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(PointError, match=words):
        drawn(adviz.build(text), **{"count": 3, **arguments})  # type: ignore[arg-type]  # wrong


def test_a_hard_range_is_given_up_soon(judged: list[Any]) -> None:
    graph = adviz.build("log(x - 0.999)")
    with pytest.raises(PointError, match=r"no 100000 points .* \d+ of \d+ tries did"):
        drawn(graph, 100_000, {"x": (-2, 1)})
    assert len(judged) < 5_000


def test_a_thousand_points_take_few_more_evaluations(judged: list[Any]) -> None:
    graph = adviz.build("a = sin(x)*y + exp(z/3); b = a*a - log(1 + x**2)*y; sqrt(b*b + 1)/(2 + a)")
    drawn(graph, 1000)
    assert 1000 <= len(judged) < 1100


def test_habitats_have_a_value_at_every_fraction() -> None:
    for habitat in HABITATS:
        assert all(math.isfinite(habitat(k / 64)) for k in range(64))


# --- near kinks ----------------------------------------------------------------------------------

KINKED = [
    ("abs(x)", {"x": 0.0}),
    ("floor(x)", {"x": 1.0}),
    ("relu(x - 0.5)", {"x": 0.5}),
    ("abs(x - 1e-9)", {"x": 1e-9}),
    ("where(x > 1, x**2, x)", {"x": 1.0}),
    ("where(x >= 1 and x < 1.25, x**2, x)", {"x": 1.25}),
    ("max(x, 1)", {"x": 1.0}),
    ("min(x, 0.25, x**2)", {"x": 0.25}),
    ("sqrt(4 + x) + abs(x)", {"x": 0.0}),
    ("abs(x)**3 + abs(abs(x) - 1)", {"x": 1.0}),
    ("x % 1", {"x": 1.0}),
    ("abs(x) + log(x + 1)", {"x": 0.0}),
    ("max(x, y)", None),
    ("where(x > y, x*y, y)", None),
    ("relu(x - y) - relu(x + 2*y - 1)", None),
    ("atan2(y, x)", None),
]


@pytest.mark.parametrize(("text", "hit"), KINKED, ids=[text for text, _ in KINKED])
def test_kinks_are_straddled_and_hit(text: str, hit: dict[str, float] | None) -> None:
    graph = adviz.build(text)
    scout = Scout(graph)
    points = near_kinks(graph, drawn(graph, 20))
    assert points and all(scout.pieces(point) is not None for point in points)
    assert hit is None or hit in points
    assert any(
        scout.pieces(a) != scout.pieces(b) and neighbours(a, b) for a in points for b in points
    )


def neighbours(first: dict[str, float], second: dict[str, float]) -> bool:
    """Return whether two points differ in one number, by one step."""
    moved = [name for name in first if first[name] != second[name]]
    return (
        len(moved) == 1
        and math.nextafter(*(p[moved[0]] for p in (first, second))) == (second[moved[0]])
    )


def test_each_of_several_kinks_is_found() -> None:
    graph = adviz.build("relu(x - 0.1) + relu(0.2 - x) + abs(x - 0.3) + max(x, 0.4, y)")
    found = {point["x"] for point in near_kinks(graph, drawn(graph, 30))}
    assert {0.1, 0.2, 0.3, 0.4} <= found


def test_a_single_point_is_compared_with_its_mirror_image() -> None:
    assert {"x": 0.0} in near_kinks(adviz.build("abs(x)"), [{"x": 3}])


@pytest.mark.parametrize("text", ["x**2", "1/x", "log(x)", "sqrt(x)", "acot(x)", "floor(2)*x", "3"])
def test_what_has_no_kink_gives_no_points(text: str) -> None:
    graph = adviz.build(text)
    assert near_kinks(graph, drawn(graph, 10)) == []


@given(limit=st.integers(1, 60), seed=st.integers(0, 99))
def test_there_are_no_more_points_than_wanted_and_always_the_same(limit: int, seed: int) -> None:
    graph = adviz.build("floor(1000*x) + abs(y) + max(x, y)")
    points = drawn(graph, 10, seed=seed)
    found = near_kinks(graph, points, limit)
    assert len(found) <= limit
    assert found == near_kinks(graph, points, limit)


def test_points_outside_the_domain_are_passed_over() -> None:
    graph = adviz.build("log(x) + abs(x - 1)")
    points = near_kinks(graph, [{"x": -1.0}, {"x": 0.5}, {"x": 2.0}])
    assert {"x": 1.0} in points and all(point["x"] > 0 for point in points)
