"""The graph as JSON that adviz and NetworkX read back, and the film as the JSON that pages play."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from adviz.render.film.captions import said
from adviz.render.timeline import timeline
from adviz.scene.scene import Scene
from adviz.sources.files import to_document

FORMAT, VERSION = "adviz-film", 1


def drawing(scene: Scene) -> bytes:
    """Return the graph as a document from which `adviz.load` builds it again."""
    return _written(to_document(scene.whole or scene.graph))


def animation(scene: Scene, *, seconds: float | None = None) -> bytes:
    """Return the film: trees, numbers and frames, and when what is seen and said.

    A step takes `seconds`, 1.4 unless given. `docs/film.schema.json` describes the document.

    >>> import adviz
    >>> film = adviz.animate(adviz.evaluate("x*y", at={"x": 3, "y": 2}))
    >>> json.loads(animation(film.scene))["shots"][1]["formula"]
    'v₁ = x × y = 3 × 2 = 6'
    """
    shots = list(_shots(scene, seconds))
    return _written({"format": FORMAT, "version": VERSION, **scene.to_json(), "shots": shots})


def _shots(scene: Scene, seconds: float | None) -> Iterator[dict[str, Any]]:
    """Yield what is seen when: which frame, and what is said; no frame is the finished picture."""
    places = {id(frame): k for k, frame in enumerate(scene.frames)}
    start = 0.0
    for shot in timeline(scene, seconds):
        narration, formula = said(scene, shot.state)
        yield {
            "frame": places.get(id(shot.state.frame)),
            "start": round(start, 6),
            "seconds": round(shot.seconds, 6),
            "travels": shot.state.travels,
            "narration": narration,
            "formula": formula,
        }
        start += shot.seconds


def _written(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
