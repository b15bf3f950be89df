"""A page for everybody: what axe-core finds, by the rules of WCAG 2.2 and its good practice."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium, missing
from hall import HALL, SIZES, THEMES, opened

import adviz

FILMS: dict[str, Callable[[], list[Any]]] = {
    "running example": lambda: [HALL["running example"]()],
    "branch": lambda: [HALL["branch"]()],
    "both ways": lambda: [
        adviz.forward("x*y + sin(x)", at={"x": 1, "y": 2}, direction="x"),
        adviz.reverse("x*y + sin(x)", at={"x": 1, "y": 2}),
    ],
    "network": lambda: [HALL["network"]()],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened_browser:
        yield opened_browser


def violations(page: Any) -> list[str]:
    """Return what axe-core finds in a page, a line each.

    What it calls minor is left out: that a header of a row is empty, which it says of all MathML.
    """
    if importlib.util.find_spec("axe_playwright_python") is None:
        missing("axe-playwright-python")
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types

    found = Axe().run(page).response["violations"]
    return [
        f"{one['impact']}: {one['help']}: {one['nodes'][0]['html'][:90]}"
        for one in found
        if one["impact"] != "minor"
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [SIZES[1], SIZES[3]], ids=["laptop", "telephone"])
@pytest.mark.parametrize("film", FILMS)
def test_axe_finds_nothing(
    browser: Any, tmp_path: Path, film: str, size: tuple[int, int], theme: str
) -> None:
    adviz.animate(*FILMS[film]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", size, theme)
    try:
        assert violations(page) == []
        page.keyboard.press("End")
        assert violations(page) == []
    finally:
        page.context.close()
