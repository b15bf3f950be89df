"""How a scene in a state is painted: the same shapes for every medium.

Colours are names of roles, sizes are pixels, and groups carry the class and data attributes by
which a page finds what changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from adviz.modes.trace import BACKWARD
from adviz.render.labelled_boxes import badge, sample, slot
from adviz.render.roles import LOUD
from adviz.render.shapes import Group, Path, Picture, Rect, Run, Shape, Text
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.geometry import Box, Curve, Position, Turn, arrowhead
from adviz.scene.lettering import (
    BADGE_GAP,
    BADGE_INSET,
    BADGE_SIZE,
    CHIP_SIZE,
    HEADER,
    LABEL_SIZE,
    LONGEST_NUMBER,
    NAME_SIZE,
    PADDING,
    ROW,
    SMALL_SIZE,
    TEXT_SIZE,
    badge_width,
    badges,
    chip_width,
    shown_chip,
    shown_label,
    shown_name,
    shown_note,
    shown_operation,
    signed,
)
from adviz.scene.quantities import quantity
from adviz.scene.scene import Node, Scene, State, finished
from adviz.scene.text_width import Face, shortened

_SWEPT = ("tangent", "adjoint", "second")
STROKES = {"value": "ink"} | {role: f"{role}-stroke" for role in _SWEPT}
TINTS = {"value": "surface"} | {role: f"{role}-tint" for role in _SWEPT}
TEXTS = {"value": "ink"} | {role: role for role in _SWEPT}
"""The colours of each quantity's role."""
_ROUND_ENDS = 5.0
"""How much further a stadium's texts stand from its round ends."""
_FADED = 0.45


def paint(scene: Scene, state: State | None = None) -> Picture:
    """Return the picture of a scene in a state, the finished one unless given.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> picture = paint(stage(adviz.build("x*y")))
    >>> [shape.kind for shape in picture.shapes]
    ['edge', 'edge', 'node input', 'node input', 'node output', 'edge', 'edge']
    """
    painter = _Painter(scene, state or finished(scene))
    layout = scene.layout
    return Picture(layout.width, layout.height, tuple(painter.shapes()), painter.title)


@dataclass
class _Painter:
    """A scene in a state, shape by shape."""

    scene: Scene
    state: State
    focus: frozenset[int] = field(init=False)
    active: int | None = field(init=False)
    passed: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        frame = self.state.frame
        self.focus = frozenset(frame.nodes if frame else ())
        self.active = frame.edge if frame else None
        self.passed = self._passed()

    @property
    def title(self) -> str:
        """The formula as plain text."""
        from adviz.language.notation import unicode_text

        return unicode_text(self.scene.title, self.scene.text)

    def _passed(self) -> frozenset[int]:
        """Return the edges that this phase has used before."""
        now = self.state.frame
        if now is None:
            return frozenset()
        first = self.scene.phases[now.phase].first
        last = self.scene.frames.index(now, first)
        frames = self.scene.frames[first:last]
        return frozenset(frame.edge for frame in frames if frame.edge is not None)

    def shapes(self) -> Iterator[Shape]:
        """Yield edges, nodes and slots, and on top of them the chips."""
        for k in range(len(self.scene.edges)):
            yield self.edge(k)
        for node in self.scene.nodes:
            yield self.node(node)
        for k, box in self.scene.layout.slots.items():
            yield self.slot(k, box)
        for node_id, box in self.scene.layout.shared_slots.items():
            yield self.shared_slot(node_id, box)
        for k in self.scene.chips:
            if k in self.state.chips:
                yield Group("edge", (self.chip(k),), (("edge", str(k)),))
        if self.scene.legend:
            items = zip(self.scene.legend, self.scene.layout.legend, strict=True)
            yield Group("legend", tuple(shape for item in items for shape in sample(*item)))

    # --- Nodes ---

    def node(self, node: Node) -> Group:
        """Return a node's box and what stands in it."""
        box = self.scene.layout.boxes[node.id]
        shapes: list[Shape] = [self._frame(node, box)]
        shapes += _constant(node, box) if node.shape == "constant" else self._content(node, box)
        shapes += self._badges(node, box)
        skipped = node.status == "skipped"
        marked = ["marked"] if node.id in self.scene.marks else []
        classes = " ".join(["node", node.shape, *(["skipped"] if skipped else []), *marked])
        opacity = _FADED if skipped else 1.0
        return Group(classes, tuple(shapes), (("node", str(node.id)),), self._remark(node), opacity)

    def _remark(self, node: Node) -> str:
        mark = self.scene.marks.get(node.id)
        status = {"ok": "", "skipped": "skipped: on the branch that is not taken"}
        parts = [node.remark, status.get(node.status, node.status), mark.note if mark else ""]
        return "\n".join(part for part in parts if part)

    def _frame(self, node: Node, box: Box) -> Rect:
        kind, mark = self.state.kind, self.scene.marks.get(node.id)
        derived = kind != "value" and self.state.rows.get((node.id, kind)) is not None
        tinted = self.state.frame is not None and (derived or node.id in self.focus)
        role = quantity(kind).role
        stroke = STROKES[role] if tinted else "muted"
        thickness = 2.4 if node.outputs else 1.4
        if node.id in self.focus:
            thickness = 3.2
        plain = "surface" if node.shape in ("input", "constant") else "page"
        if mark and mark.role in LOUD:
            thickness = 3.4
        ground = TINTS[role] if tinted else plain
        return Rect(
            box,
            radius=_radius(node, box),
            fill=mark.tint or ground if mark else ground,
            stroke=mark.role if mark else "line" if node.shape == "constant" else stroke,
            thickness=thickness,
            dash=(5, 4) if node.status == "skipped" else (),
            kind="frame",
        )

    def _content(self, node: Node, box: Box) -> list[Shape]:
        """Return a node's name and operation, and a row for each of its quantities."""
        inset = PADDING + (_ROUND_ENDS if node.shape == "input" else 0)
        left, right = box.x + inset, box.x + box.width - inset
        base = box.y + (21 if node.rows else box.height / 2 + 5)
        name = Run(shown_name(node), "serif")
        operation = Run(shown_operation(node), fill=self._fill(node, "muted"))
        shapes: list[Shape] = [
            Text(left, base, (name,), NAME_SIZE, kind="symbol"),
            Text(right, base - 0.5, (operation,), SMALL_SIZE, "end", kind="operation"),
        ]
        if node.rows:
            y = box.y + HEADER - 2
            line = Curve(Position(left - 4, y), ((Position(right + 4, y),),))
            shapes.append(Path(line, stroke="line", thickness=0.6, kind="hairline"))
        for index, row in enumerate(node.rows):
            y = box.y + HEADER + ROW * (index + 1) - 7
            shapes.append(self._row(node, row, Position(left, y), right))
        return shapes

    def _row(self, node: Node, row: str, start: Position, right: float) -> Group:
        """Return a quantity's label and, in line with the other rows, its number."""
        key = self.state.rows.get((node.id, row))
        skipped = node.status == "skipped" and row == "value"
        text = "skipped" if skipped else self.scene.text(key)
        face: Face = "sans" if row == "value" or key is None else "bold"
        role = self._fill(node, "muted" if key is None else TEXTS[quantity(row).role])
        number = Run(shortened(text, LONGEST_NUMBER, TEXT_SIZE, face), face, role)
        label = Text(
            start.x, start.y, (Run(row, fill=self._fill(node, "muted")),), SMALL_SIZE, kind="label"
        )
        value = Text(right, start.y, (number,), TEXT_SIZE, "end", kind="number")
        exact = self.scene.exact(key)
        return Group(
            "row", (label, value), (("row", row),), exact if exact != text else "", fill=role
        )

    def _fill(self, node: Node, role: str) -> str:
        """Return the colour of a node's text: on a tint only ink can be read everywhere."""
        mark = self.scene.marks.get(node.id)
        return "ink" if mark and mark.tint else role

    def _badges(self, node: Node, box: Box) -> list[Shape]:
        """Return the outputs' labels at a node's upper right, remarks at its upper left."""
        shapes: list[Shape] = []
        right = box.x + box.width - BADGE_INSET
        for label in node.outputs:
            if label != self.scene.graph.symbols[node.id]:
                text = shown_label(label)
                wide = badge_width(text, LABEL_SIZE, "serif")
                run = Run(text, "serif", "page")
                start = Position(right - wide, box.y)
                shapes.append(badge(start, wide, run, "ink", "ink", "output-label"))
                right -= wide + BADGE_GAP
        left = box.x + BADGE_INSET
        for words, role, filled in badges(node, self.scene.marks.get(node.id)):
            text = shortened(words, max(30.0, right - left - 12), BADGE_SIZE)
            wide = badge_width(text)
            run = Run(text, fill="page" if filled else role)
            ground = role if filled else "page"
            shapes.append(badge(Position(left, box.y), wide, run, ground, role, "badge"))
            left += wide + BADGE_GAP
        return shapes

    # --- Edges ---

    def edge(self, k: int) -> Group:
        """Return an edge's curve and arrowhead, which points against it where adjoints travel."""
        curve, hue = self.scene.layout.curves[k], quantity(self.state.kind).role
        backward = self.state.kind in BACKWARD
        mark = self.scene.marks.get(self.scene.edges[k])
        active, used = k == self.active, k == self.active or k in self.passed
        role = mark.role if mark else STROKES[hue] if used else "line"
        thick = 3.6 if active else 2.4 if mark else 1.6
        against = active and backward
        dash = () if not used or not backward else (9, 6) if active else (6, 4)
        tip = Turn(curve.start, -1) if against else Turn(curve.end, 1)
        shapes: list[Shape] = [
            Path(curve.shortened(tip.at, 8), stroke=role, thickness=thick, dash=dash, kind="curve"),
            Path(arrowhead(tip, 13 if active else 9), fill=role, kind="head"),
        ]
        faint = self._carries_nothing(k)
        title = mark.note if mark else ""
        classes = "edge" + " marked" * (mark is not None) + " active" * active
        return Group(classes, tuple(shapes), (("edge", str(k)),), title, 0.6 if faint else 1.0)

    def _carries_nothing(self, k: int) -> bool:
        """Return whether an edge only leads to or from a branch that is not taken."""
        edge = self.scene.edges[k]
        return "skipped" in (self.scene.nodes[edge.tail].status, self.scene.nodes[edge.head].status)

    def chip(self, k: int) -> Group:
        """Return the local partial on an edge."""
        active, hue = k == self.active, quantity(self.state.kind).role
        mark = self.scene.marks.get(self.scene.edges[k])
        text, note = shown_chip(self.scene.numbers, self.scene.chips[k]), shown_note(mark)
        middle = self.scene.layout.chips[k]
        wide, high = chip_width(text, note), CHIP_HEIGHT
        face: Face = "bold" if active else "sans"
        run = Run(text, face, TEXTS[hue] if active else "ink" if mark else "muted")
        pill = Rect(
            Box(middle.x - wide / 2, middle.y - high / 2, wide, high), high / 2,
            fill=TINTS[hue] if active else "page",
            stroke=STROKES[hue] if active else mark.role if mark else "line",
            thickness=1.8 if active or mark else 1.0,
        )  # fmt: skip
        title = self.scene.numbers.get(f"0/partial/{k}", ("", ""))[1]
        if not note:
            shown = Text(middle.x, middle.y + 4.3, (run,), CHIP_SIZE, "middle")
            return Group("chip", (pill, shown), title=title)
        left, right = pill.box.x + 8, pill.box.x + wide - 8
        shown = Text(left, middle.y + 4.3, (run,), CHIP_SIZE)
        said = Run(note, "bold", mark.role if mark else "ink")
        beside = Text(right, middle.y + 3.9, (said,), BADGE_SIZE, "end", kind="note")
        return Group("chip", (pill, shown, beside), title=title)

    def slot(self, k: int, box: Box) -> Group:
        """Return the place where one consumer's contribution arrives."""
        key = self.state.fills.get(k)
        text = "" if key is None else signed(self.scene.text(key))
        role = self._slot_role if key is not None else ""
        return slot(box, text, role, self._arriving(k), (("slot", str(k)),))

    @property
    def _slot_role(self) -> str:
        """Whose colours slots have: those of the last sweep back, up to now."""
        phases = self.scene.phases
        frame = self.state.frame
        shown = phases if frame is None else phases[: frame.phase + 1]
        return next((phase.role for phase in reversed(shown) if phase.backward), "adjoint")

    def _arriving(self, k: int) -> bool:
        """Return whether an adjoint is arriving along an edge."""
        return k == self.active and self.state.kind in BACKWARD

    def shared_slot(self, node: int, box: Box) -> Group:
        """Return the place where many consumers' contributions arrive, counted."""
        edges = [k for k in self.scene.slotted if self.scene.edges[k].tail == node]
        arrived = sum(self.state.fills.get(k) is not None for k in edges)
        active = any(map(self._arriving, edges))
        text = f"Σ {arrived}/{len(edges)}"
        role = self._slot_role if arrived else ""
        return slot(box, text, role, active, (("slot-node", str(node)),))


def _radius(node: Node, box: Box) -> float:
    if node.shape == "input":
        return min(24.0, box.height / 2)
    return box.height / 2 if node.shape == "constant" else 9.0


def _constant(node: Node, box: Box) -> list[Shape]:
    x, y = box.middle
    run = Run(shown_name(node))
    return [Text(x, y + 4.6, (run,), TEXT_SIZE, "middle", kind="symbol")]
