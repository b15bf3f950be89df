"""The page of a large graph, in which a click opens a part."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from films import chromium

import adviz
from adviz.render.opened import document


def oscillator(x: Any, v: Any) -> Any:
    for _ in range(300):
        v = v - x * 0.01
        x = x + v * 0.01
    return x


SUBJECTS: Mapping[str, Callable[[], Any]] = {
    "a loop": lambda: adviz.reverse(oscillator, {"x": 1, "v": 0}),
    "statements": lambda: "; ".join(f"h{k + 1} = tanh(w*h{k} + b)" for k in range(30)),
    "a small one": lambda: "x*y",
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_part_that_can_be_opened_leads_to_its_own_picture(name: str) -> None:
    page = document(adviz.draw(SUBJECTS[name]()).scene).decode()
    links = re.findall(r'<a class="node [^"]*" href="#(part-[\d-]+)"', page)
    assert len(set(links)) == len(links) == {"a loop": 4, "statements": 30}.get(name, 0)
    assert sorted(links) == sorted(re.findall(r'<section id="(part-[\d-]+)"', page))
    assert "<script" not in page and page.count("://") == page.count("http://www.w3.org/2000/svg")


def test_a_click_opens_a_part(tmp_path: Path) -> None:
    path = tmp_path / "graph.html"
    adviz.draw(SUBJECTS["a loop"]()).save(path)
    with chromium() as opened:
        tab = opened.new_page()
        tab.goto(path.as_uri())
        assert not tab.locator("section:visible").count()
        tab.locator('main > figure [href="#part-4"]').click()
        assert tab.locator("section:visible").get_attribute("id") == "part-4"
        assert "the first of 297 equal blocks" in tab.locator("section:visible svg").inner_html()


def test_a_click_opens_a_part_in_a_film(tmp_path: Path) -> None:
    film = adviz.animate(SUBJECTS["a loop"]())
    film.save(tmp_path / "film.html")
    with chromium() as opened:
        tab = opened.new_page()
        tab.goto((tmp_path / "film.html").as_uri())
        parts = tab.locator("template[data-part]")
        assert parts.count() == len(film.scene.inside) == 4
        tab.locator('.adviz-graph .node[data-node="4"]').click()
        inside = tab.locator(".adviz-card .adviz-inside svg")
        assert "the first of 297 equal blocks" in inside.inner_html()
        assert not tab.locator(".adviz-card [data-node]").count()  # a click there asks for no sum
