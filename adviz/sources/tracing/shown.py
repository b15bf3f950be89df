"""What a node of a growing graph computes, a few operations deep, as a message shows it."""

from __future__ import annotations

from adviz.graph.builder import Builder
from adviz.language import notation

_DEPTH = 3


def shown(builder: Builder, node: int) -> notation.Tree:
    """Return what a node computes; `...` stands for what is deeper.

    >>> from adviz.primitives import TABLE
    >>> builder = Builder(TABLE)
    >>> x = builder.input("x")
    >>> notation.ascii_text(shown(builder, builder.node("sin", (builder.node("neg", (x,)),))))
    'sin(-x)'
    """
    names = {input_node: name for name, input_node in builder.inputs.items()}
    return _shown(builder, names, node, _DEPTH)[0]


def _shown(
    builder: Builder, names: dict[int, str], node: int, depth: int
) -> tuple[notation.Tree, int]:
    if node in names:
        return notation.leaf(notation.name(names[node]))
    if node in builder.constants:
        return notation.leaf(notation.number(repr(builder.constants[node])))
    row = builder.rows[builder.ops[node]]
    if not depth or not row.args:
        return notation.leaf(notation.name("..." if row.args else row.name))
    operands = [_shown(builder, names, argument, depth - 1) for argument in builder.args[node]]
    return notation.nested(row, operands)
