"""What a film says as lines of text with their times, and its phases as chapters.

SubRip (`.srt`) has no norm: this is what its own program wrote, and what players read. WebVTT
(`.vtt`) is the W3C's. Chapters are in the language that FFmpeg reads metadata in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from adviz.language.notation import row, unicode_text
from adviz.render.subtitles import spoken
from adviz.render.svg import printable
from adviz.render.timeline import Shot, timeline
from adviz.scene.scene import Scene, State

_MARKUP = re.compile(r"<(?=[A-Za-z/])|\{(?=\\|[A-Za-z]:)|--(?=>)")
"""What begins a tag or a time to players of SubRip, which has no other way to write the sign."""
_APART = "\N{WORD JOINER}"
"""What is not seen, and keeps two signs from being read as one."""
_MEANT = re.compile(r"[=;#\\]")
"""What has a meaning in FFmpeg's metadata, unless a backslash is before it."""


class Cue(NamedTuple):
    """What is said at a step, and when, in seconds."""

    start: float
    end: float
    narration: str
    formula: str


class Chapter(NamedTuple):
    """A phase, and when it is seen, in seconds."""

    start: float
    end: float
    title: str


def cues(scene: Scene, seconds: float | None = None) -> list[Cue]:
    """Return what a film says, one step after the other, and what came out.

    A step is said whole while its number is on its way, so that there is time to read.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}), check=False).scene
    >>> one, *_ = cues(scene)
    >>> one.start, one.end, one.narration, one.formula
    (0.0, 1.4, 'Start from the values of the inputs', 'x = 3, y = 2')
    """
    return [Cue(start, end, *said(scene, state)) for start, end, state in _steps(scene, seconds)]


def _steps(scene: Scene, seconds: float | None) -> Iterator[tuple[float, float, State]]:
    """Yield when a step begins and ends, and what it comes to."""
    start = 0.0
    for _, shots in groupby(timeline(scene, seconds), key=_step):
        step = list(shots)
        end = start + sum(shot.seconds for shot in step)
        yield start, end, step[-1].state
        start = end


def _step(shot: Shot) -> int:
    return id(shot.state.frame)


def said(scene: Scene, state: State) -> tuple[str, str]:
    """Return what a state says, the narration and the formula, each on one line."""
    words, formula = spoken(scene, state)
    return _line(unicode_text(row(*words), scene.text)), _line(unicode_text(formula, scene.text))


def _line(text: str) -> str:
    """Return a text on one line, without what no file can hold."""
    return " ".join(printable(text).split())


def chapters(scene: Scene, seconds: float | None = None) -> list[Chapter]:
    """Return the phases of a film that are seen; the last one has the rest at the end.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}), check=False).scene
    >>> [(one.title, round(one.start, 1)) for one in chapters(scene)]
    [('Values', 0.0), ('Reverse sweep', 2.8)]
    """
    steps, found = list(_steps(scene, seconds)), []
    phases = [None if state.frame is None else state.frame.phase for *_, state in steps]
    last = max(phase for phase in phases if phase is not None)
    named = zip((last if phase is None else phase for phase in phases), steps, strict=True)
    for phase, group in groupby(named, key=lambda one: one[0]):
        times = [(start, end) for _, (start, end, _) in group]
        title = _line(scene.phases[phase].title)
        found.append(Chapter(times[0][0], times[-1][1], title))
    return found


def metadata(scene: Scene, seconds: float | None = None) -> str:
    """Return a film's title and chapters as FFmpeg reads them."""
    lines = [";FFMETADATA1", f"title={_literal(_line(unicode_text(scene.title, scene.text)))}"]
    for start, end, title in chapters(scene, seconds):
        times = f"START={round(start * 1000)}\nEND={round(end * 1000)}"
        lines.append(f"[CHAPTER]\nTIMEBASE=1/1000\n{times}\ntitle={_literal(title)}")
    return "\n".join([*lines, ""])


def _literal(text: str) -> str:
    return _MEANT.sub(r"\\\g<0>", text)


def srt(scene: Scene, *, seconds: float | None = None) -> bytes:
    """Return what a film says as a SubRip file; a step takes so many seconds."""
    return "\n".join(_srt(cues(scene, seconds))).encode()


def _srt(told: list[Cue]) -> Iterator[str]:
    for n, cue in enumerate(told, 1):
        yield f"{n}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}"
        yield from (_MARKUP.sub(rf"\g<0>{_APART}", line) for line in _lines(cue))
        yield ""


def vtt(scene: Scene, *, seconds: float | None = None) -> bytes:
    """Return what a film says as a WebVTT file; a step takes so many seconds."""
    return "\n".join(["WEBVTT\n", *_vtt(cues(scene, seconds))]).encode()


def _vtt(told: list[Cue]) -> Iterator[str]:
    for cue in told:
        yield f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}"
        yield from (escape(line, quote=False) for line in _lines(cue))
        yield ""


def _lines(cue: Cue) -> Iterator[str]:
    """Yield the lines of a cue; an empty one would end it."""
    yield from filter(None, (cue.narration, cue.formula))


def _clock(seconds: float, point: str) -> str:
    """Return a time in hours, minutes, seconds and thousandths.

    >>> _clock(3725.0625, ",")
    '01:02:05,062'
    """
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}{point}{thousandths:03}"
