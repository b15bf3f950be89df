"""The graphs of a comparison as one picture: the formula, and what its derivatives add to it.

A derivative graph holds its formula, whose numbers it uses again. So both are drawn once, from left
to right, and told apart by colour; two copies beside each other would hide what is shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adviz.graph.paths import below
from adviz.graph.procedure import Edge
from adviz.language.numerals import DIGITS
from adviz.modes.derivative_graph import derived
from adviz.scene.scene import Mark, Marks, Scene
from adviz.scene.staging import stage

if TYPE_CHECKING:
    from adviz.comparison.comparison import Comparison

_ADDED = Mark("adjoint", "", "adjoint-tint")


def picture(comparison: Comparison, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the derivative graph, what the derivatives add to the formula in their colour.

    `more` marks may be given, of its nodes. Raises TooLarge where nobody could read it.

    >>> import adviz
    >>> scene = picture(adviz.compare("(x + y)*(x - y)"))
    >>> [mark.note for mark in scene.legend]
    ['the formula: 3 operations', 'its derivatives: 2 more']
    """
    graph, _ = derived(comparison.graph, wrt=comparison.wanted)
    formula = {node for label in comparison.graph.outputs for node in below(graph, label)}
    computed = [node for node, arguments in enumerate(graph.args) if arguments]
    added = [node for node in computed if node not in formula]
    marks: dict[int | Edge, Mark] = dict.fromkeys(added, _ADDED)
    known = len(computed) - len(added)
    legend = [
        Mark("line", f"the formula: {known} operation{'s' * (known != 1)}", "page"),
        _ADDED._replace(note=f"its derivatives: {len(added)} more"),
    ]
    return stage(graph, marks | dict(more or {}), legend, precision=precision)
