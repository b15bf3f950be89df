"""The law of the cheap gradient: over the corpus a gradient costs at most four values."""

from __future__ import annotations

import pytest
from corpus import CORPUS, Formula
from laws import graph_of
from operations import BOUND, alone, dearest, operations, plain

import adviz
from adviz.compiler.program.program import program
from adviz.graph.graph import Graph
from adviz.primitives import TABLE


def cost(graph: Graph, kind: str) -> int:
    return operations(program(graph, kind))


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_a_gradient_costs_at_most_four_values(formula: Formula) -> None:
    graph = adviz.build(formula.text)
    for label in graph.outputs:
        value, gradient = (operations(program(graph, k, of=label)) for k in ("value", "gradient"))
        assert gradient <= BOUND * value, f"{label}: {gradient} for {value}"


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.arity))
def test_the_gradient_of_every_row_does(name: str) -> None:
    graph = graph_of(TABLE[name])
    assert cost(graph, "gradient") <= BOUND * cost(graph, "value")


def test_the_count_is_that_of_the_book() -> None:
    assert alone(TABLE["add"]) == alone(TABLE["mul"]) == dearest(TABLE["mul"]) == 4
    assert alone(TABLE["sin"]) == dearest(TABLE["sin"]) == 4
    assert [cost(adviz.build("x*y + sin(x)"), kind) for kind in ("value", "gradient")] == [12, 20]
    assert plain(TABLE["where"]) and not plain(TABLE["div"])


def test_the_law_can_fail() -> None:
    """One forward sweep per input, as a rule for each input alone would be, breaks the bound."""
    (formula,) = (one for one in CORPUS if one.name == "helmholtz, 6 components")
    graph = adviz.build(formula.text)
    sweeps = sum(operations(program(graph, "jvp", wrt=name)) for name in graph.inputs)
    assert sweeps > BOUND * cost(graph, "value")
