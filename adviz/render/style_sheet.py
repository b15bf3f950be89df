"""A picture in a page: what many shapes look like is written once, in a style sheet of its own."""

from __future__ import annotations

import re

from adviz.render.paint import paint
from adviz.render.svg import IN_PAGES, Palette, printed
from adviz.scene.scene import Scene


def styled(scene: Scene) -> str:
    """Return the finished picture for a page that defines the roles and has no other picture.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> scene = stage(adviz.build("x*y"))
    >>> styled(scene).count("italic"), adviz.draw("x*y").svg().count("italic")
    (4, 7)
    """
    sheet = Sheet()
    figure = printed(paint(scene), sheet, background=False)
    return f"{figure.removesuffix('</svg>')}{sheet.style}</svg>"


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

    def __init__(self) -> None:
        super().__init__(variables=True, faces=_FACES)
        self._names: dict[str, str] = {}

    def dressed(self, kind: str, place: dict[str, str], look: dict[str, str]) -> dict[str, str]:
        """Return the attributes of a shape of a class, its look as a further class."""
        rule = ";".join(f"{name}:{_in_css(name, value)}" for name, value in look.items())
        name = self._names.setdefault(rule, f"k{len(self._names)}") if rule else ""
        return {"class": f"{kind} {name}".strip()} | place

    @property
    def style(self) -> str:
        """The rules of all looks so far, as weak as attributes, so that the page's own win."""
        rules = (f":where(.{name}){{{rule}}}" for rule, name in self._names.items())
        return f"<style>{''.join(rules)}</style>"


def _in_css(name: str, value: str) -> str:
    """Return an attribute's value as a style sheet has it, where lengths have units."""
    return f"{value}px" if name == "font-size" else _FALLBACK.sub(r"\1)", value)
