"""A film as images, each with the time for which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import common
from adviz.render.film.raster import Canvas
from adviz.render.shapes import Shape
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[int, int], None]
"""Told how many frames are made, and how many there are."""

TWEENS = 6
"""How many frames show a number on its way."""
_LARGEST = 30_000_000
"""The pixels of a graph beyond which only what is in view is drawn."""


class Played(NamedTuple):
    """A frame, and for how many seconds it is seen."""

    image: Image
    changed: tuple[int, int, int, int]
    """Where it differs from the frame before: left, top, right and bottom; a pixel if nowhere."""
    seconds: float


class Moment(NamedTuple):
    """A shot at a part of its time, and how long that is seen."""

    framed: Framed
    part: float
    seconds: float


def moments(made: Composer, tweens: int = TWEENS) -> list[Moment]:
    """Return what of a film is seen in frames: a shot once, while a number travels some times."""
    return [
        Moment(framed, (k + 0.5) / count, shot.seconds / count)
        for shot in made.shots
        for framed, count in [(made.framed(shot), tweens if shot.token else 1)]
        for k in range(count)
    ]


def stills(made: Composer) -> list[Moment]:
    """Return the steps of a film, when everything of each has arrived."""
    shown = [shot for shot in made.shots if shot.token is None and shot.state.frame is not None]
    return [Moment(made.framed(shot), 1.0, shot.seconds) for shot in shown]


def played(
    made: Composer, seen: Sequence[Moment], progress: Progress | None = None
) -> Iterator[Played]:
    """Yield moments of a film as images, the last one as it is drawn at once."""
    from PIL import ImageChops

    projector, before = Projector(made), None
    for k, (framed, part, seconds) in enumerate(seen):
        last = k == len(seen) - 1
        image = projector.at_once(framed, part) if last else projector.image(framed, part)
        box = None if before is None else ImageChops.difference(before, image).getbbox()
        changed = (0, 0, *image.size) if before is None else box or (0, 0, 1, 1)
        yield Played(image, changed, seconds)
        before = image
        if progress:
            progress(k + 1, len(seen))


class Projector:
    """Makes images of a film: the graph is drawn once, wherever the view is, and then laid on."""

    def __init__(self, made: Composer) -> None:
        size, self.made = made.asked.size, made
        self.theme = made.asked.theme
        self.frame = Box(0, 0, size.width, size.height)
        self.around = Canvas(self.frame, self.theme)
        self.graph: Canvas | None = None
        self.sprites: list[Sprite] = []

    def image(self, framed: Framed, part: float) -> Image:
        """Return a shot at a part of its time."""
        if framed.closes:
            return self.at_once(framed, part)
        self.around.draw(framed.bare)
        image = self.around.image.copy()
        self._lay_graph(image, framed, part)
        token = [(framed.pill, framed.place(part))] if framed.pill else []
        over = framed.map(framed.view(part))
        laid = [*token, *(((shape,), Position(0, 0)) for shape in over)]
        self.sprites = [self._sprite(shapes) for shapes, _ in laid]
        for sprite, (_, place) in zip(self.sprites, laid, strict=True):
            self._lay(image, sprite, place)
        return image

    def at_once(self, framed: Framed, part: float) -> Image:
        """Return a shot drawn as the one picture that it is."""
        canvas = Canvas(self.frame, self.theme)
        canvas.draw(framed.at(part))
        return canvas.image

    def _lay_graph(self, image: Image, framed: Framed, part: float) -> None:
        """Lay what is seen of the graph in the pane."""
        figure, origin = framed.figure, framed.origin(framed.view(part))
        whole = Box(0, 0, figure.width, figure.height)
        pane = self.made.whole_pane
        seen = common(pane._replace(x=pane.x - origin.x, y=pane.y - origin.y), whole)
        window = whole if whole.width * whole.height <= _LARGEST else seen
        if self.graph is None or self.graph.whole != window:
            self.graph = Canvas(window, self.theme)
        self.graph.draw(figure)
        inside = seen._replace(x=seen.x - window.x, y=seen.y - window.y)
        at = Box(seen.x + origin.x, seen.y + origin.y, 0, 0)
        image.paste(self.graph.image.crop(corners(inside)), _corner(at))

    def _sprite(self, shapes: tuple[Shape, ...]) -> Sprite:
        """Return shapes as an image, the same one as in the frame before if they were there."""
        known = next((one for one in self.sprites if one.shapes == shapes), None)
        return known or Sprite(shapes, *self.around.sprite(shapes))

    def _lay(self, image: Image, sprite: Sprite, place: Position) -> None:
        """Lay shapes on an image, as far as they are in the pane."""
        x, y = round(place.x + sprite.start.x), round(place.y + sprite.start.y)
        box = common(Box(x, y, *sprite.image.size), self.made.whole_pane)
        if box.width > 0 and box.height > 0:
            seen = sprite.image.crop(corners(box._replace(x=box.x - x, y=box.y - y)))
            image.paste(seen, _corner(box), seen)


class Sprite(NamedTuple):
    """Shapes drawn once, and where they begin when their origin is at the place of the number."""

    shapes: tuple[Shape, ...]
    image: Image
    start: Position


def _corner(box: Box) -> tuple[int, int]:
    return int(box.x), int(box.y)


def corners(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box of whole pixels."""
    x, y, width, height = map(int, box)
    return x, y, x + width, y + height
