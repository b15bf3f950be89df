"""A page of its own around some content: no script, the reader's own theme."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import Any

from adviz.render import webfont
from adviz.render.html import colours
from adviz.render.policy import protected
from adviz.render.svg import printable

_TABLE = "adviz-table-page"


def whole_page(title: str, kind: str, content: str) -> str:
    """Return a page of its own with some content, whose body is of a class.

    >>> whole_page("x < y", "small", "<p>...</p>").count("x &lt; y")
    1
    """
    return protected(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(printable(title))}</title>\n"
        '<link rel="icon" href="data:,">\n</head>\n'
        f'<body class="{kind}">\n{content}\n</body>\n</html>'
    )


def table_page(noun: Any) -> str:
    """Return a noun that is a table as a page, whose title is what the noun calls itself.

    >>> import adviz
    >>> table_page(adviz.sparsity("x*y")).count("<title>Sparsity of a jacobian: 2 of 1×2</title>")
    1
    """
    rules = files(__package__ or "").joinpath("page.css").read_text("utf-8").strip()
    style = f"<style>\n{colours(f'.{_TABLE}')}\n{rules}\n</style>"
    table = noun.html()
    faces = f"<style>{webfont.style(table)}</style>\n" if "<math" in table else ""
    return whole_page(repr(noun).strip("<>"), _TABLE, f"{faces}{style}\n{table}")
