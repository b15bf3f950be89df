"""What a film says: one sentence and one formula for every frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import (
    Tree,
    applied,
    leaf,
    name,
    nested,
    number,
    op,
    row,
    tree,
)
from adviz.language.numerals import negative
from adviz.modes.trace import BACKWARD
from adviz.primitives import Primitive
from adviz.scene.chip_text import partial_symbol
from adviz.scene.quantities import quantity

Sentence = tuple[Tree, ...]
Spoken = tuple[Sentence, Tree]
"""A sentence, and the formula below it: symbols, then numbers, then the result."""

_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth")
_REMARKS = {
    "kink": " — at a kink: the slopes left and right of it differ",
    "pole": " — at a pole: its slope is infinite here",
    "overflow": " — too large for a float: it overflows",
    "undefined": " — undefined here",
}
_SHOWN = 6
"""The most inputs or outputs that one formula lists."""
_PAIRS = 4
"""The most products that one formula adds up."""


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
        """The slot, in parentheses if a minus sign would touch an operator."""
        return tree("group", self.tree) if negative(self.number) else self.tree


@dataclass(frozen=True)
class Pair:
    """What travels along an edge, and what it is multiplied by: the local partial or a part of it.

    A weight other than 1 is the order of a Taylor coefficient.
    """

    kind: str
    incoming: Figure
    partial: Figure
    of_partial: str = ""
    """Which part of the local partial, as an exponent: its tangent •, its coefficient [1]."""
    weight: int = 1


@dataclass(frozen=True)
class Arrival:
    """One contribution: along which edge, of what, and which of how many it is."""

    kind: str
    edge: Edge
    pairs: tuple[Pair, ...]
    """What it is a sum of; one pair, but for second and higher orders."""
    product: Figure
    before: Figure
    total: Figure
    count: int
    of: int
    seeded: bool = False
    """Whether the node had a seed of its own before the first arrival."""
    status: str = "ok"

    @property
    def replaces(self) -> bool:
        """Whether it is all that its node holds though there was something before: a fault."""
        before, product, total = self.before.number, self.product.number, self.total.number
        same, summed = total == product, total == before + product
        return same is True and summed is False


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


def _first(symbols: Sequence[Tree], figures: Sequence[Figure], kind: str) -> Tree:
    """Return `x = 3, y = 2`, only the first few of many."""
    pairs = zip(symbols[:_SHOWN], figures[:_SHOWN], strict=True)
    parts = [equal(symbol, tree("mark", kind, figure.tree)) for symbol, figure in pairs]
    return listed(parts, more=len(symbols) > _SHOWN)


def point(graph: Graph, figures: Sequence[Figure]) -> Tree:
    """Return the inputs and their numbers."""
    return _first([name(label) for label in graph.inputs], figures, "value")


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
    expression = _condition(primitive, graph.expression(node))
    symbol = graph.leaf(node)
    filled = _condition(primitive, applied(primitive, _held(primitive, operands)))
    said: Sentence = (text("Evaluate "), strong(equal(symbol, expression)))
    if status in _REMARKS:
        said = (*said, text(_REMARKS[status]))
    parts = [expression, filled, tree("mark", "value", result.tree)]
    return said, equal(symbol, *parts)


def _condition(primitive: Primitive, part: Tree) -> Tree:
    return tree("group", part) if primitive.condition else part


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
    parts = [ratio, result] if figures[0].number == 1 else [result]
    return said, equal(symbols[0], *parts)


_SEEDS: dict[str, Callable[[Graph, str, Sequence[int], Sequence[Figure]], Spoken]] = {
    "tangent": _seeded_inputs,
    "order": _seeded_inputs,
    "adjoint": _seeded_outputs,
    "adjoint tangent": _seeded_rates,
}


def contribution(graph: Graph, arrival: Arrival) -> Spoken:
    """Say how a derivative travels along one edge, and what has arrived by then."""
    said = _SENTENCES[quantity(arrival.kind).family](graph, arrival)
    remark = _REMARKS.get(arrival.status)
    remarks = (text(remark),) if remark else ()
    return (*said, *_arrivals(graph, arrival), *remarks), _sum(graph, arrival)


def _sent(graph: Graph, arrival: Arrival) -> Sentence:
    edge = arrival.edge
    return (
        text("Send the adjoint of "),
        strong(graph.leaf(edge.head)),
        text(" back to operand "),
        strong(graph.leaf(edge.tail)),
        text(", scaled by the local partial"),
    )


def _collected(graph: Graph, arrival: Arrival) -> Sentence:
    kind, head = arrival.kind, graph.leaf(arrival.edge.head)
    whose = (text("The tangent of "), strong(head))
    return (
        *(whose if kind == "tangent" else (strong(accented(graph, kind, arrival.edge.head)),)),
        text(" collects "),
        strong(accented(graph, kind, arrival.edge.tail)),
        text(", scaled by "),
        partial_symbol(graph, arrival.edge),
    )


def _sent_by_product_rule(graph: Graph, arrival: Arrival) -> Sentence:
    return (
        text("What "),
        strong(graph.leaf(arrival.edge.head)),
        text(" sent back to "),
        strong(graph.leaf(arrival.edge.tail)),
        text(" changes in the direction, by the product rule: the adjoint and the partial both do"),
    )


def _convolved(graph: Graph, arrival: Arrival) -> Sentence:
    edge, kind = arrival.edge, arrival.kind
    if len(arrival.pairs) == 1:
        return _collected(graph, arrival)
    return (
        strong(accented(graph, kind, edge.head)),
        text(" collects the coefficients of "),
        strong(graph.leaf(edge.tail)),
        text(" and of "),
        partial_symbol(graph, edge),
        text(", in all pairs that make up the order"),
    )


_SENTENCES: dict[str, Callable[[Graph, Arrival], Sentence]] = {
    "adjoint": _sent,
    "tangent": _collected,
    "adjoint tangent": _sent_by_product_rule,
    "order": _convolved,
}


def _arrivals(graph: Graph, arrival: Arrival) -> Sentence:
    """Return how many contributions have arrived, where there are several."""
    count, of = arrival.count, arrival.of
    if of == 1:
        return ()
    if count == 1:
        backward = arrival.kind in BACKWARD
        node = arrival.edge.tail if backward else arrival.edge.head
        moving = "with a tangent" if arrival.kind == "tangent" else "that move"
        what = "consumers" if backward else f"operands {moving}"
        return text(" — "), graph.leaf(node), text(f" has {of} {what}: 1 of {of} arrived")
    ordinal = _ORDINALS[count] if count < len(_ORDINALS) else f"{count}th"
    rest = f" ({count} of {of} arrived)" if of > 2 else ""
    what = "it replaces what was there" if arrival.replaces else "they add"
    return (text(f" — {ordinal} contribution: {what}{rest}"),)


def _sum(graph: Graph, arrival: Arrival) -> Tree:
    """Return `x̄ += b̄·∂b/∂x = 5·1 ⇒ x̄ = 0 + 5 = 5`, shorter where nothing is added."""
    edge, one = arrival.edge, quantity(arrival.kind)
    target = accented(graph, arrival.kind, edge.tail if arrival.kind in BACKWARD else edge.head)
    factor = _summed(arrival, [_symbols(graph, arrival, pair) for pair in arrival.pairs])
    numbers = _summed(arrival, [_figures(arrival, pair) for pair in arrival.pairs])
    result = tree("mark", one.role, arrival.total.tree)
    if arrival.replaces or (arrival.of == 1 and not arrival.seeded):
        return equal(tree("mark", one.role, target), factor, numbers, result)
    total = row(arrival.before.tree, op("+"), arrival.product.held)
    left = row(tree("mark", one.role, target), op("+="), factor)
    return row(equal(left, numbers), op("⇒"), equal(target, total, result))


def _symbols(graph: Graph, arrival: Arrival, pair: Pair) -> Tree:
    """Return what travels times the part of the local partial, in symbols."""
    edge = arrival.edge
    source = edge.head if pair.kind in BACKWARD else edge.tail
    partial = partial_symbol(graph, edge)
    if pair.of_partial:
        partial = tree("power", tree("group", partial), text(pair.of_partial))
    return _product(pair, accented(graph, pair.kind, source), partial)


def _figures(arrival: Arrival, pair: Pair) -> Tree:
    """Return the same in numbers; a negative one that follows a sign is in parentheses."""
    leads = pair is arrival.pairs[0] and pair.weight == 1
    incoming = pair.incoming.tree if leads else pair.incoming.held
    return _product(pair, incoming, pair.partial.held)


def _product(pair: Pair, incoming: Tree, partial: Tree) -> Tree:
    weight = (number(str(pair.weight)), op("·")) if pair.weight > 1 else ()
    return row(*weight, incoming, op("·"), partial)


def _summed(arrival: Arrival, products: Sequence[Tree]) -> Tree:
    """Return products as a sum; Taylor coefficients' in parentheses, over their order."""
    if len(products) == 1:
        return products[0]
    shown = [*products]
    if len(shown) > _PAIRS:
        shown[_PAIRS - 2 : -1] = [name("…")]
    terms = [shown[0]]
    for product in shown[1:]:
        terms += [op("+"), product]
    order = max(pair.weight for pair in arrival.pairs)
    if order == 1:
        return row(*terms)
    return row(tree("frac", number("1"), number(str(order))), tree("group", row(*terms)))


def definition(graph: Graph, longest: int = 40) -> Tree:
    """Return the graph as `f(x, y) = (x + y)·(x − y)`; a long right side is left out.

    Every expression is written out in full, so its size as a tree is counted first.
    """
    label = next(iter(graph.outputs))
    shown = [name(argument) for argument in list(graph.inputs)[:_SHOWN]]
    arguments = listed(shown, more=len(graph.inputs) > _SHOWN)
    left = row(name(label), tree("group", arguments)) if graph.inputs else name(label)
    if len(graph.outputs) > 1:
        outputs = [name(output) for output in list(graph.outputs)[:_SHOWN]]
        outputs_more = len(graph.outputs) > _SHOWN
        return row(tree("group", listed(outputs, more=outputs_more)), tree("group", arguments))
    node = graph.outputs[label]
    return equal(left, _expanded(graph, node)) if _size(graph, node) <= longest else left


def _size(graph: Graph, node: int) -> int:
    """Return how many nodes there are when one is written out as a tree."""
    sizes: list[int] = []
    for arguments in graph.args[: node + 1]:
        sizes.append(1 + sum(sizes[argument] for argument in arguments))
    return sizes[node]


def _expanded(graph: Graph, node: int) -> Tree:
    """Return a node written out down to the inputs; only for small trees."""
    parts: list[tuple[Tree, int]] = []
    for each in range(node + 1):
        primitive, constant = graph.row(each), graph.constants.get(each)
        if primitive is not None and primitive.args:
            parts.append(nested(primitive, [parts[a] for a in graph.args[each]]))
        elif constant is not None:
            parts.append(leaf(number(repr(constant))))
        else:
            parts.append(leaf(graph.leaf(each)))
    return parts[node][0]
