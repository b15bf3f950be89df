"""In which arrangement a picture is read best: the one that makes its text largest in a pane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from adviz.errors import AdvizError
from adviz.language.asked import among, shown
from adviz.scene.floor import AS_READ, Arrangement, Floor, Flow
from adviz.scene.layout import Layout
from adviz.scene.legend import with_legend
from adviz.scene.scene import Scene

Direction = Literal["auto", "LR", "TB"]
"""Which way a picture runs: from left to right, from the top down, or as it is read best."""


class Pane(NamedTuple):
    """The room that a picture is seen in, in pixels."""

    width: float
    height: float


SHEET, HALL, PHONE = Pane(1280, 800), Pane(1450, 800), Pane(390, 480)
"""A sheet; what the player leaves of a screen of 1920 by 1080; and what it leaves of a phone."""

LARGEST = 1.6
"""A scale at which every text can be read from afar; beyond it nothing is gained."""

_WORTH = 1.1
"""How much larger the text of an arrangement must be to be preferred to a plainer one."""
_MOST_ROWS = 9
_PLAUSIBLE = 3
"""How many arrangements are laid out to be compared, those that promise most."""

ARRANGEMENTS: Mapping[Direction, tuple[Arrangement, ...]] = MappingProxyType(
    {
        "LR": (AS_READ,),
        "TB": (Arrangement("TB"),),
        "auto": tuple(
            Arrangement(flow, rows) for rows in range(1, _MOST_ROWS) for flow in get_args(Flow)
        ),
    }
)
"""What a picture may be laid out as, the plainest first."""


def scale(size: tuple[float, float], pane: Pane) -> float:
    """Return how much a picture is enlarged to fill a pane, as far as that is of use.

    >>> scale((742.0, 226.0), HALL), round(scale((2417.0, 736.0), HALL), 2)
    (1.6, 0.6)
    """
    return min(pane.width / size[0], pane.height / size[1], LARGEST)


def fitted(floor: Floor, pane: Pane, direction: Direction = "auto") -> Layout:
    """Return the layout of the largest text in a pane, of those that run in a direction.

    Sizes alone tell which arrangements promise most; only those are laid out. Of two that are
    nearly as good the plainer one is taken.
    """
    plainest, *others = ARRANGEMENTS[direction]
    best = floor.layout(plainest)
    for arrangement in _promising(floor, others, pane, _scale_of(best, pane)):
        other = floor.layout(arrangement)
        if _scale_of(other, pane) > _WORTH * _scale_of(best, pane):
            best = other
    return best


def _promising(
    floor: Floor, choices: Sequence[Arrangement], pane: Pane, least: float
) -> list[Arrangement]:
    """Return the arrangements that may well be better than a scale, the plainest first."""
    promised = {one: scale(floor.estimated(one), pane) for one in choices}
    good = [one for one in choices if least < LARGEST / _WORTH and promised[one] > least]
    best = sorted(good, key=lambda one: -promised[one])[:_PLAUSIBLE]
    return [one for one in choices if one in best]


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
    if scene.floor is not None:
        return replace(
            scene, layout=with_legend(fitted(scene.floor, pane, direction), scene.legend)
        )
    if direction != "auto":
        raise AdvizError(f"this picture has an order of its own; leave out direction={direction!r}")
    return scene


def refuse_unknown(direction: str) -> None:
    """Raise AdvizError for a direction that there is not."""
    if not among(direction, get_args(Direction)):
        known = ", ".join(get_args(Direction))
        raise AdvizError(f"there is no direction {shown(direction)}; directions are {known}")
