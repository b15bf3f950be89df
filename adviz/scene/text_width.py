"""How wide a text is: words in DejaVu's metrics, wider than most, mathematics in its own font's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal
from unicodedata import combining, east_asian_width

Face = Literal["sans", "bold", "roman", "italic"]
"""Words and numbers, plain and bold; mathematics, upright and as variables are."""

# Advance widths in hundredths of an em, of the characters of _LETTERS, for words the first of them.
# fmt: off
_SANS = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)
_ROMAN = (
    24, 29, 34, 71, 50, 70, 74, 19, 36, 36, 41, 72, 25, 32, 25, 39, 50, 50, 50, 50, 50, 50, 50, 50,
    50, 50, 25, 25, 72, 72, 72, 42, 91, 72, 62, 67, 73, 63, 59, 72, 78, 36, 40, 71, 59, 90, 75, 74,
    57, 74, 66, 51, 61, 76, 68, 95, 67, 65, 60, 35, 39, 35, 48, 52, 23, 48, 53, 45, 54, 47, 31, 49,
    58, 29, 27, 55, 29, 86, 58, 52, 54, 53, 38, 40, 32, 57, 49, 75, 48, 49, 46, 33, 27, 33, 56, 72,
    62, 57, 67, 63, 60, 78, 74, 36, 71, 71, 90, 75, 65, 74, 76, 57, 61, 61, 65, 72, 67, 72, 78, 57,
    53, 47, 48, 39, 39, 51, 52, 26, 50, 51, 56, 46, 39, 48, 60, 52, 38, 55, 40, 50, 61, 47, 62, 66,
)
_ITALIC = (
    24, 29, 34, 71, 50, 70, 74, 19, 36, 36, 41, 72, 25, 32, 25, 39, 50, 50, 50, 50, 50, 50, 50, 50,
    50, 50, 25, 25, 72, 72, 72, 42, 91, 69, 60, 66, 71, 62, 59, 70, 76, 35, 40, 66, 57, 87, 72, 71,
    57, 71, 62, 54, 61, 74, 64, 92, 64, 61, 61, 35, 39, 35, 48, 52, 23, 56, 52, 42, 56, 43, 58, 51,
    57, 28, 44, 54, 28, 83, 57, 49, 60, 52, 42, 39, 34, 57, 51, 73, 56, 51, 50, 33, 27, 33, 56, 69,
    60, 57, 64, 62, 61, 76, 72, 35, 66, 69, 87, 72, 64, 71, 75, 57, 62, 61, 60, 73, 64, 72, 80, 59,
    55, 50, 52, 40, 48, 51, 52, 25, 51, 53, 59, 50, 49, 47, 64, 55, 41, 57, 47, 51, 61, 65, 64, 66,
)
_SIGNS = "∂ϑϕϵ¬¯±²³·¹×÷˙–—•…′⁄⁰⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉←→↦⇒−√∞∧∨≈≠≤≥⋅∘\N{NO-BREAK SPACE}"
_WIDTHS_OF_SIGNS = (
    50, 57, 59, 42, 72, 35, 72, 38, 38, 29, 35, 72, 72, 20, 50, 100, 46, 89, 30, 21, 42, 41, 36, 39,
    37, 38, 39, 54, 42, 34, 38, 38, 41, 36, 39, 37, 38, 39, 95, 95, 95, 89, 72, 80, 96, 64, 64, 72,
    72, 72, 72, 30, 44, 24,
)
# fmt: on
_BETWEEN = (0x3A2, *range(0x3AA, 0x3B1))
_LETTERS = [chr(k) for k in (*range(32, 127), *range(0x391, 0x3CA)) if k not in _BETWEEN]
"""From space to tilde, then the Greek capitals and small letters."""
_MATHEMATICS = dict(zip(_SIGNS, _WIDTHS_OF_SIGNS, strict=True))
_WORDS = {"·": 32, "₀": 40, "⁰": 40, "∂": 52, "√": 64, "…": 100, "–": 50, "—": 100, "∞": 83}
_WORDS |= dict(zip(_LETTERS, _SANS, strict=False))
_WORDS |= dict.fromkeys("₁₂₃₄₅₆₇₈₉¹²³⁴⁵⁶⁷⁸⁹", 40) | {"⁻": 53, "\N{NO-BREAK SPACE}": 32}
_ADVANCES: Mapping[Face, Mapping[str, int]] = {
    "sans": _WORDS,
    "bold": _WORDS,
    "roman": dict(zip(_LETTERS, _ROMAN, strict=True)) | _MATHEMATICS,
    "italic": dict(zip(_LETTERS, _ITALIC, strict=True)) | _MATHEMATICS,
}
_BOLDER = {"bold": 1.11}
_SYMBOL, _LETTER, _WIDE = 84, 72, 100


@lru_cache(maxsize=8192)  # a film asks for the same few texts at every step
def width(text: str, size: float, face: Face = "sans") -> float:
    """Return how wide a text is at a font size, in the same unit.

    >>> width("x + y", 10.0), width("x + y", 10.0, "italic")
    (26.6, 22.7)
    """
    advances = _ADVANCES[face]
    total = sum(advances[c] if c in advances else _unmeasured(c) for c in text)
    return round(total * _BOLDER.get(face, 1.0) * size / 100, 2)


def shortened(text: str, longest: float, size: float, face: Face = "sans") -> str:
    """Return a text that is at most so wide, its end replaced by an ellipsis if it must be.

    >>> shortened("temperature", 60.0, 12.0)
    'temper…'
    """
    if width(text, size, face) <= longest:
        return text
    kept = text
    while kept and width(kept + "…", size, face) > longest:
        kept = kept[: min(len(kept) - 1, int(longest / size * 4))]
    return kept + "…"


def _unmeasured(character: str) -> int:
    """Return the width of a character that another font will draw, rather too much."""
    if combining(character):
        return 0
    if east_asian_width(character) in "WF":
        return _WIDE
    return _LETTER if character.isalpha() else _SYMBOL
