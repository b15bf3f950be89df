"""The pictures of a film as pixels: only what changes from one to the next is drawn anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from adviz.render.film.placing import around, bounds, common, meets, rounded_out, widened
from adviz.render.png import rasterised
from adviz.render.roles import Theme
from adviz.render.shapes import Group, Picture, Shape
from adviz.render.svg import RASTERED, Palette, printed
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

_SLACK, _LETTERS = 3.0, 0.03
"""How far a shape may reach beyond its box: soft edges, and letters, as a part of their length."""
_WORTH = 1.3
"""How much more than two areas the one around them may be to be drawn at once."""


class Canvas:
    """An image on which the pictures of a film are drawn one after the other.

    >>> from adviz.render.shapes import Rect
    >>> canvas = Canvas(Box(0, 0, 20, 9))
    >>> for x in (2, 12, 12):
    ...     print(canvas.draw(Picture(20, 9, (Rect(Box(x, 2, 4, 4), fill="ink"),))))
    [Box(x=0, y=0, width=20, height=9)]
    [Box(x=0, y=0, width=20, height=9)]
    []
    """

    def __init__(self, whole: Box, theme: Theme = "light") -> None:
        from PIL import Image

        self.whole = whole
        """The part of the pictures that is drawn, in whole pixels."""
        self.image = Image.new("RGB", (int(whole.width), int(whole.height)))
        self.palette = Palette(theme, bare=True, faces=RASTERED)
        self.shapes: tuple[Shape, ...] | None = None
        self._reaches: dict[int, tuple[Shape, Box]] = {}

    def draw(self, picture: Picture) -> list[Box]:
        """Draw a picture, and return where it differs from the one before."""
        before, self.shapes = self.shapes, picture.shapes
        if before is picture.shapes:
            return []
        areas = [self.whole] if before is None else self._areas(before, picture.shapes)
        for area in areas:
            part = self._drawn(picture, area, background=True)
            self.image.paste(part, (int(area.x - self.whole.x), int(area.y - self.whole.y)))
        self._forget(picture.shapes)
        return areas

    def sprite(self, shapes: Sequence[Shape]) -> tuple[Image, Position]:
        """Return shapes around the origin as an image that can be laid on, and where it begins."""
        box = rounded_out(_reach(bounds(shapes)))
        picture = Picture(box.width, box.height, tuple(shapes))
        return self._drawn(picture, box, background=False), Position(box.x, box.y)

    def _drawn(self, picture: Picture, area: Box, *, background: bool) -> Image:
        """Return a part of a picture as an image."""
        from PIL import Image

        seen = tuple(self._within(picture.shapes, area)) if background else picture.shapes
        part = Picture(picture.width, picture.height, seen)
        markup = printed(part, self.palette, part=area, background=background)
        drawn = rasterised(markup, area.width * area.height, 1.0)
        image: Image.Image = Image.open(BytesIO(drawn))
        return image.convert("RGB") if background else image

    def _within(self, shapes: Iterable[Shape], area: Box) -> Iterator[Shape]:
        """Yield the shapes that are seen in an area, of groups their parts."""
        for shape in shapes:
            if meets(self._reach_of(shape), area):
                if isinstance(shape, Group):
                    yield replace(shape, shapes=tuple(self._within(shape.shapes, area)))
                else:
                    yield shape

    def _reach_of(self, shape: Shape) -> Box:
        """Return the box in which a shape may leave a trace, which is remembered."""
        known = self._reaches.get(id(shape))
        if known is None:
            known = self._reaches[id(shape)] = shape, _reach(bounds([shape]))
        return known[1]

    def _forget(self, shapes: Iterable[Shape]) -> None:
        """Remember only what is still there."""
        kept = {id(shape) for shape in _each(shapes)}
        self._reaches = {key: known for key, known in self._reaches.items() if key in kept}

    def _areas(self, before: Sequence[Shape], after: Sequence[Shape]) -> list[Box]:
        """Return the areas, in whole pixels, in which two pictures differ."""
        areas: list[Box] = []
        for shape in _differences(before, after):
            area = common(rounded_out(self._reach_of(shape)), self.whole)
            if area.width > 0 and area.height > 0:
                areas = _joined(areas, area)
        return areas


def _each(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        yield shape
        if isinstance(shape, Group):
            yield from _each(shape.shapes)


def _reach(box: Box) -> Box:
    """Return the box in which what stands in a box may leave a trace."""
    return widened(box, _SLACK + _LETTERS * box.width)


def _differences(before: Sequence[Shape], after: Sequence[Shape]) -> Iterator[Shape]:
    """Yield what stands in only one of two pictures, of groups their parts."""
    old, new = _keyed(before), _keyed(after)
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is other or one == other:
            continue
        if isinstance(one, Group) and isinstance(other, Group) and _alike(one, other):
            yield from _differences(one.shapes, other.shapes)
        else:
            yield from (shape for shape in (one, other) if shape is not None)


def _alike(one: Group, other: Group) -> bool:
    """Return whether two groups may differ in their parts alone."""
    return (one.opacity, one.fill) == (1.0, other.fill) and other.opacity == 1.0


def _keyed(shapes: Sequence[Shape]) -> Mapping[tuple[object, ...], Shape]:
    """Return shapes by what they are, so that the same one is found in both pictures."""
    seen: Counter[tuple[object, ...]] = Counter()
    keyed: dict[tuple[object, ...], Shape] = {}
    for shape in shapes:
        is_group = isinstance(shape, Group)
        what = (shape.kind.split(" ")[0], shape.data if isinstance(shape, Group) else is_group)
        seen[what] += 1
        keyed[*what, seen[what]] = shape
    return keyed


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
