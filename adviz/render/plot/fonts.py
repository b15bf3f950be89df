"""The fonts of words and of mathematics as rcParams name them, and how wide letters are in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from matplotlib import rcParams
from matplotlib.font_manager import FontProperties
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
"""What draws the letters that a font of mathematics lacks; both come with matplotlib."""


class Fonts:
    """The fonts of the faces, as rcParams name them when this is made."""

    def __init__(self) -> None:
        upright, slanted = _fontset()
        self.by_face: Mapping[Face, FontProperties] = {
            "sans": FontProperties(),
            "bold": FontProperties(weight="bold"),
            "roman": _of_mathematics(upright),
            "italic": _of_mathematics(slanted),
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


def _of_mathematics(pattern: str) -> FontProperties:
    font = FontProperties(pattern)
    font.set_family([*font.get_family(), *_ELSE])
    return font


def _height(font: FontProperties) -> float:
    """Return how high an `x` is."""
    _, height, descent = _extent("x", font, False)
    return height - descent


def advance(text: str, font: FontProperties, is_mathtext: bool) -> float:
    """Return how wide a text is, as a part of its size.

    >>> round(advance("x + y", FontProperties("DejaVu Sans"), False), 2)
    2.66
    """
    return _extent(text, font, is_mathtext)[0]


@cache
def _extent(text: str, font: FontProperties, is_mathtext: bool) -> tuple[float, float, float]:
    """Return width, height and descent of a text of size 1, as no raster changes them."""
    unit = font.copy()
    unit.set_size(1)
    width, height, descent = text_to_path.get_text_width_height_descent(text, unit, is_mathtext)  # type: ignore[arg-type]  # which its types say of TeX alone
    return float(width), float(height), float(descent)
