"""The film as a slide of reveal.js, whose fragments are the steps; alone it is a deck.

The library stands in the deck as it is published (version 5.2.1, MIT), so that the one file plays
wherever it lies, and makes no request.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template
from typing import Any, NamedTuple

from adviz.language.asked import truth
from adviz.render import terse, webfont
from adviz.render.film.asked import asked
from adviz.render.film.compose import DIMMED, composer
from adviz.render.film.placing import placed
from adviz.render.html import colours
from adviz.render.policy import protected
from adviz.render.roles import ROLES
from adviz.render.shapes import Picture, Rect, Shape
from adviz.render.slides.fragments import fragment, seen
from adviz.render.slides.step import Slide, slides
from adviz.render.style_sheet import Sheet
from adviz.render.svg import SANS, number, printable, shape_markup
from adviz.render.web import WebTheme
from adviz.scene.geometry import Box, Position
from adviz.scene.scene import Scene

_FILES = files("adviz.render") / "slides"
_HOST = "adviz-deck"


def reveal(
    scene: Scene,
    *,
    theme: WebTheme = "auto",
    size: Any = None,
    font_size: Any = None,
    show: Any = None,
    standalone: bool = True,
) -> bytes:
    """Return a film as a deck, or if that is not to stand alone, as a section for another deck.

    Both are composed for a slide of a size, 1280 × 720 unless given. Raises FormatError for a
    size, letters or parts that there are not.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    >>> reveal(film.scene, standalone=False)[:28]
    b'<section class="adviz-deck d'
    """
    alone = truth("standalone", standalone)
    wanted = asked(size="720p" if size is None else size, font_size=font_size, show=show)
    shown = slides(composer(scene, wanted))
    return (deck(shown, theme) if alone else section(shown, theme)).encode()


def deck(shown: list[Slide], theme: WebTheme) -> str:
    """Return slides as a page of its own, which may do what it does, and nothing else."""
    first = shown[0].picture
    sides = {"width": int(first.width), "height": int(first.height)}
    return protected(
        _template("deck.html").substitute(
            title=escape(printable(first.title)),
            library=_asset("reveal/reveal.css"),
            style=terse.style(f"{_colours(':root', theme)}\n{_asset('deck.css')}"),
            section=section(shown, theme),
            script=_asset("reveal/reveal.js"),
            settings=json.dumps(_SETTINGS | sides),
            **sides,
        )
    )


def section(shown: list[Slide], theme: WebTheme) -> str:
    """Return slides as one section in which each is a fragment, with its looks and its notes."""
    sheet, made = Sheet(bare=True), layers(shown)
    picture = _picture(shown[0].picture, "".join(one.markup(sheet) for one in made), sheet)
    name = f"d{sha256(picture.encode()).hexdigest()[:8]}"
    drawn = sheet.style.removeprefix("<style>").removesuffix("</style>")
    own = "\n".join(rule for one in made for rule in one.rules(f".{name}"))
    looks = f"{_colours(f'.{name}', theme)}\n.{name} {{ {drawn} }}\n{_asset('section.css')}\n{own}"
    return printable(
        _template("section.html").substitute(
            classes=f"{_HOST} {name}",
            style=terse.style(looks),
            faces=webfont.style(picture),
            title=escape(shown[0].picture.title),
            first=escape(shown[0].notes),
            said="\n".join(_said(k, slide) for k, slide in enumerate(shown[1:])),
            picture=picture,
        )
    )


def _said(index: int, slide: Slide) -> str:
    """Return what is said with a fragment: by a reader of the page, and to who speaks."""
    notes = escape(slide.notes, quote=True).replace("\n", "&#10;")
    words = escape(slide.notes)
    place = f'class="fragment adviz-said" data-fragment-index="{index}" data-notes="{notes}"'
    return f"<p {place}>{words}</p>"


class Layer(NamedTuple):
    """What of a slide moves as a whole: its shapes at every step, and how it stands there."""

    name: str
    steps: list[tuple[Shape, ...]]
    looks: list[str]

    def markup(self, sheet: Sheet) -> str:
        """Return its shapes, each once wherever it stays."""
        count = len(self.steps)
        shapes = (
            fragment(shape_markup(one.shape, sheet), one.first, one.last, count)
            for one in seen(self.steps)
        )
        return f'<g class="{self.name}">{"".join(shapes)}</g>'

    def rules(self, host: str) -> Iterator[str]:
        """Yield how it stands, as rules: that of the last step which has come is in force.

        A step has come when reveal.js has made visible what is said with it; without reveal.js
        the last one has.
        """
        own = f"svg > .{self.name}"
        yield f"{host} > {own} {{ {self.looks[-1]} }}"
        yield f".ready {host} > {own} {{ {self.looks[0]} }}"
        for k, (before, now) in enumerate(pairwise(self.looks)):
            if now != before:
                yield f'{host} > [data-fragment-index="{k}"].visible ~ {own} {{ {now} }}'


def layers(shown: Sequence[Slide]) -> list[Layer]:
    """Return slides as layers: the graph, which moves, over it its map, and what is around."""
    framed = [slide.framed for slide in shown]
    views = [one.view(1.0) for one in framed]
    origin = Position(0, 0)
    maps = [
        () if one.corner is None else one.map_at(origin, view)
        for one, view in zip(framed, views, strict=True)
    ]
    return [
        Layer(
            "view",
            [placed(one.graph, one.composer.camera.scale, origin) for one in framed],
            [
                _stands(one.origin(view), DIMMED if one.closes else 1.0)
                for one, view in zip(framed, views, strict=True)
            ],
        ),
        Layer("map", maps, [_stands(one.corner or origin) for one in framed]),
        Layer("around", [one.bare.shapes for one in framed], [_stands(origin)] * len(framed)),
    ]


def _stands(at: Position, opacity: float = 1.0) -> str:
    """Return where a layer is, and how much is seen of it, as declarations."""
    x, y = map(number, at)
    return f"transform: translate({x}px, {y}px); opacity: {number(opacity)};"


def _picture(first: Picture, body: str, sheet: Sheet) -> str:
    """Return layers as one picture, on the ground of the first one."""
    ground = shape_markup(Rect(Box(0, 0, first.width, first.height), fill="page"), sheet)
    box = f"0 0 {number(first.width)} {number(first.height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="{SANS}" '
        f'font-size="13" role="img" aria-label="{escape(first.title, quote=True)}">'
        f"{ground}{body}</svg>"
    )


def _colours(host: str, theme: WebTheme) -> str:
    """Return the roles as custom properties, in the theme of the reader unless one is given."""
    if theme == "auto":
        return f"{colours(host)}\n{host} {{ color-scheme: light dark; }}"
    return f"{host} {{ {' '.join(f'--{n}: {getattr(one, theme)};' for n, one in ROLES.items())} }}"


_SETTINGS = {
    "margin": 0,
    "center": False,
    "controls": False,
    "progress": False,
    "hash": True,
    "fragmentInURL": True,
    "transition": "none",
    "scrollActivationWidth": None,
    "postMessage": False,
}
"""A step is what it is wherever the deck is opened; what is on a slide is all in its picture."""


def _template(name: str) -> Template:
    return Template(_asset(name))


def _asset(name: str) -> str:
    return (_FILES / name).read_text(encoding="utf-8")
