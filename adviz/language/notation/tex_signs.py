"""Signs that pdfTeX does not read, as commands, so that every engine reads what leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import normalize

from adviz.language.notation.trees import LETTERS

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
"""Digits above the line, as digits."""
_LOWERED = str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")
_MOVED = re.compile("([⁻⁰¹²³⁴-⁹]+)|[₋₀-₉]+")
# One aligned line per kind of sign.
# fmt: off
SIGNS: Mapping[str, str] = MappingProxyType({
    "−": "-", "×": r"\times", "÷": r"\div", "·": r"\cdot", "√": r"\surd", "∧": r"\wedge",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "⇒": r"\Rightarrow", "→": r"\to",
    "±": r"\pm", "∂": r"\partial", "∞": r"\infty", "…": r"\ldots", "Σ": r"\Sigma", "•": r"\bullet",
    "‖": r"\Vert", "⋮": r"\vdots", "ᵀ": r"{}^{\mathsf{T}}",
})
# fmt: on
"""What LaTeX has a command for in math mode."""
GREEK: Mapping[str, str] = MappingProxyType(
    {
        letter: f"\\{word}"
        for word, letter in LETTERS.items()
        if word != "omicron" and (letter.islower() or letter in "ΓΔΘΛΞΠΣΥΦΨΩ")
    }
)
"""The letters that LaTeX has a command for in math mode; others look like Latin ones."""
_DASHES: Mapping[str, str] = MappingProxyType({"—": "---{}", "–": "--{}", "’": "'"})

LETTER = (
    r"\providecommand\advizletter[2]{\ifmmode\expandafter\text\fi{\ifcsname u8:\detokenize{#2}"
    r"\endcsname#2\else\ifdefined\Umathchar#2\else U+#1\fi\fi}}"
)
"""A character that pdfTeX may not know: by its number, unless the engine or the author does."""


def in_ascii(text: str) -> str:
    r"""Return LaTeX whose characters are all of ASCII, but for arguments of `\advizletter`.

    >>> in_ascii(f"$x ≤ {chr(0x6F22)}$").encode("ascii", "replace")
    b'$x \\ensuremath{\\le} \\advizletter{6F22}{?}$'
    """
    composed = _MOVED.sub(_script, normalize("NFC", text))
    return "".join(c if " " <= c <= "~" or c == "\n" else _outside(c) for c in composed)


def _script(found: re.Match[str]) -> str:
    """Return digits that stand above or below the line."""
    side = "^" if found[1] else "_"
    return f"\\ensuremath{{{{}}{side}{{{found[0].translate(RAISED).translate(_LOWERED)}}}}}"


def _outside(character: str) -> str:
    """Return a character that is none of printable ASCII."""
    command = SIGNS.get(character) or GREEK.get(character)
    if command:
        return f"\\ensuremath{{{command}}}"
    if character in _DASHES:
        return _DASHES[character]
    if character.isspace() or ord(character) < 0xA0:
        return " "
    shown = character if character.isprintable() else "?"
    return f"\\advizletter{{{ord(character):04X}}}{{{shown}}}"


def readable(text: str) -> str:
    r"""Return LaTeX that every engine reads, after what it needs to be read.

    >>> readable("$x$ & 3"), readable(chr(0x6F22)).startswith(LETTER)
    ('$x$ & 3', True)
    """
    text = in_ascii(text)
    return f"{LETTER}\n{text}" if r"\advizletter" in text else text
