"""The film as a GIF: one palette for all of it, made of the theme's own colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from adviz.render.film.compose import Composer
from adviz.render.film.placing import corners
from adviz.render.film.play import Played, Progress, moments, played
from adviz.render.roles import Theme, colour

if TYPE_CHECKING:
    from PIL.Image import Image

Indices = np.ndarray[Any, np.dtype[np.uint8]]
"""Which colour of the palette each pixel of a picture has."""

_TICKS = 100
"""How often a GIF counts in a second."""
_SHORTEST = 2
"""The ticks below which viewers show a frame for much longer."""
_COLOURS, _STAYS = 64, 1
"""How many colours there are, and that what a frame does not change stays."""
_NOTHING = _COLOURS - 1
"""The colour that leaves a pixel as it is."""
_GROUNDS = ("page", "surface", "tangent-tint", "adjoint-tint", "second-tint", "notice-tint")
_SOFTENED = {
    "page": ("ink", "muted", "line", "tangent", "adjoint", "second-stroke", "adjoint-stroke"),
    "adjoint-tint": ("ink", "adjoint", "muted"),
    "tangent-tint": ("ink", "tangent"),
    "surface": ("ink",),
    "second-tint": ("second",),
}
"""What stands on which ground, so that its edges are soft there."""
_SIGNS = ("tangent-stroke", "notice", "verified", "warning", "fault", "second")
_STEPS = (0.75, 0.5, 0.25)
"""How much of a colour is seen at a soft edge."""


def gif(made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as a GIF file."""
    return b"".join(_blocks(made, played(made, moments(made), progress)))


def _blocks(made: Composer, frames: Iterator[Played]) -> Iterator[bytes]:
    """Yield a file piece by piece; of every frame only what has changed."""
    from PIL.GifImagePlugin import getdata, getheader

    palette, shown, time = _palette(made.asked.theme), 0, 0.0
    before: Indices | None = None
    for frame in frames:
        if before is None:
            flat = _indices(frame.image, palette)
            before = np.array(flat)
            yield from getheader(flat, info={"loop": 0} if made.asked.loop else {})[0]
        else:
            flat = _laid_on(before, frame, palette)
        time += frame.seconds * _TICKS
        ticks = max(_SHORTEST, round(time) - shown)
        shown += ticks
        look = {"transparency": _NOTHING, "disposal": _STAYS}
        yield from getdata(flat, frame.changed[:2], duration=ticks * 1000 // _TICKS, **look)
    yield b";"


def _indices(image: Image, palette: Image) -> Image:
    """Return an image whose pixels are colours of a palette, each the nearest one."""
    from PIL.Image import Dither

    return image.quantize(palette=palette, dither=Dither.NONE)


def _laid_on(before: Indices, frame: Played, palette: Image) -> Image:
    """Lay a frame on the one before; return all that differs, with nothing where nothing does."""
    from PIL.Image import fromarray

    x, y, right, bottom = frame.changed
    flat = np.full((bottom - y, right - x), _NOTHING, np.uint8)
    for area in frame.areas:
        left, top, right, bottom = corners(area)
        new = np.asarray(_indices(frame.image.crop((left, top, right, bottom)), palette))
        old = before[top:bottom, left:right]
        np.copyto(flat[top - y : bottom - y, left - x : right - x], new, where=new != old)
        old[...] = new
    return fromarray(flat).convert("P")


def _palette(theme: Theme) -> Image:
    """Return an image whose palette has the colours of a theme, and what lies between them.

    >>> [len(_colours(theme)) <= _NOTHING for theme in ("light", "dark", "print")]
    [True, True, True]
    """
    from PIL import Image

    made, colours = Image.new("P", (1, 1)), _colours(theme)
    filled = colours + colours[:1] * (_COLOURS - len(colours))
    made.putpalette([channel for shade in filled for channel in shade])
    return made


def _colours(theme: Theme) -> list[tuple[int, ...]]:
    plain = [_channels(role, theme) for role in (*_GROUNDS, *_SIGNS)]
    inks = {role for roles in _SOFTENED.values() for role in roles}
    plain += [_channels(role, theme) for role in sorted(inks)]
    soft = [
        _between(_channels(role, theme), _channels(ground, theme), step)
        for ground, roles in _SOFTENED.items()
        for role in roles
        for step in _STEPS
    ]
    return [*dict.fromkeys([*plain, *soft])]


def _channels(role: str, theme: Theme) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour(role, theme)[1:]))


def _between(one: tuple[int, ...], other: tuple[int, ...], part: float) -> tuple[int, ...]:
    return tuple(round(a * part + b * (1 - part)) for a, b in zip(one, other, strict=True))
