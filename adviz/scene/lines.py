"""A line of letters: runs beside each other, each in one face and colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adviz.scene.text_width import Face, shortened, width

OVERLINE = "\N{COMBINING OVERLINE}"
"""Stands on every letter of a word under a bar."""


class Run(NamedTuple):
    """A piece of a text in one face and colour."""

    text: str
    face: Face = "sans"
    fill: str = "ink"
    size: float = 1.0
    """As a part of the text's size."""
    rise: float = 0.0
    """How far it stands above the base line, as a part of the text's size."""


Line = tuple[Run, ...]
"""A formula on one line."""


def words(line: Sequence[Run]) -> str:
    """Return what a line says, without its looks.

    >>> words([Run("x", "italic"), Run("1", "roman"), Run(" = "), Run("3")])
    'x1 = 3'
    """
    return "".join(run.text for run in line)


def line_width(line: Sequence[Run], size: float) -> float:
    """Return how wide runs are at a font size.

    >>> line_width([Run("x", "italic"), Run("1", "roman", size=0.5)], 10.0)
    8.1
    """
    return sum(width(run.text, size * run.size, run.face) for run in line)


def cut(line: Line, longest: float, size: float) -> Line:
    """Return a line that is at most so wide, its end replaced by an ellipsis if it must be.

    >>> cut((Run("f(", "roman"), Run("temperature", "roman")), 40.0, 10.0)[-1].text
    'temp…'
    """
    if line_width(line, size) <= longest:
        return line
    kept: list[Run] = []
    for run in line:
        room = longest - line_width(kept, size)
        if line_width((run, run._replace(text="…")), size) > room:
            whole = run.text + "…"  # what follows is left out, so it is not the whole
            return (*kept, run._replace(text=shortened(whole, room, size * run.size, run.face)))
        kept.append(run)
    return tuple(kept)


def coloured(line: Line, fill: str) -> Line:
    """Return a line in one colour."""
    return tuple(run._replace(fill=fill) for run in line)


def emboldened(line: Line) -> Line:
    """Return a line whose words and numbers are bold; mathematics has one weight."""
    return tuple(run._replace(face="bold") if run.face == "sans" else run for run in line)


def was_shortened(line: Line) -> bool:
    """Return whether something of a line is left out."""
    return any("…" in run.text for run in line)


def under_bar(run: Run) -> str:
    """Return the word that stands under a bar as long as it; of any other run nothing.

    >>> under_bar(Run("l̅o̅s̅s̅", "roman")), under_bar(Run("v̄", "italic"))
    ('loss', '')
    """
    is_barred = {*run.text[1::2]} == {OVERLINE} and len(run.text) % 2 == 0
    return run.text[::2] if is_barred else ""


def joined(runs: Iterator[Run]) -> Line:
    """Return runs, neighbours of the same look as one; a word under a bar stays by itself."""
    line: list[Run] = []
    for run in runs:
        is_like = bool(line) and line[-1][1:] == run[1:]
        if is_like and not under_bar(run) and not under_bar(line[-1]):
            line[-1] = run._replace(text=line[-1].text + run.text)
        else:
            line.append(run)
    return tuple(line)
