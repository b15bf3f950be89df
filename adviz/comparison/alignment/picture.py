"""Both derivatives in one picture: what they share once, what is one number on one height."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from adviz.comparison.alignment.matching import Side
from adviz.graph.procedure import Edge
from adviz.language.numerals import DIGITS
from adviz.scene.scene import Mark, Marks, Scene
from adviz.scene.staging import stage

if TYPE_CHECKING:
    from adviz.comparison.alignment.alignment import Alignment

LOOKS: Mapping[Side, Mark] = MappingProxyType(
    {
        "formula": Mark("line", "", "page"),
        "both": Mark("verified"),
        "reverse": Mark("adjoint", "", "adjoint-tint"),
        "symbolic": Mark("notice", "", "notice-tint"),
    }
)
"""The mark of a node by what it belongs to."""


def picture(found: Alignment, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the graph of both derivatives; nodes that are one number have one letter.

    `more` marks may be given. Raises TooLarge where nobody could read it.

    >>> import adviz
    >>> [mark.note for mark in picture(adviz.align("x*y*y", wrt="x")).legend][:3]
    ['the formula: 2', 'reverse mode alone: 1', 'SymPy alone: 1']
    """
    letters = found.letters
    marks: dict[int | Edge, Mark] = {
        node: LOOKS[side]._replace(note=letters.get(node, ""))
        for node, side in enumerate(found.sides)
        if found.graph.args[node] and side != "formula"
    }
    named = {node: Mark("muted", letter) for node, letter in letters.items() if node not in marks}
    legend = [LOOKS[side]._replace(note=said) for side, said in found.counts.items()]
    if letters:
        legend.append(Mark("", "A, B, …: one number, computed in different ways"))
    return stage(found.graph, marks | named | dict(more or {}), legend, found.equal, precision)
