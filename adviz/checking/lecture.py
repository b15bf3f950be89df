"""A folder for a lecture: one sweep in every medium, a row each, and what each file is for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.checking.closing.animate import animate
from adviz.checking.exercise.exercise import Exercise, exercise
from adviz.errors import AdvizError, FormatError
from adviz.files import folder as whole_folder
from adviz.files import path_of, write
from adviz.graph.typed import typed
from adviz.language.asked import require, shown
from adviz.language.grid import escaped
from adviz.language.numerals import in_text
from adviz.modes.trace import Trace
from adviz.render.animation import Animation
from adviz.render.drawing import Drawing, draw
from adviz.scene.table import Table, table

INDEX = "README.md"
"""The file that says what each of the others is for."""

Progress = Callable[[int, int], None]
"""Told how many media are written, of how many."""


@dataclass(frozen=True)
class _Subject:
    """What the media are of; each noun is made once, when the first medium asks for it."""

    trace: Trace

    @cached_property
    def film(self) -> Animation:
        return animate(self.trace)

    @cached_property
    def figure(self) -> Drawing[Any]:
        return draw(self.trace)

    @cached_property
    def graph(self) -> Drawing[Any]:
        return draw(self.trace.graph)

    @cached_property
    def table(self) -> Table:
        return table(self.trace)

    @cached_property
    def sheet(self) -> Exercise:
        return exercise(self.trace)

    @cached_property
    def key(self) -> Exercise:
        return self.sheet.key()


_USUAL: Mapping[str, Any] = MappingProxyType({})
"""What is asked of most files: nothing."""


class Medium(NamedTuple):
    """One file of the folder: what it is called, what it shows, and what it is for."""

    stem: str
    suffix: str
    noun: str
    """Which noun is written, by its name."""
    purpose: str
    options: Mapping[str, Any] = _USUAL
    """What is asked of the file."""

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.stem}{self.suffix}"


_ALONE = MappingProxyType({"standalone": True})
"""A document that LaTeX compiles as it is."""
_COLUMN = MappingProxyType({"width": "12cm"})
"""As wide as the text of an article."""

# One aligned line a file.
# fmt: off
MEDIA: tuple[Medium, ...] = (
    Medium("film",      ".html",        "film",   "the film in a browser; it needs no network"),
    Medium("film",      ".mp4",         "film",   "the film as a video"),
    Medium("slides",    ".beamer.tex",  "film",   "slides for LaTeX, an overlay a step", _ALONE),
    Medium("slides",    ".reveal.html", "film",   "slides for a browser, a fragment a step"),
    Medium("slides",    ".pdf",         "film",   "slides that any program shows, a page a step"),
    Medium("graph",     ".svg",         "graph",  "the graph without numbers, to begin with"),
    Medium("figure",    ".svg",         "figure", "the finished picture for a page"),
    Medium("figure",    ".pdf",         "figure", "the finished picture for a paper"),
    Medium("figure",    ".tex",         "figure", "the finished picture for `\\input`", _COLUMN),
    Medium("table",     ".html",        "table",  "the evaluation trace for a page"),
    Medium("table",     ".tex",         "table",  "the evaluation trace for `\\input`"),
    Medium("worksheet", ".html",        "sheet",  "the worksheet, for a screen or for paper"),
    Medium("worksheet", ".tex",         "sheet",  "the worksheet for LaTeX"),
    Medium("worksheet", ".pdf",         "sheet",  "the worksheet to be printed"),
    Medium("worksheet", ".json",        "sheet",  "the worksheet for `adviz mark`"),
    Medium("key",       ".html",        "key",    "the answer key"),
    Medium("key",       ".pdf",         "key",    "the answer key to be printed"),
    Medium("key",       ".tex",         "key",    "the answer key for LaTeX"),
)
# fmt: on


@dataclass(frozen=True)
class Lecture:
    """A folder that was written: what is in it, and what is not, and why.

    >>> import adviz
    >>> made = adviz.lecture(adviz.reverse("x*y", at={"x": 3, "y": 2}), "lecture")
    >>> made.written["worksheet.html"]
    'the worksheet, for a screen or for paper'
    """

    folder: Path
    written: dict[str, str]
    """What each file is for, by its name."""
    left_out: dict[str, str]
    """Why a file is not there, by its name."""

    def __str__(self) -> str:
        """Return the files, one line each."""
        lines = [f"{name}: {purpose}" for name, purpose in self.written.items()]
        return "\n".join([*lines, *self.told])

    @property
    def told(self) -> list[str]:
        """What is left out, one line each."""
        return [f"left out {name}: {why}" for name, why in self.left_out.items()]


def lecture(trace: Trace, folder: str | Path, progress: Progress | None = None) -> Lecture:
    """Write a sweep in every medium into a folder: film, slides, figures, table and worksheet.

    The folder is new, or empty, or an earlier one of these, which is replaced; it is there as a
    whole or not at all. A medium that cannot be written, because an extra is missing or the
    picture does not fit, is left out, and the index and the result say why.

    Raises AdvizError for what is no sweep, FormatError for a folder with other things in it, and
    where it cannot be written.

    >>> import adviz
    >>> made = adviz.lecture(adviz.reverse("x*y", at={"x": 3, "y": 2}), "lecture")
    >>> (made.folder / "README.md").read_text("utf-8").splitlines()[2]
    'At x = 3, y = 2.'
    """
    if not isinstance(trace, Trace):
        raise AdvizError(
            f"a lecture is of a sweep, such as adviz.reverse gives, not of {shown(trace)}"
        )
    named = isinstance(folder, str | os.PathLike)
    require(named, "folder", folder, "a text or a pathlib.Path", FormatError)
    told = progress is None or callable(progress)
    require(told, "progress", progress, "a function of (done, total)")
    own = {INDEX, *(medium.name for medium in MEDIA)}
    with whole_folder(folder, own.__contains__) as made:
        written, left_out = _filled(made, _Subject(trace), progress or (lambda done, total: None))
        index = "\n".join(_index(trace, written, left_out))
        write(made / INDEX, index.encode())
    return Lecture(path_of(folder), {**written, INDEX: "this list"}, left_out)


def _filled(
    folder: Path, subject: _Subject, progress: Progress
) -> tuple[dict[str, str], dict[str, str]]:
    """Write every medium; return what each is for, and why others are left out."""
    written: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for done, medium in enumerate(MEDIA):
        progress(done, len(MEDIA))
        try:
            _save(folder, subject, medium)
            written[medium.name] = medium.purpose
        except AdvizError as error:
            left_out[medium.name] = " ".join(str(error).split())
    progress(len(MEDIA), len(MEDIA))
    return written, left_out


def _save(folder: Path, subject: _Subject, medium: Medium) -> None:
    getattr(subject, medium.noun).save(folder / medium.name, **medium.options)


def _index(trace: Trace, written: dict[str, str], left_out: dict[str, str]) -> Iterator[str]:
    """Yield the lines of the index."""
    yield f"# {escaped(typed(trace.graph))}\n"
    point = ", ".join(f"{name} = {in_text(value)}" for name, value in trace.point.items())
    if point:
        yield f"At {escaped(point)}.\n"
    yield from (f"- [{name}]({name}): {purpose}" for name, purpose in written.items())
    if left_out:
        yield "\nLeft out:\n"
    yield from (f"- {name}: {escaped(why)}" for name, why in left_out.items())
    yield ""
