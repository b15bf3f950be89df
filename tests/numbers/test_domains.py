"""Where a single point is refused, arrays have no number, and raise where that is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from laws import Arguments, graph_of, inside, point_of, points_outside

import adviz
from adviz.compiler.targets import TARGETS, Target, Wanted
from adviz.errors import AdvizError
from adviz.numbers import ARRAY, FLOAT64, multiprecision
from adviz.primitives import TABLE, Primitive

ROWS = [pytest.param(row, id=row.name) for row in TABLE.values() if row.domain]
SPECIAL = (0.0, -0.0, 0.3, 1.0, -1.0, -2.0, 0.5, 2.0, 101.0, -0.25, 1.25)


def outside(row: Primitive) -> list[Arguments]:
    """Return points outside a row's domain, whole and broken, whatever its arguments mean."""
    grid = np.array(np.meshgrid(*[SPECIAL] * row.arity)).reshape(row.arity, -1).T.tolist()
    found = [tuple(at) for at in grid if not inside(row, tuple(at))]
    return [*points_outside(row.name, 12), *found[:: max(1, len(found) // 24)]]


def columns(row: Primitive, at: list[Arguments]) -> Mapping[str, Any]:
    places = [point_of(row, one) for one in at]
    return {name: np.array([place[name] for place in places]) for name in row.args}


def runs(row: Primitive, target: Target) -> bool:
    return target.runs(Wanted(graph_of(row), "value", ["f"], []))


@pytest.mark.parametrize("row", ROWS)
def test_outside_its_domain_a_node_is_no_number(row: Primitive) -> None:
    function, precise = FLOAT64.value(row.name), multiprecision(30)
    together = ARRAY.value(row.name)(*columns(row, outside(row)).values())
    for at, found in zip(outside(row), together, strict=True):
        assert not math.isfinite(found), at
        assert not math.isfinite(function(*at)), at
        exact = precise.value(row.name)(*map(precise.constant, at))
        assert not precise.finite(exact), at


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("row", ROWS)
def test_what_a_point_refuses_no_target_computes(row: Primitive, target: Target) -> None:
    if not runs(row, target):
        pytest.skip(f"{target.name} has no {row.name}")
    graph, at = graph_of(row), outside(row)
    kernel = adviz.compile(graph, "value", target=target.name)
    assert not np.isfinite(kernel(**columns(row, at))).any()
    for one in at[:4]:
        with pytest.raises(AdvizError, match=row.name if row.domain != "y != 0" else "division"):
            adviz.evaluate(graph, point_of(row, one))
        with pytest.raises(AdvizError, match=row.name if row.domain != "y != 0" else "division"):
            adviz.evaluate_many(
                graph, columns(row, [one]), kind="value", errors="raise", target=target.name
            )


def test_arrays_are_marked_as_points_are() -> None:
    trace = adviz.evaluate("besselj(0.3, x)", {"x": np.array([2.0])})
    assert np.isnan(trace.value).all() and "undefined" in trace.status


def test_an_untaken_branch_may_lie_outside() -> None:
    x = np.array([-1.0, 2.0])
    value, slopes = adviz.evaluate_many("where(x > 0, huber(x, 3), 5*x)", {"x": x})
    assert value.tolist() == [-5.0, 4.0] and slopes["x"].tolist() == [5.0, 1.0]
