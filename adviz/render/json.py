"""The graph as JSON that adviz and NetworkX read back, and the film as the JSON that pages play."""

from __future__ import annotations

import json

from adviz.scene.scene import Scene
from adviz.sources.files import to_document


def drawing(scene: Scene) -> bytes:
    """Return the graph as a document from which `adviz.load` builds it again."""
    return _written(to_document(scene.whole or scene.graph))


def animation(scene: Scene) -> bytes:
    """Return the film: trees, numbers and frames."""
    return _written(scene.to_json())


def _written(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
