"""The number that travels along an edge: the pill that carries it, and where it is when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import hypot

from adviz.render.roles import PHASES
from adviz.render.shapes import Rect, Run, Shape, Text
from adviz.render.timeline import Shot
from adviz.scene.geometry import Box, Position, along
from adviz.scene.lettering import signed
from adviz.scene.scene import Scene
from adviz.scene.text_width import width

SAMPLES = 8
"""How many intervals of time a flight is cut into."""


def token_shapes(scene: Scene, shot: Shot) -> tuple[Shape, ...]:
    """Return the pill that carries a shot's number, around the origin."""
    text = signed(scene.text(shot.token))
    wide = max(30.0, width(text, 13, "bold") + 18)
    role = PHASES[shot.state.kind].text
    pill = Rect(Box(-wide / 2, -12, wide, 24), 12, role, "page", 2)
    return pill, Text(0, 4.6, (Run(text, "bold", "page"),), 13, "middle")


def token_path(scene: Scene, shot: Shot, samples: int = SAMPLES) -> list[Position]:
    """Return where a shot's token is at even intervals of time, eased in and out."""
    frame = shot.state.frame
    if frame is None or frame.edge is None:
        return []
    cubics = list(scene.layout.curves[frame.edge].cubics())
    points = [along(cubic, k / 16) for cubic in cubics for k in range(17)]
    if shot.state.kind == "adjoint":
        points.reverse()
    lengths = [0.0, *accumulate(_distance(a, b) for a, b in pairwise(points))]
    parts = [eased(k / samples) * lengths[-1] for k in range(samples + 1)]
    return [_at(points, lengths, part) for part in parts]


def _distance(a: Position, b: Position) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def eased(t: float) -> float:
    """Return how much of its way a token has gone at a part of its time, eased in and out."""
    return 4 * t**3 if t < 0.5 else 1 - (2 - 2 * t) ** 3 / 2


def _at(points: Sequence[Position], lengths: Sequence[float], length: float) -> Position:
    """Return the point at a length along a polygon."""
    for k in range(1, len(points)):
        if length <= lengths[k]:
            span = lengths[k] - lengths[k - 1]
            part = (length - lengths[k - 1]) / span if span else 0.0
            a, b = points[k - 1], points[k]
            return Position(a.x + part * (b.x - a.x), a.y + part * (b.y - a.y))
    return points[-1]
