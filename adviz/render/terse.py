"""Scripts and style sheets written short: no comments, and no space where none is needed."""

from __future__ import annotations

import re

_STRING = r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)"""
_PATTERN = r"/(?![\s*/])(?:\\.|\[(?:\\.|[^]\\])*\]|[^/\\\n[])+/[a-z]*"
"""A regular expression of a script; a division has a space after its sign."""
_SCRIPT = re.compile(
    rf"{_STRING}|({_PATTERN})|//[^\n]*\s*|/\*.*?\*/\s*|\s*[,;]\s*(\}})\s*|"
    rf",\s*([\])])\s*|\s*([{{}}()\[\],;:?=<>&|*!])\s*|"
    r"(?<![-+])\s([-+])\s(?![-+])|(\s)\s*",
    re.S,
)
_STYLE = re.compile(
    rf"{_STRING}|/\*.*?\*/\s*|\s*;?\s*(}})\s*|\s*([{{;,>])\s*|(?<=[\w-])(:)\s+|(\s)\s*", re.S
)
"""What is kept of a source, in groups: strings and patterns as they are, signs, and one space."""


def script(source: str) -> str:
    r"""Return a script written short.

    Every statement of the player's ends with its semicolon, so that no line has to end there.

    >>> script('const a = "x  y"; // said once\nf(a, 1);')
    'const a="x  y";f(a,1);'
    """
    return _kept(source, _SCRIPT)


def style(source: str) -> str:
    r"""Return a style sheet written short.

    >>> style('p { color: red; /* loud */\n  margin: 0 1px; }')
    'p{color:red;margin:0 1px}'
    """
    return _kept(source, _STYLE)


def _kept(source: str, pieces: re.Pattern[str]) -> str:
    return pieces.sub(lambda piece: piece[piece.lastindex] if piece.lastindex else "", source)
