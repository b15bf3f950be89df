"""The player as a widget: Python and the page are in step, in whatever shows the notebook."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from films import FILMS, POINT, PRODUCT, chromium, missing

import adviz
from adviz.render import html
from adviz.render.still import still

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="module")
def _anywidget() -> None:
    if find_spec("anywidget") is None:
        missing("anywidget")


def film(name: str = "reverse") -> Any:
    return adviz.animate(FILMS[name]())


# --- In Python ---------------------------------------------------------------------------------


def test_a_widget_begins_as_its_film() -> None:
    widget = adviz.animate(adviz.reverse(PRODUCT, at=POINT), theme="dark").widget()
    assert (widget.step, widget.playing, widget.theme) == (1, False, "dark")
    assert widget.inputs == {"x": 3.0, "y": 2.0}
    assert repr(widget).startswith("<FilmWidget f(x, y) = (x + y)(x − y): 5 nodes")


def test_steps_count_from_the_end_too_and_inputs_may_be_some() -> None:
    widget = film().widget()
    widget.step = -1
    assert widget.step == 12
    widget.inputs = {"x": 4}
    widget.inputs = {"y": -1}
    assert widget.inputs == {"x": 4.0, "y": -1.0}


REFUSED: dict[str, tuple[str, str, Any, str]] = {
    "a step beyond": ("reverse", "step", 13, "step = 13; it is one of 1 to 12, or of -1 to -12"),
    "step 0": ("reverse", "step", 0, "step = 0; it is one of 1 to 12"),
    "a step in words": ("reverse", "step", "7", "expected an int, not the str '7'"),
    "a theme": ("reverse", "theme", "blue", "expected any of"),
    "no such input": ("reverse", "inputs", {"z": 1}, "there is no input 'z'; the inputs are x, y"),
    "an input in words": ("reverse", "inputs", {"x": "4"}, "it must be a real number"),
    "an endless input": ("reverse", "inputs", {"x": float("inf")}, "x = inf is not finite"),
    "inputs of another kind of film": (
        "taylor", "inputs", {"x": 1}, "this film's inputs cannot be changed"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_is_refused_and_nothing_changes(case: str) -> None:
    import traitlets

    name, trait, given, words = REFUSED[case]
    widget = film(name).widget()
    before = getattr(widget, trait)
    with pytest.raises((adviz.AdvizError, traitlets.TraitError)) as error:
        setattr(widget, trait, given)
    assert words in str(error.value)
    assert getattr(widget, trait) == before


def test_without_widgets_the_finished_picture_is_there() -> None:
    made = film()
    data, _ = made.widget()._repr_mimebundle_()
    assert data["text/html"] == still(made.scene)
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "adviz.render.widget", raising=False)
    with pytest.raises(adviz.AdvizError, match=r"needs anywidget; .*'adviz-graph\[notebook\]'"):
        film().widget()


# --- In a page ---------------------------------------------------------------------------------

MODEL = """async ([script, state]) => {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: widget } = await import(address);
    const heard = {};
    window.state = state;
    window.give = (name, value) => { state[name] = value; heard[`change:${name}`]?.(); };
    const model = {
        get: (name) => state[name],
        set: (name, value) => { state[name] = value; heard[`change:${name}`]?.(); },
        on: (event, react) => { heard[event] = react; },
        save_changes: () => {},
    };
    window.end = await widget.render({ model, el: document.querySelector("main") });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@contextmanager
def shown(browser: Any, folder: Path, widget: Any) -> Iterator[Any]:
    """Show a widget in a page whose `state` is the model's, without a kernel."""
    (folder / "widget.html").write_text("<!DOCTYPE html><meta charset=utf-8><main></main>")
    page = browser.new_page(reduced_motion="reduce")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((folder / "widget.html").as_uri())
    page.add_style_tag(content=html.style())
    synced = {name for name in widget.traits(sync=True) if not name.startswith("_view")}
    page.evaluate(MODEL, [html.script(), {name: getattr(widget, name) for name in synced - OTHERS}])
    yield page
    page.close()
    assert complaints == []


OTHERS = {"layout", "tabbable", "tooltip", "_esm", "_css", "comm", "keys"}


def test_a_page_takes_what_the_model_has_and_tells_what_is_done_in_it(
    browser: Any, tmp_path: Path
) -> None:
    widget = film().widget()
    widget.step, widget.inputs = 7, {"x": 4}
    with shown(browser, tmp_path, widget) as page:
        host = page.locator(".adviz")
        assert host.get_attribute("data-step") == "6"
        assert page.locator(".adviz-input input:not([type])").first.input_value() == "4"
        assert page.locator(".adviz-inputs").count() == 1
        page.locator(".adviz-next").click()
        page.locator(".adviz-input input:not([type])").last.fill("5")
        page.locator(".adviz-theme").click()
        assert [page.evaluate(f"state.{name}") for name in ("step", "inputs", "theme")] == [
            8, {"x": 4, "y": 5}, "dark",
        ]  # fmt: skip
        page.evaluate("give('step', 2); give('theme', 'auto'); give('inputs', {x: 1, y: 2})")
        assert (host.get_attribute("data-step"), host.get_attribute("data-theme")) == ("1", None)
        assert page.locator(".adviz-input input:not([type])").first.input_value() == "1"
        page.evaluate("give('playing', true)")
        assert page.locator(".adviz-play").get_attribute("aria-label") == "Pause"
        page.locator(".adviz-play").click()
        assert page.evaluate("state.playing") is False


def test_the_page_computes_what_python_computes_there(browser: Any, tmp_path: Path) -> None:
    widget = film().widget()
    widget.inputs = {"x": 4, "y": -1}
    widget.step = -1
    with shown(browser, tmp_path, widget) as page:
        column = page.locator('.adviz-table td[data-row="adjoint"] .number').all_text_contents()
    assert column == ["8", "2"]
    assert adviz.gradient(PRODUCT, at=widget.inputs) == {"x": 8.0, "y": 2.0}


# --- In a notebook -----------------------------------------------------------------------------

CELLS = (
    f'import adviz\nw = adviz.animate(adviz.reverse("{PRODUCT}", at={POINT})).widget()\nw',
    'w.step = 7\nw.inputs = {"x": 4}',
    'print("heard", w.step, str(w.inputs)[1:])',
)
MARIMO = f"""\
import marimo
app = marimo.App()

@app.cell
def one():
    import adviz
    import marimo as mo
    film = adviz.animate(adviz.reverse("{PRODUCT}", at={POINT}))
    made = film.widget()
    made.step = 7
    made.inputs = {{"x": 4}}
    w = mo.ui.anywidget(made)
    w
    return mo, w

@app.cell
def two(mo, w):
    mo.md(f"heard {{w.step}} {{str(w.inputs)[1:]}}")
    return

app.run() if __name__ == "__main__" else None
"""


@contextmanager
def served(folder: Path, module: str, *options: str) -> Iterator[str]:
    """Run a server in a folder; yields its address once it answers."""
    if find_spec(module) is None:
        missing(module)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "XDG_CONFIG_HOME", "IPYTHONDIR")
    apart = {name: str(folder / "home") for name in places}
    command = [sys.executable, "-m", module, *options, f"--port={port}"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=os.environ | apart | {"PYTHONPATH": str(ROOT)},
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)


def opened(browser: Any, address: str, path: str) -> Any:
    """Return a page of a server that is only about to start."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    for _ in range(120):
        try:
            page.goto(f"{address}{path}")
        except Exception:  # there is nobody yet
            page.wait_for_timeout(250)
        else:
            return page
    raise AssertionError(f"nobody answers at {address}")


def run_all(page: Any) -> None:
    """Run all cells by the menu, which a page that is still being built closes or is deaf to."""
    everything = page.get_by_text("Run All Cells", exact=True)
    first = page.locator(".jp-CodeCell .jp-InputPrompt").first
    for _ in range(20):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.wait_for_timeout(500)
        if everything.is_visible():
            everything.click()
            page.wait_for_timeout(1500)
            if first.inner_text() != "[ ]:":
                return
        page.keyboard.press("Escape")
    raise AssertionError("the cells are not run")


def in_jupyterlab(browser: Any, folder: Path) -> Iterator[tuple[Any, Callable[[], None]]]:
    nbformat: Any = import_module("nbformat")

    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # else it asks
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, folder / "film.ipynb")
    options = ("--no-browser", "--allow-root", "--IdentityProvider.token=")
    with served(folder, "jupyterlab", "--ip=127.0.0.1", *options) as address:
        page = opened(browser, address, "/lab/tree/film.ipynb?reset")
        page.locator(".jp-CodeCell").first.wait_for(timeout=60_000)
        run_all(page)

        def ask() -> None:
            page.locator(".jp-CodeCell").last.locator(".jp-InputArea-editor").click()
            page.keyboard.press("Control+Enter")

        yield page, ask


def in_marimo(browser: Any, folder: Path) -> Iterator[tuple[Any, Callable[[], None]]]:
    (folder / "film.py").write_text(MARIMO, "utf-8")
    with served(folder, "marimo", "--yes", "run", "film.py", "--headless") as address:
        yield opened(browser, address, "/"), lambda: None


HOSTS = {"jupyterlab": in_jupyterlab, "marimo": in_marimo}


@pytest.mark.parametrize("host", HOSTS)
def test_python_and_a_notebook_are_in_step(browser: Any, tmp_path: Path, host: str) -> None:
    for page, ask in HOSTS[host](browser, tmp_path):
        player = page.locator('.adviz[data-step="6"]')
        player.wait_for(timeout=60_000)
        page.locator(".adviz .adviz-input input:not([type])").first.wait_for()
        assert page.locator(".adviz .adviz-input input:not([type])").first.input_value() == "4"
        page.locator(".adviz-next").click()
        page.locator(".adviz .adviz-input input:not([type])").last.fill("5")
        page.wait_for_timeout(500)
        ask()
        page.get_by_text(re.compile(r"heard 8 .x.: 4(\.0)?, .y.: 5")).first.wait_for(timeout=10_000)
        page.close()
