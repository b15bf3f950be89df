"""The other ways in which a page may lay its figure out: how far all moves, and how edges run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adviz.render.moment import Moment
from adviz.render.painted_edges import edge
from adviz.render.shapes import Path
from adviz.render.svg import path_data
from adviz.scene.geometry import Box, Position
from adviz.scene.layout import Layout
from adviz.scene.panes import PHONE, alternative
from adviz.scene.scene import Scene, finished


def arrangements(scene: Scene) -> list[dict[str, Any]]:
    """Return the arrangements that a page carries besides the one in which it is painted.

    Each says how large it is, by how much nodes, chips and slots move, and the two paths of every
    edge: its curve and its head.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).scene
    >>> (down,) = arrangements(scene)
    >>> down["size"], down["nodes"][:2]
    ([370.0, 479.7], [[0.0, 0.0], [174.0, -102.0]])
    """
    other = alternative(scene, PHONE)
    return [] if other is None else [_arrangement(scene, other)]


def _arrangement(scene: Scene, other: Layout) -> dict[str, Any]:
    layout = scene.layout
    return {
        "size": [round(other.width, 1), round(other.height, 1)],
        "nodes": _moves(dict(enumerate(layout.boxes)), dict(enumerate(other.boxes))),
        "chips": _moves(layout.chips, other.chips),
        "slots": _moves(layout.slots, other.slots),
        "shared": _moves(layout.shared_slots, other.shared_slots),
        "edges": _paths(replace(scene, layout=other)),
    }


def _moves(
    before: Mapping[int, Box | Position], after: Mapping[int, Box | Position]
) -> list[list[float]]:
    """Return by how much everything moves, by number; what there is not moves by nothing."""
    count = 1 + max(before, default=-1)
    still = Position(0.0, 0.0)
    pairs = [(before.get(k, still), after.get(k, still)) for k in range(count)]
    return [[round(new[0] - old[0], 1), round(new[1] - old[1], 1)] for old, new in pairs]


def _paths(scene: Scene) -> list[Sequence[str]]:
    """Return curve and head of every edge, as they are painted."""
    now = Moment(scene, finished(scene))
    groups = (edge(now, number) for number in range(len(scene.edges)))
    return [[path_data(s.curve) for s in group.shapes if isinstance(s, Path)] for group in groups]
