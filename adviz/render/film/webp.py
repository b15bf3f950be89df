"""The film as an animated WebP file, without loss."""

from __future__ import annotations

from io import BytesIO

from adviz.render.film.apng import apng
from adviz.render.film.compose import Composer
from adviz.render.film.play import Progress, moments

_EFFORT, _METHOD = 0, 1
"""How hard pixels are compressed: harder takes many times as long for a tenth less."""


def webp(made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as a WebP file: the animated PNG, read and written frame by frame."""
    from PIL import Image

    file, lasting = BytesIO(), [round(1000 * moment.seconds) for moment in moments(made)]
    with Image.open(BytesIO(apng(made, progress))) as film:
        film.save(
            file, "WEBP", save_all=True, lossless=True, quality=_EFFORT, method=_METHOD,
            duration=lasting, loop=0 if made.asked.loop else 1,
        )  # fmt: skip
    return file.getvalue()
