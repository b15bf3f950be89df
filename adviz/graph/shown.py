"""A node's formula as an error or a report shows it: in inputs and named nodes, while short."""

from __future__ import annotations

from adviz.graph.formulas import nested
from adviz.graph.graph import Graph
from adviz.language.notation import Tree, ascii_text


def formula_of(graph: Graph, node: int, longest: int = 40) -> str:
    """Return what a node computes, in inputs and named nodes where that is short.

    >>> import adviz
    >>> formula_of(adviz.build("(1 - cos(x))/x**2"), 3)
    '1 - cos(x)'
    """
    shown = ascii_text(graph.expression(node))
    for depth in range(1, longest):
        tree, _ = _expanded(graph, node, depth)
        longer = ascii_text(tree)
        if longer == shown or len(longer) > longest:
            break
        shown = longer
    return shown


def _expanded(graph: Graph, node: int, depth: int) -> tuple[Tree, int]:
    """Return a node's formula with so many levels of unnamed arguments written out."""
    row = graph.row(node)
    if row is None or not row.args:
        return graph.operand(node)
    named = set(graph.names.values())
    operands = [
        graph.operand(argument)
        if depth == 0 or argument in named
        else _expanded(graph, argument, depth - 1)
        for argument in graph.args[node]
    ]
    return nested(graph, node, operands)
