"""The terms of a sum over paths as formulas: products of local partials, in symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from adviz.errors import DomainError, GraphError, TooLarge
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.labels import Key
from adviz.language.notation import Tree, held, leaf, name, number, op, row, tree
from adviz.language.numerals import short
from adviz.modes.evaluation import evaluated
from adviz.modes.extent import tree_size
from adviz.modes.symbolic import given_out
from adviz.modes.sympy_partials import Expression, local_on
from adviz.numbers import Number
from adviz.primitives import TABLE
from adviz.scene.chip_text import factor
from adviz.scene.narration import written_out

LARGEST_WORK = 3_000
"""The most operations, times paths, of a formula whose terms SymPy writes out."""
_SHOWN = 6
"""The most factors, and about the most nodes of a path, that are shown."""
_LONGEST = 48
"""The most nodes of an expression that is shown."""


def product(graph: Graph, path: Sequence[Edge]) -> Tree:
    """Return the local partials of a path, from the output back, as a product of formulas.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> graph = adviz.build("(x + y)*(x - y)")
    >>> unicode_text(product(graph, [Edge(1, 3, 1), Edge(3, 4, 1)]))
    'v₁ · (−1)'
    """
    return _multiplied([factor(graph, edge) for edge in path[: -_SHOWN - 1 : -1]], len(path))


def in_numbers(path: Sequence[Edge], partials: Mapping[Edge, Number]) -> Tree:
    """Return the same product in numbers."""
    shown = [leaf(number(short(partials[edge]))) for edge in path[: -_SHOWN - 1 : -1]]
    return _multiplied(shown, len(path))


def _multiplied(factors: Sequence[tuple[Tree, int]], count: int) -> Tree:
    """Return a product of which only the first factors may be given; of none it is 1."""
    if not factors:
        return number("1")
    beside = leaf(name("x"))
    first, _ = held(TABLE["mul"], [factors[0], beside])
    rest = [held(TABLE["mul"], [beside, one])[1] for one in factors[1:]]
    more = [tree("text", "…")] if count > len(factors) else []
    return row(first, *[part for one in [*rest, *more] for part in (op("·"), one)])


def route(graph: Graph, label: str, path: Sequence[Edge]) -> Tree:
    """Return the nodes of a path to an output, of a long one the ends.

    An argument that is used several times says which of them is meant: x⁽²⁾ → f.
    """
    nodes = [*(_argument(graph, edge) for edge in path), name(label)]
    if len(nodes) > _SHOWN + 1:
        nodes = [*nodes[: _SHOWN // 2], tree("text", "…"), *nodes[-_SHOWN // 2 :]]
    return row(*[part for node in nodes for part in (op("→"), node)][1:])


def _argument(graph: Graph, edge: Edge) -> Tree:
    once = graph.args[edge.head].count(edge.tail) == 1
    symbol = graph.leaf(edge.tail)
    return symbol if once else tree("power", symbol, tree("group", number(str(edge.position + 1))))


def typeset(expression: Expression | None) -> Tree | None:
    """Return an expression of SymPy's as a tree; None where it is too long to read.

    >>> import sympy
    >>> from adviz.language.notation import unicode_text
    >>> unicode_text(typeset(-2*sympy.Symbol("x")))
    '−2x'
    """
    from adviz.sources.sympy import from_sympy

    if expression is None:
        return None
    try:
        graph = from_sympy(expression, TABLE)
    except GraphError:  # such as of a function that only SymPy knows
        return None
    made = written_out(graph, graph.outputs["f"], _LONGEST)
    return None if made is None else _signs_first(made)


def _signs_first(part: Any) -> Any:
    """Return a formula with −2y for −(2y): products are grouped by what is written, not by use."""
    if not isinstance(part, tuple):
        return part
    kind, *inside = part
    inside = [_signs_first(one) for one in inside]
    if kind == "neg" and inside[0][0] == "group" and _multiplies(inside[0][1]):
        return (kind, inside[0][1])
    return (kind, *inside)


def _multiplies(part: Tree) -> bool:
    """Return whether a formula is a product or a quotient."""
    signs = {one[1] for one in part[1:] if one[0] == "op"}
    return part[0] == "frac" or (part[0] == "row" and signs <= {"·"})


@dataclass(frozen=True, eq=False)
class Written:
    """A function's derivatives, and products along its paths, as SymPy writes them in the inputs.

    Local partials are SymPy's too; a choice has those of the branch that is taken.
    """

    graph: Graph
    wanted: tuple[str, ...]

    @cached_property
    def derivatives(self) -> Mapping[Key, Expression]:
        """SymPy's derivatives of the whole expressions; none where they are too large to read."""
        size, _ = tree_size(self.graph)
        if size * len(self.wanted) > LARGEST_WORK or not self.wanted:
            return {}
        try:
            made = given_out(self.graph, self.wanted, LARGEST_WORK)
        except (TooLarge, DomainError):
            return {}
        return {Key(f, x): slope for f, parts in made.items() for x, slope in parts.items()}

    def products(self, paths: Sequence[Sequence[Edge]]) -> list[Expression | None]:
        """Return the product of SymPy's local partials along each path, None for all if too large.

        >>> import adviz
        >>> graph = adviz.build("(x + y)*(x - y)")
        >>> Written(graph, ("x", "y")).products([[Edge(1, 3, 1), Edge(3, 4, 1)]])
        [-x - y]
        """
        size, _ = tree_size(self.graph)
        if size * len(paths) > LARGEST_WORK:
            return [None for _ in paths]
        return [self._product(path) for path in paths]

    def _product(self, path: Sequence[Edge]) -> Expression:
        import sympy

        from adviz.numbers.sympys.hyperbolic import handed_out

        return handed_out(sympy.Mul(*[self._partial(edge) for edge in reversed(path)]))

    def _partial(self, edge: Edge) -> Expression:
        if edge not in self._partials:
            self._partials[edge] = self._differentiated(edge)
        return self._partials[edge]

    def _differentiated(self, edge: Edge) -> Expression:
        import sympy

        row = self.graph.rows[self.graph.ops[edge.head]]
        if row.chooses:
            return sympy.Integer(1)
        arguments = [self._values[argument] for argument in self.graph.args[edge.head]]
        return local_on(row, edge.position, arguments)

    @cached_property
    def _partials(self) -> dict[Edge, Expression]:
        return {}

    @cached_property
    def _values(self) -> Sequence[Expression]:
        import sympy

        from adviz.numbers.symbols import SYMBOLS

        symbols = {name: sympy.Symbol(name) for name in self.graph.inputs}
        return evaluated(self.graph, SYMBOLS.over(self.graph.rows), symbols)
