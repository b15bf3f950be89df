"""The film of a small network in a browser: its tables fill, fit, and open into numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium
from hall import SIZES, opened
from networks import sweep_of
from test_hall import WINDOWS, faults_in

import adviz
from adviz.scene.scene import Scene

SHOWN = "(row) => [...row.querySelectorAll('.element')].map((one) => one.textContent)"
CELLS = """(tables) => tables.map((one) => [...one.rows].map((row) =>
  [...row.cells].map((cell) => cell.textContent)))"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    made: Scene = adviz.animate(sweep_of("perceptron")).scene
    return made


@pytest.fixture(scope="module")
def page(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = tmp_path_factory.mktemp("film") / "film.html"
    adviz.animate(sweep_of("perceptron")).save(path)
    with chromium() as browser:
        yield opened(browser, path, SIZES[1], "light")


def go(page: Any, step: int) -> None:
    page.evaluate(f"location.hash = '#step={step + 1}'")
    page.wait_for_selector(f".adviz[data-step='{step}']")


def shown(page: Any, node: int, row: str) -> list[str]:
    found: list[str] = page.locator(f"svg [data-node='{node}'] [data-row='{row}']").evaluate(SHOWN)
    return found


def arrival(scene: Scene, node: int) -> int:
    """Return the step at which a node's adjoint is complete."""
    return max(
        k for k, f in enumerate(scene.frames) if (node, "adjoint") in [s[:2] for s in f.sets]
    )


def test_it_fits_its_windows(page: Any) -> None:
    faults = {window: faults_in(page, *WINDOWS[window]) for window in WINDOWS}
    assert {window: found for window, found in faults.items() if found} == {}
    page.set_viewport_size({"width": SIZES[1][0], "height": SIZES[1][1]})


def test_a_table_fills_when_its_adjoint_arrives(page: Any, scene: Scene) -> None:
    node = scene.graph.names["W1"]
    step = arrival(scene, node)
    go(page, step - 1)
    assert shown(page, node, "adjoint") == ["–"] * 6
    go(page, step)
    grid = scene.grids[next(key for n, row, key in scene.frames[step].sets if n == node) or ""]
    assert shown(page, node, "adjoint") == [one for line in grid for one in line]
    formula = page.locator(".adviz-formula .adviz-matrix mtd").all_text_contents()
    assert formula == [one for line in grid for one in line]


def test_a_click_shows_all_digits_and_what_the_node_is_in_numbers(page: Any, scene: Scene) -> None:
    node = next(n for n in range(len(scene.graph)) if scene.graph.args[n])
    go(page, len(scene.frames) - 2)
    page.locator(f"svg [data-node='{node}'] .symbol").first.click(force=True)
    card = page.locator(".adviz-card")
    value, adjoint = card.locator(".adviz-elements table").evaluate_all(CELLS)
    assert value == [list(line) for line in scene.tables[f"0/value/{node}"]]
    assert len(adjoint) == 3
    pictures = card.locator(".adviz-inside svg text").all_text_contents()
    assert {"W1,0,0", "x0"} <= {*pictures}
    page.keyboard.press("Escape")
    card.wait_for(state="detached")


def test_what_is_asked_for_is_not_shown(page: Any, scene: Scene) -> None:
    node = scene.graph.names["W1"]
    go(page, arrival(scene, node) - 1)
    page.keyboard.press("q")
    page.keyboard.press("ArrowRight")
    assert shown(page, node, "adjoint") == ["?"] * 6
    page.keyboard.press("q")


def test_the_last_step_shows_every_gradient(page: Any, scene: Scene) -> None:
    go(page, len(scene.frames) - 1)
    card = page.locator(".adviz-closing")
    assert card.locator(".adviz-matrix").count() == len(scene.graph.inputs)
    assert card.inner_text().count("✓") == 2 * len(scene.graph.inputs)
