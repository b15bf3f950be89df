"""The inputs of a film in a real browser: what a reader changes is what Python computes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from films import POINT, PRODUCT, by_node, chromium, step_of

import adviz
from adviz.language.numerals import short

BRANCH = "where(x > 1, log(x)*y, x*x*y) + abs(y)"
FORMULAS: dict[str, tuple[str, Mapping[str, float]]] = {
    "running": (PRODUCT, POINT),
    "branch": (BRANCH, {"x": 2, "y": 1}),
    "neuron": ("tanh(w*x + b)", {"w": 0.5, "x": 2, "b": -0.25}),
}
SOFTMAX = ("-log(exp(a)/(exp(a) + exp(b) + exp(c)))", {"a": 1, "b": 2, "c": -0.5})
GRAPH = ".adviz-graph svg, .adviz-graph .frame"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens films in the browser; they must complain of nothing, and ask for nothing."""
    contexts, complaints = list[Any](), list[str]()

    def open_film(text: str, at: Mapping[str, float], width: int = 1280) -> Any:
        path = tmp_path / "film.html"
        adviz.animate(adviz.reverse(text, at)).save(path)
        size = {"width": width, "height": 800}
        contexts.append(browser.new_context(reduced_motion="reduce", viewport=size))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_film
    for context in contexts:
        context.close()
    assert complaints == []


def field(page: Any, name: str) -> Any:
    return page.get_by_role("textbox", name=name, exact=True)


def slider(page: Any, name: str) -> Any:
    return page.get_by_role("slider", name=f"{name}, slider", exact=True)


def boxes(page: Any, selector: str) -> list[list[float]]:
    said = "all => all.map(x => x.getBoundingClientRect()).map(r => [r.x, r.y, r.width, r.height])"
    return [[round(side, 1) for side in box] for box in page.locator(selector).evaluate_all(said)]


def assert_shows(page: Any, text: str, at: Mapping[str, float]) -> None:
    """Compare the finished film's table with a sweep of Python's at a point."""
    page.locator(".adviz").press("End")
    trace = adviz.reverse(text, at)
    rows = adviz.table(trace).rows
    for kind, numbers in (
        ("value", {str(row.node): short(row.value) for row in rows}),
        ("adjoint", {str(row.node): short(row.derivatives[0].number) for row in rows}),
    ):
        assert by_node(page, f'.adviz table tr [data-row="{kind}"]') == numbers, kind


@pytest.mark.parametrize("name", FORMULAS)
def test_a_slider_moves_every_number(opened: Any, name: str) -> None:
    text, at = FORMULAS[name]
    page = opened(text, at)
    moved = dict(at)
    for key, times in (("ArrowRight", 3), ("ArrowLeft", 12)):
        for label in at:
            slider(page, label).focus()
            for _ in range(times):
                page.keyboard.press(key)
            moved[label] = float(field(page, label).input_value())
            assert_shows(page, text, moved)
    assert all(moved[label] < at[label] for label in at)
    page.get_by_role("button", name="Reset").click()
    assert_shows(page, text, at)
    assert page.get_by_role("button", name="Reset").is_disabled()


@pytest.mark.parametrize(
    ("width", "what"), [(420, GRAPH), (1280, f"{GRAPH}, .adviz-table td, .adviz-inputs")]
)
def test_the_layout_does_not_move(opened: Any, width: int, what: str) -> None:
    page = opened(PRODUCT, POINT, width)
    page.locator(".adviz").press("End")
    before = boxes(page, what)
    field(page, "x").fill("-12.3456789")
    field(page, "y").fill("0.000123456789")
    assert boxes(page, what) == before


_RUNS = """all => all.map(text => [...text.querySelectorAll("tspan")].slice(0, -1)
  .map(run => [run.textContent, run.className.baseVal, getComputedStyle(run).fontSize]))"""
_SPILLS = """all => all.flatMap(one => {
  const [box, text] = ["rect", "text"].map(name => one.querySelector(name).getBoundingClientRect());
  const spills = text.width && (text.left < box.left || text.right > box.right);
  return spills ? [one.querySelector("text").textContent] : [];
})"""


@pytest.mark.parametrize("name", ["running", "softmax"])
def test_a_chip_keeps_its_letters_and_changes_its_number(opened: Any, name: str) -> None:
    text, at = FORMULAS.get(name, SOFTMAX)
    page = opened(text, at)
    page.locator(".adviz").press("End")
    chips = page.locator(".adviz-graph .chip text")
    before, numbers = chips.evaluate_all(_RUNS), chips.all_text_contents()
    assert any(before), "a chip that says which node's value it is has several runs"
    field(page, next(iter(at))).fill("1.4375")
    assert chips.evaluate_all(_RUNS) == before
    assert chips.all_text_contents() != numbers
    page.get_by_role("button", name="Reset").click()
    assert chips.all_text_contents() == numbers


@pytest.mark.parametrize("name", ["running", "softmax"])
def test_no_number_leaves_its_slot_or_its_chip(opened: Any, name: str) -> None:
    text, at = FORMULAS.get(name, SOFTMAX)
    page = opened(text, at)
    page.locator(".adviz").press("End")
    boxed = page.locator(".adviz-graph :is(.chip, .slot)")
    assert boxed.count()
    for x in ("1e8", "-1.23456789e-7", "-0.000123456789", "-12.3456789", "1e200"):
        field(page, next(iter(at))).fill(x)
        assert boxed.evaluate_all(_SPILLS) == [], x


def test_node_table_and_terms_spell_a_number_alike(opened: Any) -> None:
    page = opened(*SOFTMAX)
    page.locator(".adviz").press("End")
    field(page, "a").fill("1.4")
    assert_shows(page, *SOFTMAX[:1], {**SOFTMAX[1], "a": 1.4})
    for row in ("value", "adjoint"):
        shown = f'[data-row="{row}"]:not([data-row] [data-row])'
        nodes = page.locator(f".adviz-graph .node {shown} .number").all_text_contents()
        cells = page.locator(f".adviz-table tr[data-node] td{shown}")
        ids = page.locator(".adviz-graph .node").evaluate_all("all => all.map(x => x.dataset.node)")
        said = cells.evaluate_all(
            "all => all.map(x => [x.closest('tr').dataset.node,"
            " (x.querySelector('.number') ?? x).textContent])"
        )
        assert dict(zip(ids, nodes, strict=True)) == dict(said)
    assert "0.0829821" in nodes
    assert page.locator(".adviz-table .terms", has_text="+ 0.0829821").count()


def test_keys_in_a_field_are_its_own(opened: Any) -> None:
    page = opened(PRODUCT, POINT)
    page.locator(".adviz").press("ArrowRight")
    for key in ("ArrowRight", "End", "Home", " ", "f"):
        field(page, "x").press(key)
        slider(page, "x").press(key)
    assert step_of(page) == 1


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_a_field_and_a_slider_give_the_keys_back(opened: Any, key: str) -> None:
    page = opened(PRODUCT, POINT)
    field(page, "x").fill("4")
    for leave, step in ((field(page, "x"), 1), (slider(page, "x"), 2)):
        leave.press(key)
        page.keyboard.press("ArrowRight")
        assert step_of(page) == step
    page.keyboard.press("1")
    assert step_of(page) == 0
    assert [field(page, name).input_value() for name in POINT] == ["4", "2"]


SAID = {
    "1/3": 1 / 3, "0,5": 0.5, "−1.25": -1.25, " -2 / 8 ": -0.25, "+.5": 0.5, "2.": 2.0,
    "1e−3": 1e-3, "2,5E+2": 250.0, "- 7": -7.0, "1e2/4": 25.0,
}  # fmt: skip


def test_a_field_reads_decimals_and_fractions(opened: Any) -> None:
    page = opened(PRODUCT, POINT)
    page.locator(".adviz").press("End")
    value = page.locator('.adviz-table tr[data-node="0"] [data-row="value"]')
    for text, number in SAID.items():
        field(page, "x").fill(text)
        assert value.text_content() == short(number), text
        assert field(page, "x").input_value() == text
        assert page.locator(".adviz-problem").text_content() == ""


def test_a_field_without_a_number_changes_nothing_and_says_so(opened: Any) -> None:
    page = opened(PRODUCT, POINT)
    refused = "not a number like −0.5, 2e-3 or 1/3; still x = −4.5"
    for text in ("", "2e", "-", "1/0", "1/2/3", "1,5.2", "1e999", "x", "0x10", "Infinity", "1 2"):
        field(page, "x").fill("-4.5")
        assert page.locator(".adviz-problem").text_content() == ""
        field(page, "x").fill(text)
        assert page.locator(".adviz-problem").text_content() == refused, text
        assert field(page, "x").input_value() == text
    assert field(page, "x").get_attribute("aria-invalid") == "true"
    assert_shows(page, PRODUCT, {"x": -4.5, "y": 2})
    page.get_by_role("button", name="Reset").click()
    assert field(page, "x").get_attribute("aria-invalid") is None
    assert_shows(page, PRODUCT, POINT)


@pytest.mark.parametrize("width", [420, 1280, 1920])
def test_what_is_wrong_has_its_place(opened: Any, width: int) -> None:
    page = opened("log(a/b)*c - d*e*g", dict.fromkeys("abcdeg", 1), width)
    page.locator(".adviz").press("End")
    before = boxes(page, GRAPH)
    for text in ("-1", "no number"):
        field(page, "a").fill(text)
        assert page.locator(".adviz-problem").text_content() != ""
        assert boxes(page, GRAPH) == before


def test_what_is_undefined_is_said_and_marked(opened: Any) -> None:
    text = "log(x - y)*x"
    page = opened(text, {"x": 3, "y": 1})
    page.locator(".adviz").press("End")
    assert page.locator(".adviz-problem").text_content() == ""
    field(page, "x").fill("-1.5")
    with pytest.raises(adviz.AdvizError) as refused:
        adviz.reverse(text, {"x": -1.5, "y": 1})
    assert page.locator(".adviz-problem").text_content() == str(refused.value)
    assert page.locator(".adviz-graph .badge").all_text_contents()[0] == "undefined"
    field(page, "x").fill("4")
    assert page.locator(".adviz-graph .adviz-status").count() == 0
    assert_shows(page, text, {"x": 4, "y": 1})


def test_another_branch_has_its_own_steps(opened: Any) -> None:
    page = opened(BRANCH, {"x": 2, "y": 1})
    skipped = page.locator(".adviz-graph .node.skipped")
    assert skipped.evaluate_all("all => all.map(x => x.dataset.node)") == ["6", "7"]
    field(page, "x").fill("-1")
    assert skipped.evaluate_all("all => all.map(x => x.dataset.node)") == ["3", "5"]
    assert set(skipped.locator('[data-row="value"] .number').all_text_contents()) == {"skipped"}
    trace = adviz.reverse(BRANCH, {"x": -1, "y": 1})
    count = len(adviz.animate(trace).scene.frames)
    assert page.locator(".adviz-count").text_content() == f"step 1 of {count}"
    assert_shows(page, BRANCH, {"x": -1, "y": 1})
    assert step_of(page) == count - 1


def test_a_film_that_a_page_cannot_compute_shows_no_fields(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "film.html"
    adviz.animate(adviz.taylor("x*x", {"x": 3}, {"x": 1}, 2)).save(path)
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.locator(".adviz-transport").count() == 1
    assert page.locator(".adviz-inputs").count() == 0
    page.close()


def test_the_closing_card_judges_the_authors_point_only(opened: Callable[..., Any]) -> None:
    """At another point it has the numbers of that point, and no verdicts until Reset."""
    page = opened(PRODUCT, POINT)
    page.keyboard.press("End")
    card = page.locator(".adviz-closing")
    before = card.inner_text()
    assert before.count("✓") == 6
    field(page, "x").fill("5")
    assert "✓" not in card.inner_text() and "21" in card.inner_text()
    assert "what was checked are the derivatives" in page.locator(".adviz-narration").inner_text()
    page.get_by_role("button", name="Reset").click()
    assert card.inner_text() == before
