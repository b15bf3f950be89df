"""Vertex elimination: the same Jacobian in every order, and what each order takes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from samples import Case, cases

import adviz
from adviz.comparison.elimination.elimination import Elimination
from adviz.comparison.elimination.linearized import Arrow
from adviz.comparison.elimination.optimum import LIMIT, bounds, cost, optimum
from adviz.comparison.elimination.orders import ORDERS
from adviz.comparison.elimination.shrinking import structure
from adviz.errors import AdvizError, DomainError, PointError, TooLarge
from adviz.graph.procedure import Edge
from adviz.language.notation import unicode_text
from adviz.scene.geometry import along
from adviz.scene.scene import Mark, finished

AT = {"x": 3, "y": 2}


def orders(found: Elimination, seed: int = 0) -> list[Any]:
    """Return the orders of the table that are not too long a search, and one at random."""
    vertices = [*found.linearized.intermediates]
    random.Random(seed).shuffle(vertices)
    return [*(name for name in ORDERS if name != "optimal" or len(vertices) <= 8), vertices]


def start_of(case: Case, digits: int | None = None) -> Elimination:
    """Return the forward elimination, of a case in which every derivative exists."""
    try:
        return adviz.eliminate(case.graph, case.at, digits=digits)
    except DomainError:
        return reject()


def counted_by_hand(partials: Sequence[Arrow], order: Sequence[int]) -> int:
    """Return how many multiplications an order takes, by a set of edges and nothing else."""
    edges, count = {*partials}, 0
    for vertex in order:
        before = {tail for tail, head in edges if head == vertex}
        after = {head for tail, head in edges if tail == vertex}
        edges = {edge for edge in edges if vertex not in edge}
        edges |= {(tail, head) for tail in before for head in after}
        count += len(before) * len(after)
    return count


# --- the Jacobian --------------------------------------------------------------------------------


@given(cases(outputs=3), st.integers(0, 99))
def test_the_jacobian_is_the_same_in_every_order(case: Case, seed: int) -> None:
    first = start_of(case, digits=60)
    expected = adviz.jacobian(case.graph, case.at, digits=60)
    for order in orders(first, seed):
        found = adviz.eliminate(case.graph, case.at, order, digits=60).jacobian
        assert {label: [*row] for label, row in found.items()} == {
            label: [*row] for label, row in expected.items()
        }
        for label, row in expected.items():
            for name, slope in row.items():
                assert abs(found[label][name] - slope) <= 1e-20 * max(1, abs(slope)), order


RATIONAL = {"p": "a = x*y/(x - 3*y); b = a*a - x; b/(a + 2)", "q": "(x + y)**3*x"}


@pytest.mark.parametrize("order", ["forward", "reverse", "markowitz", "optimal"])
def test_fractions_are_exact(order: str) -> None:
    at = {"x": Fraction(1, 3), "y": Fraction(2, 7)}
    found = adviz.eliminate(RATIONAL, at, order).jacobian
    assert found == adviz.jacobian(RATIONAL, at)
    assert all(isinstance(slope, Fraction) for row in found.values() for slope in row.values())


STRUCTURES: dict[str, Any] = {
    "an input that is not used": adviz.build("f(x, y) = x*x"),
    "an input that is an output": {"p": "x", "q": "x*y"},
    "an output that is used": {"p": "x*y", "q": "sin(x*y)"},
    "two outputs that are one": {"p": "x*y", "q": "x*y"},
    "a constant output": {"p": "2", "q": "x*y"},
    "a branch": "where(x > y, x*x, log(y - x))",
    "what does not matter": "x*y + floor(x) + (x - x)",
    "no vertex": "x + y",
}


@pytest.mark.parametrize("title", STRUCTURES)
def test_outputs_and_inputs_may_be_anything(title: str) -> None:
    source = STRUCTURES[title]
    at = {name: AT[name] for name in adviz.build(source).inputs}
    for order in ("forward", "reverse", "optimal"):
        assert adviz.eliminate(source, at, order).jacobian == adviz.jacobian(source, at)


def test_only_wanted_inputs_are_differentiated_by() -> None:
    """So a partial that does not exist by another one is nobody's concern."""
    with pytest.raises(DomainError, match=r"v1 = x\*\*y.* by y is nan.*out of wrt="):
        adviz.eliminate("x**y*x", {"x": -2, "y": 3})
    found = adviz.eliminate("x**y*x", {"x": -2, "y": 3}, "reverse", wrt="x")
    assert found.jacobian == {"f": {"x": -32.0}} and found.multiplications == 1
    scene = adviz.animate(found).scene
    assert unicode_text(scene.point or (), scene.text) == "x = −2, y = 3"


def test_parallel_edges_are_one() -> None:
    found = adviz.eliminate("a = x*x; a*a", {"x": 3})
    assert dict(found.linearized.partials) == {(0, 1): 6.0, (1, 2): 18.0}


# --- what it takes -------------------------------------------------------------------------------


@given(cases(outputs=3), st.integers(0, 99))
def test_what_is_counted_is_what_is_done(case: Case, seed: int) -> None:
    start = start_of(case)
    for order in orders(start, seed):
        found = adviz.eliminate(case.graph, case.at, order)
        arrows = [*found.linearized.partials]
        vertices = [step.vertex for step in found.steps]
        assert found.multiplications == counted_by_hand(arrows, vertices)
        assert found.multiplications == found.additions + len(found.fill)
        assert len(found.partials) == len(arrows) + len(found.fill) - sum(
            len(step.predecessors) + len(step.successors) for step in found.steps
        )


def reaching(arrows: Sequence[Arrow], ends: set[int]) -> dict[int, set[int]]:
    """Return per vertex from which of some sources a path leads to it."""
    vertices = {end for arrow in arrows for end in arrow}
    found = {vertex: {vertex} & ends for vertex in vertices}
    for _ in vertices:
        for tail, head in arrows:
            found[head] |= found[tail]
    return found


@given(cases(outputs=3))
def test_forward_and_reverse_take_what_sparse_sweeps_take(case: Case) -> None:
    """A sweep multiplies, on every edge, once for each direction that is not structurally 0.

    No multiplication is needed for what an input or an output is seeded with.
    """
    start = start_of(case).linearized
    down, inner = [*start.partials], {*start.intermediates}
    up = [(head, tail) for tail, head in down]
    inputs = reaching(down, {*start.inputs.values()})
    outputs = reaching(up, {*start.outputs.values()})
    forward = sum(len(inputs[tail]) for tail, _ in down if tail in inner)
    backward = sum(len(outputs[head]) for _, head in down if head in inner)
    assert adviz.eliminate(case.graph, case.at, "forward").multiplications == forward
    assert adviz.eliminate(case.graph, case.at, "reverse").multiplications == backward


@pytest.mark.parametrize("count", [3, 4, 7, 12])
def test_speelpenning_s_product(count: int) -> None:
    """The example of Speelpenning (1980): a chain of products of all inputs.

    Reverse takes two multiplications a vertex; forward as many as the vertex has inputs.
    """
    text = "*".join(f"x{k}" for k in range(count))
    at = {f"x{k}": k + 2 for k in range(count)}
    taken = {order: adviz.eliminate(text, at, order).multiplications for order in ORDERS}
    reverse, forward = 2 * (count - 2), (count - 2) * (count + 1) // 2
    assert taken == {
        "forward": forward,
        "reverse": reverse,
        "markowitz": reverse,
        "optimal": reverse,
    }


def test_multiplications_by_one_are_said() -> None:
    found = adviz.eliminate("a = x + y; b = x - y; a*b", AT)
    assert (found.multiplications, found.trivial) == (4, 4)
    found = adviz.eliminate("a = x*y; sin(a)*a", AT)
    assert (found.multiplications, found.trivial) == (6, 0)


# --- the optimum ---------------------------------------------------------------------------------

LIGHTHOUSE = {"y1": "nu*tan(w*t)/(g - tan(w*t))", "y2": "g*(nu*tan(w*t)/(g - tan(w*t)))"}
NAUMANN = {"p": "cos(x0*sin(x0*x1))", "q": "x0*sin(x0*x1)/x1"}
PUBLISHED: dict[str, tuple[Any, Mapping[str, float], tuple[int, int, int, int]]] = {
    # The function of Griewank & Walther, Evaluating Derivatives (2nd ed., 2008), section 2.1, y2
    # computed from y1.
    "lighthouse": (LIGHTHOUSE, {"nu": 1.5, "w": 0.5, "t": 1.2, "g": 2}, (20, 18, 15, 15)),
    # The graph of U. Naumann, Jacobians, Graphs, Combinatorics (slides, RWTH Aachen).
    "a product, a sine and two ends": (NAUMANN, {"x0": 1, "x1": 2}, (8, 10, 7, 7)),
}
"""Functions of the literature, a point, and the multiplications of each order of the table."""


@pytest.mark.parametrize("title", PUBLISHED)
def test_neither_forward_nor_reverse_need_be_optimal(title: str) -> None:
    source, at, expected = PUBLISHED[title]
    found = {order: adviz.eliminate(source, at, order) for order in ORDERS}
    assert tuple(one.multiplications for one in found.values()) == expected
    start = found["forward"].linearized
    every = permutations(start.intermediates)
    assert min(counted_by_hand([*start.partials], order) for order in every) == expected[-1]


def drawn(seed: int, inputs: int, inner: int, outputs: int, density: float) -> list[Arrow]:
    """Return the edges of a random graph in which every inner vertex is on a path."""
    source, last = random.Random(seed), inputs + inner
    arrows = {
        (tail, head)
        for head in range(inputs, last + outputs)
        for tail in range(min(head, last))
        if source.random() < density or tail == head - inputs
    }
    used = {tail for tail, _ in arrows}
    return sorted(arrows | {(tail, last) for tail in range(last) if tail not in used})


class Bare:
    """A linearized graph of which only the edges are known."""

    def __init__(self, arrows: Sequence[Arrow], vertices: Sequence[int]) -> None:
        self.partials, self.intermediates = dict.fromkeys(arrows), tuple(vertices)


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_is_that_of_all_orders(seed: int) -> None:
    inputs, inner = 1 + seed % 3, 4 + seed % 3
    arrows = drawn(seed, inputs, inner, 1 + seed % 4, (0.1, 0.3, 0.6)[seed // 3 % 3])
    vertices = range(inputs, inputs + inner)
    every = {order: counted_by_hand(arrows, order) for order in permutations(vertices)}
    graph: Any = Bare(arrows, vertices)
    worst = max(every, key=every.__getitem__)
    assert every[tuple(optimum(graph, [worst]))] == min(every.values())
    assert cost(graph.partials, worst) == every[worst]


@pytest.mark.parametrize("seed", range(20))
def test_no_vertex_is_ever_cheaper_than_its_bound(seed: int) -> None:
    arrows, vertices = drawn(seed, 3, 6, 3, 0.3), range(3, 9)
    least = dict(zip(vertices, bounds(dict.fromkeys(arrows), vertices), strict=True))
    for shuffle in range(20):
        order = [*vertices]
        random.Random(shuffle).shuffle(order)
        graph = structure(arrows)
        assert all(graph.eliminate(vertex).multiplications >= least[vertex] for vertex in order)


def test_markowitz_takes_the_cheapest_and_of_equal_ones_the_last() -> None:
    found = adviz.eliminate(LIGHTHOUSE, {"nu": 1.5, "w": 0.5, "t": 1.2, "g": 2}, "markowitz")
    graph = structure(found.linearized.partials)
    left = [*found.linearized.intermediates]
    for step in found.steps:
        assert step.vertex == min(left, key=lambda vertex: (graph.degree(vertex), -vertex))
        left.remove(graph.eliminate(step.vertex).vertex)


def test_a_search_out_of_reach_is_refused_at_once() -> None:
    text = "*".join(f"x{k}" for k in range(LIMIT + 3))
    at = {f"x{k}": 1.5 for k in range(LIMIT + 3)}
    with pytest.raises(TooLarge, match=r"of 17 vertices .* 2\*\*17 sets; it is found for up to 16"):
        adviz.eliminate(text, at, "optimal")


def test_a_long_chain_takes_time_in_proportion() -> None:
    text = "v0 = x*y" + "".join(f"; v{k} = sin(v{k - 1})" for k in range(1, 5000))
    for order in ("forward", "reverse", "markowitz"):
        found = adviz.eliminate(text, {"x": 0.5, "y": 1.5}, order)
        assert len(found.steps) == 4999 and found.multiplications <= 2 * 4999


# --- what is asked -------------------------------------------------------------------------------

ASKED: dict[str, tuple[Any, str]] = {
    "a word": (
        "backward",
        "order = 'backward'; it is 'forward', 'reverse', 'markowitz', 'optimal'",
    ),
    "a number": (3, "order = 3; it is 'forward', 'reverse', 'markowitz', 'optimal', or a list of"),
    "an input": (["x", "a"], "order: 'x' is no vertex to eliminate; each of a, v2, v3 is"),
    "no name": (
        ["q"],
        "order: 'q' is no vertex to eliminate; each of a, v2, v3 is eliminated once",
    ),
    "no node": ([99], "order: 99 is no vertex to eliminate"),
    "twice": (
        ["a", "a", "v2"],
        "order: a stands there twice; each of a, v2, v3 is eliminated once",
    ),
    "too few": (["a", "v3"], "order leaves out v2; each of a, v2, v3 is eliminated once"),
}
FORMULA = "a = x*y; sin(a)*a + x"


@pytest.mark.parametrize("title", ASKED)
def test_an_order_that_is_none_is_refused(title: str) -> None:
    order, said = ASKED[title]
    with pytest.raises(AdvizError) as caught:
        adviz.eliminate(FORMULA, AT, order)
    assert said in str(caught.value)


def test_vertices_are_named_or_numbered() -> None:
    by_name = adviz.eliminate(FORMULA, AT, ["v3", "a", "v2"])
    by_node = adviz.eliminate(FORMULA, AT, [4, 2, 3])
    assert [step.vertex for step in by_name.steps] == [step.vertex for step in by_node.steps]
    assert by_name.order == "given"


def test_points_that_do_not_fit_are_refused() -> None:
    with pytest.raises(PointError, match="at one point; this one has arrays of many"):
        adviz.eliminate("x*y", {"x": np.array([1.0, 2.0]), "y": 1.0})
    with pytest.raises(DomainError, match=r"local partial of node v1 = sqrt\(x\).* by x is inf"):
        adviz.eliminate("sqrt(x)*y", {"x": 0, "y": 1})
    with pytest.raises(DomainError, match="overflow: eliminating a gives inf, too large for"):
        adviz.eliminate("a = 1e200*x; b = 1e200*a; sin(b)", {"x": 1e-200}, ["b", "a"])


# --- how it shows itself -------------------------------------------------------------------------


def test_the_table_says_every_step_and_the_sums() -> None:
    found = adviz.eliminate("a = x*y; sin(a)*a", AT, "reverse")
    headline, *table = str(found).splitlines()
    assert headline == (
        "reverse order: 3 multiplications (0 by ±1), 1 addition, 2 edges of fill-in; 2 vertices"
    )
    words = [line.split() for line in table if line.strip()]
    assert words[2] == ["v₂", "sin(a)", "a", "f", "1", "0", "1", "0"]
    assert words[-1] == ["total", "3", "0", "1", "2"]
    assert repr(found) == f"<Elimination: {headline}>"
    assert found.ascii().isascii() and "sin(a)" in found.ascii()
    assert found.markdown().splitlines()[-1].split()[1:3] == ["total", "|"]
    assert found.latex().isascii() and found.latex().count(r"\\") == 4
    assert (
        found.html().count("<tr>") == 4 and found.html() in found._repr_mimebundle_()["text/html"]
    )


def test_the_data_is_complete() -> None:
    found = adviz.eliminate("a = x*y; sin(a)*a", AT, "reverse")
    data = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert data["vertices"] == ["v2", "a"] and data["jacobian"] == found.jacobian
    assert data["steps"][0]["predecessors"] == ["a"] and data["fill-in"] == 2
    many = adviz.eliminate("x/3", {"x": 1}, digits=30).to_json()
    assert many["jacobian"]["f"]["x"] == "0.333333333333333333333333333333"


# --- how it is seen ------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["forward", "reverse", "optimal"])
def test_the_linearized_graph_that_is_drawn_is_a_function_with_that_jacobian(
    order: str, tmp_path: Path
) -> None:
    source, at, _ = PUBLISHED["lighthouse"]
    found = adviz.eliminate(source, at, order)
    adviz.draw(found).save(tmp_path / "f.json")
    linear = adviz.load(tmp_path / "f.json")
    slopes = adviz.jacobian(linear, dict.fromkeys(linear.inputs, 0.0))
    assert {label: pytest.approx(row) for label, row in slopes.items()} == found.jacobian


def test_a_picture_marks_fill_in_and_says_every_turn() -> None:
    source, at, _ = PUBLISHED["lighthouse"]
    found = adviz.eliminate(source, at, "optimal")
    scene = adviz.draw(found).scene
    filled = [where for where, mark in scene.marks.items() if mark.note == "fill-in"]
    ends = {(scene.nodes[e.tail].symbol, scene.nodes[e.head].symbol) for e in filled}  # type: ignore[union-attr]  # edges
    symbol = found.linearized.symbol
    assert ends == {(symbol(tail), symbol(head)) for tail, head in found.fill}
    turns = [mark.note for mark in scene.marks.values() if mark.role == "muted"]
    assert turns == [
        "1.  2 × 1 = 2",
        "2.  2 × 1 = 2",
        "3.  1 × 1 = 1",
        "4.  2 × 1 = 2",
        "5.  4 × 2 = 8",
    ]
    assert [mark.note for mark in scene.legend] == [
        "fill-in: an edge that was not there at first",
        "optimal order: 15 multiplications (6 by ±1), 2 additions, 13 edges of fill-in; 5 vertices",
    ]


SUNK: Mapping[str, tuple[Any, dict[str, float]]] = {
    "an edge of fill-in": ("sin(x*y)*exp(y)", {"x": 1, "y": 2}),
    "several outputs": (
        {"y1": "nu*tan(w*t)/(g - tan(w*t))", "y2": "g*(nu*tan(w*t)/(g - tan(w*t)))"},
        {"nu": 1.5, "w": 0.5, "t": 1.2, "g": 2},
    ),
}


@pytest.mark.parametrize("name", SUNK)
def test_the_legend_is_below_all_that_is_drawn(name: str) -> None:
    found = adviz.eliminate(*SUNK[name])
    for scene in (adviz.draw(found).scene, adviz.animate(found).scene):
        top = min(place.y for place in scene.layout.legend) - 12
        curves = [
            along(cubic, k / 20).y
            for curve in scene.layout.curves
            for cubic in curve.cubics()
            for k in range(21)
        ]
        assert max(curves) < top
        assert max(box.y + box.height for box in scene.layout.boxes) < top
        assert max(place.y for place in scene.layout.legend) + 12 <= scene.layout.height


def test_marks_are_of_the_function_s_nodes_and_edges() -> None:
    graph = adviz.build("2*x*y")
    mark, other = Mark("verified", "mine"), Mark("warning", "too")
    node, edge = 2, Edge(2, 4, 0)
    scene = adviz.draw(adviz.eliminate(graph, AT), marks={node: mark, edge: other, 0: mark}).scene
    assert graph.symbols[node] == "v1" and graph.symbols[0] == "2"
    found = {scene.nodes[n].symbol[1]: m for n, m in scene.marks.items() if isinstance(n, int)}
    assert found == {"v1": mark} and scene.marks[Edge(1, 3, 0)] == other


def test_a_film_ends_with_the_jacobian_and_the_count() -> None:
    found = adviz.eliminate(NAUMANN, {"x0": 1, "x1": 2}, "reverse")
    scene = adviz.animate(found).scene
    last = finished(scene)
    left = [scene.exact(key) for key in last.labels.values() if key is not None]
    slopes = [repr(slope) for row in found.jacobian.values() for slope in row.values()]
    assert sorted(left) == sorted(slopes)
    assert (scene.text("spent/all"), scene.text("filled/all")) == ("10", "7")
    assert len(last.gone) == len(found.steps) == len(scene.frames) - 2
    assert repr(adviz.animate(found)).startswith("<Animation (p, q)(x₀, x₁): 7 nodes, 5 frames")


@pytest.mark.parametrize(("outputs", "written"), [(2, 4), (6, 12), (7, 12)])
def test_the_last_step_writes_out_up_to_twelve_entries(outputs: int, written: int) -> None:
    source = {f"f{k}": f"sin(x*y)*{k + 2}" for k in range(outputs)}
    scene = adviz.animate(adviz.eliminate(source, {"x": 1, "y": 2})).scene
    said = str(scene.frames[-1].formula)
    assert said.count("partial") == written
    assert ("…" in said) == (2 * outputs > written)


def test_a_picture_of_too_many_edges_is_refused() -> None:
    text = "*".join(f"x{k}" for k in range(60))
    found = adviz.eliminate(text, {f"x{k}": 1.5 for k in range(60)})
    with pytest.raises(TooLarge, match="a picture of 1887 edges cannot be read"):
        adviz.draw(found)


@pytest.mark.parametrize(("count", "spare"), [(12, 110), (13, 0)])
def test_only_a_film_of_few_edges_can_be_clicked(count: int, spare: int) -> None:
    """In a product of n factors (n - 1)(n - 2) edges come into being in one order or another."""
    text = "*".join(f"x{k}" for k in range(count))
    found = adviz.eliminate(text, {f"x{k}": 1.5 for k in range(count)}, "reverse")
    scene = adviz.animate(found).scene
    more = len(scene.edges) - len(found.linearized.partials)
    assert bool(scene.clicks) == bool(spare) and more == (spare or len(found.fill))
