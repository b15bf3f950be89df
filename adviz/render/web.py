"""The film as a web page or a notebook cell: the figure, the table and the header of the player."""

from __future__ import annotations

from typing import Any, Literal

from adviz.language import notation
from adviz.render.html import TRACE, fragment, page
from adviz.render.style_sheet import styled
from adviz.render.svg import svg
from adviz.scene.scene import Scene
from adviz.scene.table import table

WebTheme = Literal["auto", "light", "dark"]


def document(scene: Scene, *, theme: WebTheme = "auto") -> bytes:
    """Return the film as one self-contained page.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> document(stage(adviz.reverse("x*x", at={"x": 3})))[:15]
    b'<!DOCTYPE html>'
    """
    return page(*_parts(scene, styled(scene)), theme, _heading(scene)).encode()


def cell(scene: Scene, *, theme: WebTheme = "auto") -> str:
    """Return the player for an output cell.

    Where a notebook takes scripts and styles away the finished picture stays, so it has its looks
    as attributes.
    """
    figure = svg(scene, variables=True, background=False)
    return fragment(*_parts(scene, figure), theme, _heading(scene))


def _heading(scene: Scene) -> str:
    """Return what stands beside the film."""
    return scene.beside.heading if scene.beside else TRACE


def _parts(scene: Scene, figure: str) -> tuple[dict[str, Any], str, str, str, str]:
    """Return the film, its finished figure, its table, its header, and its title as plain text."""
    title = notation.unicode_text(scene.title)
    beside = scene.beside or table(*scene.traces, precision=scene.precision)
    return scene.to_json(), figure, beside.html(), header(scene), title


def header(scene: Scene) -> str:
    """Return the film's formula and point as MathML.

    >>> import adviz
    >>> header(adviz.draw("x*y").scene).startswith("<math")
    True
    """
    formula = notation.mathml(scene.title)
    if scene.point is None:
        return formula
    return f"{formula} <span>at</span> {notation.mathml(scene.point, scene.text)}"
