"""A picture that is no scene's: its shapes as they are, and the words that stand for it."""

from __future__ import annotations

from dataclasses import dataclass

from adviz.render.shapes import Picture


@dataclass(frozen=True)
class Plate:
    """A picture painted once; the renderers of pictures take it where they take a scene."""

    layout: Picture
    """The shapes, and the size of their page."""
    summary: str
    """What is seen, in a few words."""
    words: str
    """What stands for it where only text can be shown."""
