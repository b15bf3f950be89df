"""A film as images, each with the time for which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from adviz.render.film.compose import Composer, Framed
from adviz.render.film.placing import around
from adviz.render.film.raster import Canvas
from adviz.render.film.stage import Stage
from adviz.scene.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[int, int], None]
"""Told how many frames are made, and how many there are."""

TWEENS = 6
"""How many frames show a number on its way."""


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
    """Yield moments of a film as images; a number that travels is laid on the still picture.

    The last is drawn in one piece: soft edges may differ where pieces meet.
    """
    stage = Stage(made)
    for k, (framed, part, seconds) in enumerate(seen):
        if k < len(seen) - 1:
            changed = around(stage.draw(framed, part))
            yield Played(stage.image, changed if changed.width else Box(0, 0, 1, 1), seconds)
        else:
            last = Canvas(*made.asked.size, made.asked.theme)
            yield Played(last.image, around(last.draw(framed.at(part))), seconds)
        if progress:
            progress(k + 1, len(seen))
