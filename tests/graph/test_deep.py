"""Nothing recurses on a graph's depth, and nothing expands what is shared."""

from __future__ import annotations

import math
import pickle
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import adviz
from adviz.errors import TooLarge
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.modes.extent import tree_size

LONG = 100_000


def chain() -> Graph:
    """A chain of sines, traced."""

    def f(x: Any) -> Any:
        for _ in range(LONG):
            x = math.sin(x)
        return x

    return adviz.build(f)


def total() -> Graph:
    """A sum as long, written."""
    return adviz.build(" + ".join(f"x{i % 7}" for i in range(LONG)), share=False)


def orbit() -> Graph:
    """The square of the last value and a tenth, sixty times."""
    builder = Builder()
    node = builder.input("x")
    for _ in range(60):
        node = builder.node("add", (builder.node("mul", (node, node)), builder.constant(0.1)))
    return builder.finish({"f": node})


def tower() -> Graph:
    """The sine and the cosine of the last value added, forty times."""
    builder = Builder()
    node = builder.input("x")
    for _ in range(40):
        node = builder.node("add", (builder.node("sin", (node,)), builder.node("cos", (node,))))
    return builder.finish({"f": node})


GRAPHS: tuple[Callable[[], Graph], ...] = (chain, total, orbit, tower)
each = pytest.mark.parametrize(
    "made",
    [
        pytest.param(make, id=make.__name__, marks=pytest.mark.xdist_group(make.__name__))
        for make in GRAPHS
    ],
)
"""The tests of one graph share a process, in which it is built once."""
built = cache(lambda make: make())


def place(graph: Graph) -> dict[str, float]:
    return {name: 0.3 + 0.01 * k for k, name in enumerate(graph.inputs)}


def expected(make: Callable[[], Graph], x: float) -> tuple[float, float]:
    """Return the value and the slope of a recurrence, by hand."""
    value, slope = x, 1.0
    for _ in range({chain: LONG, orbit: 60, tower: 40}[make]):
        if make is chain:
            value, slope = math.sin(value), math.cos(value) * slope
        elif make is orbit:
            value, slope = value * value + 0.1, 2 * value * slope
        else:
            value, slope = (
                math.sin(value) + math.cos(value),
                (math.cos(value) - math.sin(value)) * slope,
            )
    return value, slope


@each
def test_every_sweep_goes_through(made: Callable[[], Graph]) -> None:
    graph = built(made)
    at = place(graph)
    found = adviz.reverse(graph, at)
    along = adviz.forward(graph, at, next(iter(at)))
    symbolic = adviz.gradient(graph, at, mode="symbolic")
    if made is total:
        assert found.value == pytest.approx(LONG * 0.33, rel=1e-3)
        assert found.gradient == symbolic and set(found.gradient.values()) <= {14285, 14286}
        assert along.tangent == found.gradient["x0"]
    else:
        value, slope = expected(made, at["x"])
        assert found.value == along.value == value
        assert found.gradient["x"] == pytest.approx(slope, rel=1e-12)
        assert along.tangent == pytest.approx(slope, rel=1e-12)
        assert symbolic["x"] == pytest.approx(slope, rel=1e-12)


@each
def test_the_derivative_graph_is_linear(made: Callable[[], Graph]) -> None:
    graph = built(made)
    slopes = adviz.derivative_graph(graph)
    assert len(slopes) < 8 * len(graph)
    found = adviz.evaluate(slopes, place(graph)).value
    gradient = adviz.gradient(graph, place(graph))
    assert {n: found[f"df/d{n}"] for n in gradient} == pytest.approx(gradient, rel=1e-12)


@each
def test_text_pickle_and_networkx_keep_it(made: Callable[[], Graph]) -> None:
    graph = built(made)
    limit = sys.getrecursionlimit()
    text = graph.text
    assert len(text) < 40 * len(graph)
    assert adviz.build(text, share=made is not total).text == text
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 - our own bytes
    assert adviz.build(graph.nx.copy()) == graph
    assert sys.getrecursionlimit() == limit


@each
def test_the_whole_expression_is_refused_at_once_with_its_size(made: Callable[[], Graph]) -> None:
    graph = built(made)
    size, depth = tree_size(graph)
    with pytest.raises(TooLarge) as refused:
        adviz.symbolic(graph)
    shown = str(size) if size < 10**9 else f"about 10^{int(math.log10(size))}"
    assert str(refused.value) == (
        f"the whole expression has {shown} operations, {depth} deep, from a graph of "
        f"{len(graph)} nodes; use symbolic(g, form='assignments'), which is linear in the graph"
    )


@pytest.mark.parametrize("made", [orbit, tower])
def test_assignments_are_linear_in_the_graph(made: Callable[[], Graph]) -> None:
    graph = built(made)
    program = adviz.symbolic(graph, form="assignments")
    assert len(program.lines) < 4 * len(graph)
    known: dict[Any, float] = {}
    import sympy

    known[sympy.Symbol("x")] = 0.3
    for symbol, expression in program.lines:
        parts = list(expression.free_symbols)
        known[symbol] = float(sympy.lambdify(parts, expression, "math")(*map(known.get, parts)))
    found = known[program.results["f"]["x"]]
    assert found == pytest.approx(expected(made, 0.3)[1], rel=1e-12)


def test_deep_parentheses_and_deep_guards_are_read() -> None:
    deep = adviz.build("(" * LONG + "x" + ")" * LONG)
    assert len(deep) == 1
    nested = adviz.build("-" * 999 + "x")
    assert adviz.gradient(nested, [1.0]) == {"x": -1.0}
