"""SymPy's derivative beside that of reverse mode: what is shared, what is equal, and where."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from corpus import CORPUS, Formula
from samples import corpus_points

import adviz
from adviz.comparison.alignment.alignment import Alignment
from adviz.errors import AdvizError, PointError, TooLarge
from adviz.graph.procedure import Edge
from adviz.scene.scene import Mark

FORMULAS = {
    "the running example": "(x + y)*(x - y)",
    "Speelpenning's product of 4": "x1*x2*x3*x4",
    "a product of functions": "sin(x*y)*exp(x)",
    "repeated squares": "a = x*x; b = a*a; b*b",
    "a sigmoid": "x/(1 + exp(-x*y))",
}


@cache
def on_the_corpus() -> list[tuple[Formula, Alignment]]:
    found = []
    for formula in CORPUS[::3]:
        try:
            found.append((formula, adviz.align(formula.text)))
        except TooLarge:
            continue
    return found


def test_both_derivatives_are_the_derivative_on_the_corpus() -> None:
    for formula, found in on_the_corpus():
        at = corpus_points(formula, found.graph)[0]
        values = adviz.evaluate(found.graph, at, digits=50).value
        for label, value in values.items():
            if label.endswith(" (SymPy)"):
                swept = values[label.removesuffix(" (SymPy)")]
                assert abs(value - swept) <= 1e-30 * max(1, abs(swept)), (formula.name, label)


def test_equal_nodes_are_equal_at_another_point() -> None:
    met = 0
    for formula, found in on_the_corpus():
        at = corpus_points(formula, found.graph)[1]
        values = adviz.evaluate(found.graph, at, digits=50).values
        for first, *others in found.equal:
            for other in others:
                one, two = values[first], values[other]
                assert abs(one - two) <= 1e-25 * max(1, abs(one)), (formula.name, first, other)
                met += 1
    assert met > 500


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_the_two_numbers_of_every_derivative_share_a_node_or_a_letter(text: str) -> None:
    found = adviz.align(text)
    outputs = found.graph.outputs
    for label, node in outputs.items():
        if label.endswith(" (SymPy)"):
            swept = outputs[label.removesuffix(" (SymPy)")]
            assert node == swept or found.letters[node] == found.letters[swept]


@pytest.mark.parametrize("direction", ["LR", "TB", "auto"])
@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_equal_nodes_stand_beside_each_other_across_the_flow(text: str, direction: Any) -> None:
    found = adviz.align(text)
    boxes = adviz.draw(found, direction=direction).scene.layout.boxes
    for group in found.equal:
        places = [boxes[node] for node in group]
        high, wide = ({round(getattr(box.middle, axis)) for box in places} for axis in "yx")
        level = all(a.x + a.width < b.x for a, b in pairwise(places))
        stacked = all(a.y + a.height < b.y for a, b in pairwise(places))
        stand = {"LR": level and len(high) == 1, "TB": stacked and len(wide) == 1}
        assert stand.get(direction, any(stand.values()))


def test_sides_by_hand() -> None:
    found = adviz.align("x1*x2*x3*x4")
    operations = [side for side, args in zip(found.sides, found.graph.args, strict=True) if args]
    assert operations == ["formula"] * 3 + ["reverse", "both"] + ["reverse"] * 2 + ["symbolic"] * 4
    outputs = found.graph.outputs
    assert outputs["df/dx3"] == outputs["df/dx3 (SymPy)"]  # factors in another order


def test_nodes_of_one_side_alone_feed_no_node_of_the_other() -> None:
    for _, found in on_the_corpus():
        for edge in found.graph.edges:
            tail, head = found.sides[edge.tail], found.sides[edge.head]
            if found.graph.args[edge.tail]:
                assert tail in ("formula", "both", head)


def test_a_table_and_a_picture_say_the_same() -> None:
    found = adviz.align("(x + y)*(x - y)", wrt="x")
    assert str(found).splitlines()[0] == (
        "the formula: 3; reverse mode alone: 1; SymPy alone: 1; numbers in several ways: 1"
    )
    assert "| v₅ = df/dx (SymPy) | 2 × x     | SymPy alone        | A          |" in (
        found.markdown()
    )
    scene = adviz.draw(found).scene
    notes = {found.graph.symbol(node): mark.note for node, mark in scene.marks.items()}  # type: ignore[arg-type]  # of nodes alone
    assert {name: note for name, note in notes.items() if note} == {"v4": "A", "v5": "A"}


def test_more_marks_may_be_given() -> None:
    edge, mark = Edge(0, 2, 0), Mark("notice", "here")
    assert adviz.draw(adviz.align("x*y"), marks={edge: mark}).scene.marks[edge] == mark


def test_what_is_too_large_says_so_at_once() -> None:
    text = "; ".join(["v0 = x*y", *(f"v{k + 1} = sin(v{k}) + cos(v{k})" for k in range(40))])
    with pytest.raises(TooLarge, match=r"the formula written out has 4.4e12 operations"):
        adviz.align(text)
    with pytest.raises(AdvizError, match=r"wrt = \[\]; it is at least one input"):
        adviz.align("2")
    with pytest.raises(PointError, match="wrt: there is no input 'z'"):
        adviz.align("x*y", wrt="z")
