"""The images of a film as an encoder takes them: brightness and colour apart, each with its time.

Colours are those of BT.709, the norm of high definition, in its limited range; of the two
differences of colour there is one for four pixels. IVF is the plainest container in which a raw
picture has a time, so that one which is seen for long is handed over once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from adviz.render.film.play import Played
from adviz.scene.geometry import Box

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
    """An image as brightness and two differences of colour, whose parts are made anew.

    A last column or row that has no neighbour is left out.

    >>> from PIL import Image
    >>> planes = Planes(3, 2)
    >>> planes.take(bt709(Image.new("RGB", (3, 2), "white")), Box(0, 0, 3, 2))
    >>> bytes(planes).hex(" ")
    'eb eb eb eb 80 80'
    """

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image

        self.size = width // 2 * 2, height // 2 * 2
        half = width // 2, height // 2
        sizes = (self.size, half, half)
        self.parts = tuple(Image.new("L", size) for size in sizes)

    def take(self, image: Image, area: Box) -> None:
        """Make anew where an image, brightness and differences of colour, has changed."""
        left, top = (int(side) // 2 * 2 for side in area[:2])
        right = min(self.size[0], int(area.x + area.width + 1) // 2 * 2)
        bottom = min(self.size[1], int(area.y + area.height + 1) // 2 * 2)
        if left >= right or top >= bottom:
            return
        bright, *colours = image.crop((left, top, right, bottom)).split()
        self.parts[0].paste(bright, (left, top))
        for part, colour in zip(self.parts[1:], colours, strict=True):
            part.paste(colour.reduce(2), (left // 2, top // 2))

    def __bytes__(self) -> bytes:
        return b"".join(part.tobytes() for part in self.parts)


def ivf(frames: Iterable[Played], width: int, height: int) -> Iterator[bytes]:
    """Yield the images of a film as an IVF file, each once, at the time when it is first seen.

    They are coded as `bt709` does. The last one is there a second time, when it is last seen.
    """
    planes, now, content = Planes(width, height), 0, b""
    yield _HEADER.pack(b"DKIF", 0, _HEADER.size, b"I420", *planes.size, RATE, 1, 0, 0)
    for image, areas, seconds in frames:
        for area in areas:
            planes.take(image, area)
        content = bytes(planes)
        yield _FRAME.pack(len(content), now)
        yield content
        now += round(seconds * RATE)
    yield _FRAME.pack(len(content), now - 1)
    yield content
