"""What a figure is asked for: how wide, in which size of text, in which style, with what shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from adviz.errors import FormatError
from adviz.language.asked import among, shown
from adviz.render.figure.lengths import UNITS, Length, points
from adviz.render.figure.words import PARTS, Part, parts_of

Style = Literal["card", "textbook"]
AnyDirection = Literal["auto", "LR", "TB"]
SIZES = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0)
"""The sizes of text, in points, of which a figure takes the first that fits unless it is given."""
MOST_HIGH = 24 * UNITS["cm"]
"""How high a figure for print may be: the text of a page."""


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for; lengths are in points, None where it is not said."""

    style: Style = "card"
    show: frozenset[Part] = PARTS
    direction: AnyDirection = "auto"
    width: float | None = None
    font_size: float | None = None
    height: float = MOST_HIGH
    """How high it may be."""
    sizes: tuple[float, ...] = SIZES

    def paged(
        self,
        width: Length | None = None,
        font_size: Length | None = None,
        direction: Any = "auto",
    ) -> Asked:
        """Return the same for a page: so wide, with text of such a size, read in a direction.

        Raises FormatError for what is no length, and for a direction that there is not.

        >>> asked().paged("1in", font_size=8).width
        72.0
        """
        wide = None if width is None else points("width", width)
        size = None if font_size is None else points("font_size", font_size)
        _refuse_unknown("direction", direction, get_args(AnyDirection))
        return replace(self, width=wide, font_size=size, direction=direction)


def asked(style: Any = None, show: Any = None) -> Asked:
    """Return what was asked for, cards that show everything unless given.

    Raises FormatError for a style or a part that there is not.

    >>> asked("textbook", ["values"]).style
    'textbook'
    """
    chosen: Any = "card" if style is None else style
    _refuse_unknown("style", chosen, get_args(Style))
    return Asked(chosen, parts_of(show))


def _refuse_unknown(name: str, given: Any, known: tuple[str, ...]) -> None:
    if not among(given, known):
        raise FormatError(f"there is no {name} {shown(given)}; {name}s are {', '.join(known)}")
