"""Many small drawings made at once: black on white on a sheet, and cut out of it as masks.

A sheet has no margins to spare: what an image of its own costs is mostly its empty pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.png import rasterised
from adviz.render.shapes import Picture
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

BLACK = Palette("print", bare=True, faces=RASTERED)
"""In which `ink` is black and `page` is white."""
_WIDE, _HIGH = 1024, 2048
"""How wide a sheet is unless something on it is wider, and from which height another begins."""


class Tile(NamedTuple):
    """A drawing in the colours of `BLACK`, and the part of it that is wanted, in whole pixels."""

    markup: str
    part: Box
    alone: bool = False
    """Whether it would reach beyond its part, so that it has a sheet of its own, which ends there.
    """


def masks(tiles: Iterable[Tile]) -> Iterator[tuple[Tile, Image]]:
    """Yield how much of every pixel of a tile is black, 255 where all of it is."""
    from PIL import Image, ImageChops

    for sheet in _sheets(tiles):
        width, height = max(x for _, x, _ in _ends(sheet)), max(y for *_, y in _ends(sheet))
        body = "".join(
            f'<g transform="translate({x - tile.part.x:.0f} {y - tile.part.y:.0f})">'
            f"{tile.markup}</g>"
            for tile, x, y in sheet
        )
        markup = printed(Picture(width, height, ()), BLACK, extra=body)
        drawn = Image.open(BytesIO(rasterised(markup, width * height, 1.0)))
        black = ImageChops.invert(drawn.getchannel("R"))
        for (tile, x, y), (_, right, bottom) in zip(sheet, _ends(sheet), strict=True):
            yield tile, black.crop((x, y, right, bottom))


_Placed = tuple[Tile, int, int]
"""A tile, and where on its sheet it begins, or ends."""


def _ends(sheet: Sequence[_Placed]) -> list[_Placed]:
    return [(t, x + int(t.part.width), y + int(t.part.height)) for t, x, y in sheet]


def _sheets(tiles: Iterable[Tile]) -> Iterator[list[_Placed]]:
    """Yield the tiles of each sheet: in rows, the highest first, so that rows are full."""
    sheet: list[_Placed] = []
    x = y = high = 0
    for tile in sorted(tiles, key=lambda tile: -tile.part.height):
        if tile.alone:
            yield [(tile, 0, 0)]
            continue
        if x and x + tile.part.width > _WIDE:
            x, y = 0, y + high
        if not x and y > _HIGH:
            yield sheet
            sheet, y = [], 0
        high = high if x else int(tile.part.height)
        sheet.append((tile, x, y))
        x += int(tile.part.width)
    if sheet:
        yield sheet
