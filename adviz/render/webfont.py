"""The font of the formulas in pages: a page carries only the faces whose letters it shows."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FAMILY = "Adviz Math"


class Face(NamedTuple):
    """Some letters of the font: the file they are in, and for which characters it is asked."""

    file: str
    characters: str
    """The range of CSS."""
    needed: re.Pattern[str]
    """Found in what shows one of them."""


FACES = (
    Face("stix-two-math-latin.woff2", "U+0-10FFFF", re.compile("")),
    Face("stix-two-math-greek.woff2", "U+391-3FF,U+1D6E2-1D71B", re.compile("[\u0391-\u03ff]")),
)


def faces(markup: str) -> list[tuple[str, str]]:
    """Return the faces that some markup needs, each a WOFF2 file in base64 and its characters.

    >>> len(faces("x₁")), len(faces("σ"))
    (1, 2)
    """
    return [(_data(one.file), one.characters) for one in FACES if one.needed.search(markup)]


def script(markup: str) -> str:
    """Return the statements of the player by which a page with some markup has its faces."""
    return "".join(f'useFont("{data}","{characters}");' for data, characters in faces(markup))


def style(markup: str) -> str:
    """Return the rules by which a page without a script has its faces."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; unicode-range: {characters}; '
        f"src: url(data:font/woff2;base64,{data}); }}"
        for data, characters in faces(markup)
    )


@cache
def _data(file: str) -> str:
    return b64encode((files("adviz.render") / "player" / file).read_bytes()).decode("ascii")
