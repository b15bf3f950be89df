"""A sheet in a page: it is filled in, handed in, printed, and makes no request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium

import adviz
from adviz.checking.exercise.blanks import name_of

SHEET = adviz.exercise(adviz.reverse("a = x + y; a*sin(x*y)", {"x": 3, "y": 2}))
KEY = {name_of(SHEET.trace.graph, b): text for b, text in SHEET.key().entries.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The sheet in a browser; it must complain of nothing, and ask for nothing."""
    path, complaints, asked = tmp_path / "sheet.html", list[str](), list[str]()
    SHEET.save(path)
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == []
    assert {url.partition(":")[0] for url in asked} <= {"file", "blob", "data"}


def test_a_filled_in_sheet_is_downloaded_and_marked(opened: Any, tmp_path: Path) -> None:
    fields = opened.locator("input[data-name]")
    assert [field.get_attribute("data-name") for field in fields.all()] and fields.count() == len(
        KEY
    )
    for field in fields.all():
        assert field.get_attribute("aria-label")
        field.fill(KEY[field.get_attribute("data-name")])
    with opened.expect_download() as handed_in:
        opened.get_by_role("button", name="Download the answers").click()
    path = tmp_path / "answers.json"
    handed_in.value.save_as(path)
    assert SHEET.mark(path).all_right
    assert opened.locator("output").inner_text() == "answers.json is downloaded."


def test_what_is_left_empty_or_hostile_is_handed_in_as_it_is(opened: Any, tmp_path: Path) -> None:
    opened.locator("input").first.fill('</script>"\\')
    with opened.expect_download() as handed_in:
        opened.get_by_role("button", name="Download the answers").click()
    handed_in.value.save_as(tmp_path / "answers.json")
    assert SHEET.mark(tmp_path / "answers.json").counts == {"unreadable": 1, "empty": len(KEY) - 1}


def test_on_paper_there_are_lines_and_no_buttons(opened: Any) -> None:
    assert opened.locator(".hand-in").is_visible() and not opened.locator(".who").is_visible()
    opened.emulate_media(media="print")
    assert not opened.locator(".hand-in").is_visible() and opened.locator(".who").is_visible()
    edges = opened.locator("input").first.evaluate(
        "(one) => [getComputedStyle(one).borderTopWidth, getComputedStyle(one).borderBottomWidth]"
    )
    assert edges == ["0px", "1px"]


def test_the_key_has_no_fields_and_nothing_to_hand_in(browser: Any, tmp_path: Path) -> None:
    SHEET.key().save(tmp_path / "key.html")
    page = browser.new_page()
    page.goto((tmp_path / "key.html").as_uri())
    assert page.locator("input").count() == 0 and not page.locator(".hand-in").is_visible()
    assert page.locator("td b").count() == len(KEY)
    page.close()


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_a_page_is_never_wider_than_its_window(opened: Any, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
