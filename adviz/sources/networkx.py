"""A graph from NetworkX: the form of `Graph.nx`, checked before it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adviz.errors import GraphError
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import CONST, INPUT
from adviz.primitives import Primitive, Table

if TYPE_CHECKING:
    import networkx


def from_networkx(source: networkx.MultiDiGraph, rows: Table) -> Graph:
    """Return the graph that a `networkx.MultiDiGraph` describes.

    Every node needs an attribute `op`: `input` (with a `name`), `const` (with a `value`), or a
    row of the table; edges into a node carry the argument positions 0..k-1 as their keys. The
    graph attribute `outputs` (label to node) names the outputs; without it, the nodes that
    nothing uses are the outputs. Raises GraphError naming the node that does not fit.

    >>> import adviz, networkx
    >>> square = networkx.MultiDiGraph()
    >>> square.add_node("a", op="input", name="x")
    >>> square.add_node("b", op="mul")
    >>> square.add_edges_from([("a", "b", 0), ("a", "b", 1)])
    [0, 1]
    >>> adviz.build(square).text
    'f(x) = x*x'
    """
    if not source.is_directed() or not source.is_multigraph():
        raise GraphError(
            f"a computational graph has directed edges with argument positions as keys; give a "
            f"networkx.MultiDiGraph, not a {type(source).__name__}"
        )
    entering = _entering(source)
    nodes = _ordered(source, entering)
    builder = Builder(rows, share=False)
    new: dict[Any, int] = {}
    for node in nodes:
        new[node] = _added(node, source.nodes[node], entering[node], new, builder)
    builder.inputs = {n: new[node] for n, node in _declared_inputs(source)} | builder.inputs
    builder.names = _mentioned(source, "names", new) | builder.names
    for node, reason in source.graph.get("guards", ()):
        builder.require(new[_existing(node, new)], str(reason))
    return builder.finish(_outputs(source, nodes, new))


def _entering(source: networkx.MultiDiGraph) -> dict[Any, list[tuple[Any, Any]]]:
    """Return per node the edges that enter it, each as its key and its tail."""
    entering: dict[Any, list[tuple[Any, Any]]] = {node: [] for node in source}
    for tail, head, key in source.edges(keys=True):
        entering[head].append((key, tail))
    return entering


def _ordered(
    source: networkx.MultiDiGraph, entering: Mapping[Any, list[tuple[Any, Any]]]
) -> list[Any]:
    """Return the nodes in the first topological order, which mostly is the one they come in."""
    import networkx

    order = {node: position for position, node in enumerate(source)}
    if all(order[tail] < order[head] for head, edges in entering.items() for _, tail in edges):
        return list(order)
    try:
        return list(networkx.lexicographical_topological_sort(source, key=order.__getitem__))
    except networkx.NetworkXUnfeasible:
        cycle = [tail for tail, *_ in networkx.find_cycle(source)]
        raise GraphError(f"the graph has a cycle through {cycle[:5]}") from None


def _existing(node: Any, new: dict[Any, int]) -> Any:
    """Return a node that the graph's attributes mention, if it exists."""
    if node not in new:
        raise GraphError(f"the graph's attributes mention a node {node!r} that does not exist")
    return node


def _mentioned(source: networkx.MultiDiGraph, key: str, new: dict[Any, int]) -> dict[str, int]:
    """Return a graph attribute that maps names or labels to nodes."""
    given = source.graph.get(key) or {}
    if not isinstance(given, Mapping):
        raise GraphError(f"the graph's attribute {key!r} maps names to nodes; it is {given!r}")
    return {str(name): new[_existing(node, new)] for name, node in given.items()}


def _declared_inputs(source: networkx.MultiDiGraph) -> Iterator[tuple[str, Any]]:
    """Yield the inputs in the order that the graph attribute `inputs` gives, if it does."""
    by_name = {
        data.get("name"): n for n, data in source.nodes(data=True) if data.get("op") == INPUT
    }
    for name in source.graph.get("inputs") or ():
        if name not in by_name:
            raise GraphError(f"the graph lists an input {name!r} that no node has")
        yield name, by_name[name]


def _added(
    node: Any,
    data: Mapping[str, Any],
    entering: list[tuple[Any, Any]],
    new: dict[Any, int],
    builder: Builder,
) -> int:
    """Add one node and return its number."""
    op: Any = data.get("op")
    if op in (INPUT, CONST) and entering:
        raise GraphError(f"node {node!r} is {op}, which takes no arguments, but edges enter it")
    if op == INPUT:
        added = _input(node, data, builder)
    elif op == CONST:
        if "value" not in data:
            raise GraphError(f"node {node!r} is a constant without a value")
        added = builder.constant(data["value"])
    elif op in builder.rows:
        added = builder.node(op, _arguments(node, builder.rows[op], entering, new))
    else:
        raise GraphError(f"node {node!r} has the operation {op!r}, which the table does not have")
    if "name" in data:
        builder.names.setdefault(str(data["name"]), added)
    if "source" in data:
        builder.sources[added] = str(data["source"])
    return added


def _input(node: Any, data: Mapping[str, Any], builder: Builder) -> int:
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise GraphError(f"node {node!r} is an input without a name")
    if name in builder.inputs:
        raise GraphError(f"two inputs are called {name!r}")
    return builder.input(name)


def _arguments(
    node: Any, row: Primitive, entering: list[tuple[Any, Any]], new: dict[Any, int]
) -> tuple[int, ...]:
    """Return a node's arguments in the order of the edge keys."""
    by_key = dict(entering)
    found = [new[by_key[position]] for position in range(row.arity) if position in by_key]
    if not len(found) == len(entering) == row.arity:
        keys = sorted(repr(key) for key, _ in entering)
        raise GraphError(
            f"node {node!r} is {row.name} and needs edges with the keys 0..{row.arity - 1}; "
            f"it has {', '.join(keys) or 'none'}"
        )
    return tuple(found)


def _outputs(
    source: networkx.MultiDiGraph, nodes: list[Any], new: dict[Any, int]
) -> dict[str, int]:
    """Return the outputs: the declared ones, or every node that nothing uses."""
    declared = _mentioned(source, "outputs", new)
    if declared:
        return declared
    ends = [
        node
        for node in nodes
        if source.out_degree(node) == 0 and source.nodes[node].get("op") != INPUT
    ]
    if not ends:
        raise GraphError("the graph has no output: list them in its attribute 'outputs'")
    if len(ends) == 1:
        return {"f": new[ends[0]]}
    return {f"f{i}": new[node] for i, node in enumerate(ends, 1)}
