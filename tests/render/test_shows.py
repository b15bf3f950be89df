"""Every noun shows itself: on one short line at a prompt, as a picture in a notebook's page."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

import adviz
from adviz.render.adaptive import HOSTS, adaptive
from adviz.render.png import rasterised
from adviz.render.roles import ROLES, Theme

PRODUCT = "(x + y)*(x - y)"
POINT = {"x": 3, "y": 2}
CROWD = {f"{'long' * 30}_{k}": k / 7 for k in range(40)}
"""Many inputs with long names."""

NOUNS: dict[str, Callable[[Any], Any]] = {
    "Graph": lambda t: t.graph,
    "Trace": lambda t: t,
    "Drawing": adviz.draw,
    "Animation": adviz.animate,
    "Scene": lambda t: adviz.draw(t).scene,
    "Table": adviz.table,
    "Kernel": lambda t: adviz.compile(t.graph, "jacobian"),
    "Report": lambda t: adviz.check(t.graph, points=2),
}
LINES = {
    "Graph": "<Graph (x, y) -> f: 5 nodes>",
    "Trace": "<Trace reverse at x = 3.0, y = 2.0: f = 5.0>",
    "Drawing": "<Drawing f(x, y) = (x + y)(x − y): 5 nodes, 11 frames>",
    "Animation": "<Animation f(x, y) = (x + y)(x − y): 5 nodes, 12 frames>",
    "Scene": "<Scene f(x, y) = (x + y)(x − y): 5 nodes, 11 frames>",
    "Table": "<Table: 5 rows of node, formula, value, adjoint>",
    "Kernel": "<Kernel jacobian(x, y): native>",
    "Report": "<Report: all 2 derivatives agree at 2 points>",
}
TRACES: dict[str, Callable[[], Any]] = {
    "arrays": lambda: adviz.reverse(PRODUCT, at={"x": np.linspace(0, 1, 10**5), "y": 2}),
    "many inputs": lambda: adviz.evaluate("+".join(CROWD), at=CROWD),
    "many outputs": lambda: adviz.evaluate(
        {f"{'wide' * 30}_{k}": f"x*{k}" for k in range(40)}, at={"x": 1 / 3}
    ),
    "many digits": lambda: adviz.reverse("exp(x)", at={"x": 1}, digits=500),
}


@pytest.fixture(scope="module")
def trace() -> Any:
    return adviz.reverse(PRODUCT, at=POINT)


# --- At a prompt -------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_says_on_one_line_what_it_is(trace: Any, noun: str) -> None:
    assert repr(NOUNS[noun](trace)).replace("python", "native") == LINES[noun]


@pytest.mark.parametrize("made", TRACES)
def test_the_line_stays_short(made: str) -> None:
    trace = TRACES[made]()
    nouns = [
        trace,
        trace.graph,
        adviz.draw(trace),
        adviz.table(trace),
        adviz.compile(trace.graph, "jacobian"),
    ]
    for line in map(repr, nouns):
        assert "\n" not in line and len(line) <= 400


def test_what_is_left_out_is_counted() -> None:
    crowd = TRACES["many inputs"]()
    assert "… 34 more) -> f: 79 nodes>" in repr(crowd.graph)
    assert ", … 36 more: f = " in repr(crowd)
    assert "… 34 more): " in repr(adviz.compile(crowd.graph))
    assert repr(crowd.values).endswith(", … 67 more}")


def test_the_numbers_of_a_trace_are_shown_while_they_are_few(trace: Any) -> None:
    assert repr(trace.adjoints) == "{x: 6.0, y: -4.0, v1: 1.0, v2: 5.0, v3: 1.0}"
    assert repr(trace.partials) == repr(dict(trace.partials))
    assert repr(trace.steps) == repr(tuple(trace.steps))
    crowd = TRACES["many inputs"]()
    assert repr(crowd.steps) == "<Steps: 79 events of a sweep>"
    assert repr(crowd.partials) == "<Partials of a sweep in 79 steps>"


def test_the_line_of_a_large_trace_reads_only_what_it_shows() -> None:
    crowd = TRACES["many inputs"]()
    for noun in (crowd, crowd.graph, crowd.steps, crowd.partials):
        assert len(repr(noun)) < 400
    assert not {"symbols", "text"} & vars(crowd.graph).keys()
    assert "_known" not in vars(crowd.partials)


# --- In a notebook -----------------------------------------------------------------------------


def test_a_fresh_notebook_shows_pictures(trace: Any) -> None:
    nbformat = pytest.importorskip("nbformat", reason="MISSING TOOL: nbformat makes the notebook")
    nbclient = pytest.importorskip("nbclient", reason="MISSING TOOL: nbclient runs the notebook")
    cells = [
        'import adviz; adviz.build("(x + y)*(x - y)")',
        'adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})',
        'adviz.build("+".join(["x"]*1000))',
        'adviz.evaluate("+".join(["x"]*1000), at={"x": 1})',
    ]
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=code)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [[output["data"] for output in cell.outputs] for cell in notebook.cells]
    assert shown == [
        [{"text/html": adviz.draw(noun)._repr_html_(), "text/plain": repr(noun)}]
        for noun in (trace.graph, trace)
    ] + [
        [{"text/plain": "<Graph (x) -> f: 1000 nodes>"}],
        [{"text/plain": "<Trace evaluate at x = 1.0: f = 1000.0>"}],
    ]


def pictured(shown: str) -> str:
    """Return the picture in what a notebook shows."""
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]*)"', shown)
    assert data
    return b64decode(data[1]).decode()


def test_a_theme_of_one_s_own_holds_in_a_notebook_too(trace: Any) -> None:
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        shown = pictured(adviz.draw(trace, theme=theme)._repr_html_())
        assert ROLES["page"][themes.index(theme)] in shown and "light-dark" not in shown


def test_files_are_light_unless_asked_otherwise(trace: Any) -> None:
    assert adviz.draw(trace).svg() == adviz.draw(trace, theme="light").svg()
    assert "light-dark" not in adviz.draw(trace).svg()


def test_the_bundle_of_a_large_picture_is_bounded() -> None:
    whole = adviz.draw("+".join(f"sin(x{k})*y" for k in range(16)), boxes=100)
    bundle = whole._repr_mimebundle_(include=["image/png"])
    assert bundle.keys() == {"image/png"}
    still = Image.open(BytesIO(b64decode(bundle["image/png"])))
    assert 3_900_000 < still.width * still.height <= 4_010_000


# --- The colours of the page -------------------------------------------------------------------


def test_a_light_colour_tells_its_role() -> None:
    assert len({role.light for role in ROLES.values()}) == len(ROLES)


def test_without_its_style_the_picture_is_that_of_a_file(trace: Any) -> None:
    shown = pictured(adviz.draw(trace)._repr_html_())
    plain = re.sub("<style>.*</style>", "", shown)
    assert rasterised(plain, 1e5, 1) == rasterised(adviz.draw(trace).svg(), 1e5, 1)
    assert len(shown) - len(plain) < 2_000


def test_a_converter_that_knows_no_themes_draws_the_light_picture(trace: Any) -> None:
    picture = adviz.draw(trace).svg()
    assert rasterised(adaptive(picture), 1e5, 1) == rasterised(picture, 1e5, 1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if importlib.util.find_spec("playwright") is None or (path is None and "CI" not in os.environ):
        pytest.skip("PLAYWRIGHT OR CHROMIUM IS NOT INSTALLED: no page was looked at")
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


def marked(selector: str) -> str:
    """Return the attributes of `html` or `body` that a host's selector looks for, as a script."""
    element = "documentElement" if selector.startswith("html") else "body"
    name, value = re.fullmatch(r"(?:html|body)?[.\[]([\w-]+)=?(\w*)\]?", selector).groups()  # type: ignore[union-attr]  # every host's selector is of this form
    pair = (name, value) if value else ("class", name)
    return "document.{}.setAttribute({!r}, {!r})".format(element, *pair)


def ground(page: Any) -> str:
    """Return the colour in the corner of the picture, as it is seen."""
    box = page.locator("img").first.bounding_box()
    clip = {"x": box["x"] + 4, "y": box["y"] + 4, "width": 4, "height": 4}
    seen = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
    return f"#{seen.tobytes()[:3].hex().upper()}"


def page_with(browser: Any, picture: str, system: str, scheme: str = "") -> Any:
    page = browser.new_context(color_scheme=system).new_page()
    html = f"<!DOCTYPE html><html style='color-scheme: {scheme or 'normal'}'><body>{picture}"
    page.set_content(html)
    page.locator("img").first.wait_for()
    return page


@pytest.fixture(scope="module")
def picture(trace: Any) -> str:
    return adviz.draw(trace)._repr_html_()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("host", HOSTS)
def test_inside_a_page_the_picture_is_of_its_theme(
    browser: Any, picture: str, host: str, theme: str
) -> None:
    system = "dark" if theme == "light" else "light"  # which the host's own theme overrules
    page = page_with(browser, picture, system)
    page.evaluate(marked(getattr(HOSTS[host], theme)))
    assert ground(page) == getattr(ROLES["page"], theme)
    page.context.close()


@pytest.mark.parametrize(
    ("scheme", "system", "theme"),
    [
        ("light dark", "light", "light"),
        ("light dark", "dark", "dark"),
        ("dark", "light", "dark"),
        ("light", "dark", "light"),
    ],
)
def test_the_scheme_of_a_page_is_followed(
    browser: Any, picture: str, scheme: str, system: str, theme: str
) -> None:
    page = page_with(browser, picture, system, scheme)
    assert ground(page) == getattr(ROLES["page"], theme)
    page.context.close()


def test_on_a_page_that_knows_no_dark_theme_the_picture_is_light(
    browser: Any, picture: str
) -> None:
    page = page_with(browser, picture, "dark")
    assert ground(page) == ROLES["page"].light
    page.context.close()
