"""The fence of Markdown: what the directive of Sphinx shows, by SuperFences."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from html import unescape
from importlib import import_module

import pytest

from adviz.plugins.documents import figure, read
from adviz.plugins.markdown import fence

PRODUCT = "(x + y)*(x - y)"
TABLE = f":at: x=3,y=2\n:format: table\n\n{PRODUCT}"


def page(text: str) -> str:
    """Return a page as MkDocs makes one."""
    pytest.importorskip("pymdownx", reason="MISSING EXTRA: pymdown-extensions")
    fences = [{"name": "adviz", "class": "adviz", "format": fence}]
    settings = {"pymdownx.superfences": {"custom_fences": fences}}
    markdown = import_module("markdown")
    made: str = markdown.markdown(text, extensions=[*settings], extension_configs=settings)
    return made


def test_a_fence_shows_what_its_formula_and_its_options_ask_for() -> None:
    table = figure(PRODUCT, {"at": "x=3,y=2", "format": "table"}).html()
    assert table in page(f"# Title\n\n```adviz\n{TABLE}\n```\n\nAfter.\n")
    film = figure("a = x*y\nsin(a)/a", {"at": "x=3,y=2"}).html()
    assert film in page("```adviz\n:at: x=3,y=2\na = x*y\nsin(a)/a\n```\n")


def test_a_fence_stands_in_a_list_and_has_its_caption() -> None:
    text = "- In a list:\n\n    ```adviz\n    :caption: A < B\n    :name: one\n    x*y\n    ```\n"
    made = page(text)
    assert '<figure id="one">' in made and "<figcaption>A &lt; B</figcaption>" in made
    assert made.index("<li>") < made.index("<figure") < made.index("</li>")


WRONG: Mapping[str, tuple[str, str]] = {
    "a formula": ("<b>x", "< has nothing on its left"),
    "an option": (":colour: red\nx", "there is no option :colour:; use :format:, :caption:,"),
    "an option twice": (":at: x=1\n:at: x=2\nx", ":at: is given twice"),
    "code": ("os:getcwd", "'os:getcwd' is code, which a document does not run"),
    "nothing": (":at: x=1", "there is no formula; write one"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_a_warning_and_stands_in_the_page(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    text, words = WRONG[case]
    with caplog.at_level(logging.WARNING, "mkdocs"):
        made = fence(text, "adviz", "adviz", {}, None)
    (record,) = caplog.records
    assert record.name.startswith("mkdocs.") and words in record.getMessage()
    assert 'class="admonition warning adviz-wrong"' in made and "<b>" not in made
    assert words in unescape(made)


def test_a_formula_is_what_is_left_when_the_options_are_read() -> None:
    assert read("x = 1\n:at: x") == ("x = 1\n:at: x", {})
    assert read("\n:mode:  both \n\n\n  x*y\n") == ("x*y", {"mode": "both"})
