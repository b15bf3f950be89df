"""What the marks of a picture mean, below it, in as many lines as its width asks for."""

from __future__ import annotations

from dataclasses import replace

from adviz.scene.geometry import Position
from adviz.scene.layout import MARGIN, Layout
from adviz.scene.scene import Mark
from adviz.scene.text_width import width

LEGEND_SIZE, SWATCH = 11.5, 22.0
_LINE, _BETWEEN, _LEAST = 24.0, 20.0, 420.0


def with_legend(layout: Layout, legend: tuple[Mark, ...]) -> Layout:
    """Return a layout with room for a legend, if any, below the graph and all its curves."""
    if not legend:
        return layout
    longest = max(_wide(mark) for mark in legend)
    right = max(layout.width - MARGIN, _LEAST, MARGIN + longest)
    bottom = max(layout.height, _lowest(layout) + MARGIN)
    x, y = MARGIN, bottom - MARGIN / 2 + _LINE / 2
    places = []
    for mark in legend:
        if x > MARGIN and x + _wide(mark) > right:
            x, y = MARGIN, y + _LINE
        places.append(Position(x, y))
        x += _wide(mark) + _BETWEEN
    reach = max(p.x + _wide(mark) for p, mark in zip(places, legend, strict=True))
    wide = max(layout.width, reach + MARGIN)
    return replace(layout, width=wide, height=y + _LINE / 2 + MARGIN / 2, legend=tuple(places))


def _lowest(layout: Layout) -> float:
    """Return how far down curves reach; a cubic stays between its points."""
    points = (p for curve in layout.curves for cubic in curve.cubics() for p in cubic)
    return max((point.y for point in points), default=0.0)


def _wide(mark: Mark) -> float:
    return width(mark.note, LEGEND_SIZE) + (SWATCH + 6 if mark.role else 0)
