"""How large a graph and its derivatives would be in SymPy: counted on the graph, nothing built.

Differentiating a graph as an expression can take exponential time and space (Laue, *On the
Equivalence of Forward Mode Automatic Differentiation and Symbolic Differentiation*, 2019), and it
costs next to nothing to know beforehand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from adviz.errors import TooLarge
from adviz.graph.graph import Graph
from adviz.graph.procedure import Constant
from adviz.modes.sympy_partials import Expression, local_derivative, on_dummies
from adviz.primitives import TABLE, Primitive

LARGEST_TREE = 5_000
LARGEST_DEPTH = 100
WORK_PER_OPERATION = 6
"""How much `derivative_work` there may be for each operation that the expression may have."""
_SPLIT = 4
"""A function's real and imaginary parts hold both parts of its argument, about twice each."""


class Term(NamedTuple):
    """One term of a sum: a node, perhaps subtracted."""

    node: int
    subtracted: bool = False


def sums(graph: Graph) -> dict[int, list[Term]]:
    """Return the terms of every sum of inputs, as one; of what is only a part of one, none.

    What adds a computed constant stays a sum of its own: SymPy adds up the numbers of one sum, and
    no products of numbers among them.

    >>> import adviz
    >>> graph = adviz.build("x + y - x*y")
    >>> {graph.symbols[node]: [graph.symbols[term.node] for term in terms]
    ...  for node, terms in sums(graph).items()}
    {'v1': [], 'v3': ['x', 'y', 'v2']}
    """
    used = Counter(argument for arguments in graph.args for argument in arguments)
    used.update(graph.outputs.values())
    varies = reached_by(graph, list(graph.inputs))
    found: dict[int, list[Term]] = {}

    def opened(node: int, subtracted: bool) -> list[Term]:
        computed = any(not varies[a] and graph.args[a] for a in graph.args[node])
        if subtracted or computed or used[node] > 1 or node not in found:
            return [Term(node, subtracted)]
        terms, found[node] = found[node], []
        return terms

    for node, op in enumerate(graph.ops):
        if op in ("add", "sub") and varies[node] and graph.rows[op] is TABLE[op]:
            first, second = graph.args[node]
            found[node] = opened(first, False)
            found[node] += opened(second, op == "sub")
    return found


class Extent(NamedTuple):
    """Operations and depth of an expression, and how often it writes each of its symbols."""

    operations: int
    depth: int
    uses: tuple[int, ...]

    def written(self, sizes: Sequence[int]) -> int:
        """Return the operations with expressions of these sizes for its symbols."""
        return self.operations + sum(n * size for n, size in zip(self.uses, sizes, strict=True))


def extent(symbols: Sequence[Expression], whole: Expression) -> Extent:
    """Return the extent of a small expression by walking through it.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> extent([x], x*sympy.sin(x))
    Extent(operations=2, depth=2, uses=(2,))
    """
    operations, deepest = 0, 0
    uses = dict.fromkeys(symbols, 0)
    stack = [(whole, 0)]
    while stack:
        part, depth = stack.pop()
        if part in uses:
            uses[part] += 1
        elif part.args:
            operations, deepest = operations + 1, max(deepest, depth + 1)
            stack.extend((argument, depth + 1) for argument in part.args)
    return Extent(operations, deepest, tuple(uses.values()))


@lru_cache(maxsize=1024)
def _value_extent(row: Primitive) -> Extent:
    return extent(*on_dummies(row))


@lru_cache(maxsize=1024)
def _slope_extent(row: Primitive, position: int) -> Extent:
    """Return the extent of SymPy's derivative of a row; of none where SymPy has no derivative."""
    try:
        return extent(*local_derivative(row, position))
    except (TypeError, ValueError):
        return Extent(0, 0, (0,) * len(row.args))


def tree_size(graph: Graph) -> tuple[int, int]:
    """Return the operations and the depth of the outputs written out in SymPy, nothing shared.

    Counted on the graph, in exact integers, without building anything: a maximum, for instance,
    is several choices in SymPy and repeats its arguments. A sum is as deep as its deepest term.

    >>> import adviz
    >>> tree_size(adviz.build("a = x*x; b = a*a; c = b*b; c*c"))
    (15, 4)
    >>> tree_size(adviz.build("x + y - z + x*y"))
    (5, 2)
    """
    sizes, depths = _trees(graph)
    outputs = list(graph.outputs.values())
    return sum(sizes[node] for node in outputs), max(depths[node] for node in outputs)


def _trees(graph: Graph) -> tuple[list[int], list[int]]:
    """Return the operations and the depth of every node."""
    sizes, depths = [0] * len(graph), [0] * len(graph)
    whole = sums(graph)
    for node, arguments in enumerate(graph.args):
        row = graph.row(node)
        if row is not None and arguments:
            own = _value_extent(row)
            sizes[node] = own.written([sizes[argument] for argument in arguments])
            depths[node] = own.depth + max(depths[argument] for argument in arguments)
        if whole.get(node):
            depths[node] = 1 + max(depths[term.node] + term.subtracted for term in whole[node])
    return sizes, depths


Factors = dict[str, int]
"""The factors of a node's derivative by each input, as SymPy's rules write it; of a sum, one."""


def derivative_work(graph: Graph, wanted: Sequence[str]) -> int:
    """Return the factors and terms that SymPy puts in order on its way to all derivatives.

    By the chain rule a product of slopes is put in order again at every node it comes through, for
    every input and wherever the tree repeats a node. What SymPy asks on the way comes on top.

    >>> import adviz
    >>> [derivative_work(adviz.build("*".join("abcdefgh"[:n])), "abcdefgh"[:n]) for n in (2, 4, 8)]
    [2, 16, 112]
    """
    outputs, whole, deep = {*graph.outputs.values()}, sums(graph), _spreads(graph)
    work = list(deep)
    factors: list[Factors] = [{} for _ in graph.ops]
    for name in wanted:
        factors[graph.inputs[name]] = {name: 0}
    for node, row in enumerate(map(graph.row, range(len(graph)))):
        if row is None:
            continue
        if node in whole:
            parts = [(term.node, 1, 1) for term in whole[node]]
        else:
            uses = _value_extent(row).uses
            parts = [
                (argument, _slope_extent(row, position).operations + 1, max(1, uses[position]))
                for position, argument in enumerate(graph.args[node])
                if factors[argument]
            ]
        factors[node] = _joined([(factors[argument], own) for argument, own, _ in parts])
        work[node] += sum(work[argument] * times for argument, _, times in parts)
        work[node] += sum(n + own for argument, own, _ in parts for n in factors[argument].values())
        if node in whole and node not in outputs:
            work[node] += len(parts) * len(factors[node])
    return sum(work[node] for node in outputs)


def _joined(parts: Sequence[tuple[Factors, int]]) -> Factors:
    """Return the factors of a derivative: of one product all of them, of a sum of products one."""
    joined: Factors = {}
    for factors, own in parts:
        for name, count in factors.items():
            joined[name] = 1 if name in joined else count + own
    return joined


def _spreads(graph: Graph) -> list[int]:
    """Return what SymPy writes where it splits a power's base into its real and imaginary parts.

    It does so for `(base**e)**d` with an exponent e that is not whole and not below 1, and every
    function inside the base writes both parts of its argument about twice.
    """
    spread = [int(node not in graph.constants) for node in range(len(graph))]
    asked = [0] * len(graph)
    for node, op in enumerate(graph.ops):
        arguments = graph.args[node]
        if op in graph.rows and arguments:
            inside = sum(spread[argument] for argument in arguments)
            spread[node] = inside if graph.rows[op].rational and op != "pow" else _SPLIT * inside
            if op in ("pow", "sqrt") and _splits(graph, arguments[0]):
                asked[node] = spread[graph.args[arguments[0]][0]]
    return asked


def _splits(graph: Graph, node: int) -> bool:
    """Return whether a node is a power whose exponent is neither whole nor below 1."""
    if graph.ops[node] != "pow":
        return False
    exponent: Constant = graph.constants.get(graph.args[node][1], 0)
    return abs(exponent) >= 1 and exponent != int(exponent)


def reached_by(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """Return the wanted inputs of every node, each a bit of a number."""
    bits = {graph.inputs[name]: 1 << place for place, name in enumerate(wanted)}
    reached = [bits.get(node, 0) for node in range(len(graph))]
    for node, arguments in enumerate(graph.args):
        for argument in arguments:
            reached[node] |= reached[argument]
    return reached


def refuse_too_large(graph: Graph, wanted: Sequence[str], largest: int) -> None:
    """Raise TooLarge where the expression or its derivatives are more than may be written out."""
    size, depth = tree_size(graph)
    where = f"from a graph of {len(graph)} nodes"
    cure = "use symbolic(g, form='assignments'), which is linear in the graph"
    if size > largest or depth > LARGEST_DEPTH:
        raise TooLarge(
            f"the whole expression has {_count(size)} operations, {depth} deep, {where}; {cure}"
        )
    work = derivative_work(graph, wanted)
    if work > WORK_PER_OPERATION * largest:
        raise TooLarge(
            f"SymPy would put {_count(work)} factors in order on its way to the derivatives, "
            f"{where}; {cure}"
        )


def _count(size: int) -> str:
    return str(size) if size < 10**9 else f"about 10^{len(str(size)) - 1}"
