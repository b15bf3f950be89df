"""SymPy's derivatives in a graph's own nodes, which are kept as symbols.

Local partials, their products and sums are SymPy's, by the chain rule: Griewank & Walther,
*Evaluating Derivatives* (2nd ed., 2008), table 3.4.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from adviz.checking.closing.ground import Ground
from adviz.checking.closing.written import Formula
from adviz.errors import TooLarge
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.labels import Key
from adviz.language.notation import name, tree
from adviz.modes.extent import extent, reached_by
from adviz.modes.folding import growing
from adviz.modes.linear import Linear
from adviz.modes.sweep import Parts, adjoints
from adviz.modes.sympy_partials import Expression, local_on
from adviz.numbers import Number

_LARGEST = 150
"""The most operations of an expression on the way to a derivative."""


def computed(graph: Graph) -> list[int]:
    """Return the nodes whose numbers operations make of inputs.

    >>> import adviz
    >>> computed(adviz.build("where(x > 0, x*sqrt(2), x)"))
    [5, 6]
    """
    varies = reached_by(graph, list(graph.inputs))
    rows = ((node, graph.row(node)) for node in range(len(graph)) if varies[node])
    return [node for node, row in rows if row and row.args and not row.condition]


def swept(
    graph: Graph, label: str, wanted: Sequence[str], kept: Collection[int]
) -> dict[str, Expression]:
    """Return an output's derivatives by reverse mode, in the inputs and the symbols of kept nodes.

    Raises TooLarge where an expression on the way has more than 150 operations.

    >>> import adviz
    >>> swept(adviz.build("d = x*y; d*d"), "f", ["x"], [2])
    {'x': 2*d*y}
    """
    import sympy

    from adviz.numbers.symbols import SYMBOLS

    system = SYMBOLS.over(graph.rows)
    found = _values(graph, kept)
    nodes = {one: graph.inputs[one] for one in wanted}
    linear = Linear(graph, system, found, nodes.values()).multiplying(_product)
    held = adjoints(linear, [(graph.outputs[label], sympy.Integer(1))], _SYMBOLIC)
    return {one: sympy.Integer(0) if held[n] is None else held[n] for one, n in nodes.items()}


def _values(graph: Graph, kept: Collection[int]) -> list[Expression]:
    """Return every node as an expression in the inputs, in kept nodes and in broken numbers."""
    import sympy

    from adviz.numbers.symbols import SYMBOLS

    system, found = SYMBOLS.over(graph.rows), list[Expression]()
    for node, (op, arguments) in enumerate(zip(graph.ops, graph.args, strict=True)):
        whole = isinstance(graph.constants.get(node), int)
        if whole:
            found.append(system.constant(graph.constants[node]))
        elif node in kept or op not in graph.rows:
            found.append(sympy.Symbol(graph.symbols[node]))
        else:
            found.append(_short(system.function(op)(*[found[a] for a in arguments])))
    return found


def _local(linear: Linear, edge: Edge) -> Expression:
    rows, ops = linear.procedure.rows, linear.procedure.ops
    operands = [linear.found[argument] for argument in linear.procedure.args[edge.head]]
    return local_on(rows[ops[edge.head]], edge.position, operands)


def _product(travelling: Expression, partial: Expression) -> Expression:
    return _short(travelling * partial)


def _sum(_: Linear, __: Edge, before: Expression, product: Expression) -> Expression:
    return product if before is None else _short(before + product)


_SYMBOLIC = Parts(
    counts=lambda *_: True,  # SymPy's derivative of a choice is a choice itself
    partial=_local,
    arrive=_sum,
)


def _short(expression: Expression) -> Expression:
    """Return an expression that has few enough operations to go on with."""
    operations = extent([], expression).operations
    if operations > _LARGEST:
        raise TooLarge(f"an expression on the way to a derivative has {operations} operations")
    return expression


def chained(graph: Graph, label: str, wanted: Sequence[str]) -> dict[Key, Formula]:
    """Return an output's derivatives by the chain rule, in its derivatives by the nodes between.

    >>> import adviz
    >>> from adviz.language.notation import unicode_text
    >>> made = chained(adviz.build("exp(sin(x*x))"), "f", ["x"])[Key("f", "x")]
    >>> unicode_text(made.tree)
    '∂f/∂v₁ · x + ∂f/∂v₁ · x'
    """
    ground = Ground.of(graph)
    numbers = growing(ground.builder)
    nodes = [graph.inputs[one] for one in wanted]
    linear = Linear(graph, numbers, ground.found, nodes)

    operands = _values(graph, computed(graph))

    def partial(_: Linear, edge: Edge) -> Number:
        row, arguments = graph.rows[graph.ops[edge.head]], graph.args[edge.head]
        if row.chooses:
            return numbers.constant(1)
        return ground.add(local_on(row, edge.position, [operands[a] for a in arguments]))

    start = [(graph.outputs[label], numbers.constant(1))]
    held = adjoints(linear, start, Parts(partial=partial))
    slopes = {
        held[node]: tree("partial", name(label), graph.leaf(node))
        for node in computed(graph)
        if held[node] is not None and held[node] not in ground.builder.constants
    }
    names = slopes | ground.names(computed(graph))
    return {
        Key(label, one): ground.formula(linear.arrived(held[node]), names)
        for one, node in zip(wanted, nodes, strict=True)
    }
