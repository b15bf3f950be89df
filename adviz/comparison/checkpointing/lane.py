"""Where the states of a chain stand: in lines of a few, each step an edge to the next state."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT
from adviz.primitives import Primitive, extend
from adviz.scene.boxes import box_height
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.layout import MARGIN, Layout
from adviz.scene.lettering import CHIP_SIZE, chip_room
from adviz.scene.scene import Node
from adviz.scene.text_width import width

_LINE = 5
"""How many states stand in a line."""
_WIDE, _GAP, _BELOW, _BEND = 146.0, 66.0, 56.0, 34.0
"""The width of a state, the room of an edge, the room below a line, and that of a bend."""
_SIDE = MARGIN + _BEND


def chained(steps: int) -> Graph:
    """Return the graph of so many steps of which nothing is known.

    >>> print(chained(2).text)
    x2(x0) =
        x1 = f(x0)
        x2 = f(x1)
    """
    step = Primitive(name="f", args=("x",), partials=("1",), define="x")
    names = {f"x{state}": state for state in range(steps + 1)}
    return Graph(
        ops=(INPUT, *[step.name] * steps),
        args=((), *((state,) for state in range(steps))),
        constants={},
        inputs={"x0": 0},
        outputs={f"x{steps}": steps},
        names=names,
        rows=extend([step]),
    )


def placed(nodes: Sequence[Node], longest: str) -> Layout:
    """Return where states and steps stand; `longest` is what a chip says at most."""
    high = box_height(nodes[0])
    boxes = tuple(_box(node.id, high) for node in nodes)
    ends = [(boxes[state], boxes[state + 1]) for state in range(len(nodes) - 1)]
    curves = tuple(_straight(*pair) if pair[0].y == pair[1].y else _around(*pair) for pair in ends)
    chips = {step: _middle(*pair) for step, pair in enumerate(ends)}
    room = dict.fromkeys(chips, chip_room(width(longest, CHIP_SIZE)))
    right = max(box.x + box.width for box in boxes) + _SIDE
    return Layout(right, boxes[-1].y + high + MARGIN, boxes, curves, chips, {}, {}, room)


def _box(state: int, high: float) -> Box:
    line, place = divmod(state, _LINE)
    return Box(_SIDE + place * (_WIDE + _GAP), MARGIN + line * (high + _BELOW), _WIDE, high)


def _straight(tail: Box, head: Box) -> Curve:
    return Curve(
        Position(tail.x + tail.width, tail.middle.y), ((Position(head.x, head.middle.y),),)
    )


def _around(tail: Box, head: Box) -> Curve:
    """Return the way from the end of a line to the start of the next, between the two."""
    start, end = Position(tail.x + tail.width, tail.middle.y), Position(head.x, head.middle.y)
    right, left = (x + way * _BEND for x, way in ((start.x, 1), (end.x, -1)))
    between = _middle(tail, head).y
    down = Position(right, start.y), Position(right, between), Position(start.x, between)
    back = Position(left, between), Position(left, end.y), end
    return Curve(start, (down, (Position(end.x, between),), back))


def _middle(tail: Box, head: Box) -> Position:
    """Return where the chip of a step stands."""
    across = (tail.x + tail.width + head.x) / 2
    if tail.y == head.y:
        return Position(across, tail.middle.y)
    return Position(across, (tail.y + tail.height + head.y) / 2)
