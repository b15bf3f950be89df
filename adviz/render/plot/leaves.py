"""What of a picture is one artist: its leaves, each under a name that it keeps through a film."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from adviz.render.shapes import Group, Path, Rect, Shape, Text

Leaves = Mapping[str, "Leaf"]
"""The leaves of a picture by name, from the lowest to the topmost."""


class Leaf(NamedTuple):
    """A shape that is drawn by itself: all of it or, of a text, one run; and how much is seen."""

    shape: Rect | Path | Text
    opacity: float = 1.0
    run: int = 0


def leaves(shapes: Iterable[Shape]) -> dict[str, Leaf]:
    """Return the leaves of shapes by name: what they are part of, what they are, and which one.

    >>> import adviz
    >>> from adviz.render.paint import paint
    >>> list(leaves(paint(adviz.draw("x*y").scene).shapes))[:4]
    ['edge-0-curve', 'edge-0-head', 'edge-1-curve', 'edge-1-head']
    """
    named: dict[str, Leaf] = {}
    counts: dict[str, int] = {}
    for name, leaf in _walked(shapes, (), 1.0):
        counts[name] = counts.get(name, 0) + 1
        named[name if counts[name] == 1 else f"{name}-{counts[name]}"] = leaf
    return named


def _walked(
    shapes: Iterable[Shape], within: tuple[str, ...], opacity: float
) -> Iterator[tuple[str, Leaf]]:
    """Yield leaves with what they are part of and what they are."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _walked(shape.shapes, (*within, _name(shape)), opacity * shape.opacity)
            continue
        name = "-".join(filter(None, (*within, shape.kind or type(shape).__name__.lower())))
        for run in range(len(shape.runs) if isinstance(shape, Text) else 1):
            yield name, Leaf(shape, opacity, run)


def _name(group: Group) -> str:
    """Return what a group is: `node-3`, `row-adjoint`, `chip`."""
    return "-".join(word for pair in group.data for word in pair) or group.kind.partition(" ")[0]
