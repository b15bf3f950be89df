"""How an edge is painted: its curve, the chip on it, and the slot where what travels arrives."""

from __future__ import annotations

from dataclasses import replace

from adviz.language.notation import unicode_text
from adviz.render.labelled_boxes import slot as small_slot
from adviz.render.moment import Moment
from adviz.render.shapes import Group, Path, Rect, Run, Shape, Text
from adviz.scene.chip_places import CHIP_HEIGHT
from adviz.scene.geometry import Box, Turn, arrowhead
from adviz.scene.lettering import (
    BADGE_SIZE,
    CHIP_SIZE,
    chip_width,
    counted,
    shown_chip,
    shown_note,
    signed,
)
from adviz.scene.lines import Line, coloured, emboldened, was_shortened


def edge(now: Moment, k: int) -> Group:
    """Return an edge's curve and arrowhead, which points against it where adjoints travel."""
    curve, backward = now.scene.layout.curves[k], now.backward
    mark = now.scene.marks.get(now.scene.edges[k])
    moves, used = k in now.active, k in now.active or k in now.passed
    role = mark.role if mark else now.look.stroke if used else "line"
    thick = 3.6 if moves else 2.4 if mark else 1.6
    against = moves and backward
    dash = () if not used or not backward else (9, 6) if moves else (6, 4)
    end = curve.start if against else curve.end
    tip = Turn(end, curve.heading(end))
    shapes: list[Shape] = [
        Path(curve.shortened(tip.at, 8), stroke=role, thickness=thick, dash=dash, kind="curve"),
        Path(arrowhead(tip, 13 if moves else 9), fill=role, kind="head"),
    ]
    faint = _carries_nothing(now, k)
    title = mark.note if mark else ""
    classes = "edge" + " marked" * (mark is not None) + " active" * moves
    opacity = 0.6 if faint else 1.0
    return _there(now, k, Group(classes, tuple(shapes), (("edge", str(k)),), title, opacity))


def _there(now: Moment, k: int, group: Group) -> Group:
    """Return a part of an edge, unseen where there is no edge yet or any more."""
    absent = k in now.state.labels and now.state.labels[k] is None
    return replace(group, kind=f"{group.kind} absent", opacity=0.0) if absent else group


def _carries_nothing(now: Moment, k: int) -> bool:
    """Return whether an edge only leads to or from a branch that is not taken."""
    ends = now.scene.edges[k]
    return "skipped" in (now.scene.nodes[ends.tail].status, now.scene.nodes[ends.head].status)


def chip(now: Moment, k: int) -> Group:
    """Return the local partial on an edge, a part of the edge."""
    return _there(now, k, Group("edge", (_pill(now, k),), (("edge", str(k)),)))


def _pill(now: Moment, k: int) -> Group:
    moves, look = k in now.active, now.look
    mark = now.scene.marks.get(now.scene.edges[k])
    note = shown_note(mark)
    line, wide, title = _label(now, k, note)
    middle, high = now.scene.layout.chips[k], CHIP_HEIGHT
    line = coloured(line, look.text if moves else "ink" if mark else "muted")
    line = emboldened(line) if moves else line
    pill = Rect(
        Box(middle.x - wide / 2, middle.y - high / 2, wide, high), high / 2,
        fill=look.tint if moves else "page",
        stroke=look.stroke if moves else mark.role if mark else "line",
        thickness=1.8 if moves or mark else 1.0,
    )  # fmt: skip
    if not note:
        shown = Text(middle.x, middle.y + 4.3, line, CHIP_SIZE, "middle")
        return Group("chip", (pill, shown), title=title)
    left, right = pill.box.x + 8, pill.box.x + wide - 8
    shown = Text(left, middle.y + 4.3, line, CHIP_SIZE)
    said = Run(note, "bold", mark.role if mark else "ink")
    beside = Text(right, middle.y + 3.9, (said,), BADGE_SIZE, "end", kind="note")
    return Group("chip", (pill, shown, beside), title=title)


def _label(now: Moment, k: int, note: str) -> tuple[Line, float, str]:
    """Return what a chip says, how wide it is, and the whole of what it says.

    A number that changes has always the room of the longest that it will be.
    """
    if k not in now.state.labels:
        chip = now.scene.chips[k]
        line = shown_chip(now.scene.numbers, chip)
        said = [unicode_text(chip, now.scene.text)] if was_shortened(line) else []
        exact = now.scene.exact(f"0/partial/{k}")
        return line, chip_width(line, note), "\n".join([*said, *([exact] if exact else [])])
    key, widest = now.state.labels[k], now.scene.layout.chip_widths[k]
    text = now.scene.text(key) if key else ""
    return (Run(text),), widest, now.scene.exact(key)


def slot(now: Moment, k: int, box: Box) -> Group:
    """Return the place where one consumer's contribution arrives."""
    key = now.state.fills.get(k)
    text = "" if key is None else signed(now.scene.text(key))
    look = None if key is None else now.slot_look
    return small_slot(box, text, look, _arriving(now, k), (("slot", str(k)),))


def _arriving(now: Moment, k: int) -> bool:
    """Return whether an adjoint is arriving along an edge."""
    return k in now.active and now.backward


def shared_slot(now: Moment, node: int, box: Box) -> Group:
    """Return the place where many consumers' contributions arrive, counted and added up."""
    edges = {k for k in now.scene.slotted if now.scene.edges[k].tail == node}
    arrived = [key for k, key in now.state.fills.items() if k in edges and key is not None]
    moves = any(_arriving(now, k) for k in edges)
    total = now.scene.text(arrived[-1].replace("product", "sum")) if arrived else ""
    text = counted(len(arrived), len(edges), total)
    look = now.slot_look if arrived else None
    return small_slot(box, text, look, moves, (("slot-node", str(node)),))
