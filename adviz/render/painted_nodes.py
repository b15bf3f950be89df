"""How a node is painted: its box, its name and operation, its numbers, and the badges on it."""

from __future__ import annotations

from adviz.render.labelled_boxes import badge, constant
from adviz.render.moment import Moment
from adviz.render.roles import LOUD
from adviz.render.shapes import Group, Path, Rect, Run, Shape, Text
from adviz.scene.geometry import Box, Curve, Position
from adviz.scene.grids import BRACKET, ELEMENT_SIZE, LINE, Grid, laid_out, line_height
from adviz.scene.lettering import (
    BADGE_GAP,
    BADGE_INSET,
    BADGE_SIZE,
    LABEL_SIZE,
    LONGEST_NUMBER,
    NAME_SIZE,
    SIZES_GAP,
    SMALL_SIZE,
    TEXT_SIZE,
    badge_width,
    badges,
    label_width,
    left_texts,
    shown_label,
    shown_name,
    shown_operation,
    shown_sizes,
)
from adviz.scene.lines import Line, coloured, line_width
from adviz.scene.quantities import quantity
from adviz.scene.scene import Node
from adviz.scene.text_width import Face, shortened

_ROUND_ENDS = 5.0
"""How much further a stadium's texts stand from its round ends."""
_FADED, _VANISHING, _GONE = 0.45, 0.6, 0.25


def painted(now: Moment, node: Node) -> Group:
    """Return a node's box and what stands in it."""
    box = now.scene.layout.boxes[node.id]
    shapes: list[Shape] = [_frame(now, node, box)]
    shapes += (
        constant(shown_name(node), box) if node.shape == "constant" else _content(now, node, box)
    )
    shapes += _badges(now, node, box)
    skipped = node.status == "skipped"
    marked = ["marked"] if node.id in now.scene.marks else []
    classes = " ".join(["node", node.shape, *(["skipped"] if skipped else []), *marked])
    opacity = _FADED if skipped else _presence(now, node.id)
    return Group(classes, tuple(shapes), (("node", str(node.id)),), _remark(now, node), opacity)


def _presence(now: Moment, node: int) -> float:
    """Return how much is seen of a node, which may have vanished, or vanish just now."""
    if node not in now.state.gone:
        return 1.0
    return _VANISHING if node in now.focus else _GONE


def _remark(now: Moment, node: Node) -> str:
    mark = now.scene.marks.get(node.id)
    status = {"ok": "", "skipped": "skipped: on the branch that is not taken"}
    parts = [node.remark, status.get(node.status, node.status), mark.note if mark else ""]
    return "\n".join(part for part in parts if part)


def _frame(now: Moment, node: Node, box: Box) -> Rect:
    kind, mark = now.state.kind, now.scene.marks.get(node.id)
    derived = kind != "value" and now.state.rows.get((node.id, kind)) is not None
    tinted = now.state.frame is not None and (derived or node.id in now.focus)
    stroke = now.look.stroke if tinted else "muted"
    thickness = 2.4 if node.outputs else 1.4
    if node.id in now.focus:
        thickness = 3.2
    plain = "surface" if node.shape in ("input", "constant") else "page"
    if mark and mark.role in LOUD:
        thickness = 3.4
    ground = now.look.tint if tinted else plain
    return Rect(
        box,
        radius=_radius(node, box),
        fill=mark.tint or ground if mark else ground,
        stroke=mark.role if mark else "line" if node.shape == "constant" else stroke,
        thickness=thickness,
        dash=(5, 4) if node.status == "skipped" else (),
        kind="frame",
    )


def _content(now: Moment, node: Node, box: Box) -> list[Shape]:
    """Return a node's name and operation, and a row for each of its quantities."""
    card = now.scene.card
    inset = card.padding + (_ROUND_ENDS if node.shape == "input" else 0)
    left, right = box.x + inset, box.x + box.width - inset
    high = line_height(node.grid, card)
    middles = [box.y + card.top + high * (index + 0.5) for index in range(len(node.rows))]
    shapes = _headed if card.headed or not node.rows else _beside
    texts = left_texts(node, card)
    labels = texts if card.headed else ((), (), *texts[2:])  # name and operation are painted apart
    rows = zip(node.rows, labels, middles, strict=False)
    return [
        *shapes(now, node, box, left, right),
        *(_row(now, node, row, label, (left, right, middle)) for row, label, middle in rows),
    ]


def _headed(now: Moment, node: Node, box: Box, left: float, right: float) -> list[Shape]:
    """Return name and operation in one line, above the numbers if there are any."""
    base = box.y + (21 if node.rows else box.height / 2 + 5)
    operation = coloured(shown_operation(node), _fill(now, node, "muted"))
    shapes: list[Shape] = [
        Text(left, base, shown_name(node), NAME_SIZE, kind="symbol"),
        Text(right, base - 0.5, operation, SMALL_SIZE, "end", kind="operation"),
    ]
    if node.sizes:
        x = left + line_width(shown_name(node), NAME_SIZE) + SIZES_GAP
        said = coloured(shown_sizes(node), _fill(now, node, "muted"))
        shapes.insert(1, Text(x, base - 0.5, said, SMALL_SIZE, kind="sizes"))
    if node.rows:
        y = box.y + now.scene.card.top - 2
        line = Curve(Position(left - 4, y), ((Position(right + 4, y),),))
        shapes.append(Path(line, stroke="line", thickness=0.6, kind="hairline"))
    return shapes


def _beside(now: Moment, node: Node, box: Box, left: float, right: float) -> list[Shape]:
    """Return the name before the first number, and the operation before the second."""
    card = now.scene.card
    high = line_height(node.grid, card)
    first = box.y + card.top + (high + card.line) / 2 - 7
    operation = coloured(shown_operation(node, card), _fill(now, node, "muted"))
    return [
        Text(left, first, shown_name(node), NAME_SIZE, kind="symbol"),
        Text(left, first + high, operation, SMALL_SIZE, kind="operation"),
    ]


def _row(
    now: Moment, node: Node, row: str, label: Line, place: tuple[float, float, float]
) -> Group:
    """Return a quantity's label and, in line with the other rows, its number."""
    left, right, middle = place
    y = middle + now.scene.card.line / 2 - 7
    key = now.state.rows.get((node.id, row))
    skipped = node.status == "skipped" and row == "value"
    text = "skipped" if skipped else now.scene.text(key)
    face: Face = "sans" if row == "value" or key is None else "bold"
    role = _fill(now, node, "muted" if key is None else quantity(row).look.text)
    said = coloured(label, _fill(now, node, "muted"))
    labelled = (Text(left, y, said, SMALL_SIZE, kind="label"),) if label else ()
    run, exact = Run(text, face, role), now.scene.exact(key)
    numbers = _elements(now, node.grid, key, run, place) if node.grid else _number(run, right, y)
    return Group(
        "row", (*labelled, *numbers), (("row", row),), exact if exact != text else "", fill=role
    )


def _number(run: Run, right: float, y: float) -> list[Shape]:
    """Return a number at the right of its line."""
    shown = shortened(run.text, LONGEST_NUMBER, TEXT_SIZE, run.face)
    return [Text(right, y, (run._replace(text=shown),), TEXT_SIZE, "end", kind="number")]


def _elements(
    now: Moment, grid: Grid, key: str | None, run: Run, place: tuple[float, float, float]
) -> list[Shape]:
    """Return the elements of a small array between brackets, at the right of its line."""
    _, right, middle = place
    sides = ((right - grid.width, 1), (right, -1))
    brackets = [_bracket(x, middle, turn, grid) for x, turn in sides]
    texts = laid_out(now.scene.elements(key, grid))
    elements = [
        Text(x, y, (run._replace(text=text),), ELEMENT_SIZE, "end", kind="element")
        for text, (x, y) in zip(texts, grid.places(right, middle), strict=True)
    ]
    return [*brackets, *elements]


def _bracket(x: float, middle: float, turn: int, grid: Grid) -> Path:
    """Return one of the brackets of a table."""
    inner, half = x + turn * BRACKET, LINE * grid.lines / 2
    ends = [Position(x, middle - half), Position(x, middle + half), Position(inner, middle + half)]
    curve = Curve(Position(inner, middle - half), tuple((end,) for end in ends))
    return Path(curve, stroke="muted", thickness=1.2, kind="bracket")


def _fill(now: Moment, node: Node, role: str) -> str:
    """Return the colour of a node's text: on a tint only ink can be read everywhere."""
    mark = now.scene.marks.get(node.id)
    return "ink" if mark and mark.tint else role


def _badges(now: Moment, node: Node, box: Box) -> list[Shape]:
    """Return the outputs' labels at a node's upper right, remarks at its upper left."""
    shapes: list[Shape] = []
    right = box.x + box.width - BADGE_INSET
    for label in node.outputs:
        if label != now.scene.graph.symbols[node.id]:
            shown = coloured(shown_label(label), "page")
            wide = label_width(shown)
            start = Position(right - wide, box.y)
            shapes.append(badge(start, wide, shown, LABEL_SIZE, "ink", "ink", "output-label"))
            right -= wide + BADGE_GAP
    left = box.x + BADGE_INSET
    for words, role, filled in badges(node, now.scene.marks.get(node.id)):
        text = shortened(words, max(30.0, right - left - 12), BADGE_SIZE)
        wide = badge_width(text)
        run = Run(text, fill="page" if filled else role)
        start, ground = Position(left, box.y), role if filled else "page"
        shapes.append(badge(start, wide, (run,), BADGE_SIZE, ground, role, "badge"))
        left += wide + BADGE_GAP
    return shapes


def _radius(node: Node, box: Box) -> float:
    if node.shape == "input":
        return min(24.0, box.height / 2)
    return box.height / 2 if node.shape == "constant" else 9.0
