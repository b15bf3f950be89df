"""A film on paper: legible, its table whole, and nothing of the page's controls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from films import chromium, in_node, until
from hall import HALL, SIZES, opened
from pypdf import PdfReader

import adviz

LEAST_TEXT = 6.9
"""The smallest text of a figure on paper, in points."""
OMITTED = "The graph takes {} sheets of paper; its numbers are in the table."
SHEETS = {"running example": 1, "chain": 1, "network": 2, "Black-Scholes": 3, "random": 6}
"""The sheets that a figure takes; none where it would be too many."""
_LETTERS = """() => [...document.querySelectorAll('.adviz-graph > svg')]
    .filter((one) => one.checkVisibility())
    .map((one) => Math.min(...[...one.querySelectorAll('.node text, .chip text')].map((text) =>
        Math.max(...[text, ...text.children].map((run) =>
            parseFloat(getComputedStyle(run).fontSize))) * text.getScreenCTM().a)))"""
_PLACES = """JSON.stringify([...document.querySelectorAll('.adviz-graph svg .node')].map((one) => {
    const { left, top } = one.getBoundingClientRect();
    return [Math.round(left), Math.round(top)];
}))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened_browser:
        yield opened_browser


@pytest.mark.parametrize("film", SHEETS)
def test_a_film_is_legible_on_paper(browser: Any, tmp_path: Path, film: str) -> None:
    trace = HALL[film]()
    adviz.animate(trace).save(tmp_path / "film.html")
    page = opened(browser, tmp_path / "film.html", SIZES[1], "dark")
    try:
        before = page.evaluate(_PLACES)
        content = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom"), "12mm"))
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 718, "height": 1000})
        page.wait_for_timeout(100)
        letters = page.evaluate(_LETTERS)
        assert len(letters) == SHEETS[film]
        assert all(0.75 * size >= LEAST_TEXT for size in letters)
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": SIZES[1][0], "height": SIZES[1][1]})
        until(page, f"{_PLACES} === {json.dumps(before)}")
    finally:
        page.context.close()
    pages = [one.extract_text() for one in PdfReader(BytesIO(content)).pages]
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert OMITTED.partition("{}")[2] not in text
    assert " at " in f" {text}" and "Evaluation trace" in text and "step 1" not in text
    for one in pages[1:]:
        assert "adjoint" in one or "input" not in one  # the head is on every page of the table
    numbers = re.findall(r"−?\d+\.\d{3,}", adviz.table(trace).markdown())
    assert numbers or film == "running example"
    assert {number for number in numbers if number not in text} == set()


def cut(folder: Path, cases: list[Any]) -> list[list[float]]:
    program = f"console.log(JSON.stringify({json.dumps(cases)}.map((c) => player.cuts(...c))));"
    found: list[list[float]] = in_node(folder, program)
    return found


def test_a_figure_is_cut_between_its_nodes(tmp_path: Path) -> None:
    rows = [[100 * k + 10, 100 * k + 60] for k in range(30)]
    wide, crowd = [[0, 1000]], [[0, 100], [40, 95], [70, 150]]
    cases = [[90, 100, []], [3000, 430, rows], [1000, 300, wide], [150, 90, crowd]]
    whole, many, solid, fewest = cut(tmp_path, cases)
    assert fewest == [0, 70, 150]  # through two spans, and not three
    assert whole == [0, 90] and solid == [0, 300, 600, 900, 1000]
    assert many[0] == 0 and many[-1] == 3000
    assert all(0 < end - start <= 430 for start, end in pairwise(many))
    assert all(at <= start or at >= end for at in many for start, end in rows)
    assert len(many) == 9  # no more sheets than are needed
