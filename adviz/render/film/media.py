"""The media that show a film in frames: a line each, with all that it can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, Signature
from typing import Any

from adviz.graph.garbage import PAUSED
from adviz.render.film.apng import apng as _apng
from adviz.render.film.asked import asked
from adviz.render.film.compose import Composer, composer
from adviz.render.film.gif import gif as _gif
from adviz.render.film.play import Progress
from adviz.render.film.steps import booklet, pictures
from adviz.render.film.video import MP4, WEBM, video
from adviz.render.film.webp import webp as _webp
from adviz.scene.scene import Scene

LOOKS = ("theme", "size", "font_size", "show")
"""What every medium of frames can be asked for."""


@dataclass(frozen=True)
class Medium:
    """What writes a film in frames, in its usual size unless one is given.

    >>> from inspect import signature
    >>> [*signature(mp4).parameters]
    ['scene', 'theme', 'size', 'font_size', 'show', 'seconds', 'progress']
    """

    write: Callable[[Composer, Progress | None], Any]
    usual: str
    taken: tuple[str, ...]
    """What it can be asked for, as `asked` has it."""

    @property
    def __signature__(self) -> Signature:
        """Its keywords, by which it is known what can be asked of it."""
        keywords = [Parameter(one, Parameter.KEYWORD_ONLY, default=None) for one in self.taken]
        progress = Parameter("progress", Parameter.KEYWORD_ONLY, default=None)
        return Signature([Parameter("scene", Parameter.POSITIONAL_ONLY), *keywords, progress])

    def __call__(self, scene: Scene, *, progress: Progress | None = None, **given: Any) -> Any:
        """Return a film as the medium writes it; what is None is as usual."""
        self.__signature__.bind(scene, **given)  # which refuses what it does not take
        looks = {name: one for name, one in given.items() if one is not None}
        with PAUSED:  # what is drawn is kept, and has no cycles
            return self.write(composer(scene, asked(**({"size": self.usual} | looks))), progress)


# One aligned line a medium.
# fmt: off
gif    = Medium(_gif,                 "720p",  (*LOOKS, "seconds", "loop"))
webp   = Medium(_webp,                "720p",  (*LOOKS, "seconds", "loop"))
apng   = Medium(_apng,                "720p",  (*LOOKS, "seconds", "loop"))
mp4    = Medium(partial(video, MP4),  "1080p", (*LOOKS, "seconds"))
webm   = Medium(partial(video, WEBM), "1080p", (*LOOKS, "seconds"))
pdf    = Medium(booklet,              "1080p", LOOKS)
folder = Medium(pictures,             "1080p", LOOKS)
# fmt: on
