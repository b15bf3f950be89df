"""How a figure's nodes look: a row a style, which says what is written, in what room, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from adviz.render.figure.words import Writer, Written, ems, part_of
from adviz.render.moment import Moment
from adviz.render.shapes import Group, Rect, Run, Shape, Text
from adviz.scene.geometry import Box
from adviz.scene.scene import Node

LINE = 1.3
"""From one base line to the next, in the size of the letters."""
DROP = 0.36
"""How far a base line stands below the middle of its letters."""
_PADDING, _CIRCLE, _BESIDE = 0.5, 2.1, 0.35
_THIN, _OUTPUT, _FOCUS = 0.07, 0.14, 0.2
_FADED = 0.45

Direction = Literal["LR", "TB"]


class Room(NamedTuple):
    """How much room a node takes, in the size of its letters, and what of it arrows meet."""

    width: float
    height: float
    body: Box
    """Where its outline stands, from the room's corner."""
    round: bool = False
    """Whether the outline's ends are round."""


class Place(NamedTuple):
    """Where a node stands on the page, and the size of its letters there."""

    box: Box
    body: Box
    em: float


class Style(NamedTuple):
    """A style of nodes."""

    room: Callable[[Writer, Node, Direction], Room]
    painted: Callable[[Writer, Node, Direction, Place], list[Shape]]


def _card_lines(writer: Writer, node: Node) -> list[Written]:
    """Return a title and the numbers; the value is its right hand side, beside it or below."""
    title, numbers = writer.title(node), writer.numbers(node, ())
    if not title or "value" not in _shown(writer, node):
        return [*title, *numbers]
    value, *others = numbers
    beside = () if node.operation is not None else (*title[0].runs, Run(" "))
    equal = (*beside, Run("= ", fill="ink" if value.table else "muted"))
    runs = (*equal, *value.runs) if value.is_there else beside
    line = value._replace(runs=runs, room=ems(equal) + value.room)
    return [line, *others] if beside else [*title, line, *others]


def _shown(writer: Writer, node: Node) -> list[str]:
    return [row for row in node.rows if part_of(row) in writer.show]


def _card_room(writer: Writer, node: Node, direction: Direction) -> Room:
    lines = _card_lines(writer, node)
    wide = max([line.room for line in lines], default=0.0) + 2 * _PADDING
    high = LINE * max(1, _count(lines)) + _PADDING
    return Room(wide, high, Box(0, 0, wide, high))


def _card(writer: Writer, node: Node, direction: Direction, place: Place) -> list[Shape]:
    radius = place.body.height / 2 if node.shape == "constant" else 0.4 * place.em
    outline = _outline(writer.now, node, place, radius)
    lines = _card_lines(writer, node)
    x, y = place.box.x + _PADDING * place.em, place.box.middle.y
    return [outline, *_written(lines, x, y, "start", place.em)]


def _textbook_lines(writer: Writer, node: Node) -> list[Written]:
    if node.shape == "constant":
        return []
    inside, own = writer.sign(node), writer.symbol(node)
    named = [own] if inside != own and "names" in writer.show else []
    return writer.numbers(node, [*writer.labels(node), *named])


def _textbook_room(writer: Writer, node: Node, direction: Direction) -> Room:
    lines, inside = _textbook_lines(writer, node), ems(writer.sign(node))
    if node.shape == "constant":
        return Room(inside + 0.4, LINE, Box(0, 0, inside + 0.4, LINE))
    across, room = max(_CIRCLE, inside + 0.9), max([line.room for line in lines], default=0.0)
    if direction == "LR":
        wide = max(across, room)
        body = Box((wide - across) / 2, 0, across, _CIRCLE)
        return Room(wide, _CIRCLE + 0.15 + LINE * _count(lines), body, round=True)
    wide, high = across + (room + _BESIDE if lines else 0), max(_CIRCLE, LINE * _count(lines))
    return Room(wide, high, Box(0, (high - _CIRCLE) / 2, across, _CIRCLE), round=True)


def _textbook(writer: Writer, node: Node, direction: Direction, place: Place) -> list[Shape]:
    body, em = place.body, place.em
    x, y = body.middle
    inside = Text(x, y + DROP * em, writer.sign(node), em, "middle", kind="symbol")
    if node.shape == "constant":
        return [inside]
    shapes: list[Shape] = [_outline(writer.now, node, place, body.height / 2), inside]
    lines = _textbook_lines(writer, node)
    if direction == "LR":
        below = body.y + body.height + (0.15 + LINE * _count(lines) / 2) * em
        return shapes + _written(lines, x, below, "middle", em)
    return shapes + _written(lines, body.x + body.width + _BESIDE * em, y, "start", em)


def _written(
    lines: Sequence[Written], x: float, middle: float, anchor: str, em: float
) -> list[Shape]:
    """Return lines of text, one below the other around a middle."""
    base = middle + (DROP - LINE * (_count(lines) - 1) / 2) * em
    shapes: list[Shape] = []
    for line in lines:
        shapes += _line_of(line, x, base, anchor, em)
        base += LINE * line.lines * em
    return shapes


def _line_of(line: Written, x: float, base: float, anchor: str, em: float) -> Iterator[Shape]:
    """Yield a line whose first base line is given, and the table at its end."""
    beside = base + LINE * em * (line.lines - 1) / 2
    if line.table is None:
        if line.runs:
            yield Text(x, beside, line.runs, em, anchor, kind="line")
        return
    left = x - line.room * em / 2 if anchor == "middle" else x
    if line.runs:
        yield Text(left, beside, line.runs, em, kind="line")
    count = line.table.grid.lines
    first = beside - LINE * em * (count - 1) / 2
    bases = [first + LINE * em * k for k in range(count)]
    yield from line.table.painted(left + (line.room - line.table.room) * em, bases, em)


def _count(lines: Sequence[Written]) -> float:
    """Return how many lines all of them take."""
    return sum((line.lines for line in lines), 0.0)


def _outline(now: Moment, node: Node, place: Place, radius: float) -> Rect:
    """Return a node's outline: heavy for an output, heavier and tinted where something happens."""
    mark, active = now.scene.marks.get(node.id), node.id in now.focus
    thick = _FOCUS if active else _OUTPUT if node.outputs else _THIN
    ground = now.look.tint if active else "page"
    return Rect(
        place.body,
        radius=radius,
        fill=mark.tint or ground if mark else ground,
        stroke=mark.role if mark and mark.role else now.look.stroke if active else "ink",
        thickness=thick * place.em,
        dash=(0.3 * place.em, 0.25 * place.em) if node.status == "skipped" else (),
        kind="frame",
    )


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "card": Style(_card_room, _card),
        "textbook": Style(_textbook_room, _textbook),
    }
)
"""Boxes that say everything; circles with a sign or a name, and a line beside for each number."""


def painted(style: Style, writer: Writer, node: Node, direction: Direction, place: Place) -> Group:
    """Return a node in a style at a place."""
    skipped = node.status == "skipped" or node.id in writer.now.state.gone
    shapes = tuple(style.painted(writer, node, direction, place))
    data, opacity = (("node", str(node.id)),), _FADED if skipped else 1.0
    return Group(f"node {node.shape}", shapes, data, opacity=opacity)
