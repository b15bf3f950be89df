"""In which arrangement a picture is read best: the one that makes its text largest in a pane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, get_args

from adviz.errors import AdvizError
from adviz.language.asked import among, shown
from adviz.scene.floor import Arrangement, Direction, Floor, Flow
from adviz.scene.layout import Layout
from adviz.scene.legend import with_legend
from adviz.scene.scene import Scene


class Pane(NamedTuple):
    """The room that a picture is seen in, in pixels."""

    width: float
    height: float
    legible: float
    """The scale that text must have to be read; what is plainer is kept as long as it has it."""
    floors: int = 2
    """How many ways to set nodes out there are: full, and compact."""


SHEET, HALL, PHONE = Pane(1280, 800, 0.74, 1), Pane(1390, 690, 1.385), Pane(390, 480, 0.92)
"""A sheet; what the player leaves of a screen of 1920 by 1080; and what it leaves of a phone."""

LARGEST = 1.6
"""A scale at which every text can be read from afar; beyond it nothing is gained."""

_WORTH = 1.1
"""How much larger the text of an arrangement must be to be preferred to a plainer one."""
_FAR = 1.5
"""How much larger it must be where it cannot be read as a whole either."""
_VISIBLE = 0.3
"""A scale below which nothing can be told apart, in whatever arrangement."""
_MOST_ROWS = 9
_PLAUSIBLE = 3
"""How many arrangements are laid out to be compared, those that promise most."""

_LR, _TB = (((flow, 1),) for flow in get_args(Flow))
_IN_ROWS = tuple((flow, rows) for rows in range(2, _MOST_ROWS) for flow in get_args(Flow))
CHOICES: Mapping[Direction, tuple[tuple[tuple[Flow, int], ...], ...]] = MappingProxyType(
    {"LR": (_LR,), "TB": (_TB,), "auto": (_LR + _TB, _LR + _TB + _IN_ROWS)}
)
"""Which way a picture may run, and in how many rows; the plainest first."""


def scale(size: tuple[float, float], pane: Pane) -> float:
    """Return how much a picture is enlarged to fill a pane, as far as that is of use.

    >>> scale((742.0, 226.0), HALL), round(scale((2417.0, 736.0), HALL), 2)
    (1.6, 0.58)
    """
    return min(pane.width / size[0], pane.height / size[1], LARGEST)


def fitted(floor: Floor, pane: Pane, choices: Sequence[Arrangement]) -> Layout:
    """Return the layout of the largest text in a pane; the first unless another is worth it.

    Sizes alone tell which arrangements promise most; only those are laid out.
    """
    first = floor.layout(choices[0])
    least = _WORTH * _scale_of(first, pane)
    made = [floor.layout(one) for one in _promising(floor, choices[1:], pane, least)]
    best = max(made, key=lambda other: _scale_of(other, pane), default=first)
    return best if _scale_of(best, pane) > least else first


def _promising(
    floor: Floor, choices: Sequence[Arrangement], pane: Pane, least: float
) -> list[Arrangement]:
    """Return the few arrangements that promise most, and more than a scale."""
    if least >= LARGEST:
        return []
    promised = {one: scale(floor.estimated(one), pane) for one in choices}
    good = [one for one in choices if promised[one] > least]
    return sorted(good, key=lambda one: -promised[one])[:_PLAUSIBLE]


def _scale_of(layout: Layout, pane: Pane) -> float:
    return scale((layout.width, layout.height), pane)


def directed(scene: Scene, direction: Direction, pane: Pane) -> Scene:
    """Return a scene laid out to run in a direction, as large as it can be in a pane.

    Raises AdvizError for a direction that there is not, or where what stands in a picture has an
    order of its own.

    >>> import adviz
    >>> scene = adviz.draw("(x + y)*(x - y)").scene
    >>> down = directed(scene, "TB", SHEET)
    >>> scene.layout.width > scene.layout.height, down.layout.width > down.layout.height
    (True, False)
    """
    refuse_unknown(direction)
    if scene.floors:
        floor, layout = _legible(scene.floors[: pane.floors], pane, direction)
        placed = with_legend(layout, scene.legend)
        return replace(scene, layout=placed, card=floor.card, direction=direction)
    if direction != "auto":
        raise AdvizError(f"this picture has an order of its own; leave out direction={direction!r}")
    return scene


def settled(scene: Scene, pane: Pane) -> Scene:
    """Return a scene as it is laid out, or otherwise where that is read far better in a pane.

    So a film looks the same in panes that are about alike; the view follows in what is too large.

    >>> import adviz
    >>> scene = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2})).scene
    >>> settled(scene, HALL) is scene, settled(scene, Pane(300, 900, 1.0)) is scene
    (True, False)
    """
    own = _scale_of(scene.layout, pane)
    if own >= pane.legible:
        return scene
    other = directed(scene, scene.direction, pane)
    found = _scale_of(other.layout, pane)
    worth = _WORTH if found >= pane.legible else _FAR
    return other if found > worth * own else scene


def alternative(scene: Scene, pane: Pane) -> Layout | None:
    """Return the layout of the same nodes that is read best in another pane, if there is a better.

    A scene that is to run in one direction has none, nor has one with a legend below it.
    """
    floor = next((floor for floor in scene.floors if floor.card is scene.card), None)
    if floor is None or scene.direction != "auto" or scene.legend:
        return None
    _, other = _legible([floor], pane, "auto")
    least = max(_WORTH * _scale_of(scene.layout, pane), _VISIBLE)
    return other if _scale_of(other, pane) > least else None


def _legible(floors: Sequence[Floor], pane: Pane, direction: Direction) -> tuple[Floor, Layout]:
    """Return the plainest layout that can be read in a pane, else that of the largest text.

    Whether one cannot be read its sizes tell before it is laid out.
    """
    each = ((f, _arrangements(f, c, pane)) for c in CHOICES[direction] for f in floors)
    *plainer, (floor, choices) = each
    for one, arrangements in plainer:
        if any(scale(one.estimated(a), pane) >= pane.legible for a in arrangements):
            layout = fitted(one, pane, arrangements)
            if _scale_of(layout, pane) >= pane.legible:
                return one, layout
    return floor, fitted(floor, pane, choices)


def _arrangements(
    floor: Floor, choices: Sequence[tuple[Flow, int]], pane: Pane
) -> list[Arrangement]:
    """Return what promises most of every choice; rows may tear apart what is to be side by side."""
    kept = [(flow, rows) for flow, rows in choices if rows == 1 or not floor.level]
    ways = (floor.arrangements(flow, rows) for flow, rows in kept)
    return [max(all_, key=lambda one: scale(floor.estimated(one), pane)) for all_ in ways]


def refuse_unknown(direction: str) -> None:
    """Raise AdvizError for a direction that there is not."""
    if not among(direction, get_args(Direction)):
        known = ", ".join(get_args(Direction))
        raise AdvizError(f"there is no direction {shown(direction)}; directions are {known}")
