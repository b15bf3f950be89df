"""How a film becomes a web page: the finished figure, its table, and the player that moves them.

Everything is in the one text: style, script, font and data, so a page works from a file and
without a network. Without JavaScript the finished figure, header and table stand there.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

_FONT = "stix-two-math-subset.woff2"
_STACKED_FROM = {"is-medium": 520, "is-wide": 880}
_FLOWS = {
    "value": ("data flow", "v", ""),
    "tangent": ("tangent", "v", "˙"),
    "adjoint": ("adjoint", "v", "¯"),
}


def page(film: Mapping[str, Any], svg: str, table_html: str, header_html: str, title: str) -> str:
    """Return a self-contained page that plays a film.

    `film` is the scene's JSON; `svg`, `table_html` and `header_html` are markup that is already
    escaped (the figure of the finished film, its evaluation trace, its formula and point).
    `title` is plain text. The same film gives the same bytes.
    """
    player = fragment(film, svg, table_html, header_html, title)
    return _template("page.html").substitute(
        title=escape(title), page_style=_asset("page.css").strip(), fragment=player.strip()
    )


def fragment(
    film: Mapping[str, Any], svg: str, table_html: str, header_html: str, title: str
) -> str:
    """Return the same player as a piece of a page, for the output cell of a notebook.

    It carries its own style and script; several of them share a page without interfering, and
    where scripts are removed the finished figure stays.
    """
    return _template("fragment.html").substitute(
        figure=figure(film, svg, table_html, header_html, title),
        style=_style(),
        script=_asset("player.js").strip(),
        font=font(),
    )


def figure(
    film: Mapping[str, Any], svg: str, table_html: str, header_html: str, title: str
) -> str:
    """Return only the element that the script brings to life: the figure and the film in it."""
    width = _width(svg)
    bounds = [name for name, least in _STACKED_FROM.items() if width > least]
    return _template("figure.html").substitute(
        classes=" ".join(["adviz", *bounds[-1:]]),
        title=escape(title, quote=True),
        header=header_html,
        legend=_legend(film),
        width=f"{width:g}",
        svg=svg,
        table=table_html,
        film=_data(film),
    )


@cache
def font() -> str:
    """Return the font of the formulas, a WOFF2 file in base64, for the script's `useFont`."""
    return b64encode(files(__package__).joinpath("player", _FONT).read_bytes()).decode("ascii")


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath("player", name).read_text(encoding="utf-8")


def _template(name: str) -> Template:
    return Template(_asset(name))


def _data(film: Mapping[str, Any]) -> str:
    """Return a film as JSON that no script element can be closed or commented out by."""
    text = json.dumps(film, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _width(svg: str) -> float:
    """Return the natural width of a figure in pixels, as its first tag gives it."""
    match = re.match(r'[^>]*?\swidth="([\d.]+)', svg[svg.index("<svg") :])
    return float(match[1]) if match else 640.0
