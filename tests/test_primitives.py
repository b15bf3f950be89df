"""Every row of the table: its value, its partials and its digits, against the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from laws import (
    HUGE,
    UNIT,
    Arguments,
    by_position,
    condition,
    definition_departures,
    exactly,
    gradient_rounding,
    graph_of,
    inside,
    lost_digits,
    partial_departures,
    point_of,
    points,
    rounding,
    slope,
    smooth,
    true_gradient,
    value_departures,
)
from samples import TRAPS, places

import adviz
from adviz.numbers import ARRAY, FLOAT64, Numbers, multiprecision
from adviz.primitives import TABLE, Primitive

ROWS = [pytest.param(row, id=row.name) for row in TABLE.values()]
NUMERIC = [pytest.param(row, id=row.name) for row in TABLE.values() if by_position(row)]
PARTIALS = [
    pytest.param(row, k, id=f"{row.name}-{row.args[k]}")
    for row in TABLE.values()
    for k in by_position(row)
]
ARRAY_ULPS = 12
"""NumPy and SciPy round differently from the C library, by a few units more."""
SMALLEST_NORMAL = 2.0**-1022
"""SciPy may take a smaller number for 0."""


@pytest.mark.parametrize("name", TRAPS)
def test_traps_are_regular_points_of_a_row(name: str) -> None:
    row = TABLE[name]
    for at in TRAPS[name]:
        assert inside(row, at) and smooth(row, at, FLOAT64.function(name)(*at))


@pytest.mark.parametrize("row", ROWS)
def test_value_is_within_the_rows_ulps(row: Primitive) -> None:
    for at in places(row, 40):
        assert not value_departures(row, TABLE, at)


@pytest.mark.parametrize(("row", "position"), PARTIALS)
def test_partial_is_the_slope_of_the_value_and_sympys_derivative(
    row: Primitive, position: int
) -> None:
    for at in points(row.name, 6):
        assert not partial_departures(row, position, TABLE, at)


@pytest.mark.parametrize(("row", "position"), PARTIALS)
def test_partial_keeps_its_digits(row: Primitive, position: int) -> None:
    for at in places(row, 12):
        assert not lost_digits(row, position, TABLE, at)


@pytest.mark.parametrize("row", [p for p in ROWS if TABLE[str(p.id)].define])
def test_definition_means_the_row(row: Primitive) -> None:
    for at in points(row.name, 6):
        assert not definition_departures(row, TABLE, at)


def _held(row: Primitive, at: Arguments) -> bool:
    """Return whether all local partials fit into float64."""
    value = FLOAT64.function(row.name)(*at)
    return all(abs(FLOAT64.partial(row, k)(*at, value)) < HUGE for k in by_position(row))


@pytest.mark.parametrize("row", NUMERIC)
def test_every_mode_and_arithmetic_gives_the_true_gradient(row: Primitive) -> None:
    graph, wrt = graph_of(row), [row.args[k] for k in by_position(row)]
    places = [point_of(row, at) for at in points(row.name, 4) if _held(row, at)]
    arrays = {name: np.array([place[name] for place in places]) for name in graph.inputs}
    together = adviz.gradient(graph, arrays, wrt=wrt)
    for index, at in enumerate(places):
        truth = true_gradient(graph, at, wrt=wrt)
        allowed = gradient_rounding(graph, at, wrt=wrt)
        found = {m: adviz.gradient(graph, at, mode=m, wrt=wrt) for m in ("forward", "reverse")}
        found["array"] = {name: together[name][index] for name in wrt}
        for name in wrt:
            if truth[name].value != truth[name].value:
                continue
            for numbers in found.values():
                size = ARRAY_ULPS * allowed[name] if numbers is found["array"] else allowed[name]
                assert not truth[name].departs(numbers[name], size), (at, name)
            for mode in ("forward", "reverse"):
                precise = adviz.gradient(graph, at, mode=mode, wrt=wrt, digits=30)
                assert not truth[name].departs(precise[name], allowed[name] * 1e-13)


@pytest.mark.parametrize("row", NUMERIC)
def test_second_derivative_is_the_slope_of_the_partial(row: Primitive) -> None:
    graph, numbers = graph_of(row), multiprecision(60)
    for first in by_position(row):
        slopes = adviz.derivative_graph(graph, of="f", wrt=row.args[first])
        for second in by_position(row):
            label = f"df/d{row.args[first]}"
            twice = adviz.derivative_graph(slopes, of=label, wrt=row.args[second])
            last = list(twice.outputs)[-1]
            only = adviz.build(twice, share=True)
            for at in points(row.name, 3):
                _check_second(row, first, second, only, last, at, numbers)


def _check_second(
    row: Primitive, first: int, second: int, twice: adviz.Graph, label: str,
    at: Arguments, numbers: Numbers,
) -> None:  # fmt: skip
    if row.name == "where":
        return
    rule, value = numbers.partial(row, first), numbers.function(row.name)
    place = point_of(row, at)
    measured = slope(numbers, lambda *x: rule(*x, value(*x)), exactly(numbers, at), second)
    if not abs(measured) < 1e100 or any(1e100 * abs(a) < 1 for a in at):
        return
    allowed = rounding(twice, place)[label]
    fine = adviz.evaluate(twice, place, digits=60).value[label]
    coarse = adviz.evaluate(twice, place, errors="ieee").value[label]
    noise = abs(numbers.constant(rule(*exactly(numbers, at), value(*exactly(numbers, at))))) * 1e-60
    assert abs(fine - measured) <= abs(measured) * 1e-25 + allowed * 1e-25 + noise, (at, label)
    assert abs(coarse - measured) <= 2 * allowed + UNIT * abs(measured) or math.isinf(coarse)


@pytest.mark.parametrize("row", ROWS)
def test_an_array_is_many_points(row: Primitive) -> None:
    places = points(row.name, 20)
    if not row.arity:
        return
    columns = [np.array([at[k] for at in places]) for k in range(row.arity)]
    together = ARRAY.function(row.name)(*columns)
    assert np.shape(together) == (len(places),)
    for at, found in zip(places, together, strict=True):
        alone = FLOAT64.function(row.name)(*at)
        moved = condition(row, lambda numbers: numbers.function(row.name), at) if row.ulps else 0
        steps = (row.ulps and ARRAY_ULPS) * (math.ulp(alone) + UNIT * moved + SMALLEST_NORMAL)
        assert abs(float(found) - alone) <= steps, (at, found, alone)


@pytest.mark.parametrize("row", ROWS)
def test_a_rule_that_is_read_names_only_rows(row: Primitive) -> None:
    texts = [*row.partials, row.domain, row.pole, row.kink, row.piece]
    for text in filter(None, texts):
        FLOAT64.rule(row, text)


@pytest.mark.parametrize("row", ROWS)
def test_facts_of_a_row_fit_each_other(row: Primitive) -> None:
    assert len(row.partials) == row.arity
    assert row.rational or row.ulps > 0
    assert row.domain or not row.needs
    assert not row.stable or row.define
    assert not (row.fold and row.arity != 2)
