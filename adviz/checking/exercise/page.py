"""A sheet as a page: the graph, the tables with a field for every blank, and what hands them in.

What is typed stays in the page. It is copied or downloaded as JSON, which `mark` reads; printed,
the fields are lines to write on.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from adviz.checking.exercise import written
from adviz.checking.exercise.listing import in_markup
from adviz.checking.exercise.picture import unfilled
from adviz.language import notation
from adviz.language.data import plain
from adviz.render import webfont
from adviz.render.html import colours
from adviz.render.page import whole_page
from adviz.render.policy import measured
from adviz.render.svg import svg

if TYPE_CHECKING:
    from adviz.checking.exercise.exercise import Exercise

_HOST = ":is(.adviz-exercise, .adviz-exercise-page)"
_BUTTONS = """<p class="hand-in" hidden><button type="button" data-do="download">Download the \
answers</button> <button type="button" data-do="copy">Copy the answers</button> \
<output></output></p>"""


def fragment(sheet: Exercise) -> str:
    """Return a sheet as a piece of a page with its style.

    >>> import adviz
    >>> sheet = adviz.exercise(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    >>> fragment(sheet).count("<input"), fragment(sheet.key()).count("<input")
    (4, 0)
    """
    graph = sheet.trace.graph
    tables = "\n".join(
        section.grid(in_markup(graph), sheet.entries).html("sheet", section.title)
        for section in sheet.sections
    )
    lines = "".join(
        f"<p>{notation.mathml(part, sheet.scene.text)}</p>" for part in written.about(sheet)
    )
    title = written.headline(sheet)
    return (
        f"<style>\n{colours(_HOST)}\n{_asset('exercise.css').strip()}\n</style>\n"
        f'<section class="adviz-exercise" aria-label="Exercise">\n<h2>{escape(title)}</h2>\n'
        '<p class="who"><span>Name</span><span>Date</span></p>\n'
        f'<div class="about">{lines}</div>\n<p>{escape(written.task(sheet))}</p>\n'
        f'{_figure(sheet)}\n<div class="tables">{tables}</div>\n</section>'
    )


def page(sheet: Exercise) -> str:
    """Return a sheet as a page of its own, from which it can be read again.

    >>> import adviz
    >>> page(adviz.exercise(adviz.evaluate("x*y", at={"x": 3, "y": 2})))[:15]
    '<!DOCTYPE html>'
    """
    content = fragment(sheet)
    data = json.dumps(plain(written.document(sheet))).replace("<", "\\u003c")
    title = f"{written.headline(sheet)}: {written.said(sheet)[0]}"
    return whole_page(
        title,
        "adviz-exercise-page",
        f"<style>{webfont.style(content)}</style>\n{content}\n{_BUTTONS}\n"
        f'<script type="application/json" id="sheet">{data}</script>\n'
        f"<script>\n{_asset('exercise.js').strip()}\n</script>",
    )


def _figure(sheet: Exercise) -> str:
    """Return the graph, no larger than it is read best."""
    scene = sheet.scene
    drawn = svg(scene, unfilled(scene), variables=True, background=False)
    sized, sizes = measured({"--natural": f"{scene.layout.width:.0f}px"})
    region = f'class="graph {sized}" role="region" aria-label="Graph" tabindex="0"'
    return f"{sizes}<div {region}>{drawn}</div>"


@cache
def _asset(name: str) -> str:
    return files(__package__ or "").joinpath(name).read_text("utf-8")
