"""A page for everybody: what axe-core finds, by the rules of WCAG 2.2 and its good practice."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium, missing, until
from hall import HALL, SIZES, THEMES, in_window, opened

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


WINDOWS = [(size, theme) for size in (SIZES[1], SIZES[3]) for theme in THEMES]
"""A laptop and a telephone, light and dark."""


@pytest.mark.parametrize("film", FILMS)
def test_axe_finds_nothing(browser: Any, tmp_path: Path, film: str) -> None:
    adviz.animate(*FILMS[film]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", *WINDOWS[0])
    try:
        for window in WINDOWS:
            in_window(page, *window)
            for key in ("Home", "End"):
                page.keyboard.press(key)
                assert violations(page) == [], (window, key)
    finally:
        page.context.close()


OPENED = {
    "keys": ("?", "dialog[open] kbd"),
    "a node": ("Escape Enter", "dialog[open] .adviz-sum"),
    "one input": ("Escape f", "tr.is-aside"),
    "a question": ("q PageDown", ".adviz-note:not(:empty)"),
}
"""What keys open in a page, one after the other, and what shows that it is there."""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", [SIZES[1], SIZES[3]], ids=["laptop", "telephone"])
def test_axe_finds_nothing_in_what_is_opened(
    browser: Any, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    adviz.animate(HALL["branch"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", size, theme)
    page.keyboard.press("PageDown")
    try:
        for name, (keys, there) in OPENED.items():
            for key in keys.split():
                page.keyboard.press(key)
                if key == "Escape":
                    until(page, "!document.querySelector('dialog')")
            page.locator(there).first.wait_for()
            assert violations(page) == [], name
    finally:
        page.context.close()


# --- Colours that the reader's system forces -----------------------------------------------------

APART = {
    "what is played": (".segment ~ .segment .fill", "background-color", "Canvas"),
    "steps": (".tick.group", "background-color", "Canvas"),
    "node in focus": (".node[data-state~=focus] .frame", "stroke", "CanvasText"),
    "edge in focus": (".edge[data-state~=active] .curve", "stroke", "CanvasText"),
    "its chip": (".chip[data-state~=active] rect", "stroke", "CanvasText"),
    "other nodes": (".node:not([data-state~=focus]) .frame", "stroke", "Canvas"),
    "other edges": (".edge:not([data-state~=passed]) .curve", "stroke", "Canvas"),
    "other chips": (".chip rect", "stroke", "Canvas"),
    "phase": (".adviz-pill", "border-top-color", "Canvas"),
    "legend": (".adviz-legend path", "stroke", "Canvas"),
    "its accent": (".adviz-legend .adviz-barred", "color", "Canvas"),
    "view in the overview": (".adviz-map .view", "stroke", "Canvas"),
    "nodes in the overview": (".adviz-map .active", "fill", "Canvas"),
    "buttons": (".adviz-extras button", "border-top-color", "Canvas"),
    "play": (".adviz-play", "background-color", "Canvas"),
    "what is new": ("td[data-state~=fresh]", "box-shadow", "Canvas"),
}
"""What must be told from what is behind it or beside it: where, its property, and its colour."""

_COLOURS = """([selector, property, other]) => {
    const found = document.querySelector(`.adviz ${selector}`);
    const probe = document.querySelector('.adviz').appendChild(document.createElement('i'));
    probe.style.color = other;
    const colours = [getComputedStyle(found)[property], getComputedStyle(probe).color];
    probe.remove();
    return colours.map((colour) => colour.match(/rgb[^)]*[)]/)[0]);
}"""
_REPLACED = """() => [...document.querySelectorAll('.adviz *')]
    .filter((one) => getComputedStyle(one).forcedColorAdjust === 'auto')
    .map((one) => one.outerHTML.slice(0, 60))"""


@pytest.mark.parametrize("theme", THEMES)
def test_in_forced_colours_all_is_told_apart(browser: Any, tmp_path: Path, theme: str) -> None:
    adviz.animate(HALL["neuron"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[1], theme, forced_colors="active")
    try:
        page.get_by_label("Step", exact=True).fill("18")
        seen = {name: page.evaluate(_COLOURS, [*row]) for name, row in APART.items()}
        assert {name for name, (colour, other) in seen.items() if colour == other} == set()
        assert page.evaluate(_REPLACED) == []
        assert violations(page) == []
    finally:
        page.context.close()


# --- Windows of any shape ------------------------------------------------------------------------

SHAPES = ((768, 1024), (1280, 400), (1024, 600), (420, 860))
_PARTS = ".adviz-statements, .adviz-point, .adviz-narration, .adviz-formula, .adviz-pill"
_CONTROLS = ".adviz-transport button, .adviz-transport select, .adviz-transport input"
_HIDDEN = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
    one.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
}).map((one) => one.className || one.tagName)"""
_COVERED = """(selector) => [...document.querySelectorAll(selector)].filter((one) => {
    one.scrollIntoView({ block: 'nearest' });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const found = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return !one.contains(found);
}).map((one) => one.ariaLabel)"""
_LEAVING = """() => [...document.querySelectorAll('.adviz-narration, .adviz-formula')]
    .filter((one) => one.offsetTop + one.offsetHeight > one.parentElement.offsetTop
        + one.parentElement.offsetHeight)
    .map((one) => one.className)"""
_NUMERATORS = """() => {
    const stated = document.querySelector('.adviz-statements');
    const { top } = stated.getBoundingClientRect();
    const parts = [...stated.querySelectorAll('mfrac > :first-child')];
    return stated.scrollTop + stated.scrollHeight - stated.clientHeight === 0
        && parts.every((one) => one.getBoundingClientRect().top > top + 2);
}"""


@pytest.mark.parametrize("film", HALL)
def test_in_no_window_anything_is_cut_off(browser: Any, tmp_path: Path, film: str) -> None:
    adviz.animate(HALL[film]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[0], "light")
    step = page.get_by_label("Step", exact=True)
    last = int(step.get_attribute("max"))
    try:
        for width, height in SHAPES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(50)
            for place in (last // 2, last):
                step.fill(str(place))
                found = [page.evaluate(_HIDDEN, _PARTS), page.evaluate(_COVERED, _CONTROLS)]
                assert [*found, page.evaluate(_LEAVING)] == [[], [], []], (width, height, place)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_header_is_whole(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    adviz.animate(HALL["neuron"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", size, "light")
    try:
        page.keyboard.press("End")
        assert page.evaluate(_NUMERATORS)
        header = page.locator(".adviz-title").inner_text()
        assert "…" not in header and header.count("=") == 1
        assert (
            page.locator(".adviz-inputs").get_by_role("textbox").count() == 7
        )  # the point, as what can be changed
        high = "(found) => found.offsetHeight / innerHeight"
        assert page.locator(".adviz-statements").evaluate(high) <= 0.2
    finally:
        page.context.close()


def test_the_tab_goes_from_the_header_over_the_graph_and_the_table_to_the_transport(
    browser: Any, tmp_path: Path
) -> None:
    adviz.animate(HALL["neuron"]()).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[1], "light")
    try:
        page.keyboard.press("PageDown")
        where = """() => document.activeElement.closest(
            '.adviz-header, .adviz-graph, .adviz-table, .adviz-transport')?.className"""
        seen = []
        for _ in range(24):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(where))
        parts = ["adviz-header", "adviz-graph", "adviz-table", "adviz-transport"]
        assert [part for part in dict.fromkeys(seen) if part] == parts
        rows = page.locator(".adviz-table tr[data-state~=focus]").count()
        before = seen[: seen.index("adviz-transport")]
        assert before.count("adviz-table") == 1 + rows  # and not all rows
    finally:
        page.context.close()
