"""A film as images, each with the time for which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import around, common
from adviz.render.film.raster import Canvas
from adviz.render.shapes import Shape
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[int, int], None]
"""Told how many frames are made, and how many there are."""

TWEENS, RIDES = 6, 2
"""How many frames show a number on its way, and where the view goes with it, all anew in each."""


class Played(NamedTuple):
    """A frame, and for how many seconds it is seen."""

    image: Image
    """What is seen; the next frame changes it."""
    changed: Box
    """Where it differs from the frame before; one pixel where it does not."""
    seconds: float


class Moment(NamedTuple):
    """A shot at a part of its time, and how long that is seen."""

    framed: Framed
    part: float
    seconds: float


class Sprite(NamedTuple):
    """Shapes drawn once, and where they begin when their origin is at the place of the number."""

    shapes: tuple[Shape, ...]
    image: Image
    start: Position


def moments(made: Composer, tweens: int = TWEENS) -> list[Moment]:
    """Return what of a film is seen in frames: a shot once, while a number travels some times."""
    seen = [made.framed(shot) for shot in made.shots]
    return [
        Moment(framed, (k + 0.5) / count, framed.shot.seconds / count)
        for framed in seen
        for count in [_count(framed, tweens)]
        for k in range(count)
    ]


def _count(framed: Framed, tweens: int) -> int:
    """Return in how many frames a shot is seen."""
    if framed.shot.token is None:
        return 1
    return tweens if framed.fits else min(tweens, RIDES)


def stills(made: Composer) -> list[Moment]:
    """Return the steps of a film, when everything of each has arrived."""
    shown = [shot for shot in made.shots if shot.token is None and shot.state.frame is not None]
    return [Moment(made.framed(shot), 1.0, shot.seconds) for shot in shown]


def played(
    made: Composer, seen: Sequence[Moment], progress: Progress | None = None
) -> Iterator[Played]:
    """Yield moments of a film as images; a number that travels is laid on the still picture."""
    size = made.asked.size
    canvas = Canvas(size.width, size.height, made.asked.theme)
    sprite: Sprite | None = None
    under: list[tuple[Image, Box]] = []
    for k, (framed, part, seconds) in enumerate(seen):
        left = [box for _, box in under]
        for image, box in under:
            canvas.image.paste(image, _corner(box))
        if k == len(seen) - 1:
            canvas.renew()
        areas = canvas.draw(framed.still(part))
        if framed.pill and (sprite is None or sprite.shapes is not framed.pill):
            sprite = Sprite(framed.pill, *canvas.sprite(framed.pill))
        under = _laid(canvas, framed, part, sprite) if framed.pill and sprite else []
        changed = around([*areas, *left, *(box for _, box in under)])
        yield Played(canvas.image, changed if changed.width else Box(0, 0, 1, 1), seconds)
        if progress:
            progress(k + 1, len(seen))


def _laid(canvas: Canvas, framed: Framed, part: float, sprite: Sprite) -> list[tuple[Image, Box]]:
    """Lay the number that travels on a canvas; return what was there, and where."""
    at, image = framed.place(part), sprite.image
    x, y = round(at.x + sprite.start.x), round(at.y + sprite.start.y)
    box = common(Box(x, y, image.width, image.height), framed.composer.whole_pane)
    if box.width <= 0 or box.height <= 0:
        return []
    seen = image.crop((box.x - x, box.y - y, box.x - x + box.width, box.y - y + box.height))
    before = canvas.image.crop(corners(box))
    canvas.image.paste(seen, _corner(box), seen)
    return [(before, box)]


def _corner(box: Box) -> tuple[int, int]:
    return int(box.x), int(box.y)


def corners(box: Box) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a box of whole pixels."""
    x, y, width, height = map(int, box)
    return x, y, x + width, y + height
