"""Slices of graphs: what is kept, what is said of what is not, and the numbers in it."""

from __future__ import annotations

import pytest

import adviz
from adviz.language.numerals import full
from adviz.scene.excerpt import Excerpt
from adviz.scene.scene import Mark, finished
from adviz.scene.slices import Slice, cut_marks
from adviz.scene.staging import stage

FORMULA = "a = x*y; b = sin(a); c = exp(b)*z; d = c + a; d*w, c - w"
SLICES: dict[str, tuple[Slice, str, str]] = {
    "of an output": (
        Slice(of="f2"), "x y a b v3 z c w v7", "a to 1, c to 1, w to 1",
    ),
    "of a node": (Slice(of="b"), "x y a b", "a to 1, b to 1"),
    "of a number": (Slice(of=2), "x y a", "a to 2"),
    "from an input": (Slice(wrt="w"), "c d w v6 v7", "c from 2 to 1, d from 2"),
    "from inputs": (Slice(wrt=["z", "w"]), "a v3 z c d w v6 v7", "a from 2 to 1, v3 from 1"),
    "between": (Slice(of="d", wrt="z"), "a v3 z c d", "a from 2 to 1, v3 from 1, c to 1, d to 1"),
    "around a node": (Slice(around="b", depth=1), "a b v3", "a from 2 to 1, v3 to 1"),
    "around it further": (Slice(around="b"), "x y a b v3 z c d", "c to 1, d to 1"),
    "nothing else": (Slice(around="b", depth=0), "b", "b from 1 to 1"),
}  # fmt: skip
"""What is asked for, the nodes that are kept, and how many edges lead out of the slice where."""


@pytest.fixture(scope="module")
def graph() -> adviz.Graph:
    return adviz.build(FORMULA)


def test_no_slice_is_the_whole(graph: adviz.Graph) -> None:
    assert Slice().excerpt(graph) is None


def sliced(asked: Slice, graph: adviz.Graph) -> Excerpt:
    part = asked.excerpt(graph)
    assert part is not None
    return part


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_keeps_what_is_asked_for_and_says_where_it_is_cut(
    name: str, graph: adviz.Graph
) -> None:
    asked, kept, cut = SLICES[name]
    part = sliced(asked, graph)
    assert " ".join(part.graph.symbols) == kept
    marks = cut_marks(part)
    notes = ((part.graph.symbols[n], marks[n].note) for n in range(len(part.graph)) if n in marks)
    words = (f"{symbol} {note}" for symbol, note in notes)
    assert ", ".join(words).replace("… ", "").replace(" more", "").replace(", to", " to") == cut


@pytest.mark.parametrize("name", SLICES)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_numbers_in_a_slice_are_those_of_the_whole(
    name: str, mode: str, graph: adviz.Graph
) -> None:
    at = {"x": 0.5, "y": 1.5, "z": -2, "w": 3}
    both = {"f1": 1, "f2": 2}
    whole = adviz.reverse(graph, at, both) if mode == "reverse" else adviz.forward(graph, at, at)
    part = sliced(SLICES[name][0], graph)
    trace = part.trace(whole)
    scene = stage(trace)
    shown = finished(scene).rows
    (kind,) = whole.derivatives
    for old, new in part.new.items():
        assert trace.values[new] == whole.values[old]
        assert trace.derivatives[kind][new] == whole.derivatives[kind][old]
        if (new, kind) in shown and whole.derivatives[kind][old]:
            assert scene.exact(shown[new, kind]) == full(whole.derivatives[kind][old])
    sums: dict[int, float] = {}
    for step in trace.steps:
        if step.kind == kind:
            arrived = step.number if step.edge is None else step.product
            sums[step.node] = sums.get(step.node, 0.0) + arrived
    assert sums == pytest.approx({n: trace.derivatives[kind][n] for n in sums})


def test_marks_are_of_the_whole_and_said_beside_the_cut() -> None:
    graph = adviz.build(FORMULA)
    scene = adviz.draw(graph, around="b", depth=1, marks={2: Mark("notice", "here")}).scene
    assert scene.marks[0] == Mark("notice", "here, … from 2 more, to 1 more")


ERRORS = [
    ({"of": "q"}, "of = 'q': no node is called that; there are f1, f2, x, y"),
    ({"of": 11}, "of = 11: there is no such node, they are 0 to 10"),
    ({"around": 1.5}, "around = 1.5; it is the name or the number of a node"),
    ({"wrt": "a"}, "wrt = 'a': there is no such input; inputs are x, y, z, w"),
    ({"wrt": 3}, "wrt = 3; it is a name, or several in a list"),
    ({"depth": 1}, "depth = 1; it is how many edges from a node, which around= names"),
    ({"around": "b", "depth": -1}, "depth = -1; it is a whole number of edges, 0 or more"),
    ({"around": "b", "depth": True}, "depth = True; it is a whole number of edges, 0 or more"),
    ({"of": "b", "wrt": "w"}, "nothing of the graph is in the slice of='b', wrt='w'"),
    ({"boxes": 0}, "boxes = 0; it is how many there are at most, from 1 to 400"),
    ({"boxes": 401}, "boxes = 401; it is how many there are at most, from 1 to 400"),
]


@pytest.mark.parametrize(("asked", "words"), ERRORS)
def test_what_cannot_be_drawn_is_said(asked: dict[str, object], words: str) -> None:
    with pytest.raises(adviz.AdvizError) as error:
        adviz.draw(FORMULA, **asked)  # type: ignore[call-overload]
    assert str(error.value).startswith(words)


def test_only_graphs_and_traces_are_sliced() -> None:
    report = adviz.check("x*y", at={"x": 1, "y": 2})
    with pytest.raises(adviz.AdvizError, match="around=, boxes= can be asked for of graphs and"):
        adviz.draw(report, around="x", boxes=3)
    with pytest.raises(adviz.AdvizError, match="of= can be asked for of graphs and traces only"):
        adviz.animate(adviz.taylor("x*x", at={"x": 1}, order=2), of="f")
