"""The pictures of a film as pixels: everything is drawn once, and laid wherever it stands.

A text, a box or a piece of an edge is drawn when it is first seen, as a sprite. From one picture
to the next only the areas in which they differ are made anew, of the sprites that are seen there.
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
    meets,
    placed,
    rounded_out,
    widened,
)
from adviz.render.png import rasterised
from adviz.render.roles import Theme
from adviz.render.shapes import Group, Path, Picture, Shape
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.geometry import Box, Position, along

if TYPE_CHECKING:
    from PIL.Image import Image

_SLACK, _LETTERS = 3.0, 0.03
"""How far a shape may reach beyond its box: soft edges, and letters, as a part of their length."""
_WORTH = 1.3
"""How much more than two areas the one around them may be to be made anew at once."""
_SQUARE = 128
"""The side of the squares in which a long line is drawn, as most of the box around it is empty."""
_CHORD = 32
"""How long the pieces of a line are that are looked at for where it goes."""
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
        at = _reach(shape)
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


class Canvas:
    """A part of an image on which the pictures of a film are drawn one after the other.

    >>> from adviz.render.shapes import Rect
    >>> canvas = Canvas(Sprites(), Box(0, 0, 20, 9))
    >>> for x in (2, 12, 12):
    ...     print(canvas.draw((Rect(Box(x, 2, 4, 4), fill="ink"),)))
    [Box(x=0, y=0, width=20, height=9)]
    [Box(x=2, y=2, width=4, height=4), Box(x=12, y=2, width=4, height=4)]
    []
    """

    def __init__(
        self,
        sprites: Sprites,
        whole: Box,
        on: Canvas | None = None,
        ground: Callable[[Box], Image] | None = None,
    ) -> None:
        from PIL import Image

        self.sprites, self.whole = sprites, whole
        """What is drawn, and the part of the pictures that is, in whole pixels."""
        size = int(whole.width), int(whole.height)
        self.image: Image.Image = on.image if on else Image.new("RGB", size)
        self.start: Position = on.start if on else Position(whole.x, whole.y)
        """The image, of another canvas where it stands on one, and where in pictures it begins."""
        self.ground = ground or self._page
        self.shapes: Sequence[Shape] | None = None
        self.laid: Laid = {}

    def draw(self, shapes: Sequence[Shape], also: Sequence[Box] = ()) -> list[Box]:
        """Draw a picture, and return where it differs from the one before.

        Its ground differs in some areas `also`.
        """
        first, changed = self.shapes is None, [*also]
        if shapes is not self.shapes:
            before, self.shapes = self.laid, shapes
            self.laid = {one: before.get(one) or self._laid(one) for one in _pieces(shapes)}
            changed += _differences(before, self.laid)
        areas = _areas([self.whole] if first else (common(box, self.whole) for box in changed))
        for area in areas:
            self._make_anew(area)
        return areas

    def _laid(self, shape: Shape) -> tuple[Sprite, ...]:
        """Return a shape as sprites, none if it is out of sight."""
        return self.sprites.of(shape) if meets(_reach(shape), self.whole) else ()

    def _make_anew(self, area: Box) -> None:
        """Lay what is seen in an area."""
        part = self.ground(area)
        for sprites in self.laid.values():
            for box, image, mask in sprites:
                if meets(box, area):
                    part.paste(image, (int(box.x - area.x), int(box.y - area.y)), mask)
        self.image.paste(part, (int(area.x - self.start.x), int(area.y - self.start.y)))

    def _page(self, area: Box) -> Image:
        from PIL import Image

        return Image.new("RGB", (int(area.width), int(area.height)), self.sprites.page)

    def part(self, area: Box) -> Image:
        """Return what is drawn in an area, the page where nothing is."""
        image = self._page(area)
        for inside in _seen([common(area, self.whole)]):
            x, y = inside.x - self.start.x, inside.y - self.start.y
            drawn = self.image.crop(corners(inside._replace(x=x, y=y)))
            image.paste(drawn, (int(inside.x - area.x), int(inside.y - area.y)))
        return image


def corners(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box of whole pixels."""
    x, y, width, height = map(int, box)
    return x, y, x + width, y + height


def _pieces(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield what is drawn as one: what has no parts, or is seen through."""
    for shape in shapes:
        if not isinstance(shape, Group):
            yield shape
        elif shape.opacity == 1:
            yield from _pieces(shape.shapes)
        elif shape.opacity:
            yield shape


def _reach(shape: Shape) -> Box:
    """Return the whole pixels in which a shape may leave a trace."""
    box = bounds([shape])
    return rounded_out(widened(box, _SLACK + _LETTERS * box.width))


def _parts(shape: Shape, box: Box) -> Iterable[Box]:
    """Return in which parts of its box a shape is drawn: a line in the squares that it crosses."""
    whole = Box(0, 0, box.width, box.height)
    if not isinstance(shape, Path) or max(box.width, box.height) <= _SQUARE:
        return [whole]
    crossed = dict.fromkeys(square for chord in _chords(shape) for square in _squares(chord))
    return _seen(common(square, whole) for square in crossed)


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


def _differences(before: Laid, after: Laid) -> Iterator[Box]:
    """Yield where something stands that is in only one of two pictures."""
    for one, other in ((before, after), (after, before)):
        for shape, sprites in one.items():
            if shape not in other:
                yield from (sprite.box for sprite in sprites)


def _areas(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes, those made one that overlap or are hardly larger together."""
    areas: list[Box] = []
    for box in _seen(boxes):
        areas = _joined(areas, box)
    return areas


def _seen(boxes: Iterable[Box]) -> Iterator[Box]:
    """Yield the boxes that have any pixels."""
    return (box for box in boxes if box.width > 0 and box.height > 0)


def _joined(areas: list[Box], area: Box) -> list[Box]:
    """Return areas and one more, those made one that overlap or are hardly larger together."""
    apart = list(areas)
    while True:
        near = next((one for one in apart if _worth(one, area)), None)
        if near is None:
            return [*apart, area]
        apart.remove(near)
        area = around([near, area])


def _worth(one: Box, other: Box) -> bool:
    both = around([one, other])
    size, parts = (both.width * both.height, one.width * one.height + other.width * other.height)
    return one.overlap(other) > 0 or size <= _WORTH * parts
