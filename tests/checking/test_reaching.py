"""Branches that no drawn point takes are reached, or said to be unreached; nothing in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from corpus import CORPUS, Formula
from hypothesis import given
from hypothesis import strategies as st

import adviz
from adviz.checking.points.reaching import reaching, unreached
from adviz.checking.points.sampling import drawn
from adviz.checking.points.scout import Scout
from adviz.errors import PointError
from adviz.graph.graph import Graph

REACHABLE = [
    "x*x if x > 3.7 else 2*x",
    "where(x > 100, x, 2)",
    "where(x < -1e6 or x > 1e7, x, y)",
    "where(x > 1e12, 1, x)",
    "where(x*y > 50, x, y)",
    "where(abs(x) < 1e-4, x, 2)",
    "where(abs(x - y) < 1e-6, x, y)",
    "where(3 < x < 3.01, x, 2)",
    "where(5 < x < y, x, y)",
    "where(x > 0 and x < 1e-12, 1, x)",
    "where(x**2 + y**2 < 1e-8, x, y)",
    "where(exp(x) > 1e30, x, 1)",
    "where(sqrt(x) > 50, x, log(x))",
    "where(sin(x) > 0.9999, x, 1)",
    "where(not (x < 50 or y < 70), x, y)",
    "where(a > 5 and b > 5 and c > 5 and d > 5, a*b, c*d)",
    "where(abs(x - 1) < 1e-3 and abs(y - 2) < 1e-3 and abs(z - 7) < 1e-5, x, y)",
    "where(x > 100, where(y > 1000, where(z < -5e5, y, z), x), x)",
    "where((x - 60)**2 + (y + 80)**2 < 1e-2, x, y)",
]
"""Formulas with a branch that the points drawn do not take, though it can be taken."""

NEVER = [
    ("where(x*x < 0, x, 2*x)", "x * x < 0", "true"),
    ("where(exp(x) > 0, x, 2*x)", "exp(x) > 0", "false"),
    ("where(x > 3 and x < 2, x, 1)", "x < 2", "true"),
    ("where(x > -2 or x < 2, x, 1)", "x < 2", "false"),
]
"""Conditions that no point off the kinks decides one way."""


def before_and_after(graph: Graph, **arguments: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is unreached at points drawn, and with the points added that reach more."""
    points = drawn(graph, 20, **arguments)  # type: ignore[arg-type]  # ranges
    more = reaching(graph, points, **arguments)  # type: ignore[arg-type]  # ranges
    return unreached(graph, points), unreached(graph, [*points, *more])


@pytest.mark.parametrize("text", REACHABLE)
def test_what_can_be_reached_is_reached(text: str) -> None:
    before, after = before_and_after(adviz.build(text))
    assert before
    assert after == ()


@pytest.mark.parametrize("text", REACHABLE)
def test_every_point_is_regular_and_reaches_what_none_before_it_does(text: str) -> None:
    graph = adviz.build(text)
    scout, points = Scout(graph), drawn(graph, 20)
    seen = {side for point in points for side in scout.sides(scout.judged(point))}
    for point in reaching(graph, points):
        sides = scout.sides(scout.judged(point))
        assert scout.regular(point)
        assert sides - seen
        assert list(point) == list(graph.inputs)
        seen |= sides


@pytest.mark.parametrize(("text", "condition", "value"), NEVER)
def test_what_cannot_be_reached_is_said(text: str, condition: str, value: str) -> None:
    _, after = before_and_after(adviz.build(text))
    (sentence,) = after
    assert sentence.startswith(f"{condition} (columns ")
    where = "the points that needed it" if " and " in text or " or " in text else "these points"
    assert sentence.endswith(f"of the formula) was never {value} at {where}")


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("x*x if x > 3.7 else 2*x", {"x": (-2, 2)}),
        ("where(x > 100, x, y)", {"x": (0, 100)}),
        ("where(x*y > 50 or y > 3, x, y)", {"x": (-1, 1), "y": (0, 2)}),
        ("where(abs(x) < 1e-4, x, 2)", {"x": (1, 2)}),
    ],
)
def test_no_point_leaves_the_user_s_ranges(
    text: str, ranges: Mapping[str, tuple[float, float]]
) -> None:
    graph = adviz.build(text)
    assert reaching(graph, drawn(graph, 20, ranges), ranges) == []
    before, after = before_and_after(graph, ranges=ranges)
    assert before == after != ()


def test_inputs_without_a_range_go_where_those_with_one_may_not() -> None:
    graph = adviz.build("where(x*y > 50, x, y)")
    ranges = {"x": (0.5, 1.0)}
    (point,) = reaching(graph, drawn(graph, 20, ranges), ranges)
    assert 0.5 <= point["x"] <= 1
    assert point["y"] > 50


def test_a_branch_within_a_user_s_range_is_reached_however_narrow() -> None:
    graph = adviz.build("where(abs(x - 700) < 1e-6, x, 1)")
    ranges = {"x": (0.0, 1000.0)}
    (point,) = reaching(graph, drawn(graph, 20, ranges), ranges)
    assert abs(point["x"] - 700) < 1e-6


@pytest.mark.parametrize("text", ["relu(x - 5)", "abs(x + 40)", "max(x, 300)", "min(x*y, 60)"])
def test_both_sides_of_a_few_pieces_are_reached_though_they_are_no_conditions(text: str) -> None:
    graph = adviz.build(text)
    points = drawn(graph, 20)
    scout, found = Scout(graph), reaching(graph, points)
    sides = {side for point in [*points, *found] for side in scout.sides(scout.judged(point))}
    assert len(found) == 1
    assert sides == {(node, side) for node in scout.forks for side in (False, True)}
    assert unreached(graph, points) == ()


def test_the_many_pieces_of_a_network_ask_for_no_points() -> None:
    graph = adviz.build(" + ".join(f"relu(x{k} - 5)" for k in range(40)))
    assert reaching(graph, drawn(graph, 20)) == []


@pytest.mark.parametrize("text", ["x**2", "x*y + exp(z)", "where(2 > 1, x, y)", "3"])
def test_without_conditions_on_inputs_there_is_nothing_to_reach(text: str) -> None:
    graph = adviz.build(text)
    points = drawn(graph, 5)
    assert (reaching(graph, points), unreached(graph, points)) == ([], ())


def test_what_only_an_untaken_branch_needs_was_never_decided() -> None:
    graph = adviz.build("where(x > 9, where(y > 2, x, y), x)")
    assert unreached(graph, [{"x": 1.0, "y": 3.0}]) == (
        "x > 9 (columns 7-11 of the formula) was never true at these points",
        "y > 2 (columns 20-24 of the formula) was never decided at these points, "
        "for nothing there needed it",
    )


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("where(x > 9 and x > 0, 1, x)", ["x > 9", "x > 0"]),
        ("where(x < 9 or x > 8, 1, x)", ["x < 9", "x > 8"]),
        ("where(not x > 9, 1, x)", ["x > 9"]),
        ("where(x > 9 and 2 > 1, 1, x)", ["x > 9"]),
        ("where(y > 1, 1, where(x > 1 and y > 1, x, y))", ["x > 1", "x > 1 and y > 1"]),
        ("where(x > 1, 1, y) + where(y > 1, 1, x)", []),
        ("where(x > 1, 1, y) + where(y > 1, where(x > 1 and y > 1, 1, 0), x)", ["x > 1 and y > 1"]),
    ],
)
def test_what_follows_from_a_part_is_not_said_again(text: str, conditions: list[str]) -> None:
    graph = adviz.build(text)
    points = [{"x": 0.5, "y": 2.0}, {"x": 2.0, "y": 0.5}]
    told = unreached(graph, [{name: point[name] for name in graph.inputs} for point in points])
    assert [sentence.partition(" (")[0] for sentence in told] == conditions


def test_after_five_sentences_the_rest_are_counted() -> None:
    graph = adviz.build(" + ".join(f"where(x > {k}, x, {k})" for k in range(1, 9)))
    *told, rest = unreached(graph, [{"x": 0.0}])
    assert len(told) == 5
    assert rest == "… and 3 more"


def test_a_traced_function_s_other_path_is_told_and_not_hunted() -> None:
    def piecewise(x: float) -> float:
        return x * x if x > 3.7 else 2 * x

    graph = adviz.build(piecewise, at={"x": 1})
    points = drawn(graph, 5)
    assert reaching(graph, points) == []
    (sentence,) = unreached(graph, points)
    assert sentence.startswith("x > 3.7 (line ")
    assert "was never true" in sentence


@given(seed=st.integers(0, 2**64), limit=st.integers(1, 6))
def test_points_depend_on_the_arguments_alone_and_are_no_more_than_wanted(
    seed: int, limit: int
) -> None:
    graph = adviz.build("where(x*y > 50, x, y) + where(x < -77, y, x) + relu(y - 1e3)")
    points = drawn(graph, 5, seed=seed)
    found = reaching(graph, points, seed=seed, limit=limit)
    assert found == reaching(graph, points, seed=seed, limit=limit)
    assert 0 < len(found) <= limit


def test_a_range_that_is_none_is_one_clear_error() -> None:
    with pytest.raises(PointError, match="not from 2 to 1"):
        reaching(adviz.build("where(x > 3, x, 1)"), [{"x": 0.0}], {"x": (2, 1)})


@pytest.mark.parametrize("formula", CORPUS[::10], ids=lambda formula: formula.name)
def test_the_corpus_stays_in_its_domain_and_ranges(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    scout, points = Scout(graph), drawn(graph, 3, formula.ranges)
    for point in reaching(graph, points, formula.ranges):
        assert scout.regular(point)
        assert all(low <= point[name] <= high for name, (low, high) in formula.ranges.items())


@pytest.mark.parametrize("text", [*REACHABLE, *(text for text, *_ in NEVER)])
def test_the_hunt_is_soon_given_up(text: str, judged: list[Any]) -> None:
    graph = adviz.build(text)
    points = drawn(graph, 20)
    judged.clear()
    reaching(graph, points)
    assert len(judged) < 1_500


@pytest.mark.parametrize("joined", ["and", "or"])
def test_thousands_of_joined_conditions_need_no_recursion(joined: str) -> None:
    text = f" {joined} ".join(f"x > {k}" for k in range(2000))
    graph = adviz.build(f"where({text}, x, 1)")
    points = drawn(graph, 2)
    assert len(reaching(graph, points)) <= 20
    assert unreached(graph, points)
