"""Second derivatives at kinks: those of the function where it is smooth, else the conventions."""

from __future__ import annotations

import pytest

import adviz

Point = dict[str, float]
ORIGIN: Point = {"x": 0.0, "y": 0.0}

# fmt: off
SMOOTH: list[tuple[str, Point, list[list[float]]]] = [
    ("abs(x)**2",                  {"x": 0},             [[2]]),
    ("max(x, -x)**2",              {"x": 0},             [[2]]),
    ("where(x == 0, 1, sin(x)/x)", {"x": 0},             [[-1/3]]),
    ("where(x == 2, 4, x**2)",     {"x": 2},             [[2]]),
    ("relu(x)**3",                 {"x": 0},             [[0]]),
    ("hypot(x, y)**2",             ORIGIN,               [[2, 0], [0, 2]]),
    ("min(x, y)*max(x, y)",        {"x": 1.5, "y": 1.5}, [[0, 1], [1, 0]]),
    ("where(x == 2, 4, x**2)*y",   {"x": 2, "y": 3},     [[6, 4], [4, 0]]),
    ("1e-9*hypot(x, y)**2",        ORIGIN,               [[2e-9, 0], [0, 2e-9]]),
    ("abs(1e9*x)**2",              {"x": 0},             [[2e18]]),
]
CONVENTIONS: list[tuple[str, Point, list[list[float]]]] = [
    ("abs(x)",                      {"x": 0},            [[0]]),
    ("x*abs(x)",                    {"x": 0},            [[0]]),
    ("relu(x)**2",                  {"x": 0},            [[0]]),
    ("hypot(x, y)",                 ORIGIN,              [[0, 0], [0, 0]]),
    ("floor(x)",                    {"x": 1},            [[0]]),
    ("where(x > 0, 1 + x**2, x**2)", {"x": 0},           [[2]]),
    ("where(y == 0, x**3, x**2)",   {"y": 0, "x": 1},    [[0, 0], [0, 6]]),
]
# fmt: on


@pytest.mark.parametrize(("text", "at", "second"), [*SMOOTH, *CONVENTIONS])
def test_a_hessian_at_a_kink(text: str, at: Point, second: list[list[float]]) -> None:
    found = adviz.hessian(text, at)
    rows = [list(found[name].values()) for name in at]
    assert rows == [pytest.approx(row, rel=1e-15, abs=0) for row in second]


@pytest.mark.parametrize(("text", "at", "second"), SMOOTH)
def test_a_product_is_that_of_the_hessian(text: str, at: Point, second: list[list[float]]) -> None:
    along = {name: float(k) for k, name in enumerate(at, 2)}
    found = adviz.hvp(text, at, along)
    true = [sum(entry * v for entry, v in zip(row, along.values(), strict=True)) for row in second]
    assert [found[name] for name in at] == pytest.approx(true, rel=1e-15, abs=0)


def test_arrays_and_many_digits_keep_to_the_graph() -> None:
    import numpy as np

    at = {"x": np.array([-1.0, 0.0, 1.0])}
    assert list(adviz.hessian("abs(x)**2", at)["x"]["x"]) == [2, 0, 2]
    assert adviz.hessian("abs(x)**2", {"x": 3}, digits=30)["x"]["x"] == 2
