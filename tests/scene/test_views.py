"""Slices of graphs, and graphs in parts: what is seen is the graph's own."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

import pytest

import adviz
from adviz.graph.graph import Graph
from adviz.modes.trace import Trace
from adviz.scene.folded import Several, folded
from adviz.scene.folding import Folding
from adviz.scene.parts import parts_of
from adviz.scene.scene import Mark, Scene


def random_graph(size: int, seed: int) -> Graph:
    """Return a graph of many operations on recent values, traced without looking at it again."""

    def f(x: Any, y: Any, z: Any) -> Any:
        chance, known = random.Random(seed), [x, y, z]
        while len(known) < size:
            a, b = chance.choice(known[-20:]), chance.choice(known[-20:])
            known.append(chance.choice((a + b * 0.5, a * b * 0.3, math.sin(a), a - b, a * 1.1)))
        return [sum(known[-5:]), known[-7] * known[-3]]

    return adviz.build(f, verify=False)


def logistic(x: Any, r: Any) -> Any:
    for _ in range(50):
        x = r * x * (1 - x)
    return x


def oscillator(x: Any, v: Any) -> Any:
    for _ in range(300):
        v = v - x * 0.01
        x = x + v * 0.01
    return x


def network(x: Any, W: Any, b: Any, V: Any) -> Any:  # noqa: N803 - matrices
    import numpy as np

    h = np.tanh(W @ x + b)
    k = np.tanh(V @ h)
    return k @ k


GRAPHS: Mapping[str, Graph] = {
    **{f"random {size} {seed}": random_graph(size, seed) for size, seed in
       ((30, 1), (60, 2), (150, 3), (400, 4), (900, 5))},
    "logistic": adviz.build(logistic),
    "oscillator": adviz.build(oscillator),
    "network": adviz.build(network, shapes={"x": 3, "W": (8, 3), "b": 8, "V": (4, 8)}),
    "statements": adviz.build("; ".join(f"h{k + 1} = tanh(w*h{k} + b)" for k in range(30))),
    "terms": adviz.build(" + ".join(f"sin({k}*x)*y" for k in range(1, 200))),
    "choice": adviz.build("a = where(x > 0, x*x, y*x); b = where(x < 0, log(x), a); " * 1 + "a*b"),
    "constants": adviz.build("c = sqrt(2)*3; d = x*c; e = d + 5*c; e*2"),
}  # fmt: skip
MOST = (3, 8, 40)


def sweeps(graph: Graph) -> list[Trace]:
    """Return a forward and a reverse sweep at some point."""
    at = {name: 0.3 + 0.07 * (k % 5) for k, name in enumerate(graph.inputs)}
    ones = dict.fromkeys(graph.outputs, 1)
    return [adviz.forward(graph, at, dict.fromkeys(at, 1)), adviz.reverse(graph, at, ones)]


@pytest.mark.parametrize("most", MOST)
@pytest.mark.parametrize("name", GRAPHS)
def test_every_node_is_in_one_part_and_parts_only_need_earlier_ones(name: str, most: int) -> None:
    graph = GRAPHS[name]
    folding = Folding(graph, parts_of(graph, most))
    assert sorted(n for part in folding.parts for n in part.nodes) == list(range(len(graph)))
    assert len(folding.parts) <= max(most, len(graph.inputs) + 1)
    for part, arguments in enumerate(folding.graph.args):
        assert all(argument < part for argument in arguments)


@pytest.mark.parametrize("most", MOST)
@pytest.mark.parametrize("name", GRAPHS)
def test_what_crosses_between_two_parts_is_one_edge(name: str, most: int) -> None:
    graph = GRAPHS[name]
    folding = Folding(graph, parts_of(graph, most))
    inputs = set(graph.inputs.values())
    crossing = {
        (folding.part_of[tail], folding.part_of[head])
        for tail, head, _ in graph.edges
        if folding.part_of[tail] != folding.part_of[head] and (graph.args[tail] or tail in inputs)
    }
    drawn = [(tail, head) for tail, head, _ in folding.graph.edges]
    assert set(drawn) == crossing and len(drawn) == len(crossing)


def many(number: Any) -> tuple[Any, ...]:
    return number.numbers if isinstance(number, Several) else (number,)


@pytest.mark.parametrize("most", MOST)
@pytest.mark.parametrize("name", GRAPHS)
def test_a_sweep_from_part_to_part_finds_the_numbers_of_the_whole(name: str, most: int) -> None:
    graph = GRAPHS[name]
    folding = Folding(graph, parts_of(graph, most))
    for whole in sweeps(graph):
        told = folded(whole, folding)
        for part, exits in enumerate(folding.exits):
            assert many(told.values[part]) == tuple(whole.values[n] for n in exits)
            for kind, numbers in told.derivatives.items():
                if len(exits) == 1:
                    assert numbers[part] == whole.derivatives[kind][exits[0]]


@pytest.mark.parametrize("most", MOST)
@pytest.mark.parametrize("name", GRAPHS)
def test_what_arrives_at_a_part_adds_up_to_what_it_holds(name: str, most: int) -> None:
    graph = GRAPHS[name]
    folding = Folding(graph, parts_of(graph, most))
    for whole in sweeps(graph):
        told = folded(whole, folding)
        kind = next(iter(whole.derivatives))
        held: dict[int, tuple[Any, ...]] = {}
        for step in told.steps:
            if step.kind == kind:
                arrived = many(step.number if step.edge is None else step.product)
                before = held.get(step.node, (0.0,) * len(arrived))
                held[step.node] = tuple(a + b for a, b in zip(before, arrived, strict=True))
        assert held
        for part, total in held.items():
            found = many(told.derivatives[kind][part])
            assert total == pytest.approx([0.0 if n is None else n for n in found], rel=1e-9)


@pytest.mark.parametrize("most", MOST)
def test_what_crosses_is_the_sum_of_what_the_whole_sweep_carries_across(most: int) -> None:
    graph = GRAPHS["random 400 4"]
    folding, whole = Folding(graph, parts_of(graph, most)), sweeps(graph)[1]
    carried: dict[tuple[int, int, int], float] = {}
    for step in whole.steps:
        if step.kind == "adjoint" and step.edge is not None:
            key = (folding.part_of[step.edge.tail], folding.part_of[step.edge.head], step.node)
            carried[key] = carried.get(key, 0.0) + step.product
    for step in folded(whole, folding).steps:
        if step.edge is not None:
            tail, head, _ = step.edge
            crossed = [carried.get((tail, head, n), 0.0) for n in folding.exits[tail]]
            assert many(step.product) == pytest.approx(crossed, rel=1e-9, abs=1e-300)


def test_a_graph_is_drawn_whole_while_it_can_be_read() -> None:
    few, many = (adviz.build(" + ".join(["sin(x)"] + ["x*y"] * n)) for n in (2, 60))
    assert len(adviz.draw(few).scene.nodes) == len(few) <= 60 < len(many)
    assert len(adviz.draw(many).scene.nodes) <= 40
    assert len(adviz.draw(many, boxes=400).scene.nodes) == len(many)
    trace = adviz.reverse(many, {"x": 1, "y": 2})
    assert len(adviz.animate(trace).scene.nodes) == len(many)
    assert len(adviz.animate(trace, boxes=7).scene.nodes) <= 7


@pytest.mark.parametrize("name", ["oscillator", "random 900 5"])
def test_a_large_graph_has_a_film_by_parts(name: str) -> None:
    graph = GRAPHS[name]
    film = adviz.animate(*sweeps(graph))
    assert f": {len(graph)} nodes in {len(film.scene.nodes)} parts, " in repr(film)
    assert len(film.html()) < 2_000 * len(graph)  # with all that is in the parts


def test_equal_blocks_are_told_by_their_number() -> None:
    graph = GRAPHS["oscillator"]
    folding = Folding(graph, parts_of(graph, 40))
    contents = [folding.content(n) for n in range(len(folding.parts))]
    assert contents == [*["1 node"] * 2, *["4 nodes"] * 2, "297 × 4 nodes", "4 nodes"]


def test_parts_end_where_the_author_named_something() -> None:
    folding = Folding(graph := GRAPHS["statements"], parts_of(graph, 40))
    assert list(folding.graph.names) == ["w", "h0", "b", *(f"h{k}" for k in range(1, 31))]


def test_the_file_of_a_graph_in_parts_is_the_whole_graph(tmp_path: Any) -> None:
    graph = GRAPHS["terms"]
    drawing = adviz.draw(graph)
    assert drawing._repr_mimebundle_()["text/plain"] == repr(graph)
    drawing.save(tmp_path / "graph.json")
    assert adviz.load(tmp_path / "graph.json") == graph


def test_a_mark_is_seen_on_the_part_or_between_two() -> None:
    graph = GRAPHS["oscillator"]
    folding = Folding(graph, parts_of(graph, 40))
    crossing = next(
        e for e in graph.edges if folding.part_of[e.tail] == 2 != folding.part_of[e.head]
    )
    seen = folding.marks({600: Mark("notice", "here"), crossing: Mark("fault", "wrong")})
    assert [*seen.values()] == [Mark("notice", "here"), Mark("fault", "wrong")]
    assert list(seen) == [4, next(e for e in folding.graph.edges if e.tail == 2)]


def test_a_sweep_of_higher_order_is_not_told_by_parts() -> None:
    second = adviz.second_order("x*x*x*y", {"x": 1, "y": 2}, "x")
    told = (
        r"more than first derivatives \(each tangent of the adjoint\) cannot be drawn part by part"
    )
    with pytest.raises(adviz.AdvizError, match=told):
        adviz.draw(second, boxes=3)


@pytest.mark.parametrize("verb", [adviz.draw, adviz.animate])
@pytest.mark.parametrize("found", [adviz.second_order, adviz.taylor])
def test_what_a_large_sweep_of_higher_order_is_refused_with_can_be_done(
    verb: Any, found: Any
) -> None:
    swept = found(" + ".join(f"sin({k}*x)" for k in range(1, 150)), {"x": 0.1}, "x")
    with pytest.raises(adviz.AdvizError, match=r"cannot be read .*with of=, wrt= or around=, or "):
        verb(swept)
    sliced = verb(getattr(swept, "trace", swept), around=500, depth=1).scene
    assert 1 < len(sliced.nodes) < 9 and len(adviz.draw(swept.graph).scene.nodes) < 60


# --- What is in a part ---------------------------------------------------------------------------


def test_in_a_part_are_its_nodes_with_their_own_numbers() -> None:
    whole = sweeps(GRAPHS["random 150 3"])[1]
    scene = adviz.draw(whole).scene
    assert scene.whole is whole.graph
    folding = Folding(whole.graph, parts_of(whole.graph, 40))
    opened = {symbol for part in scene.inside for symbol in _everything(scene.inside[part])}
    assert {whole.graph.symbols[n] for n, a in enumerate(whole.graph.args) if a} <= opened
    for part in scene.inside:
        inner = scene.inside[part]
        assert len(inner.nodes) <= 60 and inner.graph is not folding.graph
        for symbol, node in inner.graph.names.items():
            if not isinstance(number := inner.traces[0].values[node], Several):
                assert number == whole.values[symbol]


def _everything(scene: Scene) -> set[str]:
    """Return what is seen of a scene, and of what is in its parts."""
    found, ahead = set[str](), [scene]
    while ahead:
        one = ahead.pop()
        found.update(one.graph.symbols)
        ahead.extend(one.inside[part] for part in one.inside)
    return found


def test_of_equal_blocks_the_first_is_opened() -> None:
    scene = adviz.draw(GRAPHS["oscillator"]).scene
    inner = scene.inside[4]
    assert [mark.note for mark in inner.legend] == ["the first of 297 equal blocks"]
    assert sum(bool(arguments) for arguments in inner.graph.args) == 4
