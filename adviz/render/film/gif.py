"""The film as a GIF: one palette for all of it, made of the theme's own colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from adviz.render.film.compose import Composer
from adviz.render.film.play import Played, Progress, moments, played
from adviz.render.roles import Theme, colour

if TYPE_CHECKING:
    from PIL.Image import Image

_TICKS = 100
"""How often a GIF counts in a second."""
_SHORTEST = 2
"""The ticks below which viewers show a frame for much longer."""
_COLOURS, _STAYS = 64, 1
"""How many colours there are, and that what a frame does not change stays."""
_NOTHING = _COLOURS - 1
"""The colour that leaves a pixel as it is."""
_INDICES = [index for index in range(256) for _ in "rgb"]
_IS_ZERO = [255, *[0] * 255]
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
    from PIL.Image import Dither

    palette, shown, time = _palette(made.asked.theme), 0, 0.0
    before: Image | None = None
    for frame in frames:
        box = frame.changed
        flat = frame.image.crop(box).quantize(palette=palette, dither=Dither.NONE)
        if before is None:
            before = flat.copy()
            yield from getheader(flat, info={"loop": 0} if made.asked.loop else {})[0]
        else:
            flat = _laid_on(before, flat, box)
        time += frame.seconds * _TICKS
        ticks = max(_SHORTEST, round(time) - shown)
        shown += ticks
        look = {"transparency": _NOTHING, "disposal": _STAYS}
        yield from getdata(flat, box[:2], duration=ticks * 1000 // _TICKS, **look)
    yield b";"


def _laid_on(before: Image, flat: Image, box: tuple[int, int, int, int]) -> Image:
    """Lay a part on an image; return the part with nothing where it changes nothing."""
    from PIL import ImageChops

    old, new = (one.copy() for one in (before.crop(box), flat))
    for one in (old, new):
        one.putpalette(_INDICES)
    alike = ImageChops.difference(old.convert("L"), new.convert("L")).point(_IS_ZERO)
    before.paste(flat, box)
    flat.paste(_NOTHING, mask=alike)
    return flat


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
