"""A small box with words, beside a node or below the graph: badges, slots, items of the legend."""

from __future__ import annotations

from dataclasses import replace

from adviz.render.roles import LOUD
from adviz.render.shapes import Group, Rect, Run, Shape, Text
from adviz.scene.geometry import Box, Position
from adviz.scene.legend import LEGEND_SIZE, SWATCH
from adviz.scene.lettering import SMALL_SIZE, TEXT_SIZE
from adviz.scene.lines import Line
from adviz.scene.quantities import Look
from adviz.scene.scene import Mark

_BADGE_HEIGHT = 16.0


def badge(
    start: Position, wide: float, line: Line, size: float, fill: str, stroke: str, kind: str
) -> Group:
    """Return a small pill that straddles the upper border of a node."""
    box = Box(start.x, start.y - _BADGE_HEIGHT / 2 - 3, wide, _BADGE_HEIGHT)
    text = Text(box.middle.x, start.y + 0.8, line, size, "middle")
    return Group(kind, (Rect(box, 8, fill, stroke), text))


def sample(mark: Mark, start: Position) -> list[Shape]:
    """Return an item of the legend: a node in small and what it means, or words alone."""
    words = Text(start.x, start.y + 4, (Run(mark.note, fill="muted"),), LEGEND_SIZE)
    if not mark.role:
        return [words]
    box = Box(start.x, start.y - 6, SWATCH, 12)
    loud = 2.4 if mark.role in LOUD else 1.0
    swatch = Rect(box, 3, mark.tint or "page", mark.role, loud)
    return [swatch, replace(words, x=start.x + SWATCH + 6)]


def constant(line: Line, box: Box) -> list[Shape]:
    """Return what stands in the box of a number."""
    x, y = box.middle
    return [Text(x, y + 4.6, line, TEXT_SIZE, "middle", kind="symbol")]


def slot(
    box: Box, text: str, look: Look | None, active: bool, data: tuple[tuple[str, str], ...]
) -> Group:
    """Return the place where a contribution arrives: dashed and without a look while empty."""
    shape = Rect(
        Box(box.x + 2, box.y + 1, box.width - 3, box.height - 2), 5,
        fill=look.tint if look else "page",
        stroke=look.stroke if look else "line",
        thickness=2.2 if active else 1.0,
        dash=() if look else (3, 3),
    )  # fmt: skip
    run = Run(text, "bold", look.text) if look else Run(text, "sans", "muted")
    middle = shape.box.middle
    return Group(
        "slot", (shape, Text(middle.x, middle.y + 4.3, (run,), SMALL_SIZE, "middle")), data
    )
