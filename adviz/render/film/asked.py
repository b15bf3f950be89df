"""What a film in frames is asked for: their size and letters, colours, what is shown, how long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast, get_args

from adviz.errors import FormatError
from adviz.language.asked import among, names, require, several, shown, truth
from adviz.render.figure.words import PARTS, Part
from adviz.render.roles import Theme, colour

FilmPart = Literal["statements", "table", "narration"] | Part
FILM_PARTS: frozenset[FilmPart] = frozenset(("statements", "table", "narration", *PARTS))
"""All that a frame can show: what stands around the graph, and what stands in it."""


class Size(NamedTuple):
    """How large a frame is, in pixels."""

    width: int
    height: int


SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "480p": Size(854, 480),
        "720p": Size(1280, 720),
        "1080p": Size(1920, 1080),
        "1440p": Size(2560, 1440),
        "2160p": Size(3840, 2160),
    }
)
"""The sizes that have a name."""

_LEAST, _MOST = Size(320, 240), 7680
_LETTERS = (6.0, 96.0)
_TYPED = re.compile(r"(\d{1,5})\s*[x×]\s*(\d{1,5})")


@dataclass(frozen=True)
class Asked:
    """What a film in frames is asked for."""

    size: Size = SIZES["1080p"]
    font_size: float | None = None
    """The least size of text that matters, in pixels; the one that is read from afar, if None."""
    theme: Theme = "light"
    show: frozenset[FilmPart] = FILM_PARTS
    seconds: float | None = None
    """How long a step takes."""
    loop: bool = True
    """Whether it begins anew."""

    @property
    def letter(self) -> float:
        """The size of text that is legible, by the width of the frame; the player's own law."""
        wide = self.size.width
        return self.font_size or max(10.5 + wide / 850, 18 / 1920 * wide)

    @property
    def least(self) -> float:
        """How far letters may shrink for what is active to have room together."""
        return self.font_size or min(self.letter, 7.12 + self.size.width / 176)


def asked(
    *,
    size: Any = "1080p",
    font_size: Any = None,
    theme: Any = "light",
    show: Any = None,
    seconds: float | None = None,
    loop: Any = True,
) -> Asked:
    """Return what was asked for: pixels, or a name such as `720p`, and all parts unless given.

    `seconds` is looked at where the film is timed. Raises FormatError for a size, a font size, a
    theme or a part that there is not.

    >>> asked(size="720p").size, asked(size=(640, 480), font_size=12).letter
    (Size(width=1280, height=720), 12.0)
    """
    colour("ink", theme)  # which refuses a theme that there is not
    return Asked(
        _size(size), _font_size(font_size), theme, _parts(show), seconds, truth("loop", loop)
    )


def _size(given: Any) -> Size:
    """Return a size by its name, as two numbers, or as they are typed: 1280x720."""
    if among(given, SIZES):
        return SIZES[given]
    typed = _TYPED.fullmatch(given.strip()) if isinstance(given, str) else None
    sides = [int(side) for side in typed.groups()] if typed else given
    sides = list(sides) if several(sides) else []
    whole = all(isinstance(side, int) and not isinstance(side, bool) for side in sides)
    good = len(sides) == 2 and whole and all(map(_in_range, sides, _LEAST))
    wanted = f"(width, height) in pixels, from {_LEAST.width} × {_LEAST.height} to {_MOST}"
    require(good, "size", given, f"{wanted}, or one of {', '.join(SIZES)}", FormatError)
    return Size(*sides)


def _in_range(side: int, least: int) -> bool:
    return least <= side <= _MOST


def _font_size(given: Any) -> float | None:
    if given is None:
        return None
    number = isinstance(given, Real) and not isinstance(given, bool) and isfinite(given)
    least, most = _LETTERS
    wanted = f"the least size of text in pixels, from {least:g} to {most:g}"
    require(number and least <= given <= most, "font_size", given, wanted, FormatError)
    return float(given)


def _parts(show: Any) -> frozenset[FilmPart]:
    if show is None:
        return FILM_PARTS
    wanted = names("show", show)
    unknown = [word for word in wanted if not among(word, FILM_PARTS)]
    if unknown:
        known = ", ".join(["statements", "table", "narration", *get_args(Part)])
        raise FormatError(f"show has no {shown(unknown[0])}; it takes {known}")
    return frozenset(cast(list[FilmPart], wanted))
