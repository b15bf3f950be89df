"""What a figure is asked for: how wide, in which size of text, in which style, with what shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from adviz.errors import FormatError
from adviz.language.asked import among
from adviz.language.asked import shown as shown_value
from adviz.render.figure.lengths import Length, points
from adviz.render.figure.words import PARTS, Part, parts_of

Style = Literal["card", "textbook"]
AnyDirection = Literal["auto", "LR", "TB"]


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for; lengths are in points, None where it is not said."""

    style: Style = "card"
    show: frozenset[Part] = PARTS
    direction: AnyDirection = "auto"
    width: float | None = None
    font_size: float | None = None


def asked(
    style: Any = None,
    show: Any = None,
    direction: Any = "auto",
    width: Length | None = None,
    font_size: Length | None = None,
) -> Asked:
    """Return what was asked for, once it has been looked at.

    Raises FormatError for a style, a part, a direction or a length that there is not.

    >>> asked("textbook", ["values"], width="1in").width
    72.0
    """
    for name, given, known in (
        ("style", style or "card", get_args(Style)),
        ("direction", direction, get_args(AnyDirection)),
    ):
        if not among(given, known):
            raise FormatError(
                f"there is no {name} {shown_value(given)}; {name}s are {', '.join(known)}"
            )
    wide = None if width is None else points("width", width)
    size = None if font_size is None else points("font_size", font_size)
    return Asked(style or "card", parts_of(show), direction, wide, size)
