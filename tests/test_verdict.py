"""`check`: only a disagreement at the truth's precision is a wrong derivative."""

from __future__ import annotations

import json

import pytest

import adviz


def wrong_sine() -> adviz.Graph:
    bad = adviz.primitive("bad_sin", "sin(x)", partials="1.01*cos(x)")
    return adviz.build("bad_sin(t)**2", functions=[bad])


def test_right_derivatives_agree_in_every_mode() -> None:
    report = adviz.check("log(x1) + x1*x2 - sin(x2)", ranges={"x1": (1, 3), "x2": (1, 6)})
    assert report.verdict == "agrees"
    assert {(f.mode, f.verdict) for f in report.findings} == {
        (mode, "agrees") for mode in ("forward", "reverse", "symbolic")
    }


def test_lost_digits_are_no_wrong_derivative() -> None:
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    assert report.verdict == "agrees"
    assert [f.verdict for f in report.findings] == ["digits lost"] * 3 + ["agrees"] * 3
    assert "float64 keeps only 0 digits" in report.headline


def test_truth_is_not_fifty_digits_but_what_settles() -> None:
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-20})
    assert report.verdict == "agrees"
    assert float(report.findings[-1].expected) == pytest.approx(-1e-20 / 12)


def test_a_rule_wrong_by_one_percent_is_wrong_in_both_ad_modes() -> None:
    report = adviz.check(wrong_sine())
    assert report.verdict == "wrong"
    verdicts = {(f.mode, f.arithmetic != "float64"): f.verdict for f in report.findings}
    assert verdicts["forward", True] == verdicts["reverse", True] == "wrong"
    assert verdicts["symbolic", True] == "agrees"
    with pytest.raises(adviz.AdvizError, match="a derivative is wrong"):
        report.raise_if_wrong()


def test_zero_derivatives_are_zero() -> None:
    assert adviz.check("sin(x)**2 + cos(x)**2", at={"x": 1}).verdict == "agrees"
    assert adviz.check("x - x + 0*y", at={"x": 1, "y": 2}).verdict == "agrees"


def test_a_kink_is_said_to_be_one() -> None:
    report = adviz.check("hypot(x, y)", at={"x": 0, "y": 0})
    assert report.verdict == "kink"
    assert "not differentiable" in report.headline


def test_points_are_drawn_reproducibly_and_inside_the_domain() -> None:
    first = adviz.check("log(x)", points=4, seed=7)
    assert first.points == adviz.check("log(x)", points=4, seed=7).points
    assert all(point["x"] > 0 for point in first.points)
    assert first.points != adviz.check("log(x)", points=4, seed=8).points


def test_a_range_over_decades_is_drawn_log_uniformly() -> None:
    points = adviz.check("x", points=40, ranges={"x": (1e-6, 1e6)}).points
    assert sum(point["x"] < 1 for point in points) > 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"ranges": {"q": (0, 1)}}, "there is no input 'q'"),
        ({"ranges": {"x": (2, 1)}}, "not from 2 to 1"),
        ({"ranges": {"x": (-2, -1)}}, "points of the ranges lie in the domain"),
        ({"at": {"x": -1}}, "log is undefined at -1.0"),
    ],
)
def test_bad_input_is_one_clear_error(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(adviz.AdvizError, match=words):
        adviz.check("log(x)", **arguments)  # type: ignore[arg-type]  # wrong on purpose


def test_a_report_is_data_and_pages_too() -> None:
    report = adviz.check(wrong_sine(), points=2)
    data = json.loads(json.dumps(report.to_json(), default=str))
    assert data["verdict"] == "wrong" and len(data["points"]) == 2
    assert "<table" in report.html() and str(report).startswith("a derivative is wrong")


def test_progress_is_told_after_every_point() -> None:
    seen: list[tuple[int, int]] = []
    adviz.check("x*x", points=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_constant_has_nothing_to_disagree_on() -> None:
    assert adviz.check("3").verdict == "agrees"
    assert adviz.gradient("3", at={}, mode="symbolic") == {}


@pytest.mark.parametrize("x", [20, 200, 500])
def test_a_derivative_too_small_for_sympys_formula_is_not_called_wrong(x: float) -> None:
    assert adviz.check("tanh(x)", at={"x": x}).verdict == "agrees"
