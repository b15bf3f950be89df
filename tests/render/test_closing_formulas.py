"""The formulas of closing cards: every film of a hall has them, and what they say is so."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hall import HALL

import adviz
from adviz.checking.closing import heard
from adviz.checking.closing.ways import value, written
from adviz.checking.closing.written import Formula
from adviz.language.labels import Key
from adviz.language.notation import (
    Tree,
    ascii_text,
    latex,
    name,
    no_slots,
    op,
    row,
    tree,
    unicode_text,
)
from adviz.render.film.breaking import broken
from adviz.render.film.closing import closing_card
from adviz.render.shapes import Rect, Text
from adviz.scene.geometry import Box
from adviz.scene.typesetting import set_on_line


@cache
def formulas(film: str) -> Mapping[Key, Formula]:
    graph = HALL[film]().graph
    keys = [Key(label, one) for label in graph.outputs for one in graph.inputs]
    return written(graph, tuple(graph.inputs), keys)


@pytest.mark.parametrize("film", HALL)
def test_every_derivative_of_a_film_is_a_formula_and_so_is_every_value(film: str) -> None:
    graph = HALL[film]().graph
    assert len(formulas(film)) == len(graph.outputs) * len(graph.inputs)
    assert all(one.fits for one in formulas(film).values())
    values = [value(graph, label) for label in graph.outputs]
    assert all(one is not None and one.fits for one in values)


def called(trace: adviz.Trace) -> dict[str, float]:
    """Return the numbers of all that a formula may be written in, by how it is typed."""
    graph, numbers = trace.graph, dict[str, float]()
    for label in graph.outputs:
        bars = adviz.reverse(graph, trace.point, {label: 1}).derivatives["adjoint"]
        for node, bar in enumerate(bars):
            numbers[f"d({label})/d({graph.symbols[node]})"] = bar or 0.0
    values = adviz.evaluate(graph, trace.point).values
    numbers.update({graph.symbols[n]: v for n, v in enumerate(values) if graph.args[n]})
    return numbers | {label: float(n) for label, n in trace.point.items()}


@pytest.mark.parametrize("film", HALL)
def test_what_is_shown_is_the_derivative_with_the_names_put_in(film: str) -> None:
    trace = HALL[film]()
    numbers = called(trace)
    for key, one in formulas(film).items():
        typed = ascii_text(one.tree or ())
        point = dict[str, float]()
        for place, long in enumerate(sorted(numbers, key=len, reverse=True)):
            if not long.isidentifier():
                typed, point[f"bar_{place}"] = typed.replace(long, f"bar_{place}"), numbers[long]
        point |= {short: n for short, n in numbers.items() if short.isidentifier()}
        graph = adviz.build(typed)
        found = adviz.evaluate(graph, {one: point[one] for one in graph.inputs}).value
        assert found == pytest.approx(numbers[f"d({key.output})/d({key.input})"], rel=1e-9), typed


WRITTEN = {
    ("softmax", "a"): "exp(a)/(exp(a) + exp(b) + exp(c)) − 1",
    ("neuron", "b"): "exp(−b − w₁ · x₁ − w₂ · x₂ − w₃ · x₃)"
    "/(1 + exp(−b − w₁ · x₁ − w₂ · x₂ − w₃ · x₃))²",
    ("Black-Scholes", "S"): "1/2 + erf(d₁ · √2/2)/2 + √2 · exp(−d₁²/2)/(2√π · √T · σ)"
    " − K · √2 · exp(−d₂²/2) · exp(−T · r)/(2√π · S · √T · σ)",
    ("network", "x1"): "2v₂₁ · (−0.6 · 0.2(1 − v₁₅²) + 0.5 · 0.7(1 − v₅²) − 0.4 · 0.8(1 − v₁₀²))",
    ("chain", "x"): "−∂f/∂v₆ · cos(atan(v₄)) · (1/(1 + v₄²)) · sin(v₃) · v₃ · (1 − v₂²) · cos(x)",
    ("branch", "y"): "where(x > 0, 0, sin(x))",
}
"""In the inputs, perhaps factored; in the author's names; in any; by the chain rule."""


@pytest.mark.parametrize("film, by", WRITTEN)
def test_a_derivative_is_written_in_the_most_explicit_way_that_fits(film: str, by: str) -> None:
    shown = {key.input: one for key, one in formulas(film).items()}[by].shown
    assert unicode_text(shown) == WRITTEN[film, by]


def test_the_tick_is_that_of_the_very_formula_that_is_shown(monkeypatch: Any) -> None:
    def wrong(*_: Any) -> dict[Key, Formula]:
        return {Key("f", "x"): Formula(adviz.build("y + 1e-9"), "f")}

    monkeypatch.setattr(heard, "written", wrong)
    scene = adviz.animate(adviz.forward("x*y", at={"x": 3, "y": 2}, direction="x")).scene
    cells = [unicode_text(cell, scene.text).strip() for cell in scene.frames[-1].card[-1]]
    assert cells == ["∂f/∂x", "= y + 1 × 10⁻⁹", "= 2", "✓", "✓", "✗ differs"]


def test_an_authors_name_is_not_written_out() -> None:
    graph = adviz.build("s = x + y; t = 2*s; t*t")
    named = Formula(graph, "f", {node: graph.leaf(node) for node in graph.names.values()})
    assert unicode_text(named.opened().shown) == "t · t"


SIGNS = {
    "x + (-(-x*y))": "x + x · y",
    "x - (-y)*x": "x + y · x",
    "x*(-y)/(-2)": "x · y/2",
    "-(x - y)*(-y)": "(x − y) · y",
    "exp(-x/y)": "exp(−x/y)",
    "x**2*(-3)": "−x² · 3",
    "x + y*(-2)": "x − y · 2",
    "y*where(x > 1, 1, where(x < 1, -1, 0))": "y · where(x > 1, 1, where(x < 1, −1, 0))",
    "y*where(x > 0, 1, where(x < 0, -1, 0))": "y · sign(x)",
}
"""A formula with more signs than it needs, and with few."""


@pytest.mark.parametrize("formula", SIGNS)
def test_signs_that_cancel_are_not_shown_and_a_minus_stands_before_its_term(formula: str) -> None:
    assert unicode_text(Formula(adviz.build(formula), "f").shown) == SIGNS[formula]


LINES = tree("lines", row(op("="), name("x")), row(tree("text", ""), op("+"), name("y")))
PRINTED = {
    unicode_text: " = x + y",
    ascii_text: " == x + y",
    latex: r"\begin{array}{@{}l@{}}\displaystyle = x \\[1ex] \displaystyle \text{} + y\end{array}",
}


@pytest.mark.parametrize("printer", PRINTED)
def test_lines_stand_below_each_other_or_side_by_side(printer: Any) -> None:
    assert printer(LINES) == PRINTED[printer]


@pytest.mark.parametrize("film", ["softmax", "neuron", "Black-Scholes", "chain"])
def test_a_frames_card_cuts_no_formula_off(film: str) -> None:
    scene, pane = adviz.animate(HALL[film]()).scene, Box(0, 0, 900, 500)
    card = scene.frames[-1].card
    frame, *texts = closing_card(scene, card, pane, 14).shapes
    assert isinstance(frame, Rect)
    assert frame.box.width <= pane.width and frame.box.height <= pane.height
    shown = "".join(run.text for one in texts if isinstance(one, Text) for run in one.runs)
    wanted = "".join(words(cell, scene) for cells in card for cell in cells)
    assert sorted(shown.replace(" ", "")) == sorted(wanted.replace(" ", ""))


def words(cell: Tree, scene: Any) -> str:
    return "".join(run.text for run in set_on_line(cell, scene.text, "roman"))


def test_a_line_breaks_where_few_parentheses_stand_around() -> None:
    signed = [part for letter in "abcd" for part in (op("+"), product(letter))]
    line = set_on_line(row(*signed[1:]), no_slots)
    shown = ["".join(run.text for run in one) for one in broken(line, 9.0)]
    assert shown == [
        "(a · x + a · y)",
        "+ (b · x + b · y)",
        "+ (c · x + c · y)",
        "+ (d · x + d · y)",
    ]


def product(letter: str) -> Tree:
    x, y = (row(name(letter), op("·"), name(other)) for other in "xy")
    return tree("group", row(x, op("+"), y))
