"""One step of a film composed for a frame, as the player shows it in a hall.

Above stand the statements, the phase and the step, below what is said, beside the graph its
table. Each has room for the step that needs most, so nothing jumps. What stands around the graph
is painted over it, so that a graph which is larger than its pane ends there in every medium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from adviz.language.notation import unicode_text
from adviz.render.film.asked import Asked
from adviz.render.film.camera import Camera
from adviz.render.film.closing import closing_card
from adviz.render.film.heading import Heading
from adviz.render.film.overview import Overview
from adviz.render.film.placing import bounds, box_at, meets, placed
from adviz.render.film.shown import limited
from adviz.render.film.trace_table import TraceTable
from adviz.render.film.words import Progress, Words
from adviz.render.moment import Moment
from adviz.render.paint import paint
from adviz.render.shapes import Group, Picture, Rect, Shape
from adviz.render.timeline import Shot, timeline
from adviz.render.tokens import eased, token_place, token_shapes
from adviz.scene.geometry import Box, Position
from adviz.scene.panes import Pane, directed, settled
from adviz.scene.scene import Scene, State

_MARGIN = 1.3
_USUAL_LETTER = 13.0
"""The smallest letters of a graph, by which it is told whether all of it is legible."""
_BESIDE, _LEAST_LETTERS = 0.36, 64.0
"""How much of a frame's width a table may take, and how many letters wide the frame must be."""
PAN = 0.5
"""Seconds in which the view goes from one place to another."""
DIMMED = 0.3
"""How much is seen of a graph below its closing card."""


def composer(scene: Scene, asked: Asked) -> Composer:
    """Return what composes the frames of a film, its graph laid out as in a page if that will do.

    >>> import adviz
    >>> from adviz.render.film.asked import asked
    >>> scene = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).scene
    >>> made = composer(scene, asked(size="720p"))
    >>> pictures = [made.frame(shot) for shot in made.shots]
    >>> {(picture.width, picture.height) for picture in pictures}
    {(1280, 720)}
    """
    made = Composer(limited(scene, asked.show), asked)
    if not scene.floors:
        return made
    pane = made.pane
    legible = Pane(pane.width, pane.height, asked.letter / _USUAL_LETTER)
    if made.scene is scene:
        return replace(made, scene=settled(scene, legible))
    return replace(made, scene=directed(made.scene, scene.direction, legible))


@dataclass(frozen=True)
class Composer:
    """A film whose frames are composed for one size."""

    scene: Scene
    asked: Asked

    def frame(self, shot: Shot, part: float = 1.0) -> Picture:
        """Return a shot; its token, if it has one, at a part of its time, from 0 to 1."""
        return self.framed(shot).at(part)

    def framed(self, shot: Shot) -> Framed:
        """Return a shot of which several frames are to be seen."""
        return Framed(self, shot)

    @cached_property
    def heading(self) -> Heading:
        """What stands above."""
        return Heading(self.scene, *self._page, stated="statements" in self.asked.show)

    @cached_property
    def words(self) -> Words:
        """What is said below."""
        return Words(self.scene, *self._page, told="narration" in self.asked.show)

    @cached_property
    def progress(self) -> Progress:
        """How far the film has come."""
        return Progress(self.scene, *self._page)

    @property
    def _page(self) -> tuple[float, float, float]:
        """The width of a frame, the size of its letters, and what is left free at its sides."""
        letter = self.asked.letter
        return self.asked.size.width, letter, _MARGIN * letter

    @cached_property
    def table(self) -> TraceTable | None:
        """The table beside the graph, where there is room for one."""
        made = TraceTable(self.scene, self.asked.letter)
        wide = self.asked.size.width
        if "table" not in self.asked.show or not made.kinds:
            return None
        roomy = wide >= _LEAST_LETTERS * self.asked.letter and made.width <= _BESIDE * wide
        return made if roomy else None

    @cached_property
    def pane(self) -> Box:
        """Where the graph is seen."""
        top, beside = self.heading.height, self.table.width if self.table else 0.0
        high = self.asked.size.height - top - self.words.height - self.progress.height
        return Box(0, top, self.asked.size.width - beside, high)

    @property
    def whole_pane(self) -> Box:
        """The pane in whole pixels, in pairs of them, for which a video has one colour."""
        x, y, width, height = self.pane
        left, top = ceil(x / 2) * 2, ceil(y / 2) * 2
        return Box(left, top, (x + width) // 2 * 2 - left, (y + height) // 2 * 2 - top)

    @cached_property
    def camera(self) -> Camera:
        """How the graph is seen in its pane."""
        asked, pane = self.asked, self.pane
        return Camera(self.scene, pane.width, pane.height, asked.letter, asked.least)

    @cached_property
    def overview(self) -> Overview:
        """The map of a graph that is not all in view."""
        return Overview(self.camera, self.pane)

    @cached_property
    def steps(self) -> Mapping[int, int]:
        """The number of every frame, by its identity."""
        return {id(frame): k for k, frame in enumerate(self.scene.frames)}

    @cached_property
    def shots(self) -> tuple[Shot, ...]:
        """What is shown when, and for how long; where the film ends with a card, that rests."""
        *before, last = timeline(self.scene, self.asked.seconds)
        if not self.scene.frames[-1].card:
            return (*before, last)
        card = before[-1]
        return (*before[:-1], card._replace(seconds=card.seconds + last.seconds))


@dataclass(frozen=True)
class Framed:
    """A shot of a film: everything but its token stands still, unless the view goes with it."""

    composer: Composer
    shot: Shot
    start: Position | None = None
    """Where the view was before, if it goes from there to where this shot is seen."""

    def at(self, part: float = 1.0) -> Picture:
        """Return the shot at a part of its time."""
        view = self.view(part)
        seen = (*self._graph(view), *self._token(part), *self.map(view))
        return replace(self.bare, shapes=(*seen, *self.bare.shapes))

    def _token(self, part: float) -> tuple[Shape, ...]:
        """Return the number that travels, if one does, where it is."""
        if not self.pill:
            return ()
        return (Group("token", placed(self.pill, 1.0, self.place(part))),)

    @cached_property
    def bare(self) -> Picture:
        """The shot without its graph and what is laid on that."""
        size, scene = self.composer.asked.size, self.composer.scene
        return Picture(size.width, size.height, self._around, unicode_text(scene.title, scene.text))

    @cached_property
    def pill(self) -> tuple[Shape, ...]:
        """The number that travels, around the origin; nothing where none does."""
        if self.shot.token is None:
            return ()
        shapes = token_shapes(self.composer.scene, self.shot)
        return placed(shapes, self.composer.camera.scale, Position(0, 0))

    def place(self, part: float) -> Position:
        """Return where in the frame the pill is at a part of the time."""
        at, scale = token_place(self.composer.scene, self.shot, part), self.composer.camera.scale
        to = self.origin(self.view(part))
        return Position(to.x + at.x * scale, to.y + at.y * scale)

    @property
    def _state(self) -> State:
        return self.shot.state

    @cached_property
    def step(self) -> int:
        """Which step is seen, from 0; of the finished picture the last."""
        frame = self._state.frame
        return (
            len(self.composer.scene.frames) - 1 if frame is None else self.composer.steps[id(frame)]
        )

    def view(self, part: float) -> Position:
        """Return where the view begins: it goes with a number whose way is longer than the pane."""
        camera = self.composer.camera
        at, number = camera.views[self.step], None
        if self.shot.token is not None and not self.fits:
            number = token_place(self.composer.scene, self.shot, part)
            at = camera.around(number)
        if self.start is not None:
            gone = eased(min(1.0, part * self.shot.seconds / PAN))
            at = Position(*(a + gone * (b - a) for a, b in zip(self.start, at, strict=True)))
        if number is not None and self._sets_out_in_view:
            at = camera.keeping(at, number)
        return Position(round(at.x / 2) * 2, round(at.y / 2) * 2)

    @cached_property
    def _sets_out_in_view(self) -> bool:
        """Whether the number that travels is seen when it sets out; else the view goes there."""
        at = token_place(self.composer.scene, self.shot, 0.0)
        return self.start is None or self.composer.camera.sees(self.start, at)

    @cached_property
    def fits(self) -> bool:
        """Whether all that is active is in view."""
        camera, view = self.composer.camera, self.composer.camera.views[self.step]
        pane = Box(view.x, view.y, camera.width, camera.height)
        boxes = [box_at(box, camera.scale, Position(0, 0)) for box in camera.boxes(self.step)]
        return all(_inside(box, pane) for box in boxes)

    @cached_property
    def graph(self) -> tuple[Shape, ...]:
        """The shapes of the graph in its own size."""
        return paint(self.composer.scene, self._state).shapes

    def graph_in(self, area: Box, to: Position) -> list[Shape]:
        """Return those that are seen in an area when the enlarged graph begins at a place."""
        scale = self.composer.camera.scale
        return [one for one in self.graph if meets(box_at(bounds([one]), scale, to), area)]

    def _graph(self, view: Position) -> tuple[Shape, ...]:
        """Return what of the graph is seen from a place; below a card it is dimmed."""
        scale, to, pane = self.composer.camera.scale, self.origin(view), self.composer.pane
        seen = placed(self.graph_in(pane, to), scale, to)
        return (Group("dimmed", seen, opacity=DIMMED),) if self.closes else seen

    def origin(self, view: Position) -> Position:
        """Return where in the frame the graph begins that is seen from a place."""
        pane = self.composer.pane
        return Position(round(pane.x / 2) * 2 - view.x, round(pane.y / 2) * 2 - view.y)

    def map(self, view: Position) -> tuple[Shape, ...]:
        """Return the map of what is not all in view, and on it the frame of what is."""
        return () if self.corner is None else self.map_at(self.corner, view)

    @cached_property
    def map_ground(self) -> tuple[Shape, ...]:
        """The map without that frame."""
        return self.map(self.view(1.0))[:1]

    def map_frame(self, view: Position) -> tuple[Shape, ...]:
        """Return that frame alone."""
        return () if self.corner is None else (self.composer.overview.seen(self.corner, view),)

    def map_at(self, corner: Position, view: Position) -> tuple[Shape, ...]:
        """Return the map as it is at a corner."""
        overview, look = self.composer.overview, Moment(self.composer.scene, self._state).look
        return overview.ground(corner, self.step, look), overview.seen(corner, view)

    @cached_property
    def corner(self) -> Position | None:
        """The corner of the map, if there is one; it stays there as the view moves."""
        made = self.composer
        if made.camera.shows_all or self.closes:
            return None
        return made.overview.corner(self.view(1.0), self.step)

    @property
    def closes(self) -> bool:
        """Whether a card stands over the graph."""
        return bool(self._state.frame and self._state.frame.card)

    @cached_property
    def _around(self) -> tuple[Shape, ...]:
        """What stands around the graph."""
        made, size, pane = self.composer, self.composer.asked.size, self.composer.pane
        bottom = pane.y + pane.height
        below = Rect(Box(0, bottom, size.width, size.height - bottom), fill="page", kind="below")
        beside = Box(pane.width, pane.y, size.width - pane.width, pane.height)
        now = Moment(made.scene, self._state)
        table = [made.table.at(now, beside)] if made.table else []
        words = made.words.at(self._state, bottom)
        rule = Rect(Box(0, bottom, size.width, 1.0), fill="line", kind="rule")
        head = (*made.heading.shapes, made.heading.at(self.step))
        progress = made.progress.at(self.step, size.height)
        return (
            *self._closing,
            below,
            *table,
            words,
            *([rule] if made.words.height else []),
            *head,
            progress,
        )

    @property
    def _closing(self) -> tuple[Shape, ...]:
        made, frame = self.composer, self._state.frame
        if frame is None or not frame.card:
            return ()
        return (closing_card(made.scene, frame.card, made.pane, made.asked.letter),)


def _inside(box: Box, pane: Box) -> bool:
    """Return whether a box is all in a pane."""
    across = pane.x <= box.x and box.x + box.width <= pane.x + pane.width
    return across and pane.y <= box.y and box.y + box.height <= pane.y + pane.height
