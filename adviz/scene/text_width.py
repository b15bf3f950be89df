"""How wide a text is, in DejaVu's metrics: wider than most fonts, so that what fits here fits."""

from __future__ import annotations

from typing import Literal
from unicodedata import combining, east_asian_width

Face = Literal["sans", "bold", "serif"]

# Advance widths of the characters from space to tilde, in hundredths of an em.
# fmt: off
_SANS = (
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)
# fmt: on
_SCALE = {"sans": 1.0, "bold": 1.11, "serif": 1.01}
_OTHERS = {"·": 32, "₀": 40, "⁰": 40, "∂": 52, "√": 64, "…": 100, "–": 50, "—": 100, "∞": 83}
_NARROW = 40
_SYMBOL = 84
_LETTER = 72


def width(text: str, size: float, face: Face = "sans") -> float:
    """Return how wide a text is at a font size, in the same unit.

    >>> width("x + y", 10.0)
    26.6
    """
    return round(sum(map(_advance, text)) * _SCALE[face] * size / 100, 2)


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


def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code <= 126:
        return _SANS[code - 32]
    if character in _OTHERS:
        return _OTHERS[character]
    if combining(character):
        return 0
    if character in "₁₂₃₄₅₆₇₈₉¹²³⁴⁵⁶⁷⁸⁹⁻":
        return _NARROW
    if east_asian_width(character) in "WF":
        return 100
    return _LETTER if character.isalpha() else _SYMBOL
