"""The fonts of words and of mathematics as rcParams name them, and their letters as outlines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from matplotlib import rcParams
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from adviz.scene.text_width import Face
from adviz.scene.typesetting import MATHEMATICS

_FONTSETS: Mapping[str, tuple[str, str]] = {
    "dejavusans": ("DejaVu Sans", "DejaVu Sans:italic"),
    "dejavuserif": ("DejaVu Serif", "DejaVu Serif:italic"),
    "cm": ("cmr10", "cmmi10"),
    "stix": ("STIXGeneral", "STIXGeneral:italic"),
    "stixsans": ("DejaVu Sans", "DejaVu Sans:italic"),
}
"""The fonts of upright letters and of variables, by `mathtext.fontset`; `stixsans` is no family."""
_ELSE = ("STIXGeneral", "DejaVu Sans")
"""What draws the letters that a font lacks, such as a minus sign; both come with matplotlib."""
_REMEMBERED = 20_000
"""How many texts are remembered: those of the largest films."""


class Fonts:
    """The fonts of the faces, as rcParams name them when this is made."""

    def __init__(self) -> None:
        upright, slanted = _fontset()
        self.by_face: Mapping[Face, FontProperties] = {
            "sans": _complete(FontProperties()),
            "bold": _complete(FontProperties(weight="bold")),
            "roman": _complete(FontProperties(upright)),
            "italic": _complete(FontProperties(slanted)),
        }
        words, mathematics = (_height(self.by_face[face]) for face in ("sans", "roman"))
        large = words / mathematics / MATHEMATICS
        self.growth: Mapping[Face, float] = {
            "sans": 1.0, "bold": 1.0, "roman": large, "italic": large,
        }  # fmt: skip
        """How much larger than asked a face is set: its mathematics looks as large as its words."""


def _fontset() -> tuple[str, str]:
    """Return the fonts of upright letters and of variables, as fontconfig would name them."""
    chosen = rcParams["mathtext.fontset"]
    if chosen == "custom":
        return rcParams["mathtext.rm"], rcParams["mathtext.it"]
    return _FONTSETS[chosen]


def _complete(font: FontProperties) -> FontProperties:
    """Return a font under its own name, which says more than `sans-serif`, and what stands in."""
    name = get_font(findfont(font)).family_name
    font.set_family([*dict.fromkeys([name, *font.get_family(), *_ELSE])])
    return font


def _height(font: FontProperties) -> float:
    """Return how high an `x` is."""
    return float(letters("x", font, False).get_extents().ymax)


@lru_cache(_REMEMBERED)
def letters(text: str, font: FontProperties, is_mathtext: bool) -> Path:
    """Return the outlines of a text of size 1, on a base line from the origin; y points up."""
    points, codes = text_to_path.get_text_path(font, text, is_mathtext)
    return Path(np.reshape(points, (-1, 2)) / text_to_path.FONT_SCALE, codes)


@lru_cache(_REMEMBERED)
def advance(text: str, font: FontProperties, is_mathtext: bool) -> float:
    """Return how wide a text is, as a part of its size, which no raster changes.

    >>> round(advance("x + y", FontProperties("DejaVu Sans"), False), 2)
    2.66
    """
    unit = font.copy()
    unit.set_size(1)
    width, _, _ = text_to_path.get_text_width_height_descent(text, unit, is_mathtext)
    return float(width)
