"""The film as a web page or a notebook cell: the figure, the table and the header of the player."""

from __future__ import annotations

from typing import Literal, NamedTuple

from adviz.language import notation
from adviz.render import html
from adviz.render.arrangements import arrangements
from adviz.render.html import TRACE, FilmData, page
from adviz.render.live import Live, live
from adviz.render.packed import packed
from adviz.render.still import still
from adviz.render.style_sheet import styled
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
    film, (figure, beside, head, title), program = _parts(scene)
    made = page(film, figure, beside, head, title, theme, _heading(scene), program.script)
    return made.encode()


class Player(NamedTuple):
    """The player of a film as a piece of a page."""

    host: str
    """The element that the script brings to life; it holds the finished figure and the film."""
    film: FilmData
    program: Live

    @property
    def script(self) -> str:
        """What brings it to life."""
        return html.statements(self.film, self.host, self.program.script)


def player(scene: Scene, *, theme: WebTheme = "auto") -> Player:
    """Return the player of a film."""
    film, (figure, beside, head, title), program = _parts(scene)
    host = html.figure(film, figure, beside, head, title, theme, _heading(scene))
    return Player(host, film, program)


def cell(scene: Scene, *, theme: WebTheme = "auto") -> str:
    """Return the finished picture for an output cell, and the player packed beside it."""
    made = player(scene, theme=theme)
    return packed(still(scene, theme), html.styled(made.host), made.script)


def _heading(scene: Scene) -> str:
    """Return what stands beside the film."""
    return scene.beside.heading if scene.beside else TRACE


def _parts(scene: Scene) -> tuple[FilmData, tuple[str, str, str, str], Live]:
    """Return the film; its finished figure, its table, header, title; and what computes it anew."""
    title = notation.unicode_text(scene.title)
    beside = scene.beside or table(*scene.traces, precision=scene.precision)
    program = live(scene)
    film = {**scene.to_json(), **program.film, "arrangements": arrangements(scene)}
    return film, (styled(scene), beside.html(), header(scene), title), program


def header(scene: Scene) -> str:
    """Return the film's statements and its point as MathML in lines that may break.

    >>> import adviz
    >>> header(adviz.draw("x*y").scene)[:77]
    '<div class="adviz-statements" role="group" aria-label="Formula" tabindex="0">'
    """
    lines = map(notation.flowing, scene.statements or (scene.title,))
    written = "".join(f'<div class="adviz-flow">{line}</div>' for line in lines)
    several = " is-several" * (len(scene.graph.outputs) > 1)
    stated = f'<div class="adviz-statements{several}" {_reached("Formula")}>{written}</div>'
    if scene.point is None:
        return stated
    point = notation.flowing(scene.point, scene.text)
    at = f'<div class="adviz-point adviz-flow" {_reached("Point")}>'
    return f"{stated} {at}<span>at</span> {point}</div>"


def _reached(name: str) -> str:
    """Return the attributes of a part that may scroll, so that keys reach it by its name."""
    return f'role="group" aria-label="{name}" tabindex="0"'
