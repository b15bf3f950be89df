"""A figure in a document, in a browser: it plays, and is light or dark as the page around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from films import chromium

from adviz.plugins.documents import figure


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


PAGES = {
    "no theme": ("", "light"),
    "dark by itself": ("<style>:root { color-scheme: dark }</style>", "dark"),
    "light by itself": ("<style>:root { color-scheme: light }</style>", "light"),
    "Furo's dark": ('<body data-theme="dark">', "dark"),
    "as its reader likes": ("<style>:root { color-scheme: light dark }</style>", "dark"),
}
"""How a page says what it is, and what that is for a reader who likes it dark."""
SHRUNK = "<style>.page figure { width: fit-content; margin: 1em auto }</style>"
"""What MkDocs' theme Material does to a figure, in which a player would have no width."""


@pytest.mark.parametrize("case", PAGES)
def test_a_film_plays_in_a_document_in_the_theme_of_the_page(browser: Any, case: str) -> None:
    declared, theme = PAGES[case]
    film = figure("x*y", {"at": "x=3,y=2", "no-check": ""})
    page = browser.new_page(color_scheme="dark")
    page.set_content(f"<!DOCTYPE html>{declared}{SHRUNK}<main class=page><figure>{film.html()}")
    page.locator(".adviz[data-step]").wait_for()
    ground = page.locator(".adviz").evaluate("host => getComputedStyle(host).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 25)"}[theme]
    assert page.locator(".adviz").bounding_box()["width"] > 200
    button = page.get_by_role("button", name="Dark theme")
    assert button.get_attribute("aria-pressed") == str(theme == "dark").lower()
    page.close()
