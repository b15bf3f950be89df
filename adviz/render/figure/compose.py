"""A figure composed for print: a scene in a state as shapes on a page of a width."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from adviz.errors import FormatError
from adviz.language.notation import unicode_text
from adviz.render.figure.arrows import arrow
from adviz.render.figure.asked import Asked
from adviz.render.figure.fit import Arranged, Fitting, turned
from adviz.render.figure.lengths import PIXELS_PER_POINT
from adviz.render.figure.ranks import Size
from adviz.render.figure.styles import DROP, LINE, STYLES, Direction, Place, painted
from adviz.render.figure.words import ems
from adviz.render.moment import Moment
from adviz.render.plate import Plate
from adviz.render.shapes import Group, Path, Picture, Rect, Text
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.lines import coloured, emboldened
from adviz.scene.scene import Scene, State, finished


def figure(scene: Scene, wanted: Asked, state: State | None = None) -> Plate:
    """Return a scene in a state, the finished one unless given, composed for print.

    The text has the size that is asked for; without one it has the largest that fits the width,
    10 points at most. It reads from left to right, or from the top with as many nodes side by
    side as there is room for, whichever is lower. Raises FormatError where nothing fits, with
    what would.

    >>> import adviz
    >>> from adviz.render.figure.asked import asked
    >>> scene = adviz.draw("(x + y)*(x - y)").scene
    >>> plate = figure(scene, asked().paged("8.5cm", font_size=8))
    >>> round(plate.layout.width * 0.75, 1)
    240.9
    """
    picture = composed(scene, wanted, state).picture
    return Plate(picture, scene.summary, unicode_text(scene.title, scene.text))


def composed(scene: Scene, wanted: Asked, state: State | None = None) -> Page:
    """Return the page of a figure, from which its shapes are drawn, or it is written as LaTeX.

    Raises FormatError where nothing fits, with what would.
    """
    page = fitted(scene, wanted, state)
    if page is None:
        raise FormatError(Fitting(Moment(scene, state or finished(scene)), wanted).refusal())
    return page


def fitted(scene: Scene, wanted: Asked, state: State | None = None) -> Page | None:
    """Return the page of a figure with the largest text that fits, if any does."""
    fitting = Fitting(Moment(scene, state or finished(scene)), wanted)
    sizes = wanted.sizes if wanted.width else wanted.sizes[:1]
    for size in (wanted.font_size,) if wanted.font_size else sizes:
        found = fitting.best(size)
        if found is not None:
            return Page(fitting, found, size * PIXELS_PER_POINT)
    return None


class _Mirror(NamedTuple):
    """How a plan from left to right is turned to its direction."""

    box: Callable[[Box], Box]
    point: Callable[[Position], Position]


_MIRRORS: Mapping[Direction, _Mirror] = MappingProxyType(
    {
        "LR": _Mirror(lambda box: box, lambda point: point),
        "TB": _Mirror(turned, lambda point: Position(point.y, point.x)),
    }
)


@dataclass(frozen=True)
class Page:
    """An arrangement on its page, with letters of a size in pixels."""

    fitting: Fitting
    found: Arranged
    em: float

    def at(self, state: State) -> Page:
        """Return the page of another state of the same film, where everything stands as here."""
        fitting = self.fitting
        return replace(self, fitting=replace(fitting, now=Moment(fitting.now.scene, state)))

    @property
    def now(self) -> Moment:
        """What is seen."""
        return self.fitting.now

    @property
    def size(self) -> Size:
        """How wide and how high it is."""
        wide, high = self.found.size
        return wide * self.em, high * self.em

    @property
    def picture(self) -> Picture:
        """The shapes: arrows, nodes, and on top of the arrows their labels."""
        scene = self.now.scene
        shapes = (*self.arrows.values(), *self.nodes.values(), *self.labels.values())
        return Picture(*self.size, shapes, unicode_text(scene.title, scene.text))

    @cached_property
    def arrows(self) -> Mapping[int, Group]:
        """The arrow of every edge: a curve and a head."""
        return {k: self._arrow(k) for k in range(len(self.now.scene.edges))}

    @cached_property
    def nodes(self) -> Mapping[int, Group]:
        """Every node: its outline, if it has one, and its lines of text."""
        return {node.id: self._node(node.id) for node in self.now.scene.nodes}

    @cached_property
    def labels(self) -> Mapping[int, Group]:
        """What stands on edges: a ground and its text; of nothing that is shown, nothing."""
        return {k: self._label(k, middle) for k, middle in self.found.label_places.items()}

    @property
    def _mirror(self) -> _Mirror:
        return _MIRRORS[self.found.direction]

    def _placed(self, box: Box) -> Box:
        """Return a box of the plan on the page."""
        return Box(*(side * self.em for side in self._mirror.box(box)))

    def _node(self, node: int) -> Group:
        plan, fitting = self.found.plan, self.fitting
        place = Place(self._placed(plan.box(node)), self._placed(plan.body(node)), self.em)
        style, shown = STYLES[fitting.asked.style], self.now.scene.nodes[node]
        return painted(style, fitting.writer, shown, self.found.direction, place)

    def _arrow(self, k: int) -> Group:
        """Return an edge's line and head, dashed and against it where an adjoint travels."""
        now, em = self.now, self.em
        mark = now.scene.marks.get(now.scene.edges[k])
        moves, used = k in now.active, k in now.active or k in now.passed
        role = mark.role if mark else now.look.stroke if used else "muted"
        thick = 0.18 if moves else 0.13 if mark else 0.09 if used else 0.06
        dash = (0.55 * em, 0.35 * em) if used and now.backward else ()
        line, head = arrow(self.found.plan.way(k), em, moves and now.backward)
        shapes = (
            Path(self._turned(line), stroke=role, thickness=thick * em, dash=dash, kind="curve"),
            Path(self._turned(head), fill=role, kind="head"),
        )
        absent = k in now.state.labels and now.state.labels[k] is None
        return Group("edge", shapes, (("edge", str(k)),), opacity=0.0 if absent else 1.0)

    def _turned(self, curve: Curve) -> Curve:
        turn = self._mirror.point
        pieces = tuple(tuple(map(turn, piece)) for piece in curve.pieces)
        return Curve(turn(curve.start), pieces)

    def _label(self, k: int, middle: Position) -> Group:
        """Return what stands on an arrow, the line left out behind it."""
        now, em = self.now, self.em
        line, moves = self.fitting.writer.partial(k), k in now.active
        if not line:
            return Group("label", ())
        x, y = (side * em for side in self._mirror.point(middle))
        shown = coloured(emboldened(line), now.look.text) if moves else line
        wide, high = (ems(shown) + 0.3) * em, (LINE - 0.15) * em
        ground = Rect(Box(x - wide / 2, y - high / 2, wide, high), fill="page")
        said = Text(x, y + DROP * em, shown, em, "middle")
        return Group("label", (ground, said), (("edge", str(k)),))
