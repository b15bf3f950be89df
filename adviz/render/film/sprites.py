"""What is seen in a film as sprites: everything is drawn once, and laid wherever it stands.

Most of the box around a long line is empty, so that is drawn in the squares which it crosses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise, product
from math import ceil, hypot
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.placing import (
    around,
    bounds,
    box_at,
    common,
    corners,
    has_pixels,
    placed,
    rounded_out,
    widened,
)
from adviz.render.png import rasterised
from adviz.render.roles import Theme
from adviz.render.shapes import Path, Picture, Shape
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.geometry import Box, Position, along

if TYPE_CHECKING:
    from PIL.Image import Image

_SLACK, _LETTERS = 3.0, 0.03
"""How far a shape may reach beyond its box: soft edges, and letters, as a part of their length."""
_SQUARE, _CHORD = 128, 32
"""The side of a square, and how long the pieces of a line are that are looked at for where it goes.
"""
_KEPT = 2048
"""How many sprites are remembered."""


class Sprite(NamedTuple):
    """A shape or a part of it as an image, and where it is laid, in whole pixels."""

    box: Box
    image: Image
    mask: Image | None
    """How much of it is seen; None where all of it is."""

    def moved(self, to: Box) -> Sprite:
        """Return it where it stands in a box, whose corner has been its origin."""
        return self._replace(box=box_at(self.box, 1, Position(to.x, to.y)))


Laid = Mapping[Shape, tuple[Sprite, ...]]


class Sprites:
    """Shapes as images, each drawn once in the colours of a theme."""

    def __init__(
        self, theme: Theme = "light", coded: Callable[[Image], Image] = lambda image: image
    ) -> None:
        from PIL import Image

        self.palette = Palette(theme, bare=True, faces=RASTERED)
        self.coded = coded
        """What makes of red, green and blue the three channels that are wanted."""
        self.page = coded(Image.new("RGB", (1, 1), self.palette["page"])).getpixel((0, 0))
        self._once = lru_cache(_KEPT)(self._drawn)

    def of(self, shape: Shape) -> tuple[Sprite, ...]:
        """Return a shape as sprites, the same ones wherever it stands."""
        at = reach(shape)
        (moved,) = placed([shape], 1.0, Position(-at.x, -at.y))
        drawn = [self._part(moved, part) for part in _parts(moved, at)]
        return tuple(sprite.moved(at) for sprite in drawn if sprite.box.width)

    def _part(self, shape: Shape, part: Box) -> Sprite:
        picture = Picture(part.width, part.height, (shape,))
        markup = printed(picture, self.palette, part=part, background=False)
        return self._once(markup, part.width * part.height).moved(part)

    def picture(self, picture: Picture) -> Image:
        """Return all of a picture, drawn at once."""
        markup = printed(picture, self.palette)
        return self.coded(_rasterised(markup, picture.width * picture.height).convert("RGB"))

    def _drawn(self, markup: str, area: float) -> Sprite:
        """Return as much of a picture as is not empty."""
        image = _rasterised(markup, area)
        left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)
        seen = image.crop((left, top, right, bottom))
        mask = seen.getchannel("A")
        box = Box(left, top, right - left, bottom - top)
        is_solid = mask.getextrema() == (255, 255)
        return Sprite(box, self.coded(seen.convert("RGB")), None if is_solid else mask)


def _rasterised(markup: str, area: float) -> Image:
    from PIL import Image

    return Image.open(BytesIO(rasterised(markup, area, 1.0)))


def reach(shape: Shape) -> Box:
    """Return the whole pixels in which a shape may leave a trace."""
    box = bounds([shape])
    return rounded_out(widened(box, _SLACK + _LETTERS * box.width))


def _parts(shape: Shape, box: Box) -> Iterable[Box]:
    """Return in which parts of its box a shape is drawn: a line in the squares that it crosses."""
    whole = Box(0, 0, box.width, box.height)
    if not isinstance(shape, Path) or shape.fill or max(whole) <= _SQUARE:
        return [whole]
    crossed = dict.fromkeys(square for chord in _chords(shape) for square in _squares(chord))
    return filter(has_pixels, (common(square, whole) for square in crossed))


def _chords(path: Path) -> Iterator[Box]:
    """Yield the boxes of short pieces of a line, as wide as it is."""
    for cubic in path.curve.cubics():
        count = ceil(_length(cubic) / _CHORD)
        for ends in pairwise(along(cubic, k / count) for k in range(count + 1)):
            box = around(Box(x, y, 0, 0) for x, y in ends)
            yield widened(box, path.thickness / 2 + _SLACK)


def _length(cubic: Sequence[Position]) -> float:
    """Return how long a curve is at most, and at least a pixel."""
    return 1 + sum(hypot(a.x - b.x, a.y - b.y) for a, b in pairwise(cubic))


def _squares(box: Box) -> Iterator[Box]:
    """Yield the squares of a grid that a box meets."""
    left, top, right, bottom = (side // _SQUARE for side in corners(box))
    for x, y in product(range(left, right + 1), range(top, bottom + 1)):
        yield Box(x * _SQUARE, y * _SQUARE, _SQUARE, _SQUARE)
