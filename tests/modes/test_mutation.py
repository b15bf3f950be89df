"""The tests of the rules can fail: every rule, changed by one percent, breaks the law it obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from laws import (
    Arguments,
    by_position,
    definition_departures,
    partial_departures,
    points,
    value_departures,
)
from samples import PARTIALS, changed, with_row

import adviz
from adviz.graph.builder import Builder
from adviz.primitives import TABLE, Primitive, Table

DEFINED = [
    pytest.param(row, part, id=f"{row.name}-{part}")
    for row in TABLE.values()
    for part in ("define", "stable")
    if getattr(row, part)
]


def broken(law: Callable[[Primitive, Table, Arguments], list[str]], row: Primitive) -> bool:
    """Return whether some point of the row departs from a law.

    More arguments have more pieces, each of which needs a point.
    """
    rows = TABLE if TABLE[row.name] is row else with_row(row)
    return any(law(row, rows, at) for at in points(row.name, 6 * max(row.arity - 1, 1)))


@pytest.mark.parametrize(("row", "position"), PARTIALS)
def test_a_changed_partial_is_noticed(row: Primitive, position: int) -> None:
    def law(row: Primitive, rows: Table, at: Arguments) -> list[str]:
        return partial_departures(row, position, rows, at)

    texts = list(row.partials)
    texts[position] = changed(texts[position])
    assert broken(law, replace(row, partials=tuple(texts)))
    assert not broken(law, row)


@pytest.mark.parametrize(("row", "part"), DEFINED)
def test_a_changed_definition_is_noticed(row: Primitive, part: str) -> None:
    def law(row: Primitive, rows: Table, at: Arguments) -> list[str]:
        slopes = [d for k in by_position(row) for d in partial_departures(row, k, rows, at)]
        return definition_departures(row, rows, at) + value_departures(row, rows, at) + slopes

    mutant = replace(row, **{part: changed(getattr(row, part))})  # type: ignore[arg-type]
    assert broken(law, mutant)
    assert not broken(law, row)


def test_a_changed_rule_is_the_one_that_every_mode_uses() -> None:
    mutant = replace(TABLE["sin"], partials=("1.01*cos(x)",))
    builder = Builder(with_row(mutant))
    graph = builder.finish({"f": builder.node("sin", (builder.input("x"),))})
    assert adviz.gradient(graph, at=[0], mode="reverse") == {"x": 1.01}
    assert adviz.gradient(graph, at=[0], mode="forward") == {"x": 1.01}
    assert adviz.gradient(graph, at=[0], mode="symbolic") == {"x": 1.0}
    slopes = adviz.derivative_graph(graph)
    assert adviz.evaluate(slopes, at=[0]).value["df/dx"] == 1.01
