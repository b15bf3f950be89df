"""What a notebook holds of a noun: each thing once, and a picture whatever cleans it."""

from __future__ import annotations

import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from films import FILMS, POINT, PRODUCT, chromium, missing

import adviz
from adviz.language.outputs import own

_PICTURE = re.compile(r'<img alt="[^"]*" src="data:image/svg\+xml;base64,([^"]*)"')


def pictures(markup: str) -> list[str]:
    return [b64decode(data).decode() for data in _PICTURE.findall(markup)]


def film() -> Any:
    return adviz.animate(FILMS["reverse"]())


NOUNS: dict[str, Callable[[], Any]] = {"film": film, "drawing": lambda: adviz.draw(PRODUCT)}
MOST = {"film": 95_000, "drawing": 15_000}


@pytest.mark.parametrize("noun", NOUNS)
def test_an_output_is_small_and_has_one_picture(noun: str) -> None:
    bundle = NOUNS[noun]()._repr_mimebundle_()
    assert bundle.keys() == {"text/html", "text/plain"}
    assert sum(len(form.encode()) for form in bundle.values()) < MOST[noun]
    (picture,) = pictures(bundle["text/html"])
    assert picture.startswith("<svg") and picture.endswith("</svg>")


FILES = {"image/png": b"\x89PNG", "application/pdf": b"%PDF"}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("noun", NOUNS)
def test_a_file_is_there_where_it_is_asked_for(noun: str, form: str) -> None:
    bundle = NOUNS[noun]()._repr_mimebundle_(include=[form])
    assert bundle.keys() == {form}
    assert b64decode(bundle[form]).startswith(FILES[form])
    assert NOUNS[noun]()._repr_mimebundle_(exclude=["text/html"]).keys() == {"text/plain"}


def test_what_is_packed_is_the_player() -> None:
    shown = film()._repr_html_()
    (packed,) = re.findall(r'atob\("([^"]*)"\)', shown)
    content = zlib.decompress(b64decode(packed)).decode()
    assert 'class=\\"adviz ' in content and "mountAll();" in content
    assert shown == film()._repr_html_()


def test_a_sanitizer_leaves_the_picture_with_its_numbers() -> None:
    if find_spec("bleach") is None:
        missing("bleach")
    bleach: Any = import_module("bleach")

    # what JupyterLab allows in a notebook that is not trusted: no script, style, SVG or MathML
    clean = bleach.clean(
        re.sub(r"(?s)<(script|style)\b.*?</\1>", "", film()._repr_html_()),
        tags={"div", "img", "p", "span", "table"}, protocols={"data"},
        attributes={"*": ["class"], "img": ["alt", "src"]}, strip=True,
    )  # fmt: skip
    (picture,) = pictures(clean)
    told = [re.sub("<[^>]*>", "", text) for text in re.findall("(?s)<text.*?</text>", picture)]
    assert {"6", "−4", "5"} <= {*told}
    assert "script" not in clean and "atob" not in clean


# --- Run and converted -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def executed() -> Any:
    for tool in ("nbclient", "nbconvert"):
        if find_spec(tool) is None:
            missing(tool)
    nbclient, nbformat = map(import_module, ("nbclient", "nbformat"))

    sources = (
        "%load_ext adviz\nimport adviz\n"
        f'film = adviz.animate(adviz.reverse("{PRODUCT}", at={POINT}))',
        "film",
        f"%%adviz draw --at x=3,y=2\n{PRODUCT}",
        'display(film, include=["application/pdf"])',
        "%%adviz --at x=3\nx^2",
    )
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", allow_errors=True
    )
    client.execute()
    return notebook


def converted(notebook: Any, form: str) -> str:
    nbconvert: Any = import_module("nbconvert")

    text, _ = nbconvert.get_exporter(form)().from_notebook_node(notebook)
    return str(text)


def test_magics_show_and_what_is_wrong_is_one_line_without_a_traceback(executed: Any) -> None:
    _, shown, drawn, printed, wrong = (cell.outputs for cell in executed.cells)
    assert [*shown[0]["data"]] == [*drawn[0]["data"]] == ["text/html", "text/plain"]
    by_call = adviz.draw(adviz.reverse(PRODUCT, at=POINT))  # in the colours of the notebook
    assert drawn[0]["data"]["text/html"] == by_call._repr_html_()
    assert [*printed[0]["data"]] == ["application/pdf"]
    said = "".join(output.get("text", "") for output in wrong)
    assert said.startswith("UsageError: ^ is not an operator here (column 2 of the formula)")
    assert "Traceback" not in said


@pytest.mark.parametrize(("form", "count"), [("html", 2), ("markdown", 2)])
@pytest.mark.filterwarnings("ignore:Your element")  # a picture that only LaTeX takes
def test_a_converted_notebook_has_its_pictures(executed: Any, form: str, count: int) -> None:
    assert len(pictures(converted(executed, form))) == count


def test_a_notebook_becomes_latex_without_inkscape(executed: Any) -> None:
    assert ".pdf" in converted(executed, "latex")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.mark.filterwarnings("ignore:Your element")
def test_a_converted_film_plays_and_without_scripts_is_seen(
    executed: Any, browser: Any, tmp_path: Path
) -> None:
    (tmp_path / "notebook.html").write_text(converted(executed, "html"), "utf-8")
    for plays in (True, False):
        context = browser.new_context(java_script_enabled=plays, offline=True)
        page = context.new_page()
        page.goto((tmp_path / "notebook.html").as_uri(), wait_until="commit")
        seen = page.locator(".adviz[data-step]" if plays else ".adviz-cell img").first
        seen.wait_for()
        assert seen.bounding_box()["height"] > 100
        context.close()


def test_tables_have_their_own_looks_in_a_host_with_others(browser: Any) -> None:
    page = browser.new_page()
    lab = """
    .jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th { text-align: right; padding: 9px; }
    .jp-RenderedHTMLCommon tbody tr:nth-child(odd) { background: red; }
    """
    nouns = [adviz.table(FILMS["reverse"]()), adviz.compare("x*y"), adviz.check("x*y", points=3)]
    shown = "".join(noun._repr_html_() for noun in nouns)  # type: ignore[attr-defined]  # they have it
    page.set_content(f"<div class=jp-RenderedHTMLCommon>{shown}</div><style>{lab}</style>")
    looks = page.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [getComputedStyle(row).backgroundColor,"
        " getComputedStyle(row.cells[0]).textAlign])"
    )
    assert {*map(tuple, looks)} == {("rgba(0, 0, 0, 0)", "left")}
    page.close()


def test_rules_are_made_stronger_only_where_they_begin_at_the_class() -> None:
    assert own(".a td{} .a-b td{}", "a") == ":is(#adviz, .a) td{} .a-b td{}"
