"""What a chip says: the local partial of its edge, as a number, a node's value, or a formula."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from adviz.errors import GraphError, Span
from adviz.graph import formulas
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language import notation
from adviz.language.notation import Tree, maps
from adviz.modes.trace import BACKWARD
from adviz.primitives import RESULT, TABLE, Primitive, spellings
from adviz.scene.quantities import quantity

_LONGEST = 16
"""A formula with more characters is replaced by the symbol of the partial derivative."""

_Arithmetic = dict[str, Callable[..., Any]]
_FOLDED: _Arithmetic = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
}
_DECIDED = {"eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "gt": operator.gt}


def chip(graph: Graph, edge: Edge, slot: Tree | None) -> Tree:
    """Return the chip of an edge: `slot` is its number, None when there are no numbers.

    A partial that is the value of another node says which: `b = 1`.
    """
    if slot is None:
        return partial_formula(graph, edge)
    owner = _value_owner(graph, edge)
    if owner is None or not (graph.args[owner] or owner in graph.inputs.values()):
        return slot
    return notation.row(graph.leaf(owner), notation.op("="), slot)


def _value_owner(graph: Graph, edge: Edge) -> int | None:
    """Return the node whose value an edge's local partial is, if it is one."""
    row = graph.rows[graph.ops[edge.head]]
    text = row.partials[edge.position]
    if text == RESULT:
        return edge.head
    return graph.args[edge.head][row.args.index(text)] if text in row.args else None


def is_of_arrays(graph: Graph, edge: Edge) -> bool:
    """Return whether an edge leads from an array or to one, so that its local partial is a map."""
    return bool(graph.shape(edge.tail) or graph.shape(edge.head))


def map_chip(graph: Graph, edge: Edge, kind: str) -> Tree:
    """Return the chip of an edge of arrays: what goes along it, where that is no mere product."""
    row = graph.rows[graph.ops[edge.head]]
    is_product = row.shape is None and graph.shape(edge.tail) == graph.shape(edge.head)
    return partial_formula(graph, edge) if is_product else travelling(graph, edge, kind)


def travelling(graph: Graph, edge: Edge, kind: str) -> Tree:
    """Return what goes along an edge of arrays: its local partial, applied to what it takes.

    Backwards it is the transpose, applied to an adjoint. What was broadcast comes back summed.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build(lambda W, x: W @ x, shapes={"W": (3, 2), "x": 2}, arrays=True)
    >>> [unicode_text(travelling(graph, edge, "adjoint")) for edge in graph.edges]
    ['v̄₁ xᵀ', 'Wᵀ v̄₁']
    """
    row, position = graph.rows[graph.ops[edge.head]], edge.position
    backward = kind in BACKWARD
    symbol = quantity(kind).symbol(graph.leaf(edge.head if backward else edge.tail))
    carried = symbol, notation.ATOM
    if row.shape is not None:
        call = formulas.call(
            graph, edge.head, [graph.operand(node) for node in graph.args[edge.head]]
        )
        apply = maps.backwards if backward else maps.forwards
        return apply(call, position, carried)[0]
    made = _scaled(symbol, *factor(graph, edge))
    broadcast = graph.shape(edge.tail) != graph.shape(edge.head)
    return maps.summed((made, 0))[0] if broadcast and backward else made


def _scaled(symbol: Tree, slope: Tree, binds: int) -> Tree:
    """Return what travels times a local partial, element by element; times 1, itself."""
    one = notation.number("1")
    if slope in (one, ("neg", one)):
        return symbol if slope == one else notation.tree("neg", symbol)
    operands = [(symbol, notation.ATOM), (slope, binds)]
    return notation.row(symbol, notation.op("·"), notation.held(TABLE["mul"], operands)[1])


def partial_formula(graph: Graph, edge: Edge) -> Tree:
    """Return a local partial as a formula in the operands, or as ∂v/∂x where that is long."""
    return factor(graph, edge, _LONGEST)[0]


def factor(graph: Graph, edge: Edge, longest: int = 32) -> tuple[Tree, int]:
    """Return a local partial as a formula, ∂v/∂x where that is long, and how tightly it binds.

    A structural row's is a map, which is always called so.
    """
    row = graph.rows[graph.ops[edge.head]]
    if row.shape is not None:
        return notation.leaf(partial_symbol(graph, edge))
    tree, binds, _ = _formula(graph, row, edge)
    short = len(notation.unicode_text(tree)) <= longest
    return (tree, binds) if short else notation.leaf(partial_symbol(graph, edge))


def partial_symbol(graph: Graph, edge: Edge) -> Tree:
    """Return ∂v/∂x for an edge; parallel edges say which argument they mean."""
    operand = graph.leaf(edge.tail)
    if graph.args[edge.head].count(edge.tail) > 1:
        position = notation.tree("group", notation.number(str(edge.position + 1)))
        operand = notation.tree("power", operand, position)
    return notation.tree("partial", graph.leaf(edge.head), operand)


class _Term(NamedTuple):
    """A piece of a formula: its tree, how tightly it binds, and its number if it is one."""

    tree: Tree
    binds: int
    number: Any = None


def _formula(graph: Graph, row: Primitive, edge: Edge) -> _Term:
    """Return a rule read by the grammar, with the operands' symbols for its arguments."""
    from adviz.language.grammar import parse

    nodes = dict(zip(row.args, graph.args[edge.head], strict=True)) | {RESULT: edge.head}
    terms = {
        name: _Term(*graph.operand(node), None if graph.shape(node) else graph.constants.get(node))
        for name, node in nodes.items()
    }
    text = row.partials[edge.position]
    ((_, term),) = parse(text, _Writer(text, terms, graph, bool(graph.shape(edge.head))))
    made: _Term = term
    return made


class _Writer:
    """A parser's sink that writes notation, doing the arithmetic that constants allow."""

    def __init__(self, text: str, terms: dict[str, _Term], graph: Graph, by_element: bool) -> None:
        self.text, self.terms = text, terms
        self.by_element = by_element
        self.rows = spellings(graph.rows.values())

    def number(self, value: int | float, span: Span) -> _Term:
        return _number(value)

    def name(self, name: str, span: Span) -> _Term:
        return self.terms.get(name) or _Term(notation.name(name), notation.ATOM)

    def call(self, function: str, arguments: Sequence[_Term], span: Span) -> _Term:
        from adviz.numbers.rules import row_for

        row = row_for(self.rows, function, len(arguments), self.text, span)
        return _simpler(row, arguments) or self._applied(row, arguments)

    def _applied(self, row: Primitive, arguments: Sequence[_Term]) -> _Term:
        if row.fold and len(arguments) > row.arity:
            *most, last = arguments
            return self._applied(row, [self._applied(row, most), last])
        made, binds = notation.nested(row, [(a.tree, a.binds) for a in arguments])
        return _Term(notation.arrays.by_element(made) if self.by_element else made, binds)

    def assign(self, name: str, value: _Term, span: Span) -> None:
        self.terms[name] = value

    def header(self, name: str, parameters: Sequence[str], span: Span) -> NoReturn:
        raise GraphError(f"a rule takes no header: {self.text!r}")

    def require(self, condition: _Term, span: Span) -> NoReturn:
        raise GraphError(f"a rule takes no assertion: {self.text!r}")


def _number(value: Any) -> _Term:
    tree = notation.number(repr(abs(value)))
    return _Term(tree, notation.ATOM, value) if value >= 0 else _Term(("neg", tree), 7, value)


def _simpler(row: Primitive, arguments: Sequence[_Term]) -> _Term | None:
    """Return what a call comes to when constants decide it, as in y*x**(y - 1) for x**2."""
    numbers = [argument.number for argument in arguments]
    known = [number is not None for number in numbers]
    if row.name == "where" and known[0]:
        return arguments[1] if numbers[0] else arguments[2]
    if row.condition and row.needed and (decisive := not row.needed[-1]) in numbers:
        return arguments[numbers.index(decisive)]
    if all(known) and row.name in _FOLDED:
        return _number(_FOLDED[row.name](*numbers))
    if all(known) and row.name in _DECIDED:
        holds = _DECIDED[row.name](*numbers)
        return _Term(notation.tree("text", str(holds).lower()), notation.ATOM, holds)
    if row.name == "pow" and numbers[1] in (0, 1):
        return arguments[0] if numbers[1] else _number(1)
    if row.name == "mul" and 1 in numbers:
        return arguments[1 - numbers.index(1)]
    return None
