"""The closing card in a page: where it stands, how large it is, and when it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium
from hall import HALL, SIZES, opened

import adviz


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened_browser:
        yield opened_browser


@pytest.mark.parametrize(("size", "least"), list(zip(SIZES, (18, 18, 18, 14), strict=True)))
def test_the_card_is_read_from_the_back_and_seen_at_the_last_step_only(
    browser: Any, tmp_path: Path, size: tuple[int, int], least: int
) -> None:
    adviz.animate(HALL["running example"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", size, "light")
    card = page.locator(".adviz-closing")
    assert not card.is_visible()
    page.keyboard.press("End")
    assert card.is_visible() and card.locator("tbody tr").count() == 3
    sizes = "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    assert min(card.locator("tbody math").evaluate_all(sizes)) >= least
    assert card.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.keyboard.press("ArrowLeft")
    assert not card.is_visible()
    page.emulate_media(media="print")
    assert card.is_visible()
    page.context.close()


@pytest.mark.parametrize("keys", [("End",), ("End", "t"), ("t", "End")])
@pytest.mark.parametrize("film", ["neuron", "Black-Scholes", "running example"])
def test_all_of_the_card_is_seen_above_the_table(
    browser: Any, tmp_path: Path, film: str, keys: tuple[str, ...]
) -> None:
    adviz.animate(HALL[film]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[1], "light")
    for key in keys:
        page.keyboard.press(key)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    card = page.locator(".adviz-closing")
    assert card.evaluate("(one) => one.scrollHeight <= one.clientHeight"), "cut off below"
    assert card.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "cut off at the side"
    assert card.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 11.9
    covered = """(one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      const parts = [0.01, 0.25, 0.5, 0.75, 0.99];
      const [width, height] = [right - left, bottom - top];
      const at = (x, y) => document.elementFromPoint(left + x * width, top + y * height);
      const seen = parts.flatMap((x) => parts.map((y) => at(x, y)));
      return seen.filter((found) => !one.contains(found)).length;
    }"""
    assert card.evaluate(covered) == 0, "something stands above it"
    page.context.close()


def test_a_card_that_nothing_makes_fit_shows_a_bar(browser: Any, tmp_path: Path) -> None:
    adviz.animate(HALL["neuron"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", (1280, 560), "light")
    page.keyboard.press("End")
    card = page.locator(".adviz-closing")
    assert card.evaluate("(one) => one.scrollHeight > one.clientHeight")
    assert card.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 11.9
    bar = "(one) => getComputedStyle(one, '::-webkit-scrollbar').width"
    assert card.evaluate(bar) == "10px", "a bar of the system may fade"
    page.context.close()


@pytest.mark.parametrize("size", SIZES[:2])
def test_a_card_with_room_over_the_graph_leaves_the_table_free(
    browser: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    adviz.animate(HALL["Baydin"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", size, "light")
    page.keyboard.press("End")
    card, table = (page.locator(f".adviz-{name}").bounding_box() for name in ("closing", "table"))
    assert card["x"] + card["width"] <= table["x"]
    page.context.close()


def test_on_a_telephone_every_number_and_verdict_is_in_view(browser: Any, tmp_path: Path) -> None:
    adviz.animate(HALL["Black-Scholes"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[3], "light")
    page.keyboard.press("End")
    cells = page.locator(".adviz-closing tr > :nth-child(n + 3)").all()
    assert len(cells) == 28
    assert all(0 <= box["x"] <= SIZES[3][0] - box["width"]
               for box in (cell.bounding_box() for cell in cells))  # fmt: skip
    page.context.close()
