"""What a verb is given beside the formula: seeds that fit, inputs wanted, none of them too."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import adviz
from adviz.errors import DomainError, PointError

ONE, MANY = {"x": 3, "y": 2}, {"x": [3.0, 4.0, 5.0], "y": 2}
TWO, GRID = np.array([1.0, 2.0]), np.ones((2, 3))
JVPS: tuple[Callable[..., Any], ...] = (adviz.jvp, adviz.forward)
VJPS: tuple[Callable[..., Any], ...] = (adviz.vjp, adviz.reverse)


@pytest.mark.parametrize("verb", [*JVPS, *VJPS, adviz.hvp])
@pytest.mark.parametrize(
    ("at", "seed", "said"),
    [
        (ONE, TWO, "has the shape (2,), at a single point"),
        (ONE, [1.0, 2.0], "has the shape (2,), at a single point"),
        (MANY, TWO, "has the shape (2,), at points of shape (3,)"),
        (MANY, GRID, "has the shape (2, 3), at points of shape (3,)"),
    ],
)
def test_a_seed_is_one_number_or_one_for_each_point(
    verb: Callable[..., Any], at: Any, seed: Any, said: str
) -> None:
    what, name = ("cotangent", "f") if verb in VJPS else ("direction", "x")
    words = f"{what} {name} {said}; give one number, or one for each point"
    with pytest.raises(PointError, match=re.escape(words)):
        verb("x*y", at, {name: seed})


@pytest.mark.parametrize("seed", [2.0, np.array([2.0]), np.array([2.0, 0.5, 1.0])])
def test_a_seed_that_fits_weighs_every_point(seed: Any) -> None:
    whole = np.broadcast_to(seed, 3)
    assert adviz.jvp("x*y", MANY, {"x": seed}).tolist() == (2 * whole).tolist()
    assert adviz.vjp("x*y", MANY, {"f": seed})["x"].tolist() == (2 * whole).tolist()


@pytest.mark.parametrize("mode", ["forward", "reverse", "symbolic"])
def test_a_point_is_looked_at_though_no_derivative_is_wanted(mode: Any) -> None:
    assert adviz.gradient("log(x)", {"x": 3}, mode=mode, wrt=[]) == {}
    with pytest.raises(DomainError, match=r"log is undefined at -3\.0"):
        adviz.gradient("log(x)", {"x": -3}, mode=mode, wrt=[])
    with pytest.raises(PointError, match="errors = 'foo'"):
        adviz.gradient("log(x)", {"x": 3}, mode=mode, wrt=[], errors="foo")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(PointError, match="there is no input 'z'"):
        adviz.gradient("log(x)", {"z": 3}, mode=mode, wrt=[])


@pytest.mark.parametrize("text", ["x*df_dx", "x*df_dx + df_dx_", "v1*sin(df_dv1) + x*df_dx"])
def test_assignments_never_assign_to_an_input_nor_twice(text: str) -> None:
    graph = adviz.build(text)
    made = adviz.symbolic(graph, form="assignments")
    assigned = [str(symbol) for symbol, _ in made.lines]
    assert len({*assigned, *graph.inputs}) == len(assigned) + len(graph.inputs)
    at = {name: 0.5 + k for k, name in enumerate(graph.inputs)}
    values: dict[Any, Any] = dict(at)
    for symbol, expression in made.lines:
        values[str(symbol)] = expression.subs({s: values[str(s)] for s in expression.free_symbols})
    found = {name: float(values[str(symbol)]) for name, symbol in made.results["f"].items()}
    assert found == pytest.approx(adviz.gradient(graph, at))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: [x * x],
        lambda x: (x * x,),
        lambda x: {"q": x * x},
        lambda x: np.array([x * x]),
        lambda x: [[x * x]],
    ],
)
def test_one_number_may_be_wrapped(function: Callable[..., Any]) -> None:
    assert adviz.check(function, at={"x": 3}).verdict == "agrees"
    assert adviz.check(function, at={"x": 3}, gradient={"x": "3*x"}).verdict == "wrong gradient"


UNDEFINED = [("x*x", 1e308), ("x**2 + exp(x)", 1e308), ("log(x) + x", -1.0), ("1/x", 0.0)]


@pytest.mark.parametrize(("text", "x"), UNDEFINED)
def test_one_point_raises_and_many_go_on_unless_told_otherwise(text: str, x: float) -> None:
    """Every verb, of a point and of many, follows one rule; `errors` alone changes it."""
    one, many = {"x": x}, {"x": np.array([x, 1.0])}
    single: list[Callable[..., Any]] = [
        partial(adviz.gradient, text),
        partial(adviz.evaluate, text),
        partial(adviz.reverse, text),
        partial(adviz.forward, text),
    ]
    kernel = adviz.compile(text)
    everyone: list[Callable[..., Any]] = [*single, kernel]
    for verb in everyone:
        with pytest.raises(DomainError):
            verb(one)
        verb(many)
    for verb in single:
        verb(one, errors="ieee")
        with pytest.raises(DomainError):
            verb(many, errors="raise")
    expected = adviz.gradient(text, one, errors="ieee")["x"]
    for at in (many, [one, {"x": 1.0}]):
        found = adviz.evaluate_many(text, at)
        slope = found[1]["x"][0] if at is many else found[0][1]["x"]
        assert np.array_equal(slope, expected, equal_nan=True)
        assert np.array_equal(kernel(many)[1]["x"][0], expected, equal_nan=True)
        with pytest.raises(DomainError, match="point 0"):
            adviz.evaluate_many(text, at, errors="raise")
