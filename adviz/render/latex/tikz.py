"""A figure as commands of TikZ: what stands where, in styles that have names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from adviz.render.figure.compose import Page
from adviz.render.latex.letters import written
from adviz.render.shapes import Group, Path, Rect, Run, Text
from adviz.scene.geometry import Curve, Position
from adviz.scene.quantities import LOOKS, quantity
from adviz.scene.scene import Node

CENTIMETRES = 2.54 / 96
"""How long a pixel is."""

_OF_FILL: Mapping[str, str] = MappingProxyType(
    {look.text: f"adviz {role}" for role, look in LOOKS.items()}
    | {"ink": "adviz value", "muted": "adviz remark"}
)
"""The style of a line of text, by the colour of its number."""
_ANCHORED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"start": (), "middle": ("anchor=base",), "end": ("anchor=base east",)}
)


class Item(NamedTuple):
    """A command of a picture: what it draws, in which styles, and where."""

    place: tuple[float, ...]
    """Which item of a film it is, and where it stands among the others."""
    verb: str
    styles: tuple[str, ...]
    rest: str

    def shown(self, overlay: str = "") -> str:
        """Return the command; in a film it holds for the steps of an overlay."""
        return f"\\{self.verb}{overlay}[{', '.join(self.styles)}] {self.rest};"


def items(page: Page) -> Iterator[Item]:
    r"""Yield what a page shows: edges, nodes with their lines, and what stands on edges.

    >>> import adviz
    >>> from adviz.render.figure.asked import asked
    >>> from adviz.render.figure.compose import composed
    >>> [item.verb for item in items(composed(adviz.draw("sin(x)").scene, asked()))]
    ['draw', 'node', 'node', 'node', 'node', 'node']
    """
    for k, group in page.arrows.items():
        if group.opacity:
            yield _edge(page, k, group)
    for node in page.now.scene.nodes:
        yield from _node(page, node, page.nodes[node.id])
    for k, group in page.labels.items():
        yield from _label(page, k, group)


def at(page: Page, point: Position) -> str:
    """Return a point of a page, in centimetres from its lower left corner."""
    x, y = point.x * CENTIMETRES, (page.size[1] - point.y) * CENTIMETRES
    return f"({length(x)}, {length(y)})"


def length(centimetres: float) -> str:
    """Return a length to the hundredth of a millimetre."""
    return f"{round(centimetres, 3) + 0.0:g}"


def _edge(page: Page, k: int, group: Group) -> Item:
    now, (line, head) = page.now, _paths(group)
    mark, moves = now.scene.marks.get(now.scene.edges[k]), k in now.active
    returns, used = moves and now.backward, moves or k in now.passed
    role = quantity(now.state.kind).role
    styles = {
        "adviz edge": True,
        f"adviz {role} edge": used,
        "adviz against": used and now.backward,
        "adviz active edge": moves,
        "adviz returning": returns,
        "adviz marked edge": mark is not None,
    }
    chosen = [style for style, holds in styles.items() if holds]
    looks = [f"draw=adviz-{mark.role}"] if mark else []
    tip = at(page, head.start)
    way = f"{tip} -- {_way(page, line)}" if returns else f"{_way(page, line)} -- {tip}"
    return Item((0, k), "draw", (*chosen, *looks), way)


def _paths(group: Group) -> list[Curve]:
    """Return the line of an arrow, and its head, which starts at the tip."""
    paths: Any = group.shapes
    return [path.curve for path in paths]


def line_of(group: Group) -> Curve:
    """Return the line of an arrow, without its head."""
    return _paths(group)[0]


def _way(page: Page, curve: Curve) -> str:
    """Return a curve as the path of a command."""
    steps = [at(page, curve.start)]
    for piece in curve.pieces:
        *controls, end = (at(page, point) for point in piece)
        if steps[-1].endswith(end):
            continue  # too short to be seen
        bend = f".. controls {' and '.join(controls)} .." if controls else "--"
        steps.append(f"{bend} {end}")
    return " ".join(steps)


def _node(page: Page, node: Node, group: Group) -> Iterator[Item]:
    """Yield a node's outline, by whose name a command can refer to it, and its lines."""
    faded = ("adviz skipped",) if group.opacity < 1 else ()
    for shape in group.shapes:
        if isinstance(shape, Rect):
            yield _outline(page, node, shape, faded)
        elif isinstance(shape, Path):
            corner, way = shape.curve.start, _way(page, shape.curve)
            yield Item((1, node.id, 1, *corner), "draw", ("adviz bracket", *faded), way)
        elif isinstance(shape, Text):
            style = ("adviz sign",) if shape.kind == "symbol" else _of_line(shape)
            place, words = Position(shape.x, shape.y), written(shape.runs)
            rest = f"at {at(page, place)} {{{words}}}"
            yield Item((1, node.id, 1, *place), "node", (*style, *faded), rest)


def _outline(page: Page, node: Node, frame: Rect, faded: tuple[str, ...]) -> Item:
    now = page.now
    mark, active = now.scene.marks.get(node.id), node.id in now.focus
    role = quantity(now.state.kind).role
    lit = (f"adviz {role} node", "adviz active node") if active else ()
    looks = (f"draw=adviz-{frame.stroke}", f"fill=adviz-{frame.fill}") if mark else ()
    wide, high = (length(side * CENTIMETRES) for side in frame.box[2:])
    room = (f"minimum width={wide}cm", f"minimum height={high}cm")
    styles = ("adviz node", f"adviz {node.shape}", *lit, *faded, *looks, *room)
    name = f"(adviz-{node.id}) at {at(page, frame.box.middle)} {{}}"
    return Item((1, node.id, 0), "node", styles, name)


def _of_line(line: Text) -> tuple[str, ...]:
    return ("adviz line", _OF_FILL[_colour(line.runs)], *_ANCHORED[line.anchor])


def _colour(line: tuple[Run, ...]) -> str:
    """Return the colour of a line's number, which is its last run."""
    return line[-1].fill


def _label(page: Page, k: int, group: Group) -> Iterator[Item]:
    """Yield what stands on an edge, if anything does."""
    for shape in group.shapes:
        if isinstance(shape, Text):
            colour = _OF_FILL[_colour(shape.runs)]
            style = ("adviz partial", colour) if k in page.now.active else ("adviz partial",)
            place = at(page, Position(shape.x, shape.y))
            yield Item((2, k), "node", style, f"at {place} {{{written(shape.runs)}}}")
