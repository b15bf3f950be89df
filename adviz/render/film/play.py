"""A film as images, each with the time for which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import around, common, corners, placed
from adviz.render.film.raster import Canvas
from adviz.render.film.sprites import Sprites
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
    """The one image of the film, on which the next frame is drawn."""
    areas: Sequence[Box]
    """Where it differs from the frame before, in whole pixels."""
    seconds: float

    @property
    def changed(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of all that differs; of a pixel if nothing does."""
        return corners(around(self.areas) if self.areas else Box(0, 0, 1, 1))


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
    made: Composer,
    seen: Sequence[Moment],
    progress: Progress | None = None,
    coded: Callable[[Image], Image] | None = None,
) -> Iterator[Played]:
    """Yield moments of a film as images, the last one as it is drawn at once.

    `coded` makes of red, green and blue the three channels that are wanted.
    """
    projector = Projector(made, Sprites(made.asked.theme, *([coded] if coded else [])))
    for k, (framed, part, seconds) in enumerate(seen):
        last = k == len(seen) - 1
        areas = projector.at_once(framed, part) if last else projector.draw(framed, part)
        yield Played(projector.frame.image, areas, seconds)
        if progress:
            progress(k + 1, len(seen))


class Projector:
    """Draws a film: the graph where all of it has room, what is seen of it then in the frame."""

    def __init__(self, made: Composer, sprites: Sprites) -> None:
        size, self.made, self.sprites = made.asked.size, made, sprites
        self.frame = Canvas(sprites, Box(0, 0, size.width, size.height))
        self.pane = Canvas(sprites, made.whole_pane, self.frame, self._graph_in)
        self.graph: Canvas | None = None
        self.origin: Position | None = None
        """Where in the frame the graph begins."""

    def draw(self, framed: Framed, part: float) -> list[Box]:
        """Draw a shot at a part of its time, and return where it differs from the one before."""
        if framed.closes:
            return self.frame.draw(framed.at(part).shapes)
        view = framed.view(part)
        around_it = self.frame.draw(framed.bare.shapes)
        moved = self._draw_graph(framed, framed.origin(view))
        place = framed.place(part) if framed.pill else Position(0, 0)
        token = placed(framed.pill, 1.0, Position(round(place.x), round(place.y)))
        return [*around_it, *self.pane.draw([*token, *framed.map(view)], [*around_it, *moved])]

    def at_once(self, framed: Framed, part: float) -> list[Box]:
        """Draw a shot as the one picture that it is."""
        self.frame.image.paste(self.sprites.picture(framed.at(part)))
        return [self.frame.whole]

    def _draw_graph(self, framed: Framed, origin: Position) -> list[Box]:
        """Draw the graph, and return where in the frame it differs from what was there."""
        figure, pane, before = framed.figure, self.made.whole_pane, self.origin
        window = Box(0, 0, figure.width, figure.height)
        if window.width * window.height > _LARGEST:
            window = common(pane._replace(x=pane.x - origin.x, y=pane.y - origin.y), window)
        if self.graph is None or self.graph.whole != window:
            self.graph = Canvas(self.sprites, window)
        areas, self.origin = self.graph.draw(figure.shapes), origin
        stays = before == origin
        return [a._replace(x=a.x + origin.x, y=a.y + origin.y) for a in areas] if stays else [pane]

    def _graph_in(self, area: Box) -> Image:
        """Return what is seen of the graph in an area of the frame."""
        assert self.graph and self.origin  # noqa: S101 - it is drawn before its pane
        return self.graph.part(area._replace(x=area.x - self.origin.x, y=area.y - self.origin.y))
