"""Graphs are the same whatever the order of their nodes, and only then."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from corpus import CORPUS
from hypothesis import given
from hypothesis import strategies as st
from test_written import graphs

import adviz
from adviz.graph.graph import Graph
from adviz.graph.paths import below
from adviz.graph.procedure import Guard
from adviz.graph.sameness import numbered_alike, remembered


def renumbered(graph: Graph, source: random.Random) -> Graph:
    """Return a graph with its nodes in another topological order, drawn at random."""
    left = [*range(len(graph))]
    new: dict[int, int] = {}
    while left:
        ready = [node for node in left if all(a in new for a in graph.args[node])]
        node = source.choice(ready)
        new[node] = len(new)
        left.remove(node)
    return replace(
        graph,
        ops=tuple(graph.ops[node] for node in new),
        args=tuple(tuple(new[a] for a in graph.args[node]) for node in new),
        constants={new[node]: value for node, value in graph.constants.items()},
        inputs={name: new[node] for name, node in graph.inputs.items()},
        outputs={label: new[node] for label, node in graph.outputs.items()},
        names={name: new[node] for name, node in graph.names.items()},
        guards=tuple(Guard(new[guard.node], guard.reason) for guard in graph.guards),
        sources=None,
    )


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_nodes_is_no_difference(graph: Graph, source: random.Random) -> None:
    other = renumbered(graph, source)
    assert other == graph and graph == other and hash(other) == hash(graph)
    assert numbered_alike(graph, other) == (graph.ops == other.ops and graph.args == other.args)


@pytest.mark.parametrize("formula", CORPUS[::3], ids=lambda formula: formula.name)
def test_every_formula_of_the_corpus_is_what_its_text_says(formula: Any) -> None:
    graph = adviz.build(formula.text)
    assert adviz.build(graph.text) == graph


@pytest.mark.parametrize(
    "text",
    [
        "2*x + 1",
        "a = 2*x; b = a*y; a + b",
        "a = 3; a*x - 3*y",
        "sin(x)*cos(x) + cos(x)",
        "assert x>0; log(x)*2",
        'f(y, x) = {"p": 2*x, "q": y - 1}',
        "b = x; a = x; a*b",
        "pi*x + pi",
        "0.0*x - 0.0 + y",
    ],
)
def test_a_constant_may_come_before_an_input(text: str) -> None:
    graph = adviz.build(text)
    assert adviz.build(graph.text) == graph and hash(adviz.build(graph.text)) == hash(graph)


DIFFERENT = [
    ("x - y", "f(x, y) = y - x"),
    ("x + y", "f(y, x) = x + y"),
    ("x + y", "f(x, z) = x + z"),
    ("x*2", "x*2.0"),
    ("x*2", "x*3"),
    ("x + 0.0", "x + (-0.0)"),
    ("sin(x)", "cos(x)"),
    ("a = sin(x); a*x", "sin(x)*x"),
    ("a = sin(x); a*x", "b = sin(x); b*x"),
    ("a = sin(x); b = a; a*b", "b = sin(x); a = b; a*b"),
    ("sin(x)", "g(x) = sin(x)"),
    ('{"p": x, "q": y}', '{"q": y, "p": x}'),
    ('{"p": x, "q": y}', 'f(x, y) = {"p": y, "q": x}'),
    ("assert x > 0; x + 1", "x + 1 + where(x > 0, 0, 0)"),
    ("assert x > 0; x", "assert 0 > x; x"),
    ("assert x > 0; assert x < 1; x", "assert x < 1; assert x > 0; x"),
    ("sin(x)*sin(y)", "sin(x)*sin(x) + 0*y"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_any_other_difference_is_one(one: str, other: str) -> None:
    assert adviz.build(one) != adviz.build(other) and adviz.build(other) != adviz.build(one)
    assert adviz.build(one) == adviz.build(one)


def test_what_is_kept_apart_is_not_what_is_shared() -> None:
    apart = adviz.build("sin(x)*sin(x) + cos(x)", share=False)
    assert apart != adviz.build("sin(x)*sin(x) + cos(x)")
    assert apart != adviz.build("sin(x)*sin(x) + sin(x)", share=False)


def test_own_rows_of_one_name_differ_in_what_they_compute() -> None:
    def built(body: str) -> Graph:
        return adviz.build("g(x)*2", functions=[adviz.primitive("g", body)])

    assert built("x*x") == built("x*x") and built("x*x") != built("x + x")


def test_words_are_no_difference() -> None:
    assert adviz.build("assert x>0; x*y").guards != adviz.build("assert x > 0; x*y").guards
    assert adviz.build("assert x>0; x*y") == adviz.build("assert x > 0; x*y")


# --- What speaks of nodes tells equal graphs apart ------------------------------------------------

FIRST, SECOND = adviz.build("2*x + 3*y"), adviz.build("f(x, y) = 2*x + 3*y")


def test_what_is_remembered_is_about_the_nodes_of_the_graph_at_hand() -> None:
    assert FIRST == SECOND and FIRST.ops != SECOND.ops
    for graph in (FIRST, SECOND, adviz.build("2*x + 3*y")):
        assert [graph.ops[node] for node in below(graph, "f")] == [*graph.ops]
        assert adviz.gradient(graph, {"x": 1, "y": 1}) == {"x": 2.0, "y": 3.0}
        assert str(adviz.check(graph, points=3).verdict) == "agrees"


def test_what_is_remembered_is_computed_once() -> None:
    calls = []

    @remembered(4)
    def counted(graph: Graph, times: int) -> int:
        calls.append(graph)
        return times * len(graph)

    assert [counted(FIRST, 2), counted(adviz.build("2*x + 3*y"), times=2)] == [14, 14]
    assert [counted(FIRST, 2), counted(SECOND, 2), counted(adviz.build("2*x + 3*y"), 2)] == [14] * 3
    assert calls[:1] == [FIRST] and len(calls) == 3


@pytest.mark.parametrize(
    "together",
    [lambda traces: adviz.animate(*traces), lambda traces: adviz.table(*traces)],
    ids=["animate", "table"],
)
def test_sweeps_are_shown_together_only_where_the_nodes_are_the_same(
    together: Callable[[Any], object],
) -> None:
    traces = [adviz.reverse(graph, {"x": 1, "y": 1}) for graph in (FIRST, SECOND)]
    with pytest.raises(adviz.AdvizError, match="must be of the same graph"):
        together(traces)
