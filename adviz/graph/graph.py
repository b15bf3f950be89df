"""What is computed: an immutable graph of primitives, as the engine's tuples and as NetworkX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from adviz.errors import GraphError
from adviz.graph import formulas, picture
from adviz.graph.garbage import PAUSED
from adviz.graph.packing import Packed, pack, unpack
from adviz.graph.procedure import Edge, Guard, Held, Params
from adviz.graph.sameness import same
from adviz.graph.text import formula
from adviz.language import notation
from adviz.language.brief import few
from adviz.primitives import TABLE, Primitive, Table, extend
from adviz.primitives.row import Shape

if TYPE_CHECKING:
    import networkx


_LONGEST_ARRAY = 24
"""The most characters of an array of constants that stands for itself."""


class Attributes(dict[str, Any]):
    """The attributes of nodes or edges, read-only, for many of them share one.

    A copy, as `g.nx.copy()` makes it, is an ordinary dictionary.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise GraphError("a Graph is read-only; edit g.nx.copy() and build it again")

    __setitem__ = __delitem__ = _refuse
    update = setdefault = pop = popitem = clear = __ior__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return Attributes, (dict(self),)


@dataclass(frozen=True, eq=False)
class Graph:
    """A function as an explicit graph; nodes are 0..n-1 in a topological order.

    Made by `adviz.build`; nothing in it can be changed, so the same graph can be evaluated from
    many threads. Graphs are equal when they are the same but for the order of their nodes, as
    dictionaries are but for that of their entries (`adviz/graph/sameness.py`).

    >>> import adviz
    >>> g = adviz.build("a = x + y; b = x - y; a*b")
    >>> list(g.inputs), list(g.outputs), list(g.names), len(g)
    (['x', 'y'], ['f'], ['x', 'y', 'a', 'b'], 5)
    >>> sorted(g.nx.edges(keys=True))
    [(0, 2, 0), (0, 3, 0), (1, 2, 1), (1, 3, 1), (2, 4, 0), (3, 4, 1)]
    """

    ops: tuple[str, ...]
    """Per node its operation: `input`, `const`, or the name of a row."""
    args: tuple[tuple[int, ...], ...]
    """Per node its arguments by position."""
    constants: Mapping[int, Held]
    """The numbers of the `const` nodes."""
    inputs: Mapping[str, int]
    """The inputs in order, name to node."""
    outputs: Mapping[str, int]
    """The outputs in order, label to node."""
    names: Mapping[str, int]
    """Every name the author gave, to its node; several names may share one."""
    rows: Table
    """The rows its operations refer to."""
    guards: tuple[Guard, ...] = ()
    """What must hold for the graph to describe the traced function."""
    sources: Mapping[int, str] | None = None
    """Where nodes came from, in words, where that is known."""
    vectors: Mapping[str, tuple[str, ...]] | None = None
    """Vector arguments of a traced callable, name to the inputs they became."""
    shapes: Mapping[int, Shape] | None = None
    """The shapes of the nodes that are arrays; a node without an entry is a number."""
    params: Mapping[int, Params] | None = None
    """The static parameters of the nodes that have any, in the order of their row's names."""

    @cached_property
    def nx(self) -> networkx.MultiDiGraph:
        """The same graph for people, made when first asked for; argument positions are the keys."""
        return _networkx(self)

    def __len__(self) -> int:
        return len(self.ops)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and (self is other or same(self, other))

    def __hash__(self) -> int:
        ends = tuple([self.ops[node] for node in self.outputs.values()])
        return hash((len(self), ends, tuple(self.inputs), tuple(self.outputs)))

    def __repr__(self) -> str:
        return f"<Graph ({few(self.inputs)}) -> {few(self.outputs)}: {len(self)} nodes>"

    def _repr_html_(self) -> str | None:
        """Return its picture for a notebook; None where nobody could read one."""
        return picture.drawn(self)

    def __copy__(self) -> Graph:
        return self  # nothing in it can be changed

    def __deepcopy__(self, _: object) -> Graph:
        return self

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        packed = pack(self.ops, self.args)
        rows = tuple(self.rows[op] for op in sorted(packed[0]) if op in self.rows)
        plain = (dict(self.constants), dict(self.inputs), dict(self.outputs), dict(self.names))
        rest = (self.guards, self.sources, self.vectors, _plain(self.shapes), _plain(self.params))
        return _restore, (rows, packed, *plain, *rest)

    @property
    def edges(self) -> Iterator[Edge]:
        """Every use of a node, by the node that uses it and then by argument position."""
        for head, arguments in enumerate(self.args):
            for position, tail in enumerate(arguments):
                yield Edge(tail, head, position)

    @cached_property
    def consumers(self) -> tuple[tuple[Edge, ...], ...]:
        """Per node the edges that leave it, in the order of the nodes that use it."""
        leaving: list[list[Edge]] = [[] for _ in self.ops]
        for edge in self.edges:
            leaving[edge.tail].append(edge)
        return tuple(map(tuple, leaving))

    def row(self, node: int) -> Primitive | None:
        """Return the row that computes a node; None for an input or a constant."""
        return self.rows.get(self.ops[node])

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """Per node what it is called: an author's name, a constant's digits, or v1, v2, ….

        The numbering is that of Griewank & Walther, *Evaluating Derivatives*, section 2.2:
        intermediates count from 1; inputs and constants do not count.
        """
        first: dict[int, str] = {}
        for name, node in self.names.items():
            first.setdefault(node, name)
        prefix = next(p for p in ("v", "w", "u", "t", "v_") if not _numbered(p, self.names))
        count, symbols = 0, []
        for node, op in enumerate(self.ops):
            intermediate = op in self.rows and bool(self.args[node])
            count += intermediate
            plain = f"{prefix}{count}" if intermediate else self._digits(node)
            symbols.append(first.get(node, plain))
        return tuple(symbols)

    def _digits(self, node: int) -> str:
        """Return what a node without arguments and without a name is called."""
        value = self.constants.get(node)
        if value is None:
            return self.ops[node]
        text = repr(value).replace("(", "[").replace(",)", "]").replace(")", "]")
        return text if len(text) <= _LONGEST_ARRAY or not self.shape(node) else "constants"

    def shape(self, node: int) -> Shape:
        """Return a node's shape, () of a number."""
        return () if self.shapes is None else self.shapes.get(node, ())

    def symbol(self, node: int) -> str:
        """Return what a node is called."""
        return self.symbols[node]

    def expression(self, node: int) -> notation.Tree:
        """Return a node's operation on the symbols of its arguments, as a notation tree."""
        row = self.row(node)
        if row is None or not row.args:
            return self.leaf(node)
        operands = [self.operand(argument) for argument in self.args[node]]
        return formulas.applied(self, node, operands)

    def operand(self, node: int) -> tuple[notation.Tree, int]:
        """Return a node's symbol as a notation tree, and how tightly it binds."""
        return notation.leaf(self.leaf(node))

    def leaf(self, node: int) -> notation.Tree:
        """Return a node's symbol as a notation tree."""
        kind = "number" if node in self.constants and not self.shape(node) else "name"
        return notation.tree(kind, self.symbols[node])

    def describe(self, node: int) -> str:
        """Return a node for an error: its symbol, what it computes, and where it came from.

        >>> import adviz
        >>> adviz.build("log(x - y)").describe(2)
        'node v1 = x - y, columns 5-9 of the formula'
        """
        symbol, source = self.symbols[node], (self.sources or {}).get(node)
        formula = notation.ascii_text(self.expression(node))
        what = f"node {symbol}" if formula == symbol else f"node {symbol} = {formula}"
        return f"{what}, {source}" if source else what

    @cached_property
    def text(self) -> str:
        """The graph as a formula that builds it again, one assignment per named or shared node.

        >>> import adviz
        >>> print(adviz.build("f(x, y) = (x + y)*(x - y)").text)
        f(x, y) = (x + y)*(x - y)

        Raises GraphError for a graph with arrays, which is no formula of numbers.
        """
        if self.shapes is not None:
            arrays = few(self.shapes, 3, lambda node: f"{self.symbols[node]}: {self.shape(node)}")
            raise GraphError(
                f"a graph with arrays has no formula ({arrays}); adviz.expand(graph).text is that "
                "of its elements"
            )
        return formula(self, self.names)


def _numbered(prefix: str, names: Mapping[str, int]) -> bool:
    """Return whether an author's own name looks like a numbered intermediate."""
    return any(name.startswith(prefix) and name[len(prefix) :].isdigit() for name in names)


def _restore(rows: tuple[Primitive, ...], packed: Packed, *fields: Any) -> Graph:
    """Return a pickled graph; the table's own rows are the ones of this installation."""
    constants, inputs, outputs, names, *rest = fields
    table = extend(row for row in rows if row.name not in TABLE)
    with PAUSED:
        ops, args = unpack(packed)
        return Graph(ops, args, constants, inputs, outputs, names, table, *rest)


def _plain(facts: Mapping[int, Any] | None) -> dict[int, Any] | None:
    return None if facts is None else dict(facts)


def _networkx(graph: Graph) -> networkx.MultiDiGraph:
    """Return the graph as NetworkX, frozen, argument positions as edge keys.

    The adjacency is laid out directly, as the NetworkX reference describes it (a dictionary of
    neighbours to a dictionary of keys, shared between successors and predecessors). Nothing in
    it can be changed, so what is equal is one object: attributes, and the keys of an edge.
    """
    import networkx

    made = networkx.MultiDiGraph()
    successors: dict[int, dict[int, dict[int, Attributes]]] = made._succ
    predecessors: dict[int, dict[int, dict[int, Attributes]]] = made._pred
    with PAUSED:
        made._node.update(enumerate(_attributes(graph)))
        nothing = Attributes()
        keys = [{position: nothing} for position in range(max(map(len, graph.args)))]
        for node, arguments in enumerate(graph.args):
            successors[node] = {}
            entering = predecessors[node] = {}
            for tail, positions in zip(arguments, keys, strict=False):
                if tail in entering:  # an argument that is used twice
                    positions = entering[tail] | positions
                entering[tail] = successors[tail][node] = positions
    made.graph.update(
        inputs=list(graph.inputs),
        outputs=dict(graph.outputs),
        names=dict(graph.names),
        guards=[tuple(guard) for guard in graph.guards],
    )
    return networkx.freeze(made)


def _attributes(graph: Graph) -> Iterator[Attributes]:
    """Yield every node's attributes; nodes that differ in nothing share them."""
    first = {node: name for name, node in reversed([*graph.names.items()])}
    source = (graph.sources or {}).get
    own = first.keys() | graph.constants.keys() | (graph.shapes or {}).keys()
    own |= (graph.params or {}).keys()
    shared: dict[tuple[str, str | None], Attributes] = {}
    for node, op in enumerate(graph.ops):
        if node in own:
            value = graph.constants.get(node)
            yield _known(
                op=op, name=first.get(node), value=value, source=source(node),
                shape=graph.shape(node) or None, params=_named_params(graph, node),
            )  # fmt: skip
            continue
        key = op, source(node)
        found = shared.get(key)
        if found is None:
            found = shared[key] = _known(op=op, source=key[1])
        yield found


def _named_params(graph: Graph, node: int) -> dict[str, Any] | None:
    """Return a node's static parameters by name; None where it has none."""
    params, row = (graph.params or {}).get(node), graph.row(node)
    return None if params is None or row is None else dict(zip(row.params, params, strict=True))


def _known(**facts: Any) -> Attributes:
    return Attributes({key: fact for key, fact in facts.items() if fact is not None})
