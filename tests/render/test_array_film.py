"""The film of a small network in a browser: its tables fill, fit, and open into numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from films import chromium
from hall import SIZES, in_window, opened
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


# --- Long names and wide numbers beside the graph ------------------------------------------------


def _attention(queries: Any, keys: Any, values: Any) -> Any:
    """Name what stands in a block of attention by words."""
    weights = np.exp(queries @ keys.T)
    attention_weights = weights / weights.sum(axis=1, keepdims=True)
    return np.sum((attention_weights @ values) ** 2)


@pytest.fixture(scope="module")
def worded(page: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The film of a function whose names are words, in a tab of its own."""
    path: Path = tmp_path_factory.mktemp("film") / "film.html"
    at = {name: np.linspace(-1, 1, 6).reshape(3, 2) for name in ("queries", "keys", "values")}
    graph = adviz.build(_attention, at=at, arrays=True)
    adviz.animate(adviz.reverse(graph, at), check=False).save(path)
    yield opened(page.context.browser, path, SIZES[1], "light")


TABLE = "document.querySelector('.adviz-table')"


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (1024, 768), (420, 860)])
def test_every_column_of_its_table_has_room(worded: Any, size: tuple[int, int]) -> None:
    in_window(worded, size, "light")
    assert worded.evaluate(f"{TABLE}.scrollWidth - {TABLE}.clientWidth") <= 0


def test_no_row_of_its_table_moves_when_a_number_arrives(worded: Any) -> None:
    in_window(worded, SIZES[1], "light")
    tops = f"[...{TABLE}.querySelectorAll('tr')].map((row) => row.offsetTop)"
    last = int(worded.evaluate("document.querySelector('.adviz [type=range]').max"))
    seen = []
    for step in (0, last - 1):
        go(worded, step)
        seen.append(worded.evaluate(tops))
    assert seen[0] == seen[1]


def test_the_bar_over_a_word_is_as_long_as_the_word(worded: Any) -> None:
    last = int(worded.evaluate("document.querySelector('.adviz [type=range]').max"))
    go(worded, last // 2 + 3)
    words = worded.locator(".adviz-steps .adviz-over > mi")
    assert words.count() > 0
    look = "(found) => getComputedStyle(found).borderTopStyle"
    assert {words.nth(k).evaluate(look) for k in range(words.count())} == {"solid"}
