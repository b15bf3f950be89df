"""A film drawn to be played: the graph on a sheet of its own, of which the view is a part.

So a view that moves costs no drawing: what is seen of the sheet is laid into the frame anew.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import common, corner, corners, moved
from adviz.render.film.raster import Canvas
from adviz.render.shapes import Shape
from adviz.scene.geometry import Box, Position

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST = 50_000_000
"""The pixels that a sheet has; of what is larger only what is in view is drawn, view by view."""


class Laid(NamedTuple):
    """Shapes drawn once as an image, and where in the frame that is laid on the graph."""

    shapes: tuple[Shape, ...]
    image: Image
    start: Position
    """Where the image begins when the origin of the shapes is where they stand."""
    box: Box

    @property
    def key(self) -> tuple[int, Box]:
        """What tells it from everything else that is laid."""
        return id(self.image), self.box


class Stage:
    """The frame of a film as an image on which its moments are drawn one after the other.

    >>> import adviz
    >>> from adviz.render.film.asked import asked
    >>> from adviz.render.film.compose import composer
    >>> film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2}))
    >>> made = composer(film.scene, asked(size=(640, 480)))
    >>> stage, framed = Stage(made), made.framed(made.shots[0])
    >>> stage.draw(framed, 1.0)[0], stage.draw(framed, 1.0)
    (Box(x=0, y=0, width=640, height=480), [])
    """

    def __init__(self, made: Composer) -> None:
        size, theme = made.asked.size, made.asked.theme
        self.pane, self.corner = made.whole_pane, made.corner
        self.length = made.camera.length
        roomy = Box(0, 0, *(max(a, b) for a, b in zip(self.pane[2:], self.length, strict=True)))
        self.is_whole = roomy.width * roomy.height <= _MOST
        extent = roomy if self.is_whole else Box(0, 0, *self.pane[2:])
        self.sheet = Canvas(ceil(extent.width) + 2, ceil(extent.height) + 2, theme)
        self.frame = Canvas(size.width, size.height, theme)
        self.view, self.laid = Position(0, 0), list[Laid]()

    @property
    def image(self) -> Image:
        """What is seen."""
        return self.frame.image

    def draw(self, framed: Framed, part: float) -> list[Box]:
        """Draw a shot at a part of its time, and return where that differs from what was there."""
        areas = self.frame.draw(framed.around)
        view, laid = framed.view(part), [self._laid(*one) for one in framed.over(part)]
        before, after = ({one.key: one.box for one in each} for each in (self.laid, laid))
        anew = [*areas, *self._graph(framed, view)]
        changed = [key for key in before | after if (key in before) != (key in after)]
        seen = (common((before | after)[key], self.pane) for key in changed)
        anew += [box for box in seen if _holds(box)]
        for box in (*anew, *before.values()):
            self._uncover(box, view)
        for one in laid:
            self._lay(one)
        self.laid = laid
        return anew

    def _graph(self, framed: Framed, view: Position) -> list[Box]:
        """Draw the graph on its sheet, and return where in the frame it is seen to differ."""
        start = self._start(view)
        areas = self.sheet.draw(framed.sheet(start, self.sheet.whole))
        moves, self.view = view != self.view, view
        if moves:
            return [self.pane]
        to = Position(self.corner.x + start.x - view.x, self.corner.y + start.y - view.y)
        return [box for one in areas if _holds(box := common(moved(one, to), self.pane))]

    def _start(self, view: Position) -> Position:
        """Return where on the graph the sheet begins: at its corner, or where a view does."""
        if not self.is_whole:
            return view
        pairs = zip(view, self.pane[2:], self.length, strict=True)
        return Position(*(0 if at >= 0 and whole > pane else at for at, pane, whole in pairs))

    def _uncover(self, box: Box, view: Position) -> None:
        """Lay what is seen of the sheet into a part of the frame."""
        inside = common(box, self.pane)
        if _holds(inside):
            start = self._start(view)
            to = Position(view.x - start.x - self.corner.x, view.y - start.y - self.corner.y)
            self.image.paste(self.sheet.image.crop(corners(moved(inside, to))), corner(inside))

    def _laid(self, shapes: tuple[Shape, ...], place: Position) -> Laid:
        """Return shapes at a place, drawn unless they have been before."""
        known = next((one for one in self.laid if one.shapes == shapes), None)
        image, start = known[1:3] if known else self.frame.sprite(shapes)
        x, y = round(place.x + start.x), round(place.y + start.y)
        return Laid(shapes, image, start, Box(x, y, image.width, image.height))

    def _lay(self, one: Laid) -> None:
        """Lay an image on the graph, as far as that is seen."""
        inside = common(one.box, self.pane)
        if _holds(inside):
            seen = one.image.crop(corners(moved(inside, Position(-one.box.x, -one.box.y))))
            self.image.paste(seen, corner(inside), seen)


def _holds(box: Box) -> bool:
    return box.width > 0 and box.height > 0
