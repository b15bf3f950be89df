"""The fence of Markdown: a formula in a block of its own, as a film, a drawing or a table.

It is a custom fence of SuperFences (PyMdown Extensions), by which MkDocs and Python-Markdown let
others show a block. The options stand in the block's first lines:

    ```adviz
    :at: x=3,y=2
    (x + y)*(x - y)
    ```
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from logging import getLogger
from typing import Any

from adviz.errors import AdvizError
from adviz.plugins.documents import figure, read

_LOGGER = getLogger("mkdocs.adviz")
"""What is said below this name, `mkdocs build --strict` counts."""


def fence(source: str, language: str, css_class: str, options: Any, md: Any, **_: Any) -> str:
    """Return a block as a piece of a page, as SuperFences asks for it.

    What is wrong is logged as a warning, and stands in the page instead.

    >>> fence(":at: x=3,y=2\\n:format: table\\n\\nx*y", "adviz", "adviz", {}, None).count("<table")
    1
    >>> print(fence("x^2", "adviz", "adviz", {}, None))
    <div class="admonition warning adviz-wrong">
    <p>^ is not an operator here (column 2 of the formula); for a power write x**2</p>
    <pre>  x^2
       ^</pre>
    </div>
    """
    try:
        formula, asked = read(source)
        return _framed(figure(formula, asked).html(), asked)
    except AdvizError as error:
        _LOGGER.warning("%s", error)
        first, line_end, place = escape(str(error)).partition("\n")
        below = f"<pre>{place}</pre>\n" if line_end else ""
        return f'<div class="admonition warning adviz-wrong">\n<p>{first}</p>\n{below}</div>'


def _framed(shown: str, asked: Mapping[str, str]) -> str:
    """Return what is shown, with its caption and under its name, if there are any."""
    caption, name = (escape(asked.get(option, "")) for option in ("caption", "name"))
    named = f' id="{name}"' if name else ""
    told = f"\n<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure{named}>\n{shown}{told}\n</figure>" if named or told else shown
