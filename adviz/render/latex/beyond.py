"""Names at the border of a view for what an active edge goes to and nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from adviz.render.latex.letters import written
from adviz.render.latex.tikz import CENTIMETRES, Item, length, line_of
from adviz.render.latex.view import View
from adviz.scene.geometry import Box, Position, along
from adviz.scene.quantities import quantity
from adviz.scene.scene import State, active

_FREE, _LINE = 1.1, 1.7
"""How far from the border a name is at least, and how far names are apart, in letters."""
_STEPS = 12
"""How many points of a piece of a curve are looked at."""


class Beyond(NamedTuple):
    """A node that is out of sight, and where its name stands in the view, in pixels."""

    node: int
    place: Position


def named_ends(view: View, states: list[State]) -> Iterator[list[Item]]:
    """Yield for every step the names of what is out of sight."""
    scene, writer = view.page.now.scene, view.page.fitting.writer
    frames = scene.frames[scene.first :]
    for frame, start, state in zip(frames, view.starts(), states, strict=True):
        role = quantity(state.kind).role
        edges = sorted(active(scene, frame))
        yield [
            _named(view, one, role, written(writer.symbol(scene.nodes[one.node])))
            for one in _apart(view, list(_beyond(view, start, edges)))
        ]


def _beyond(view: View, start: Position, edges: list[int]) -> Iterator[Beyond]:
    """Yield the ends of edges that a view from a place does not show."""
    window, scene, found = Box(*start, *view.size), view.page.now.scene, set()
    for k in edges:
        points = _points(view, k)
        for node, way in ((scene.edges[k].tail, points), (scene.edges[k].head, points[::-1])):
            if node not in found and not window.holds(view.boxes[node].middle):
                found.add(node)
                yield Beyond(node, _at_the_border(view, window, way))


def _points(view: View, k: int) -> list[Position]:
    """Return points along an edge."""
    curve = line_of(view.page.arrows[k])
    return [along(cubic, t / _STEPS) for cubic in curve.cubics() for t in range(_STEPS + 1)]


def _at_the_border(view: View, window: Box, way: list[Position]) -> Position:
    """Return the first place in a window on a way from outside, kept off the border."""
    first = next(filter(window.holds, way), way[0])
    free = _FREE * view.page.em
    return Position(
        _between(first.x - window.x, 2 * free, window.width - 2 * free),
        _between(first.y - window.y, free, window.height - free),
    )


def _between(place: float, least: float, most: float) -> float:
    return max(least, min(most, place))


def _apart(view: View, names: list[Beyond]) -> Iterator[Beyond]:
    """Yield names, each below those that it would cover."""
    step, placed = _LINE * view.page.em, list[Position]()
    for one in names:
        x, y = one.place
        while any(abs(p.y - y) < step and abs(p.x - x) < 2 * step for p in placed):
            y += step
        placed.append(Position(x, y))
        yield Beyond(one.node, placed[-1])


def _named(view: View, one: Beyond, role: str, words: str) -> Item:
    x, y = one.place.x * CENTIMETRES, (view.size[1] - one.place.y) * CENTIMETRES
    rest = f"at ({length(x)}, {length(y)}) {{{words}}}"
    return Item((3, one.node, x, y), "node", ("adviz beyond", f"adviz {role} node"), rest)
