"""An elimination in a page: what the script makes of another order is what Python makes of it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from films import chromium, in_node

import adviz
from adviz.language.numerals import full, short
from adviz.render.html import _data
from adviz.scene.scene import Scene

NAUMANN = {"p": "cos(x*sin(x*y))", "q": "x*sin(x*y)/y"}
LIGHTHOUSE = {"y1": "nu*tan(w*t)/(g - tan(w*t))", "y2": "g*(nu*tan(w*t)/(g - tan(w*t)))"}
FUNCTIONS: dict[str, tuple[Any, dict[str, float]]] = {
    "one output": ("(x + y)*(x - y)", {"x": 3, "y": 2}),
    "two outputs": (NAUMANN, {"x": 1, "y": -2}),
    "a copy": (LIGHTHOUSE, {"nu": -1.5, "w": 0.5, "t": 1.2, "g": 2}),
    "tiny and huge": ("a = x*1e-9; b = a*1e300; sin(b*1e-291)*a", {"x": 0.3}),
    "no vertex": ("x + y", {"x": 3, "y": 2}),
}
MOST = 24
"""The most orders of one function."""


def orders(vertices: tuple[int, ...]) -> list[tuple[int, ...]]:
    every = [*permutations(vertices)]
    return every if len(every) <= MOST else random.Random(0).sample(every, MOST)


def film(title: str, order: Any = "forward") -> Scene:
    return adviz.animate(adviz.eliminate(*FUNCTIONS[title], order)).scene


def data(scene: Scene) -> Any:
    return json.loads(json.dumps(scene.to_json()))


@pytest.mark.parametrize("title", FUNCTIONS)
def test_the_page_s_own_frames_are_those_of_python(title: str, tmp_path: Path) -> None:
    start = adviz.eliminate(*FUNCTIONS[title]).linearized
    place = {vertex: place for place, vertex in enumerate(start.vertices)}
    asked = orders(start.intermediates)
    clicks = [[place[vertex] for vertex in order] for order in asked]
    made = in_node(
        tmp_path,
        f"const film = player.writtenOut({_data(film(title).to_json())});\n"
        f"const made = {clicks}.map((order) => player.inOrder(film, order));\n"
        "console.log(JSON.stringify(made));",
    )
    for order, found in zip(asked, made, strict=True):
        expected = data(film(title, list(order)))
        assert found["frames"] == expected["frames"]
        assert {key: found["numbers"][key] for key in expected["numbers"]} == expected["numbers"]


def test_a_click_takes_a_vertex_next_and_leaves_the_rest_in_order(tmp_path: Path) -> None:
    made = in_node(
        tmp_path,
        f"const film = {json.dumps(data(film('a copy')))};\n"
        "const order = (film) => film.frames.flatMap(({ gone }) => gone);\n"
        "const next = player.eliminatedNext(film, 1, 8);\n"
        "const later = player.eliminatedNext(next, 2, 7);\n"
        "console.log(JSON.stringify([film, next, later].map(order)));",
    )
    assert made == [[3, 4, 5, 7, 8], [3, 8, 4, 5, 7], [3, 8, 7, 4, 5]]


NUMBERS = [
    0.0, -0.0, 1.0, -2.0, 0.1, 1 / 3, -1 / 3, 100000.5, 100001.5, 999999.5, 123456.7, 1e6,
    1e-4, 9.9999949e-5, 9.9999951e-5, 1e-5, -1.5e-7, 1e15, 1e16, 1e17, 123456789012345680.0, 2e21,
    5e-324, 1.7976931348623157e308, -1e300, 2.5, 1.234565e-4, 1e22, 0.5, 65536.25, 1048576.5,
    1234567.5, float("inf"), float("-inf"), float("nan"),
    *(random.Random(k).uniform(-10, 10) * 10.0 ** (k - 25) for k in range(50)),
]  # fmt: skip


def test_numbers_are_shown_as_python_shows_them(tmp_path: Path) -> None:
    texts = json.dumps([repr(number) for number in NUMBERS])
    made = in_node(
        tmp_path,
        "const words = { inf: Infinity, '-inf': -Infinity, nan: NaN };\n"
        f"const numbers = {texts}.map((text) => words[text] ?? Number(text));\n"
        "console.log(JSON.stringify(numbers.map((x) => [player.short(x), player.full(x)])));",
    )
    for number, (few, all_) in zip(NUMBERS, made, strict=True):
        assert few == short(number)
        assert all_ == full(number)


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The film of two outputs in a browser; it must complain of nothing."""
    path, complaints = tmp_path / "film.html", list[str]()
    adviz.animate(adviz.eliminate(*FUNCTIONS["two outputs"])).save(path)
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1500, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert complaints == []


def counted(page: Any) -> str:
    return str(page.inner_text(".adviz-narration")).partition("so far: ")[2]


def seen(page: Any) -> int:
    """Return how many edges can be seen."""
    visible = "all => all.filter(x => getComputedStyle(x).opacity > 0).length"
    return int(page.locator(".adviz-graph .edge:has(.curve)").evaluate_all(visible))


def test_clicks_eliminate_with_a_live_count(opened: Any) -> None:
    names = {text: node for node, text in enumerate(["x", "y", "v1", "v2", "v3", "p", "q"])}
    assert seen(opened) == 8
    for vertex, count, edges in (("v2", "1; fill-in: 1", 7), ("v3", "5; fill-in: 5", 7)):
        opened.click(f'.adviz-graph [data-node="{names[vertex]}"]')
        assert counted(opened) == count and seen(opened) == edges
    opened.click(f'.adviz-table [data-node="{names["v1"]}"]')
    assert seen(opened) == 4 and counted(opened).startswith("9; ")
    opened.click(f'.adviz-graph [data-node="{names["v1"]}"]')  # which is gone
    assert opened.get_attribute(".adviz", "data-step") == "3"
    paid = opened.locator('.adviz-table [data-row="paid"]').all_inner_texts()
    assert paid == ["4", "1", "4"]


def test_a_vertex_can_be_eliminated_without_a_mouse(opened: Any) -> None:
    found = opened.get_by_role("button", name="Eliminate v₂")
    found.focus()
    opened.keyboard.press("Enter")
    assert counted(opened) == "1; fill-in: 1"


def test_going_back_brings_vertices_and_edges_back(opened: Any) -> None:
    opened.keyboard.press("End")
    assert seen(opened) == 4
    opened.keyboard.press("Home")
    assert seen(opened) == 8
    assert opened.locator('.adviz-graph .node[data-state~="gone"]').count() == 0


@pytest.mark.parametrize("digits", [None, 30])
def test_only_floats_can_be_clicked(digits: int | None) -> None:
    found = adviz.eliminate(*FUNCTIONS["two outputs"], digits=digits)
    assert bool(adviz.animate(found).scene.clicks) == (digits is None)
