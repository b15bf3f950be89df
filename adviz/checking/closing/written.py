"""SymPy's expressions as formulas that fit on a line."""

from __future__ import annotations

from adviz.graph.graph import Graph
from adviz.language.notation import Tree, op, row, tree, unicode_text
from adviz.scene.narration import written_out

_LONGEST, _MOST_NODES = 72, 60
"""The most signs of a formula, and the most nodes that it is tried with."""


def formula(graph: Graph, output: str) -> Tree:
    """Return an output as a formula in the inputs; how many operations, where it is too long.

    >>> import adviz
    >>> unicode_text(formula(adviz.build("-(2*y)"), "f"))
    '−2y'
    >>> unicode_text(formula(adviz.build("+".join(f"sin({k}*x)" for k in range(2, 40))), "f"))
    'an expression of 113 operations'
    """
    node = graph.outputs[output]
    made = written_out(graph, node, _MOST_NODES)
    shown = None if made is None else _signed(made)
    if shown is not None and _breadth(shown) <= _LONGEST:
        return shown
    return tree("text", f"an expression of {_operations(graph, node)} operations")


def _signed(part: Tree) -> Tree:
    """Return a part without the parentheses that a minus has around a product or a quotient."""
    held = part[0] == "neg" and part[1][0] == "group" and _is_product(part[1][1])
    return tree("neg", part[1][1]) if held else part


def _is_product(part: Tree) -> bool:
    """Return whether a part is a quotient, or factors of which none has a sign."""
    if part[0] != "row":
        return bool(part[0] == "frac")
    signed = any(unicode_text(piece)[0] in "-−" for piece in part[1:])
    multiplied = all(piece == ("op", "·") for piece in part[1:] if piece[0] == "op")
    return not signed and multiplied and all(_is_product(p) for p in part[1:] if p[0] == "row")


def _breadth(part: Tree) -> int:
    """Return how many signs stand side by side: of a quotient those of its longer half."""
    kind, *parts = part
    if kind in ("row", "group", "neg", "root", "power", "frac"):
        breadths = map(_breadth, parts)
        return max(breadths) if kind == "frac" else sum(breadths) + (kind != "row")
    return len(unicode_text(part))


def _operations(graph: Graph, node: int) -> int:
    """Return how many operations there are when a node is written out as a tree."""
    counts: list[int] = []
    for arguments in graph.args[: node + 1]:
        counts.append(bool(arguments) + sum(counts[argument] for argument in arguments))
    return counts[node]


def equals(part: Tree) -> Tree:
    """Return `= part`; what is said in words as it is."""
    return part if part[0] == "text" else row(op("="), part)
