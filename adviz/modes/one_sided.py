"""The slopes on either side of a kink."""

from __future__ import annotations

from collections.abc import Sequence

from adviz.graph.graph import Graph
from adviz.numbers import Number, Numbers

_NUDGE = 2.0**-40
"""How far beside a point the one-sided slopes are taken, relative to the argument."""


def slopes(
    graph: Graph, numbers: Numbers, found: Sequence[Number], node: int
) -> dict[int, tuple[Number, Number]]:
    """Return the local partials of a node with each argument moved a little down and up.

    In a graph with arrays there are none.
    """
    row = graph.rows[graph.ops[node]]
    arguments = [found[argument] for argument in graph.args[node]]
    if graph.shapes is not None:
        return {}
    function = numbers.function(row.name)
    sides: dict[int, tuple[Number, Number]] = {}
    for position in range(row.arity):
        if not row.differentiable(position) or row.chooses:
            continue
        rule = numbers.rule(row, row.partials[position])
        pair = []
        for sign in (-1, 1):
            moved = list(arguments)
            step = abs(moved[position]) * _NUDGE or _NUDGE**4
            moved[position] = moved[position] + sign * numbers.constant(step)
            pair.append(rule(*moved, function(*moved)))
        sides[position] = (pair[0], pair[1])
    return sides
