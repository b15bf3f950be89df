"""Sums over paths in a page: a term lights up its path, and an edge the terms that use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium

import adviz

NAUMANN = {"p": "cos(x*sin(x*y))", "q": "x*sin(x*y)/y"}
FUNCTIONS: dict[str, tuple[Any, Any]] = {
    "running": ("(x + y)*(x - y)", {"x": 3, "y": 2}),
    "parallel": ("a = x*x; a*a*y", None),
    "two outputs": (NAUMANN, {"x": 1, "y": 2}),
    "an input that is an output": ({"p": "x", "q": "x*y"}, {"x": 1, "y": 2}),
    "too many to list": (
        "; ".join(["v0 = x*y", *(f"v{k + 1} = v{k}*v{k}" for k in range(20))]),
        None,
    ),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page of a function in a browser; it must complain of nothing."""
    path, complaints = tmp_path / "paths.html", list[str]()
    adviz.paths(*FUNCTIONS[request.param]).save(path)
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == []


def lit(page: Any, what: str) -> list[str]:
    """Return the numbers of the edges, or of the nodes, that are lit."""
    found = page.locator(f".graph .{what}.lit").evaluate_all(
        f"all => all.map((one) => one.dataset.{what})"
    )
    return sorted({*found}, key=int)


RUNNING = pytest.mark.parametrize("opened", ["running"], indirect=True)


@pytest.mark.parametrize("opened", FUNCTIONS, indirect=True)
def test_every_term_lights_up_its_path_and_nothing_else(opened: Any, request: Any) -> None:
    found = adviz.paths(*FUNCTIONS[request.node.callspec.params["opened"]])
    number = {edge: str(k) for k, edge in enumerate(found.graph.edges)}
    rows = opened.locator("tr[data-edges]")
    listed = [] if found.count > 1000 else [p for each in found.terms.values() for p in each]
    assert rows.count() == len(listed)
    for row, path in zip(rows.all(), listed, strict=True):
        row.focus()
        assert lit(opened, "edge") == sorted((number[edge] for edge in path.edges), key=int)
        ends = {str(node) for edge in path.edges for node in edge[:2]}
        assert lit(opened, "node") == sorted(ends, key=int)
        assert row.get_attribute("data-said") == opened.inner_text(".said")


@pytest.mark.parametrize("opened", [*FUNCTIONS][:4], indirect=True)
def test_every_edge_lights_up_the_terms_that_use_it(opened: Any, request: Any) -> None:
    found = adviz.paths(*FUNCTIONS[request.node.callspec.params["opened"]])
    paths = [path for each in found.terms.values() for path in each]
    for k, edge in enumerate(found.graph.edges):
        line = opened.locator(f'.graph [data-edge="{k}"]').first
        users = [edge in path.edges for path in paths]
        assert (line.get_attribute("tabindex") == "0") == any(users)
        if any(users):
            line.focus()
            rows = opened.locator("tr[data-edges]").evaluate_all(
                "all => all.map((one) => one.classList.contains('lit'))"
            )
            assert rows == users
            assert f": in {sum(users)} of {len(users)} paths" in opened.inner_text(".said")
            assert line.get_attribute("aria-label") == opened.inner_text(".said")


@RUNNING
def test_a_pointer_does_what_the_focus_does(opened: Any) -> None:
    opened.locator(".term").nth(1).hover()
    assert lit(opened, "edge") == ["2", "5"]
    assert opened.locator("tr.lit").count() == 1
    opened.mouse.move(5, 890)
    assert lit(opened, "edge") == [] and "Point at a term" in opened.inner_text(".said")
    opened.locator('.graph [data-edge="5"] .note').hover()
    assert opened.locator("tr.lit").count() == 2 and lit(opened, "edge") == ["2", "3", "5"]


@pytest.mark.parametrize("opened", ["an input that is an output"], indirect=True)
def test_the_only_term_of_a_sum_is_written_once(opened: Any) -> None:
    assert opened.locator("h3 .term").count() == 3
    opened.locator("h3 .term").nth(1).hover()
    assert lit(opened, "edge") == ["0"]


@RUNNING
def test_what_is_said_moves_nothing(opened: Any) -> None:
    place = "document.querySelector('.sums').getBoundingClientRect().top"
    before = opened.evaluate(place)
    opened.locator("tr[data-edges] th").nth(1).hover()
    assert opened.evaluate(place) == before


@RUNNING
def test_a_keyboard_reaches_terms_and_edges(opened: Any) -> None:
    met = set()
    for _ in range(30):
        opened.keyboard.press("Tab")
        met.add(
            opened.evaluate(
                "document.activeElement.getAttribute('data-said') || "
                "document.activeElement.getAttribute('aria-label')"
            )
        )
    assert {"x → v₂ → f: v₁ · 1 = 5 · 1 = 5", "y → v₂, local partial −1: in 1 of 4 paths"} <= met


def test_without_javascript_every_term_stands_there(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "paths.html"
    adviz.paths(*FUNCTIONS["running"]).save(path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("tr[data-edges]").count() == 4 and page.locator(".graph svg").is_visible()
    assert page.get_by_text("paths 4, edges 6").is_visible()
    assert not page.locator(".said").is_visible()
    context.close()


@pytest.mark.parametrize("width", [360, 720, 1400])
def test_a_page_fits_its_window(browser: Any, tmp_path: Path, width: int) -> None:
    path = tmp_path / "paths.html"
    adviz.paths(*FUNCTIONS["two outputs"]).save(path)
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def test_several_figures_share_a_page(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "both.html"
    both = [adviz.paths(*FUNCTIONS[title]).html() for title in ("running", "parallel")]
    path.write_text("<!DOCTYPE html><meta charset=utf-8>" + "".join(both), "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.locator(".adviz-paths").nth(1).locator("tr[data-edges]").first.focus()
    assert page.locator(".adviz-paths").nth(0).locator(".lit").count() == 0
    assert page.locator(".adviz-paths").nth(1).locator(".edge.lit").count() > 0
    page.close()


def test_a_name_is_no_markup_in_the_page() -> None:
    found = adviz.paths(adviz.build({"</script><b>": "x*y"}), {"x": 1, "y": 2})
    assert "<b>" not in found.html() and found.html().count("</script>") == 2
