"""How a line of text is set in matplotlib's fonts: what is written, where, and how large.

Nothing of a text is read as mathematics but a letter under its dot or bar, for which few fonts
have a place, and a word under its bar: mathtext sets that, and everything else is letters as they
are.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import NamedTuple

from adviz.render.plot.fonts import Fonts, advance
from adviz.render.shapes import Run, Text
from adviz.render.svg import printable
from adviz.scene.geometry import Position
from adviz.scene.lines import under_bar

_ACCENTS = {
    "\N{COMBINING DOT ABOVE}": "dot",
    "\N{COMBINING MACRON}": "bar",
    "\N{COMBINING OVERLINE}": "bar",
}
_ACCENTED = re.compile(f"([A-Za-z\u0391-\u03c9])([{''.join(_ACCENTS)}]+)")
_WORD = re.compile(r"\w[\w…]*")
"""What mathtext reads as letters, but for its underscores."""
_BREAK = re.compile(r"\s")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_SLACK = 6.0
"""What a text may take beyond its measured width: less than the padding of the narrowest pill."""


class Placed(NamedTuple):
    """Where the base line of a run begins, and how large it is."""

    at: Position
    size: float


def placed(text: Text, fonts: Fonts) -> list[Placed]:
    """Return a text's runs side by side on its base line, smaller where they have no room."""
    sizes = [text.size * run.size * fonts.growth[run.face] for run in text.runs]
    widths = [
        size * advance(written(run), fonts.by_face[run.face], is_accented(run))
        for run, size in zip(text.runs, sizes, strict=True)
    ]
    fit = min(1.0, (text.width + _SLACK) / (sum(widths) or 1.0))
    before = _ANCHORS[text.anchor] * sum(widths)
    starts = accumulate(widths, initial=-before)
    return [
        Placed(_place(text, fit * start, run.rise * text.size), fit * size)
        for start, run, size in zip(starts, text.runs, sizes, strict=False)
    ]


def _place(text: Text, on: float, rise: float) -> Position:
    """Return the place so far along a text's base line and so far above it."""
    if text.upwards:
        return Position(text.x - rise, text.y - on)
    return Position(text.x + on, text.y - rise)


def is_accented(run: Run) -> bool:
    """Return whether a run is a letter under an accent, or a word under a bar, set by mathtext."""
    return bool(_ACCENTED.fullmatch(run.text) or _WORD.fullmatch(under_bar(run)))


def written(run: Run) -> str:
    r"""Return a run as matplotlib is to write it.

    >>> written(Run("x\N{COMBINING MACRON}", "italic")), written(Run("a_$x$\n"))
    ('$\\mathit{\\bar{x}}$', 'a_$x$ ')
    >>> written(Run("l̅o̅s̅s̅", "roman"))
    '$\\overline{\\mathrm{loss}}$'
    """
    found, word = _ACCENTED.fullmatch(run.text), _WORD.fullmatch(under_bar(run))
    if word and found is None:
        return f"$\\overline{{\\mathrm{{{word[0].replace('_', chr(92) + '_')}}}}}$"
    if found is None:
        return _BREAK.sub(" ", printable(run.text))
    letter, accents = found.groups()
    for accent in accents:
        letter = f"\\{_ACCENTS[accent]}{{{letter}}}"
    return f"$\\{'mathit' if run.face == 'italic' else 'mathrm'}{{{letter}}}$"
