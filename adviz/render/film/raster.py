"""The pictures of a film as pixels: only what changes from one to the next is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, Self

from adviz.render.film.placing import around, common, corners, has_pixels, meets
from adviz.render.film.sprites import Colour, Piece, Sprite
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

_WORTH = 1.3
"""How much more than two areas the one around them may be to be made anew at once."""


class Surface(Protocol):
    """What parts of pictures are put on; it is a part of them itself, and empty at first."""

    def put(self, part: Image, area: Box) -> None:
        """Put an image where it belongs, a box that begins on even pixels."""

    def part(self, area: Box) -> Image:
        """Return what is there in such an area, the page where nothing is."""

    def show(self, other: Self, area: Box, origin: Position) -> None:
        """Put in an area what is there of another surface that begins at an origin."""


class Pixels:
    """An image that is a part of pictures, in whole pixels."""

    def __init__(self, whole: Box, page: Colour) -> None:
        self.whole, self.page = whole, page
        self.image = blank(whole, page)

    def put(self, part: Image, area: Box) -> None:
        """Put an image where it belongs."""
        self.image.paste(part, (int(area.x - self.whole.x), int(area.y - self.whole.y)))

    def part(self, area: Box) -> Image:
        """Return what is there in an area, the page where nothing is."""
        image, inside = blank(area, self.page), common(area, self.whole)
        if has_pixels(inside):
            x, y = inside.x - self.whole.x, inside.y - self.whole.y
            found = self.image.crop(corners(inside._replace(x=x, y=y)))
            image.paste(found, (int(inside.x - area.x), int(inside.y - area.y)))
        return image

    def show(self, other: Pixels, area: Box, origin: Position) -> None:
        """Put in an area what is there of other pixels that begin at an origin."""
        self.put(other.part(area._replace(x=area.x - origin.x, y=area.y - origin.y)), area)


def blank(area: Box, page: Colour) -> Image:
    """Return an image of the size of an area, all of one colour."""
    from PIL import Image

    return Image.new("RGB", (int(area.width), int(area.height)), page)


class Canvas:
    """A part of the pictures of a film, which are drawn one after the other on a surface.

    >>> from adviz.render.film.sprites import Sprites
    >>> from adviz.render.shapes import Rect
    >>> sprites, whole = Sprites(), Box(0, 0, 20, 10)
    >>> page = sprites.colour("page")
    >>> canvas = Canvas(whole, Pixels(whole, page), page)
    >>> for x in (2, 12, 12):
    ...     print(canvas.draw(sprites.of([Rect(Box(x, 2, 4, 4), fill="ink")])))
    [Box(x=0, y=0, width=20, height=10)]
    [Box(x=2, y=2, width=4, height=4), Box(x=12, y=2, width=4, height=4)]
    []
    """

    def __init__(self, whole: Box, surface: Surface, page: Colour) -> None:
        self.whole, self.surface, self.page = whole, surface, page
        """The part, from even pixels to even ones, what it is drawn on, and what is behind it."""
        self.laid: Sequence[Piece] | None = None

    def draw(self, laid: Sequence[Piece], also: Sequence[Box] = ()) -> list[Box]:
        """Draw a picture, and return where it differs from the one before, or in areas `also`."""
        before, self.laid = self.laid, laid
        changed = [self.whole] if before is None else [*also, *_differences(before, laid)]
        areas = self.within(changed)
        self.lay(areas, lambda area: blank(area, self.page))
        return areas

    def draw_on(
        self, ground: Surface, origin: Position, laid: Sequence[Piece], anew: Sequence[Box]
    ) -> list[Box]:
        """Draw a picture on what stands on another surface, which begins at an origin.

        In some areas that is `anew`. Return where it differs from the one before.
        """
        before, self.laid = self.laid or (), laid
        shown = self.within(anew)
        for area in shown:
            self.surface.show(ground, area, origin)
        hidden = (one.box for one in laid if any(meets(one.box, area) for area in shown))
        areas = self.within([*hidden, *_differences(before, laid)])
        self.lay(areas, lambda a: ground.part(a._replace(x=a.x - origin.x, y=a.y - origin.y)))
        return [*shown, *areas]

    def within(self, boxes: Iterable[Box]) -> list[Box]:
        """Return what of boxes is in its part, from even pixels to even ones."""
        return _areas(common(_in_pairs(box), self.whole) for box in boxes)

    def lay(self, areas: Iterable[Box], ground: Callable[[Box], Image]) -> None:
        """Lay what is seen in areas on what is behind it."""
        for area in areas:
            part = ground(area)
            _lay(self.laid or (), part, area)
            self.surface.put(part, area)


def _in_pairs(box: Box) -> Box:
    """Return a box widened to pairs of pixels, of which a film as video has one colour."""
    x, y, wide, high = box
    left, top = x // 2 * 2, y // 2 * 2
    return Box(left, top, (x + wide - left + 1) // 2 * 2, (y + high - top + 1) // 2 * 2)


def _lay(laid: Iterable[Sprite | Piece], part: Image, area: Box) -> None:
    """Lay pieces on an image that is a part of a picture."""
    for one in laid:
        if not meets(one.box, area):
            continue
        if isinstance(one, Sprite):
            x, y = int(one.box.x - area.x), int(one.box.y - area.y)
            corner = (x, y, x + int(one.box.width), y + int(one.box.height))
            part.paste(one.colour, corner, one.mask)
        elif one.opacity == 1:
            _lay(one.laid, part, area)
        else:
            _lay_faded(one, part, area)


def _lay_faded(piece: Piece, part: Image, area: Box) -> None:
    """Lay a piece through which that is seen on which it is laid."""
    from PIL import Image

    inside = common(piece.box, area)
    if has_pixels(inside):
        place = corners(inside._replace(x=inside.x - area.x, y=inside.y - area.y))
        behind = part.crop(place)
        solid = behind.copy()
        _lay(piece.laid, solid, inside)
        part.paste(Image.blend(behind, solid, piece.opacity), place[:2])


def _differences(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Box]:
    """Yield where something stands that is in only one of two pictures."""
    if before is not after:
        for some, others in ((before, after), (after, before)):
            known = {id(piece) for piece in others}
            for piece in some:
                if id(piece) not in known:
                    yield from (one.box for one in piece.laid)


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
    """Return whether two areas overlap, or are hardly smaller than the one around them."""
    left, top = min(one.x, other.x), min(one.y, other.y)
    wide = max(one.x + one.width, other.x + other.width) - left
    high = max(one.y + one.height, other.y + other.height) - top
    parts = one.width * one.height + other.width * other.height
    overlap = wide < one.width + other.width and high < one.height + other.height
    return overlap or wide * high <= _WORTH * parts
