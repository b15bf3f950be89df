"""An alignment as a table: a row for every operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adviz.comparison.alignment.matching import Side
from adviz.graph.typed import typed
from adviz.language import notation
from adviz.language.grid import Grid
from adviz.language.notation import Tree, name, op, row, tree

if TYPE_CHECKING:
    from adviz.comparison.alignment.alignment import Alignment

SAID: Mapping[Side, str] = {
    "formula": "the formula",
    "both": "both derivatives",
    "reverse": "reverse mode alone",
    "symbolic": "SymPy alone",
}
"""What a node belongs to, in words."""
_HEADINGS = ("node", "operation", "needed by", "one number")


def grid(found: Alignment, printed: Callable[[Tree], str] = notation.unicode_text) -> Grid:
    """Return the table with every cell printed."""
    rows = [["" if not cell else printed(cell) for cell in cells] for cells in _cells(found)]
    return Grid(_HEADINGS, rows, len(_HEADINGS))


def _cells(found: Alignment) -> Iterator[tuple[Tree | None, ...]]:
    """Yield the rows as trees; None where nothing stands."""
    graph = found.graph
    for node, labels in _operations(found).items():
        letter = found.letters.get(node)
        called = [graph.leaf(node), *(name(label) for label in labels)]
        yield (
            row(*[piece for one in called for piece in (op("="), one)][1:]),
            graph.expression(node),
            tree("text", SAID[found.sides[node]]),
            None if letter is None else tree("text", letter),
        )


def _operations(found: Alignment) -> Mapping[int, list[str]]:
    """Return the operations in order, each with the labels that are no name of its own."""
    graph = found.graph
    labels: dict[int, list[str]] = {node: [] for node, args in enumerate(graph.args) if args}
    for label, node in graph.outputs.items():
        if node in labels and label != notation.unicode_text(graph.leaf(node)):
            labels[node].append(label)
    return labels


def document(found: Alignment) -> dict[str, Any]:
    """Return an alignment as plain data."""
    graph = found.graph
    return {
        "formula": typed(graph),
        "counts": dict(found.counts),
        "operations": [
            {
                "node": graph.symbols[node],
                "outputs": [label for label, end in graph.outputs.items() if end == node],
                "operation": notation.ascii_text(graph.expression(node)),
                "side": found.sides[node],
            }
            for node in _operations(found)
        ],
        "equal": [[graph.symbols[node] for node in group] for group in found.equal],
    }
