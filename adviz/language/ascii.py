"""What stands for a character where only others can be printed: its readable form in ASCII."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from unicodedata import normalize

# One aligned line for signs of a kind.
# fmt: off
_FORMS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys("−–—‐‑‒―", "-"), **dict.fromkeys("×·∙⋅∗•✕✖", "*"), **dict.fromkeys("÷⁄∕", "/"),
    **dict.fromkeys("‘’‚‛′", "'"),    **dict.fromkeys("“”„‟«»", '"'),
    "≤": "<=",  "≥": ">=",  "≠": "!=",  "≈": "~",  "±": "+-",  "⋮": ":",  "‖": "||",  "∘": ".",
    "‹": "<",  "›": ">",  "✓": "ok",  "✗": "x",
    "→": "->",  "←": "<-",  "↓": "v",  "⇒": "=>",  "↦": "|->",
    "∂": "d",  "√": "sqrt ",  "∞": "inf",  "¬": "not ",  "∧": "and",  "∨": "or",  "\ufffd": "?",
    "\N{COMBINING MACRON}": "_bar",  "\N{COMBINING DOT ABOVE}": "_dot",
    "\N{COMBINING OVERLINE}": "_bar",
})
# fmt: on
_POWER = re.compile(r"(?<=\d) × 10(⁻?[⁰¹²³⁴-⁹]+)")
_OVERLINE, _BARRED = "\N{COMBINING OVERLINE}", re.compile("(?:\\S\N{COMBINING OVERLINE})+")
"""What is on each letter of a word under a bar, and such a word."""


def in_ascii(text: str) -> str:
    r"""Return a text in ASCII characters that reads alike.

    Greek letters are spelled, accents left out, boxes drawn in - | +; what has no form of its own
    is an escape. A power of ten in a number is typed.

    >>> in_ascii("df/dθ ≤ −3·v₁⁻²"), in_ascii("ȳ…"), in_ascii("─┼─"), in_ascii("\u6570")
    ('df/dtheta <= -3*v1^-2', 'y_bar...', '-+-', '\\u6570')
    >>> in_ascii("−1.5 × 10⁻⁷")
    '-1.5e-7'
    >>> in_ascii("l̅o̅s̅s̅ = 1")
    'loss_bar = 1'
    """
    typed = _POWER.sub(lambda power: "e" + in_ascii(normalize("NFKC", power[1])), text)
    typed = _BARRED.sub(lambda word: word[0].replace(_OVERLINE, "") + "_bar", typed)
    return "".join(_form(one, before) for before, one in pairwise(f" {typed}"))


def lines_in_ascii(text: str) -> str:
    r"""Return a message in ASCII, its carets below the same characters as before.

    >>> print(lines_in_ascii("no such operator\n  θ − x\n    ^"))
    no such operator
      theta - x
            ^
    """
    lines = text.split("\n")
    return "\n".join(_below(above, line) for above, line in pairwise(["", *lines]))


def _below(above: str, line: str) -> str:
    if "^" not in line or line.strip(" ^"):
        return in_ascii(line)
    start, end = (len(in_ascii(above[:k])) for k in (line.index("^"), len(line)))
    return " " * start + "^" * max(1, end - start)


def _form(one: str, before: str) -> str:
    if one.isascii() or one in _FORMS:
        return _FORMS.get(one, one)
    if unicodedata.decomposition(one):
        power = "^" if _is_raised(one) and not _is_raised(before) else ""
        return power + in_ascii(unicodedata.normalize("NFKD", one))
    if unicodedata.combining(one):
        return ""
    return _named(one, unicodedata.name(one, ""))


def _is_raised(one: str) -> bool:
    return unicodedata.decomposition(one).startswith("<super>")


def _named(one: str, name: str) -> str:
    """Return what the name of a character says that it looks like."""
    if name.startswith("GREEK"):
        letter = name.split()[-1].replace("LAMDA", "LAMBDA")
        return letter.lower() if one.islower() else letter.capitalize()
    if name.startswith("BOX DRAWINGS"):
        crossing = " AND " in name
        return "+" if crossing else {"HORIZONTAL": "-", "VERTICAL": "|"}.get(name.split()[-1], "+")
    return one.encode("ascii", "backslashreplace").decode()
