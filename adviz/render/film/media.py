"""The media that show a film in frames: a line each, and what all of them can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from adviz.render.film.apng import apng as _apng
from adviz.render.film.asked import asked
from adviz.render.film.compose import Composer, composer
from adviz.render.film.gif import gif as _gif
from adviz.render.film.play import Progress
from adviz.render.film.steps import booklet, pictures
from adviz.render.film.video import MP4, WEBM, video
from adviz.render.film.webp import webp as _webp
from adviz.scene.scene import Scene

Made = TypeVar("Made")


def moving(
    write: Callable[[Composer, Progress | None], Made],
    usual: str,
    scene: Scene,
    *,
    theme: Any = "light",
    size: Any = None,
    font_size: Any = None,
    show: Any = None,
    seconds: Any = None,
    loop: Any = True,
    progress: Progress | None = None,
) -> Made:
    """Return a film as a medium that moves writes it, in its usual size unless one is given."""
    wanted = asked(
        size=usual if size is None else size, font_size=font_size, theme=theme, show=show,
        seconds=seconds, loop=loop,
    )  # fmt: skip
    return write(composer(scene, wanted), progress)


def timed(
    write: Callable[[Composer, Progress | None], Made],
    usual: str,
    scene: Scene,
    *,
    theme: Any = "light",
    size: Any = None,
    font_size: Any = None,
    show: Any = None,
    seconds: Any = None,
    progress: Progress | None = None,
) -> Made:
    """Return a film as a medium writes it of which the player decides whether it begins anew."""
    looks = {"size": size, "font_size": font_size, "theme": theme, "show": show}
    return moving(write, usual, scene, **looks, seconds=seconds, progress=progress)


def standing(
    write: Callable[[Composer, Progress | None], Made],
    usual: str,
    scene: Scene,
    *,
    theme: Any = "light",
    size: Any = None,
    font_size: Any = None,
    show: Any = None,
    progress: Progress | None = None,
) -> Made:
    """Return a film as a medium writes it that stands still, and has no time."""
    looks = {"size": size, "font_size": font_size, "theme": theme, "show": show}
    return moving(write, usual, scene, **looks, progress=progress)


gif = partial(moving, _gif, "720p")
webp = partial(moving, _webp, "720p")
apng = partial(moving, _apng, "720p")
mp4 = partial(timed, partial(video, MP4), "1080p")
webm = partial(timed, partial(video, WEBM), "1080p")
pdf = partial(standing, booklet, "1080p")
folder = partial(standing, pictures, "1080p")
