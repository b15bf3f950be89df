"""What a film says of one contribution: a sum of products that travels along an edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import (
    Tree,
    held,
    is_loose,
    is_loose_above,
    leaf,
    name,
    no_slots,
    number,
    op,
    row,
    tree,
)
from adviz.modes.trace import BACKWARD
from adviz.primitives import TABLE
from adviz.scene.chip_text import factor, is_of_arrays, partial_symbol, travelling
from adviz.scene.narration import (
    REMARKS,
    Figure,
    Sentence,
    Spoken,
    accented,
    equal,
    strong,
    text,
)
from adviz.scene.quantities import quantity

_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth")
ARRIVAL = "arrival"
"""The mark of what a film says only when the number that travels has arrived."""
_PAIRS = 4
"""The most products that one formula adds up."""


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
    rule: Tree
    """The local partial, by `rule`."""
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


def rule(graph: Graph, edge: Edge) -> Tree:
    """Return an edge's local partial as a formula in the operands, as a product's second factor.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build("sin(x)*y")
    >>> [unicode_text(rule(graph, edge)) for edge in graph.edges]
    ['cos(x)', 'y', 'v₁']
    """
    made, binds = factor(graph, edge)
    # a fraction bar holds its parts together, wherever it stands
    return made if made[0] == "frac" else held(TABLE["mul"], [leaf(name("v")), (made, binds)])[1]


def contribution(graph: Graph, arrival: Arrival) -> Spoken:
    """Say how a derivative travels along one edge, and what has arrived by then."""
    said = _SENTENCES[quantity(arrival.kind).family](graph, arrival)
    remark = REMARKS.get(arrival.status)
    remarks = (text(remark),) if remark else ()
    return (*said, *_arrivals(graph, arrival), *remarks), _sum(graph, arrival)


def _sent(graph: Graph, arrival: Arrival) -> Sentence:
    edge = arrival.edge
    return (
        text("Send the adjoint of "),
        strong(graph.leaf(edge.head)),
        text(" back to operand "),
        strong(graph.leaf(edge.tail)),
        *_by_which(graph, arrival),
    )


def _collected(graph: Graph, arrival: Arrival) -> Sentence:
    kind, head = arrival.kind, graph.leaf(arrival.edge.head)
    whose = (text("The tangent of "), strong(head))
    return (
        *(whose if kind == "tangent" else (strong(accented(graph, kind, arrival.edge.head)),)),
        text(" collects "),
        strong(accented(graph, kind, arrival.edge.tail)),
        *_by_which(graph, arrival),
    )


def _by_which(graph: Graph, arrival: Arrival) -> Sentence:
    """Return what a number is multiplied by on its way, or what a map makes of an array."""
    edge = arrival.edge
    if not is_of_arrays(graph, edge):
        return text(", scaled by "), _slope(graph, arrival)
    row = graph.rows[graph.ops[edge.head]]
    if row.shape is None and graph.shape(edge.tail) == graph.shape(edge.head):
        return text(", scaled element by element by "), _slope(graph, arrival)
    return text(", as "), travelling(graph, edge, arrival.kind)


def _slope(graph: Graph, arrival: Arrival) -> Tree:
    """Return the local partial, on a line, and what it is: `∂b/∂x = cos(x)`."""
    symbol, rule = partial_symbol(graph, arrival.edge), arrival.rule
    _, above, below = symbol
    flat = row(text("∂"), above, text("/∂"), below)
    return flat if rule == symbol else equal(flat, _flat(rule))


def _flat(part: Tree) -> Tree:
    """Return a local partial as it stands in a sentence: without a fraction's bar."""
    if part[0] == "frac":
        above, below = part[1:]
        loose = is_loose_above(above, no_slots), is_loose(below, "")
        sides = (_grouped(p) if held else p for p, held in zip((above, below), loose, strict=True))
        return row(next(sides), text("/"), next(sides))
    return part[1] if part[0] == "group" else part


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
        _slope(graph, arrival),
        text(", in all pairs that make up the order"),
    )


_SENTENCES: dict[str, Callable[[Graph, Arrival], Sentence]] = {
    "adjoint": _sent,
    "tangent": _collected,
    "adjoint tangent": _sent_by_product_rule,
    "order": _convolved,
}


def _late(part: Tree) -> Tree:
    """Return what is to be seen only when the number that travels has arrived."""
    return tree("mark", ARRIVAL, part)


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
        said = text("; "), graph.leaf(node), text(f" has {of} {what}")
        return *said, _late(text(f": 1 of {of} arrived"))
    ordinal = _ORDINALS[count] if count < len(_ORDINALS) else f"{count}th"
    rest = f" ({count} of {of} arrived)" if of > 2 else ""
    what = "it replaces what was there" if arrival.replaces else "they add"
    return text(f"; {ordinal} contribution"), _late(text(f": {what}{rest}"))


def _sum(graph: Graph, arrival: Arrival) -> Tree:
    """Return `x̄ += b̄·cos(x) = 5·1 = 5 ⇒ x̄ = 0 + 5 = 5`, shorter where nothing is added."""
    edge, one = arrival.edge, quantity(arrival.kind)
    target = accented(graph, arrival.kind, edge.tail if arrival.kind in BACKWARD else edge.head)
    symbols = _summed(arrival, [_symbols(graph, arrival, pair) for pair in arrival.pairs])
    sides = [symbols, *_numbers(graph, arrival)]
    result = tree("mark", one.role, arrival.total.tree)
    if arrival.replaces or (arrival.of == 1 and not arrival.seeded):
        return equal(tree("mark", one.role, target), *sides, result)
    product = tree("mark", one.role, arrival.product.tree)
    total = row(arrival.before.tree, op("+"), arrival.product.held)
    left = row(tree("mark", one.role, target), op("+="), symbols)
    return row(equal(left, *sides[1:], product), op("⇒"), _late(equal(target, total, result)))


def _numbers(graph: Graph, arrival: Arrival) -> list[Tree]:
    """Return the same in numbers; what a map makes of an array is only told as what comes out."""
    if is_of_arrays(graph, arrival.edge):
        return []
    return [_summed(arrival, [_figures(arrival, pair) for pair in arrival.pairs])]


def _symbols(graph: Graph, arrival: Arrival, pair: Pair) -> Tree:
    """Return what travels times the part of the local partial, in symbols."""
    edge = arrival.edge
    source = edge.head if pair.kind in BACKWARD else edge.tail
    partial = arrival.rule
    if is_of_arrays(graph, edge) and not pair.of_partial and pair.weight == 1:
        return travelling(graph, edge, pair.kind)
    if pair.of_partial:
        partial = tree("power", _grouped(partial), text(pair.of_partial))
    return _product(pair, accented(graph, pair.kind, source), partial)


def _grouped(part: Tree) -> Tree:
    return part if part[0] == "group" else tree("group", part)


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
