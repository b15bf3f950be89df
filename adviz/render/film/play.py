"""A film as images, each with the time for which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import around, common, corners
from adviz.render.film.raster import Canvas, Pixels, Surface
from adviz.render.film.sprites import Colour, Piece, Sprites, together
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

_S = TypeVar("_S", bound=Surface)

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
    made: Composer, seen: Sequence[Moment], progress: Progress | None = None
) -> Iterator[Played]:
    """Yield moments of a film as images."""
    sprites = Sprites(made.asked.theme)
    projector = Projector(made, sprites, Pixels)
    for areas, seconds in projected(projector, seen, progress):
        yield Played(projector.surface.image, areas, seconds)


def projected(
    projector: Projector[Any], seen: Sequence[Moment], progress: Progress | None = None
) -> Iterator[tuple[list[Box], float]]:
    """Draw moments of a film; yield where each differs, and for how long it is seen."""
    for k, (framed, part, seconds) in enumerate(seen):
        yield projector.draw(framed, part), seconds
        if progress:
            progress(k + 1, len(seen))


class Laid(NamedTuple):
    """What of a shot is laid: around its graph, the graph, a number that travels, and the map."""

    framed: Framed
    around: Sequence[Piece]
    graph: Sequence[Piece]
    pill: Sequence[Piece]
    map: Sequence[Piece]


def laid(framed: Framed, sprites: Sprites) -> Laid:
    """Return what of a shot is laid, drawn at once."""
    if framed.closes:
        return Laid(framed, sprites.of(framed.at().shapes), (), (), ())
    around = framed.bare.shapes
    sprites.of([*around, *framed.pill, *framed.map_ground])
    graph = sprites.of(framed.graph, framed.composer.camera.scale)
    pill, ground = sprites.of(framed.pill), sprites.of(framed.map_ground)
    return Laid(framed, sprites.of(around), graph, pill, [together(ground)] if ground else ())


class Projector(Generic[_S]):
    """Draws a film: the graph where all of it has room, what is seen of it then in the frame."""

    def __init__(
        self, made: Composer, sprites: Sprites, surface: Callable[[Box, Colour], _S]
    ) -> None:
        whole, page = Box(0, 0, *made.asked.size), sprites.colour("page")
        self.made, self.sprites, self.page, self._made_surface = made, sprites, page, surface
        self.surface = surface(whole, page)
        """What the frames are drawn on."""
        self.frame = Canvas(whole, self.surface, page)
        self.pane = Canvas(made.whole_pane, self.surface, page)
        self.graph: Canvas | None = None
        self.origin: Position | None = None
        """Where in the frame the graph begins."""
        self.shot: Laid | None = None

    def draw(self, framed: Framed, part: float) -> list[Box]:
        """Draw a shot at a part of its time, and return where it differs from the one before."""
        if self.shot is None or self.shot.framed is not framed:
            self.shot = laid(framed, self.sprites)
        if framed.closes:
            return self.frame.draw(self.shot.around, [self.pane.whole])
        around_it = self.frame.draw(self.shot.around)
        view = framed.view(part)
        moved = self._draw_graph(self.shot, framed.origin(view))
        to = framed.place(part) if framed.pill else Position(0, 0)
        token = (piece.moved(Position(round(to.x), round(to.y))) for piece in self.shot.pill)
        on_it = [*token, *self.shot.map, *self.sprites.of(framed.map_frame(view))]
        assert self.graph and self.origin  # noqa: S101 - it is drawn
        ground, anew = self.graph.surface, [*around_it, *moved]
        return [*around_it, *self.pane.draw_on(ground, self.origin, on_it, anew)]

    def _draw_graph(self, shot: Laid, origin: Position) -> list[Box]:
        """Draw the graph, and return where in the frame it differs from what was there."""
        camera, pane, before = self.made.camera, self.made.whole_pane, self.origin
        window, graph = Box(0, 0, *(ceil(side / 2) * 2 for side in camera.length)), shot.graph
        if window.width * window.height > _LARGEST:
            window = common(pane._replace(x=pane.x - origin.x, y=pane.y - origin.y), window)
            some = shot.framed.graph_in(window, Position(0, 0))
            graph = self.sprites.of(some, camera.scale)
        if self.graph is None or self.graph.whole != window:
            self.graph = Canvas(window, self._made_surface(window, self.page), self.page)
        areas, self.origin = self.graph.draw(graph), origin
        stays = before == origin
        return [a._replace(x=a.x + origin.x, y=a.y + origin.y) for a in areas] if stays else [pane]
