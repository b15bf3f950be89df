"""A picture in a page: what many shapes look like is written once, in a style sheet of its own.

What is in the parts of a large graph comes with it, in templates: a page shows one when asked.
"""

from __future__ import annotations

import re

from adviz.render.paint import paint
from adviz.render.svg import IN_PAGES, Palette, printed
from adviz.scene.scene import Scene


def styled(scene: Scene) -> str:
    """Return the finished picture for a page that defines the roles and has no other picture.

    Behind it stand the pictures of its parts, each in a `<template data-part="…">`.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> scene = stage(adviz.build("x*y"))
    >>> styled(scene).count("italic"), adviz.draw("x*y").svg().count("italic")
    (4, 7)
    """
    sheet = Sheet()
    figure = printed(paint(scene), sheet, background=False)
    inside = "".join(_template(part, one, sheet.unnamed()) for part, one in scene.inside.items())
    return f"{figure.removesuffix('</svg>')}{sheet.style}</svg>{inside}"


def _template(part: int, scene: Scene, sheet: Sheet) -> str:
    picture = printed(paint(scene), sheet, background=False)
    return f'<template data-part="{part}">{picture}</template>'


_FACES = {
    **IN_PAGES,
    "roman": {**IN_PAGES["roman"], "font-feature-settings": "normal"},
    "italic": {**IN_PAGES["italic"], "font-feature-settings": "'ital'"},
}
"""The letters of variables are a feature of a page's font, which no attribute asks for."""
_FALLBACK = re.compile(r"^(var\([^,]*), .*")
"""A property with what stands for it where a page does not define it."""


class Sheet(Palette):
    """A palette that gives every look a class instead of attributes, and keeps the rules."""

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__(variables=True, faces=_FACES, bare=bare)
        self._names: dict[str, str] = {}

    def unnamed(self) -> Sheet:
        """Return a sheet of the same rules for shapes that nothing in a page looks for."""
        made = Sheet(bare=True)
        made._names = self._names
        return made

    def dressed(self, kind: str, place: dict[str, str], look: dict[str, str]) -> dict[str, str]:
        """Return the attributes of a shape of a class, its look as a further class."""
        rule = ";".join(f"{name}:{_in_css(name, value)}" for name, value in look.items())
        name = self._names.setdefault(rule, f"k{len(self._names)}") if rule else ""
        found = name if self.bare else f"{kind} {name}".strip()
        return {"class": found} | place

    @property
    def style(self) -> str:
        """The rules of all looks so far, as weak as attributes, so that the page's own win."""
        rules = (f":where(.{name}){{{rule}}}" for rule, name in self._names.items())
        return f"<style>{''.join(rules)}</style>"


def _in_css(name: str, value: str) -> str:
    """Return an attribute's value as a style sheet has it, where lengths have units."""
    return f"{value}px" if name == "font-size" else _FALLBACK.sub(r"\1)", value)
