"""Parameters in the shapes in which somebody gives them, filled with other numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from adviz.graph.graph import Graph
from adviz.sources.structure import Filling, filled


def shaped(graph: Graph, like: Mapping[str, Any], numbers: Mapping[str, float]) -> dict[str, Any]:
    """Return numbers by the graph's inputs as arguments like those that were given.

    Vectors and matrices are arrays, numbers are floats.

    >>> import adviz
    >>> line = adviz.build(lambda w, x: w @ x, shapes={"w": 2, "x": 2})
    >>> shaped(line, {"w": [0, 0]}, {"w0": 1.5, "w1": 2.5})
    {'w': array([1.5, 2.5])}
    """
    vectors = graph.vectors or {}
    parts = {name: [name] if name in graph.inputs else vectors[name] for name in like}
    return {name: _filled(name, like[name], [numbers[p] for p in parts[name]]) for name in like}


def _filled(name: str, like: Any, numbers: list[float]) -> Any:
    held = iter(numbers)
    made = Filling(lambda *_: next(held), lambda parts, shape: np.array(parts).reshape(shape))
    return filled(name, like, made)
