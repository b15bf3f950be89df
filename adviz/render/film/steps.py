"""The film step by step on paper and in pictures: a page a step, a numbered picture a step."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from adviz.render.film.compose import Composer
from adviz.render.film.play import Progress, played, stills
from adviz.render.pdf import pages
from adviz.render.shapes import Picture


def booklet(made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as a PDF file with one page a step."""
    return pages(_pictures(made, progress), made.asked.theme)


def _pictures(made: Composer, progress: Progress | None) -> Iterator[Picture]:
    seen = stills(made)
    for k, moment in enumerate(seen, 1):
        yield moment.framed.at()
        if progress:
            progress(k, len(seen))


def pictures(made: Composer, progress: Progress | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the steps of a film as PNG files, each under its number: 001.png and so on."""
    scene, seen = made.scene, stills(made)
    digits = max(3, len(str(scene.steps)))
    for k, (image, _, _) in enumerate(played(made, seen, progress), scene.first + 1):
        file = BytesIO()
        image.save(file, "PNG")
        yield f"{k:0{digits}}.png", file.getvalue()
