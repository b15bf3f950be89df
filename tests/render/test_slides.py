"""Films step by step, as a text and as decks of slides: read by the programs that they are for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hall import HALL
from test_render import HOSTILE, hostile, staged

import adviz
from adviz.language.notation import latex, unicode_text
from adviz.language.numerals import short
from adviz.render.slides import markdown
from adviz.render.svg import printable
from adviz.scene.scene import Scene, states

AT = {"x": 1.0, "y": 2.0}
TELLING: Mapping[str, Any] = {
    "reverse": HALL["running example"],
    "branch": HALL["branch"],
    "taylor": lambda: adviz.taylor("sin(x + y)*x", AT, {"x": 1, "y": 2}, 3).trace,
    "second order": lambda: adviz.second_order("x*y*x", at=AT, direction="x"),
    "elimination": lambda: adviz.eliminate("sin(x*y)*x", at=AT),
    "schedule": lambda: adviz.checkpoint("sin(cos(sin(cos(x))))", snapshots=2),
}
"""Films of every kind."""


@cache
def film(name: str) -> Scene:
    scene: Scene = adviz.animate(TELLING[name]()).scene
    return scene


def blocks(content: bytes) -> list[Any]:
    """Return what CommonMark's own reader finds in a text."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").parse(content.decode())


def rows_of(found: list[Any]) -> list[list[str]]:
    """Return the cells of all tables, as a reader sees them."""
    rows: list[list[str]] = []
    for before, token in pairwise(found):
        if token.type == "tr_open":
            rows.append([])
        elif before.type in ("th_open", "td_open"):
            rows[-1].append(seen(token))
    return rows


def seen(token: Any) -> str:
    return "".join(child.content for child in token.children or ())


def fences(found: list[Any], language: str) -> list[str]:
    return [token.content for token in found if token.type == "fence" and token.info == language]


@pytest.mark.parametrize("name", TELLING)
def test_markdown_tells_every_step_with_its_numbers(name: str) -> None:
    scene = film(name)
    told = blocks(markdown.animation(scene))
    steps = list(states(scene))
    items = [told[k + 2] for k, token in enumerate(told) if token.type == "list_item_open"]
    said = [
        unicode_text(("row", *step.frame.narration), scene.text) for step in steps if step.frame
    ]
    assert [seen(item) for item in items] == [" ".join(one.split()) for one in said]
    numbers = [
        latex(("slot", step.frame.sets[0][2]), scene.text)
        for step in steps
        if step.frame and step.frame.kind in ("value", "seed", "contribution")
    ]
    formulas = iter(fences(told, "math"))
    assert all(any(number in formula for formula in formulas) for number in numbers)


@pytest.mark.parametrize("name", ["reverse", "branch"])
def test_markdown_has_the_numbers_of_the_trace(name: str) -> None:
    (trace,) = film(name).traces
    adjoints = trace.derivatives["adjoint"]
    rows = rows_of(blocks(markdown.animation(film(name))))
    found = {row[0]: row[2:4] for row in rows if row and row[0] != "node"}
    for node, value in enumerate(trace.values):
        symbol = unicode_text(trace.graph.leaf(node))
        if symbol in found and value is not None:
            assert found[symbol] == [short(value), short(adjoints[node])]
    assert len(found) > 4


def test_markdown_ends_with_the_card_and_without_one_with_the_result() -> None:
    product = adviz.reverse("x*y", at={"x": 3, "y": 2})
    checked, unchecked = adviz.animate(product), adviz.animate(product, check=False)
    assert ["∂f/∂x", "= y", "= 2", "✓", "✓", "✓"] in rows_of(
        blocks(markdown.animation(checked.scene))
    )
    (*_, result) = fences(blocks(markdown.animation(unchecked.scene)), "math")
    assert result == "\\bar{x} = 2 , \\bar{y} = 3\n"


def test_every_formula_is_in_the_item_of_its_step() -> None:
    scene = adviz.animate(HALL["random"]()).scene
    told = blocks(markdown.animation(scene))
    assert len(scene.frames) > 100
    inside = [token.level for token in told if token.type == "fence" and token.info == "math"]
    assert set(inside) == {2}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_label_is_text_in_markdown(name: str) -> None:
    told = blocks(markdown.animation(staged(name)))
    inline = [child for token in told for child in token.children or ()]
    assert {child.type for child in inline} == {"text"} | (
        {"text_special"} & {child.type for child in inline}
    )
    assert not [token for token in told if token.type in ("html_block", "code_block")]
    label = printable(" ".join(name.split()))
    assert any(row[0] == label for row in rows_of(told) if row)
    assert all(re.fullmatch(r"[^\n]+\n", formula) for formula in fences(told, "math"))


def test_a_drawing_is_markdown_with_its_graph_and_its_table() -> None:
    plain = blocks(markdown.drawing(adviz.draw(hostile("x")).scene))
    (graph,) = fences(plain, "mermaid")
    assert (
        graph == adviz.render.renderer(".mmd", "drawing")(adviz.draw(hostile("x")).scene).decode()
    )
    assert not rows_of(plain)
    traced = blocks(markdown.drawing(adviz.draw(HALL["running example"]()).scene))
    assert ["x", "input", "3", "6", "5 + 1"] in rows_of(traced)
