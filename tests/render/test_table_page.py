"""The page of a table: its columns stand as they do in every other medium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from films import chromium

import adviz


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = tmp_path_factory.mktemp("table") / "table.html"
    adviz.table(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).save(path)
    with chromium() as browser:
        opened = browser.new_page()
        opened.goto(path.as_uri())
        yield opened


ALIGNED = {"node": "left", "formula": "left", "value": "right", "adjoint": "right"}


@pytest.mark.parametrize("row", ["thead tr", "tbody tr:first-child", "tbody tr:last-child"])
def test_formulas_stand_left_and_numbers_right(page: Any, row: str) -> None:
    cells = page.locator(f"table.trace {row} > *").all()
    found = [cell.evaluate("cell => getComputedStyle(cell).textAlign") for cell in cells]
    assert found == [*ALIGNED.values()]
    assert page.locator("thead th").all_text_contents() == [*ALIGNED]
