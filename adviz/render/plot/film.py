"""A film in axes of matplotlib's: an animation that changes only what is not as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist

from adviz.render.animated_svg import shot_picture
from adviz.render.plot.leaves import Leaves, leaves
from adviz.render.plot.sheet import Sheet
from adviz.render.plot.still import on_a_ground, spread
from adviz.render.roles import Theme
from adviz.render.shapes import Group, Picture, Shape
from adviz.render.timeline import Shot, timeline
from adviz.render.tokens import token_path, token_shapes
from adviz.scene.scene import Scene

_INTERVAL, _FEWEST = 0.1, 3
"""Seconds between two frames, and how many frames the shortest shot has at least."""
_ABOVE = 1.5
"""The zorder from which the number that travels is drawn."""
_PLACES = 64
"""How many places of a flight are found out, to take the nearest of at a frame."""


class Frame(NamedTuple):
    """A shot, by its number, and how much of it has passed."""

    shot: int
    part: float


def film(
    scene: Scene,
    *,
    ax: object = None,
    theme: Theme = "light",
    seconds: float | None = None,
    loop: bool = True,
) -> FuncAnimation:
    """Return a film as an animation in some axes, which span the picture and the words below it.

    A step takes so many `seconds`, 1.4 unless given, and every frame the same time. The animation
    is to be kept as long as it is to play. Raises AdvizError for what is no axes.

    >>> import adviz
    >>> moving = film(adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2})).scene)
    >>> moving.save("film.gif", writer="pillow", dpi=40)
    """
    shots = list(timeline(scene, seconds))
    interval = min(_INTERVAL, min(shot.seconds for shot in shots) / _FEWEST)
    reel = Reel(scene, shots, ax, theme)
    return FuncAnimation(
        reel.sheet.ax.figure.canvas.figure, reel.show, frames=list(frames(shots, interval)),
        interval=1000 * interval, repeat=loop, blit=True, cache_frame_data=False,
    )  # fmt: skip


def frames(shots: Sequence[Shot], interval: float) -> Iterator[Frame]:
    """Yield frames at even intervals of time, each shot with as many as it takes.

    >>> from adviz.scene.scene import State
    >>> list(frames([Shot(State({}, frozenset(), {}), 1.0)], 0.5))
    [Frame(shot=0, part=0.0), Frame(shot=0, part=0.5)]
    """
    for number, shot in enumerate(shots):
        count = max(1, round(shot.seconds / interval))
        for k in range(count):
            yield Frame(number, k / count)


class Reel:
    """The artists of a film, and what they show at each of its frames."""

    def __init__(self, scene: Scene, shots: Sequence[Shot], ax: object, theme: Theme) -> None:
        pictures = [shot_picture(scene, shot) for shot in shots]
        whole = Picture(max(p.width for p in pictures), max(p.height for p in pictures), ())
        self.looks = [leaves((*on_a_ground(whole), *one.shapes)) for one in pictures]
        self.tokens = [leaves(_carried(scene, shot)) for shot in shots]
        self.flights = [token_path(scene, shot, _PLACES) for shot in shots]
        self.behind = background(self.looks)
        self.sheet = spread(whole, ax, theme)
        self.token = Sheet(self.sheet.ax, theme, _ABOVE)

    def show(self, frame: Frame) -> list[Artist]:
        """Show a frame; return what matplotlib is to draw at each: all but the background."""
        self.sheet.show(self.looks[frame.shot])
        self.token.show(self.tokens[frame.shot])
        flight = self.flights[frame.shot]
        if flight:
            self.token.move(flight[round(frame.part * _PLACES)])
        return [*self.sheet.seen(self.behind), *self.token.seen()]


def _carried(scene: Scene, shot: Shot) -> Iterator[Shape]:
    """Yield what travels in a shot."""
    if shot.token is not None:
        yield Group("token", token_shapes(scene, shot))


def background(looks: Sequence[Leaves]) -> frozenset[str]:
    """Return what never changes and has nothing below that does."""
    lowest = zip(*(look.items() for look in looks), strict=False)
    common = takewhile(lambda leaf: len({*leaf}) == 1, lowest)
    return frozenset(leaf[0][0] for leaf in common)
