"""Paths on the graph: every edge with how many go along it, and what they and a sweep take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adviz.comparison.paths.listing import told_in_full
from adviz.comparison.subject import told
from adviz.graph.procedure import Edge
from adviz.language.numerals import DIGITS
from adviz.scene.scene import Mark, Marks, Scene
from adviz.scene.staging import stage

if TYPE_CHECKING:
    from adviz.comparison.paths.paths import Paths


def picture(found: Paths, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the graph, its local partials as formulas, edges marked by the paths along them.

    `more` marks may be given. Raises TooLarge where nobody could read it.

    >>> import adviz
    >>> [mark.note for mark in picture(adviz.paths("x*x*y", wrt="x")).legend][:2]
    ['paths 2, edges 3', 'sum over paths: 2 multiplications, 1 addition']
    """
    legend = [Mark("", said) for said in told_in_full(found)]
    return stage(found.graph, marked(found) | dict(more or {}), legend, precision=precision)


def marked(found: Paths) -> dict[int | Edge, Mark]:
    """Return the mark of every edge on some path: how many go along it."""
    return {
        edge: Mark("muted", f"{told(times)} path{'s' * (times != 1)}")
        for edge, times in through(found).items()
    }


def through(found: Paths) -> dict[Edge, int]:
    """Return how many paths go along every edge, of all derivatives together."""
    along: dict[Edge, int] = {}
    for one in found.sums.values():
        for edge, times in one.through.items():
            along[edge] = along.get(edge, 0) + times
    return along
