"""Twelve films in the windows of a hall, a laptop, a tablet and a telephone: legible, whole, still.

`python tests/render/hall.py` prints what is measured here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from films import chromium
from hall import HALL, SIZES, Measured, measured, opened

import adviz

WINDOWS = {
    "hall": (SIZES[0], "light"),
    "dark hall": (SIZES[0], "dark"),
    "laptop": (SIZES[1], "light"),
    "tablet": (SIZES[2], "dark"),
    "telephone": (SIZES[3], "light"),
}
LEAST_TEXT = {1920: 18.0, 1280: 12.0, 768: 11.0, 420: 9.5}
"""The smallest text of what is in focus, in pixels, by the width of the window."""
LEAST_NARRATION = {1920: 18.0, 1280: 14.0, 768: 14.0, 420: 14.0}
LEAST_FILLED = 0.6
"""The part of the pane that the graph fills at least, in one direction."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], Measured]]:
    """Measures a film in a window, once."""
    folder = tmp_path_factory.mktemp("hall")

    @cache
    def film(name: str) -> Path:
        adviz.animate(HALL[name]()).save(folder / f"{name}.html")
        return folder / f"{name}.html"

    with chromium() as browser:

        @cache
        def see(name: str, window: str) -> Measured:
            page: Any = opened(browser, film(name), *WINDOWS[window])
            try:
                return measured(page)
            finally:
                page.context.close()

        yield see


@pytest.mark.parametrize("film", HALL)
@pytest.mark.parametrize("window", WINDOWS)
def test_a_film_fills_its_window(
    seen: Callable[[str, str], Measured], film: str, window: str
) -> None:
    found, (width, _) = seen(film, window), WINDOWS[window][0]
    assert found.text >= LEAST_TEXT[width], "too small to be read"
    assert found.narration >= LEAST_NARRATION[width], "too small to be read"
    assert found.filled >= LEAST_FILLED, "lost in its pane"
    assert found.outside == (), "what is in focus is out of sight"
    assert found.clipped == (), "texts are cut off"
    assert len(found.scales) == 1, "the graph changes its size between steps"
    assert found.collisions == ()
