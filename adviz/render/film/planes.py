"""The images of a film as an encoder takes them: brightness and colour apart, each with its time.

Colours are those of BT.709, the norm of high definition, in its limited range; of the two
differences of colour there is one for four pixels. IVF is the plainest container in which a raw
picture has a time, so that one which is seen for long is handed over once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from adviz.render.film.placing import box_at, common, corners, has_pixels
from adviz.render.film.sprites import Colour
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

RATE = 30
"""Frames a second."""
_HEADER, _FRAME = struct.Struct("<4sHH4sHHIIII"), struct.Struct("<IQ")
_RED, _BLUE = 0.2126, 0.0722
_GREEN = 1 - _RED - _BLUE
_BRIGHT, _COLOURED = 219 / 255, 224 / 255
_SCALED_BLUE, _SCALED_RED = _COLOURED / 2 / (1 - _BLUE), _COLOURED / 2 / (1 - _RED)
_MATRIX = (
    *(_BRIGHT * one for one in (_RED, _GREEN, _BLUE)), 16.0,
    *(_SCALED_BLUE * one for one in (-_RED, -_GREEN, 1 - _BLUE)), 128.0,
    *(_SCALED_RED * one for one in (1 - _RED, -_GREEN, -_BLUE)), 128.0,
)  # fmt: skip
"""Brightness and both differences of colour from red, green and blue."""


def bt709(image: Image) -> Image:
    """Return an image whose channels are brightness and the two differences of colour."""
    return image.convert("RGB", _MATRIX)


class Planes:
    """A part of pictures as brightness and two differences of colour, coded as `bt709` does.

    A last column or row that has no neighbour is left out.

    >>> from PIL import Image
    >>> planes = Planes(Box(0, 0, 5, 2), (235, 128, 128))
    >>> planes.put(bt709(Image.new("RGB", (2, 2), "black")), Box(2, 0, 2, 2))
    >>> planes.content.hex(" ")
    'eb eb 10 10 eb eb 10 10 80 80 80 80'
    """

    def __init__(self, whole: Box, page: Colour) -> None:
        self.whole, self.page = whole, page
        self.size = wide, high = int(whole.width) // 2 * 2, int(whole.height) // 2 * 2
        counts = wide * high, wide * high // 4, wide * high // 4
        pixels = np.repeat(np.array(page, np.uint8), counts)
        bright, *colours = np.split(pixels, np.cumsum(counts[:2]))
        halves = (colour.reshape(high // 2, wide // 2) for colour in colours)
        self.parts = bright.reshape(high, wide), *halves
        self.content = pixels.data
        """All of it as bytes, which change with it."""

    def put(self, part: Image, area: Box) -> None:
        """Put an image where it belongs, a box that begins on even pixels."""
        wide, high = (side // 2 * 2 for side in part.size)
        if part.size != (wide, high):
            part = part.crop((0, 0, wide, high))
        bright, *colours = part.split()
        made = bright, *(colour.reduce(2) for colour in colours)
        self._put(area._replace(width=wide, height=high), map(np.asarray, made))

    def part(self, area: Box) -> Image:
        """Return what is there in an area that begins on even pixels, the page where nothing is."""
        from PIL.Image import fromarray, merge

        one = Planes(area, self.page)
        one.show(self, area, Position(0, 0))
        bright, *colours = map(fromarray, one.parts)
        return merge("RGB", (bright, *(colour.resize(bright.size, 0) for colour in colours)))

    def show(self, other: Planes, area: Box, origin: Position) -> None:
        """Put in an area what is there of other planes that begin at an origin of even pixels."""
        inside = common(area, box_at(other.whole, 1, origin))
        if inside != area:
            self._put(area, self.page)
        if has_pixels(inside):
            found = zip(other.parts, other._slices(inside, origin), strict=True)
            self._put(inside, [plane[slices] for plane, slices in found])

    def _put(self, area: Box, shades: Iterable[Any]) -> None:
        slices = self._slices(area, Position(0, 0))
        for plane, where, shade in zip(self.parts, slices, shades, strict=True):
            plane[where] = shade

    def _slices(self, area: Box, origin: Position) -> list[tuple[slice, slice]]:
        """Return where in each plane an area is."""
        x, y = area.x - origin.x - self.whole.x, area.y - origin.y - self.whole.y
        left, top, right, bottom = corners(area._replace(x=x, y=y))
        half = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
        return [(slice(top, bottom), slice(left, right)), half, half]


def ivf(planes: Planes, lasting: Iterable[float]) -> Iterator[bytes | memoryview]:
    """Yield the pictures of a film as an IVF file, each once, at the time when it is first seen.

    Whenever it is said how many seconds a picture lasts, it stands on the planes, coded as `bt709`
    does. The last one is there a second time, when it is last seen. Each is to be written before
    the next is asked for.
    """
    now = 0
    yield _HEADER.pack(b"DKIF", 0, _HEADER.size, b"I420", *planes.size, RATE, 1, 0, 0)
    for seconds in lasting:
        yield _FRAME.pack(planes.content.nbytes, now)
        yield planes.content
        now += round(seconds * RATE)
    yield _FRAME.pack(planes.content.nbytes, now - 1)
    yield planes.content
