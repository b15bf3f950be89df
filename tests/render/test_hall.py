"""Twelve films in the windows of a hall, a laptop, a tablet and a telephone: legible, whole, still.

`python tests/render/hall.py` prints what is measured here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from films import chromium, until
from hall import HALL, MEASURE, SIZES, in_window, measured, opened

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
LEAST_NARRATION = {1920: 25.0, 1280: 14.0, 768: 14.0, 420: 14.0}
LEAST_FILLED = 0.6
"""The part of the pane that the graph fills at least, in one direction."""


def _two_sweeps() -> Any:
    return [
        adviz.forward(_BAYDIN, at={"x1": 2, "x2": 5}, direction="x1"),
        adviz.reverse(_BAYDIN, at={"x1": 2, "x2": 5}),
    ]


_BAYDIN = "log(x1) + x1*x2 - sin(x2)"
MORE: dict[str, Callable[[], Any]] = {
    "two sweeps": _two_sweeps,
    "kink": lambda: adviz.reverse("abs(x - 1)*y + max(x, y)", at={"x": 1, "y": 3}),
}
"""A film whose table has a column more, and one whose nodes have small badges."""

Open = Callable[[str, str], Any]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens a film in a window."""
    folder = tmp_path_factory.mktemp("hall")

    @cache
    def film(name: str) -> Path:
        made = {**HALL, **MORE}[name]()
        adviz.animate(*made if isinstance(made, list) else [made]).save(folder / f"{name}.html")
        return folder / f"{name}.html"

    with chromium() as browser:
        yield lambda name, window: opened(browser, film(name), *WINDOWS[window])


@pytest.mark.parametrize("film", HALL)
def test_a_film_fills_its_window(play: Open, film: str) -> None:
    page = play(film, "hall")
    faults = {window: faults_in(page, *WINDOWS[window]) for window in WINDOWS}
    page.context.close()
    assert {window: found for window, found in faults.items() if found} == {}


def faults_in(page: Any, size: tuple[int, int], theme: str) -> dict[str, Any]:
    """Return what is wrong with a film in a window, by what is wrong."""
    in_window(page, size, theme)
    found, (width, _) = measured(page), size
    faults = {
        "too small to be read": found.text < LEAST_TEXT[width] and found.text,
        "told too small to be read": found.narration < LEAST_NARRATION[width] and found.narration,
        "lost in its pane": found.filled < LEAST_FILLED and found.filled,
        "in focus and out of sight": found.outside,
        "cut off": found.clipped,
        "changes its size between steps": len(found.scales) != 1 and found.scales,
        "collides": found.collisions,
    }
    return {what: fault for what, fault in faults.items() if fault}


@pytest.mark.parametrize("film", ["neuron", "Black-Scholes"])
def test_a_film_goes_on_in_another_window_and_in_full_screen(play: Open, film: str) -> None:
    page = play(film, "hall")
    page.evaluate(MEASURE, 15)
    (width, height), _ = WINDOWS["laptop"]
    page.set_viewport_size({"width": width, "height": height})
    legible_in(page, 12, 16)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[0], strict=True)))
    page.keyboard.press("Shift+F")
    until(page, "document.fullscreenElement !== null")
    legible_in(page, 18, 17)


_SCROLLED = """(({ scrollLeft, scrollTop }) => `${scrollLeft} ${scrollTop}`)(
    document.querySelector(".adviz-graph"))"""


@pytest.mark.parametrize("step", [0, 9])
def test_a_view_depends_on_no_window_before(play: Open, step: int) -> None:
    page = play("network", "laptop")
    page.evaluate(f"location.hash = '#step={step + 1}'")
    until(page, f"document.querySelector('.adviz').dataset.step === '{step}'")
    page.evaluate("dispatchEvent(new Event('beforeprint')), dispatchEvent(new Event('afterprint'))")
    before = page.evaluate(_SCROLLED)
    (width, height), _ = WINDOWS["laptop"]
    page.set_viewport_size({"width": 718, "height": 1000})
    until(page, f"{_SCROLLED} !== {before!r}")
    page.set_viewport_size({"width": width, "height": height})
    until(page, f"{_SCROLLED} === {before!r}")


def legible_in(page: Any, least: float, step: int) -> None:
    """Wait until the graph has its size, and see that a step is legible, whole and in view."""
    script = MEASURE.strip().removesuffix(";")
    until(page, f"Math.abs(({script})({step}).text / {least} - 1) < 0.15")
    found = page.evaluate(MEASURE, step)
    assert (found["outside"], found["clipped"]) == ([], [])
    assert round(found["text"], 2) >= least


def test_the_header_has_no_letters_that_vanish(play: Open) -> None:
    page = play("Black-Scholes", "laptop")
    sizes = """[...document.querySelectorAll(".adviz-statements math *")].map(
      (one) => parseFloat(getComputedStyle(one).fontSize))"""
    assert min(page.evaluate(sizes)) >= 10
    page.context.close()


def test_a_table_of_two_sweeps_has_all_its_columns(play: Open) -> None:
    page = play("two sweeps", "laptop")
    table = page.locator(".adviz-table")
    assert table.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.context.close()


def test_a_name_stays_beside_its_numbers(play: Open) -> None:
    page = play("two sweeps", "telephone")
    page.set_viewport_size({"width": 320, "height": 700})
    until(page, "document.querySelector('.adviz').clientWidth <= 320")
    table = page.locator(".adviz-table")
    table.evaluate("(one) => one.scrollTo({ left: 9999, behavior: 'instant' })")
    shift = "(one) => one.getBoundingClientRect().left"
    assert table.evaluate("(one) => one.scrollLeft") > 0
    assert all(
        abs(cell.evaluate(shift) - table.evaluate(shift)) < 12
        for cell in table.locator("tr > th:first-child").all()
    )
    page.context.close()


@pytest.mark.parametrize(
    ("film", "window"),
    [("softmax", "hall"), ("two sweeps", "hall"), ("two sweeps", "laptop"), ("kink", "laptop")],
)
def test_a_small_graph_is_shown_whole(play: Open, film: str, window: str) -> None:
    page = play(film, window)
    found = page.evaluate(MEASURE, 11)
    page.context.close()
    assert found["isWhole"]
    assert found["text"] >= 0.97 * LEAST_TEXT[WINDOWS[window][0][0]]
