"""What a film is about, as its author wrote it: assignments, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adviz.graph.formulas import nested
from adviz.graph.graph import Graph
from adviz.language.notation import ATOM, Tree, leaf, name, number, tree
from adviz.scene.narration import WHOLE, equal, heading

_LONGEST, _DEEPEST = 80, 40
"""The most nodes of one right side, and one in another; a longer one is assigned in parts."""
_REPEATED = 16
"""The most nodes of what has no name and is written wherever it is used."""
_MOST = 400
"""The most nodes of all statements together."""


class _Piece(NamedTuple):
    """A part of a right side: its tree, how tightly it binds, its nodes, and one in another."""

    tree: Tree
    binds: int
    size: int = 1
    depth: int = 1


def statements(graph: Graph) -> tuple[Tree, ...]:
    """Return the assignments and the outputs of a graph; none where they are too many to read.

    Names of the author's are assigned, and what has none is written where it is used. Every part
    is marked as the node that computes it, so that a page can light it up.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> for one in statements(adviz.build("a = x + y; b = x - y; a*b")):
    ...     print(unicode_text(one))
    a = x + y
    b = x − y
    f(x, y) = a · b
    """
    if len(graph) > _MOST:
        return ()
    written = _Writing(graph)
    return tuple(written.lines) if written.size <= _MOST else ()


class _Writing:
    """The statements of a graph, written in the order of its nodes."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.size = graph, 0
        self.lines: list[Tree] = []
        self.pieces: list[_Piece] = []
        self.names = _names(graph)
        for node in range(len(graph)):
            self.pieces.append(self._written(node))
        for label, node in graph.outputs.items():
            if label not in self.names.get(node, ()):
                self._state(_left(graph, label), self.pieces[node])

    def _written(self, node: int) -> _Piece:
        """Return how a node is written where it is used; what has a name is assigned first."""
        piece, names = self._piece(node), self.names.get(node, ())
        longest = _REPEATED if len(self.graph.consumers[node]) > 1 else _LONGEST
        if not names and piece.size <= longest and piece.depth <= _DEEPEST:
            return piece
        own, *others = names or (self.graph.symbols[node],)
        used = _Piece(tree("node", node, name(own)), ATOM)
        self._state(_left(self.graph, own, node), piece)
        for other in others:
            self._state(_left(self.graph, other, node), used)
        return used

    def _piece(self, node: int) -> _Piece:
        """Return what a node computes, around what its arguments are."""
        graph, row = self.graph, self.graph.row(node)
        constant = graph.constants.get(node)
        if constant is not None and not graph.shape(node):
            return _Piece(*leaf(number(repr(constant))))
        if row is None or not row.args:
            return _Piece(tree("node", node, graph.leaf(node)), ATOM)
        inside = [self.pieces[argument] for argument in graph.args[node]]
        made, binds = nested(graph, node, [(piece.tree, piece.binds) for piece in inside])
        size = 1 + sum(piece.size for piece in inside)
        return _Piece(tree("node", node, made), binds, size, 1 + max(p.depth for p in inside))

    def _state(self, left: Tree, right: _Piece) -> None:
        self.size += right.size
        self.lines.append(equal(left, right.tree))


def _names(graph: Graph) -> Mapping[int, Sequence[str]]:
    """Return the names that are assigned: the author's, of what is not an input."""
    inputs, found = set(graph.inputs.values()), dict[int, list[str]]()
    for given, node in graph.names.items():
        if node not in inputs:
            found.setdefault(node, []).append(given)
    return found


def _left(graph: Graph, label: str, node: int | None = None) -> Tree:
    """Return the left side of a statement; the only output is a function of the inputs."""
    only = len(graph.outputs) == 1 and label in graph.outputs
    if only and (node is None or graph.outputs[label] == node):
        return heading(graph, label, WHOLE)
    return name(label) if node is None else tree("node", node, name(label))
