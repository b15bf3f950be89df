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
