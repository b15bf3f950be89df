"""What of a film is seen at which steps, each shape written once: the fragments of reveal.js.

A fragment of an index appears with that index, and one that fades out leaves with it
(https://revealjs.com/fragments/). The first step has no index, the second one is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise
from typing import NamedTuple

from adviz.render.shapes import Group, Shape


class Seen(NamedTuple):
    """A shape, and the first and the last step at which it is seen, from 0."""

    shape: Shape
    first: int
    last: int


def seen(steps: Sequence[Iterable[Shape]]) -> list[Seen]:
    """Return the shapes of some steps, from the lowest to the topmost, with when they are seen.

    What comes and goes is there several times. Where no order of all shapes is that of every step,
    each step has its own.

    >>> from adviz.render.shapes import Rect
    >>> from adviz.scene.geometry import Box
    >>> one, other = (Rect(Box(0, 0, side, side)) for side in (1, 2))
    >>> [(each.shape.box.width, *each[1:]) for each in seen([[one], [one, other], [other], [one]])]
    [(1, 0, 1), (1, 3, 3), (2, 1, 2)]
    """
    parted = [list(dict.fromkeys(_parts(shapes))) for shapes in steps]
    times: dict[Shape, list[int]] = {}
    for k, shapes in enumerate(parted):
        for shape in shapes:
            times.setdefault(shape, []).append(k)
    try:
        ordered = list(_ordered(parted).static_order())
    except CycleError:
        return [Seen(shape, k, k) for k, shapes in enumerate(parted) for shape in shapes]
    return [Seen(shape, *ends) for shape in ordered for ends in _stretches(times[shape])]


def _parts(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield shapes, and instead of a group that says nothing of its parts, these."""
    for shape in shapes:
        if isinstance(shape, Group) and shape == Group(shape.kind, shape.shapes):
            yield from _parts(shape.shapes)
        else:
            yield shape


def _ordered(steps: Iterable[Sequence[Shape]]) -> TopologicalSorter[Shape]:
    """Return what lies over what at any of the steps."""
    above: TopologicalSorter[Shape] = TopologicalSorter()
    for shapes in steps:
        for shape in shapes[:1]:
            above.add(shape)
        for below, shape in pairwise(shapes):
            above.add(shape, below)
    return above


def _stretches(times: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of numbers that follow one another."""
    for _, group in groupby(enumerate(times), lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        yield numbers[0], numbers[-1]


def fragment(markup: str, first: int, last: int, steps: int) -> str:
    """Return SVG that is seen from a step to another one of so many.

    What is seen at one step is seen while its index is the current one.

    >>> print(fragment("<path/>", 2, 2, 5))
    <g class="fragment current-visible" data-fragment-index="1"><path/></g>
    >>> print(fragment("<path/>", 1, 2, 5))
    <g class="fragment" data-fragment-index="0"><g class="fragment fade-out"
    data-fragment-index="2"><path/></g></g>
    """
    if first == last and 0 < first < steps - 1:
        return _indexed("fragment current-visible", first - 1, markup)
    if last < steps - 1:
        markup = _indexed("fragment fade-out", last, markup)
    return _indexed("fragment", first - 1, markup) if first else markup


def _indexed(kind: str, index: int, markup: str) -> str:
    return f'<g class="{kind}" data-fragment-index="{index}">{markup}</g>'
