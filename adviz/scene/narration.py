"""What a film says: one sentence and one formula for every frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from adviz.graph.formulas import nested
from adviz.graph.graph import Graph
from adviz.language.notation import (
    Tree,
    applied,
    arrays,
    leaf,
    name,
    number,
    op,
    row,
    tree,
)
from adviz.primitives import Primitive
from adviz.scene.quantities import quantity

Sentence = tuple[Tree, ...]
Spoken = tuple[Sentence, Tree]
"""A sentence, and the formula below it: symbols, then numbers, then the result."""

REMARKS = {
    "kink": " — at a kink: the slopes left and right of it differ",
    "pole": " — at a pole: its slope is infinite here",
    "overflow": " — too large for a float: it overflows",
    "undefined": " — undefined here",
}
_SHOWN = 6
"""How many inputs or outputs one formula lists where there are many."""
_LEFT_OUT = 2
"""The most that it lists as well rather than leave them out."""
WHOLE = 40
"""The most of them where a formula has lines to break into."""


@dataclass(frozen=True)
class Figure:
    """A number of the film as a formula shows it."""

    key: str
    number: Any

    @property
    def tree(self) -> Tree:
        """The slot that the number stands in."""
        return tree("slot", self.key)

    @property
    def held(self) -> Tree:
        """The slot, in parentheses where a minus sign would touch an operator."""
        return tree("held", self.key)


def text(words: str) -> Tree:
    """Return upright words."""
    return tree("text", words)


def strong(part: Tree) -> Tree:
    """Return a part that the sentence is about."""
    return tree("mark", "strong", part)


def accented(graph: Graph, kind: str, node: int) -> Tree:
    """Return a node's tangent or adjoint symbol."""
    return quantity(kind).symbol(graph.leaf(node))


def listed(parts: Sequence[Tree], more: bool = False) -> Tree:
    """Return parts separated by commas."""
    shown = [*parts, name("…")] if more else list(parts)
    separated = [piece for part in shown for piece in (op(","), part)]
    return row(*separated[1:])


def equal(left: Tree, *rights: Tree) -> Tree:
    """Return a chain of equalities."""
    return row(left, *(part for right in rights for part in (op("="), right)))


def _first(
    symbols: Sequence[Tree], figures: Sequence[Figure], kind: str, most: int = _SHOWN
) -> Tree:
    """Return `x = 3, y = 2`, only the first few of many, of which then several are left out."""
    most = len(symbols) if len(symbols) <= most + _LEFT_OUT else most
    pairs = zip(symbols[:most], figures[:most], strict=True)
    parts = [equal(symbol, tree("mark", kind, figure.tree)) for symbol, figure in pairs]
    return listed(parts, more=len(symbols) > most)


def point(graph: Graph, figures: Sequence[Figure], most: int = _SHOWN) -> Tree:
    """Return the inputs and their numbers, at most so many."""
    return _first([name(label) for label in graph.inputs], figures, "value", most)


def inputs(graph: Graph, figures: Sequence[Figure]) -> Spoken:
    """Say where the evaluation starts."""
    if not graph.inputs:
        return (text("Start: the formula has no inputs"),), row()
    many = "s" if len(graph.inputs) > 1 else ""
    return (text(f"Start from the value{many} of the "), strong(text(f"input{many}"))), point(
        graph, figures
    )


def value(
    graph: Graph, node: int, operands: Sequence[Figure], result: Figure, status: str
) -> Spoken:
    """Say what a node computes, and with which numbers."""
    primitive = graph.rows[graph.ops[node]]
    if primitive.chooses and _is_one_truth(operands[0].number):
        return _choice(graph, node, operands[0].number, result, status)
    expression = _condition(primitive, graph.expression(node))
    symbol = graph.leaf(node)
    filled = _condition(primitive, _filled(graph, node, operands))
    said: Sentence = (text("Evaluate "), strong(equal(symbol, expression)))
    if status in REMARKS:
        said = (*said, text(REMARKS[status]))
    parts = [expression, filled, tree("mark", "value", result.tree)]
    return said, equal(symbol, *parts)


def _is_one_truth(decided: Any) -> bool:
    """Return whether a condition is known, and the same for all: not one of every element."""
    return decided is not None and not getattr(decided, "shape", ())


def _choice(graph: Graph, node: int, holds: bool, result: Figure, status: str) -> Spoken:
    """Say which branch a node takes, and why."""
    condition, then, otherwise = graph.args[node]
    symbol, taken = graph.leaf(node), graph.leaf(then if holds else otherwise)
    said: Sentence = (
        text("Since "),
        graph.expression(condition),
        text(f" is {str(bool(holds)).lower()}, choose "),
        strong(equal(symbol, taken)),
    )
    remark = (text(REMARKS[status]),) if status in REMARKS else ()
    parts = [graph.expression(node), taken, tree("mark", "value", result.tree)]
    return (*said, *remark), equal(symbol, *parts)


def _condition(primitive: Primitive, part: Tree) -> Tree:
    return tree("group", part) if primitive.condition else part


def _filled(graph: Graph, node: int, operands: Sequence[Figure]) -> Tree:
    """Return a node's operation with numbers for its operands."""
    row = graph.rows[graph.ops[node]]
    if row.shape is None:
        made = applied(row, _held(row, operands))
        return arrays.by_element(made) if graph.shape(node) else made
    return nested(graph, node, [leaf(figure.tree) for figure in operands])[0]


def _held(primitive: Primitive, operands: Sequence[Figure]) -> list[Tree]:
    """Return operands as slots, negative ones in parentheses where they follow an operator."""
    first_too = primitive.name in ("pow", "neg")
    return [
        figure.held if primitive.symbol and (position or first_too) else figure.tree
        for position, figure in enumerate(operands)
    ]


def seed(graph: Graph, kind: str, nodes: Sequence[int], figures: Sequence[Figure]) -> Spoken:
    """Say what a sweep starts with."""
    return _SEEDS[quantity(kind).family](graph, kind, nodes, figures)


def _seeded_inputs(
    graph: Graph, kind: str, nodes: Sequence[int], figures: Sequence[Figure]
) -> Spoken:
    symbols = [accented(graph, kind, node) for node in nodes]
    said: Sentence = (strong(text("Seed")), text(" the inputs: the direction to differentiate in"))
    if kind not in ("tangent", "order 1"):
        said = (text("The inputs move "), strong(text("along a line")), text(": no higher order"))
    return said, _first(symbols, figures, quantity(kind).role)


def _seeded_rates(
    graph: Graph, kind: str, nodes: Sequence[int], figures: Sequence[Figure]
) -> Spoken:
    symbols = [accented(graph, kind, node) for node in nodes]
    many = "s do not" if len(nodes) > 1 else " does not"
    said: Sentence = (
        strong(text("Differentiate")),
        text(f" the reverse sweep in the direction: its seed{many} change"),
    )
    return said, _first(symbols, figures, quantity(kind).role)


def _seeded_outputs(
    graph: Graph, kind: str, nodes: Sequence[int], figures: Sequence[Figure]
) -> Spoken:
    symbols = [accented(graph, kind, node) for node in nodes]
    label = next((label for label, node in graph.outputs.items() if node == nodes[0]), "")
    result = tree("mark", kind, figures[0].tree)
    if len(nodes) > 1:
        outputs = set(nodes) <= set(graph.outputs.values())
        why = "the outputs: how much each one counts" if outputs else "what is there already"
        return (strong(text("Seed")), text(f" {why}")), _first(symbols, figures, kind)
    said: Sentence = (strong(text("Seed")), text(" the output "), strong(name(label)))
    said += (text(": its adjoint is "), result)
    ratio = tree("partial", name(label), graph.leaf(nodes[0]))
    number = figures[0].number
    one = not getattr(number, "shape", ()) and number == 1
    parts = [ratio, result] if one else [result]
    return said, equal(symbols[0], *parts)


_SEEDS: dict[str, Callable[[Graph, str, Sequence[int], Sequence[Figure]], Spoken]] = {
    "tangent": _seeded_inputs,
    "order": _seeded_inputs,
    "adjoint": _seeded_outputs,
    "adjoint tangent": _seeded_rates,
}


def definition(graph: Graph, longest: int = 40) -> Tree:
    """Return the graph as `f(x, y) = (x + y)·(x − y)`; a long right side is left out.

    Every expression is written out in full, so its size as a tree is counted first.
    """
    label = next(iter(graph.outputs))
    if len(graph.outputs) > 1:
        return row(tree("group", _few(graph.outputs)), tree("group", _few(graph.inputs)))
    left, right = heading(graph, label), written_out(graph, graph.outputs[label], longest)
    return left if right is None else equal(left, right)


def heading(graph: Graph, label: str, most: int = _SHOWN) -> Tree:
    """Return an output as a function of the inputs, at most so many: `f(x, y)`."""
    if not graph.inputs:
        return name(label)
    return row(name(label), tree("group", _few(graph.inputs, most)))


def _few(labels: Mapping[str, int], most: int = _SHOWN) -> Tree:
    """Return labels separated by commas, only the first few of many."""
    return listed([name(label) for label in list(labels)[:most]], more=len(labels) > most)


def written_out(
    graph: Graph, node: int, longest: int, names: Mapping[int, Tree] = MappingProxyType({})
) -> Tree | None:
    """Return a node written out down to the inputs; None where that has more nodes.

    Nodes that have names are not written out.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build("(x + y)*2")
    >>> unicode_text(written_out(graph, 4, 5)), written_out(graph, 4, 4)
    ('(x + y) · 2', None)
    """
    fits = _size(graph, node, names) <= longest
    return _expanded(graph, node, names) if fits else None


def _size(graph: Graph, node: int, names: Mapping[int, Tree]) -> int:
    """Return how many nodes there are when one is written out as a tree."""
    sizes: list[int] = []
    for each, arguments in enumerate(graph.args[: node + 1]):
        inside = () if each in names else arguments
        sizes.append(1 + sum(sizes[argument] for argument in inside))
    return sizes[node]


def _expanded(graph: Graph, node: int, names: Mapping[int, Tree]) -> Tree:
    """Return a node written out down to the inputs and to names; only for small trees."""
    parts: list[tuple[Tree, int]] = []
    for each in range(node + 1):
        primitive, constant = graph.row(each), graph.constants.get(each)
        if each in names:
            parts.append(leaf(names[each]))
        elif primitive is not None and primitive.args:
            parts.append(nested(graph, each, [parts[a] for a in graph.args[each]]))
        elif constant is not None and not graph.shape(each):
            parts.append(leaf(number(repr(constant))))
        else:
            parts.append(leaf(graph.leaf(each)))
    return parts[node][0]
