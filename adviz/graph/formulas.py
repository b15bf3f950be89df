"""What a node computes as a formula: around its arguments' symbols, or around formulas of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adviz.language import notation
from adviz.language.notation.arrays import Call, Piece

if TYPE_CHECKING:
    from adviz.graph.graph import Graph


def applied(graph: Graph, node: int, operands: Sequence[Piece]) -> notation.Tree:
    """Return a node's operation on operands that hold together by themselves."""
    row = graph.rows[graph.ops[node]]
    if row.shape is None:
        return _by_element(graph, node, notation.applied(row, notation.held(row, operands)))
    return notation.arrays.written(call(graph, node, operands))[0]


def _by_element(graph: Graph, node: int, made: notation.Tree) -> notation.Tree:
    return notation.arrays.by_element(made) if graph.shape(node) else made


def nested(graph: Graph, node: int, operands: Sequence[Piece]) -> Piece:
    """Return a node's operation around operands that may be formulas, and how tightly it binds.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build("(x + y)*2")
    >>> unicode_text(nested(graph, 4, [(graph.expression(2), 5), graph.operand(3)])[0])
    '(x + y) · 2'
    """
    row = graph.rows[graph.ops[node]]
    if row.shape is None:
        made, binds = notation.nested(row, operands)
        return _by_element(graph, node, made), binds
    return notation.arrays.written(call(graph, node, operands))


def call(graph: Graph, node: int, operands: Sequence[Piece]) -> Call:
    """Return the structural row that computes a node, applied to some operands."""
    params = (graph.params or {}).get(node, ())
    shapes = [graph.shape(argument) for argument in graph.args[node]]
    return Call(graph.rows[graph.ops[node]], params, operands, shapes, graph.operand(node))
