"""A comparison as a piece of a page, and as a page: no script, the reader's own theme."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from adviz.comparison.views import columns, exactly, notes, shown, title
from adviz.language.outputs import own
from adviz.render.html import colours
from adviz.render.page import whole_page
from adviz.render.svg import printable

if TYPE_CHECKING:
    from adviz.comparison.comparison import Comparison, Row

_HOST = ":is(.adviz-comparison, .adviz-comparison-page)"


def fragment(comparison: Comparison) -> str:
    """Return a comparison as one element with its style; every number has all its digits on it.

    >>> import adviz
    >>> fragment(adviz.compare("x*y")).count("<tr")
    11
    """
    rules = files(__package__ or "").joinpath("comparison.css").read_text("utf-8").strip()
    style = own(f"{colours(_HOST)}\n{rules}", "adviz-comparison")
    heads = "".join(
        f'<th scope="col" title="{_text(c.meaning)}">{_text(c.heading)}</th>'
        for c in columns(comparison)
    )
    body = "\n".join(_html_row(comparison, row) for row in comparison.rows)
    said = "".join(f"<li>{_text(note)}</li>" for note in notes(comparison))
    return (
        f"<style>\n{style}\n</style>\n"
        '<section class="adviz-comparison" aria-label="Comparison">\n'
        f"<h2>{_text(title(comparison))}</h2>\n"
        '<div role="region" aria-label="Costs" tabindex="0"><table>\n'
        f'<thead><tr><th scope="col">way</th>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>\n"
        + (f"<ul>{said}</ul>\n" if said else "")
        + "</section>"
    )


def _html_row(comparison: Comparison, row: Row) -> str:
    numbers = [column.number(comparison, row) for column in columns(comparison)]
    inside = "".join(f'<td title="{exactly(n)}">{_text(shown(n))}</td>' for n in numbers)
    left_out = ' class="left-out"' if row.note else ""
    return f'<tr{left_out}><th scope="row">{_text(row.way)}</th>{inside}</tr>'


def page(comparison: Comparison) -> str:
    """Return a comparison as a page of its own."""
    return whole_page(title(comparison), "adviz-comparison-page", fragment(comparison))


def _text(text: str) -> str:
    """Return any text as markup in which nothing of it is."""
    return escape(printable(text))
