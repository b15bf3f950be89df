"""The pictures of a film as pixels: only what changes from one to the next is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from adviz.render.film.placing import around, common, corners, has_pixels, meets
from adviz.render.film.sprites import Laid, Sprite, Sprites, reach
from adviz.render.shapes import Group, Shape
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

_WORTH = 1.3
"""How much more than two areas the one around them may be to be made anew at once."""


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
        return self.sprites.of(shape) if meets(reach(shape), self.whole) else ()

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
        inside = common(area, self.whole)
        if has_pixels(inside):
            x, y = inside.x - self.start.x, inside.y - self.start.y
            drawn = self.image.crop(corners(inside._replace(x=x, y=y)))
            image.paste(drawn, (int(inside.x - area.x), int(inside.y - area.y)))
        return image


def _pieces(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield what is drawn as one: what has no parts, or is seen through."""
    for shape in shapes:
        if not isinstance(shape, Group):
            yield shape
        elif shape.opacity == 1:
            yield from _pieces(shape.shapes)
        elif shape.opacity:
            yield shape


def _differences(before: Laid, after: Laid) -> Iterator[Box]:
    """Yield where something stands that is in only one of two pictures."""
    for one, other in ((before, after), (after, before)):
        for shape, sprites in one.items():
            if shape not in other:
                yield from (sprite.box for sprite in sprites)


def _areas(boxes: Iterable[Box]) -> list[Box]:
    """Return boxes, those made one that overlap or are hardly larger together."""
    areas: list[Box] = []
    for box in filter(has_pixels, boxes):
        areas = _joined(areas, box)
    return areas


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
