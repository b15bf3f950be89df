"""A graph from NetworkX: the form of `Graph.nx`, checked before it is believed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adviz.errors import AdvizError, GraphError
from adviz.graph import laws
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.graph.procedure import INPUT
from adviz.language.brief import quoted
from adviz.primitives import Table, extend, own
from adviz.primitives.structural import STRUCTURAL

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
    builder = Builder(_table(source, rows), share=False)
    new: dict[Any, int] = {}
    for node in nodes:
        new[node] = _added(node, source.nodes[node], entering[node], new, builder)
    builder.inputs = _inputs(source, builder.inputs)
    builder.names = _names(source, builder.names, new)
    for node, reason in _guards(source):
        builder.require(new[_existing(node, new)], reason)
    return builder.finish(_outputs(source, nodes, new))


def _table(source: networkx.MultiDiGraph, rows: Table) -> Table:
    """Return the rows, with the structural ones where a node has a shape or parameters."""
    arrays = any("shape" in data or "params" in data for _, data in source.nodes(data=True))
    return extend([*own(rows), *STRUCTURAL.values()]) if arrays else rows


def _entering(source: networkx.MultiDiGraph) -> dict[Any, dict[Any, Any]]:
    """Return per node the edges that enter it, each as its key and its tail.

    Raises GraphError for two that have one key.
    """
    entering: dict[Any, dict[Any, Any]] = {node: {} for node in source}
    for tail, head, key in source.edges(keys=True):
        if entering[head].setdefault(key, tail) != tail:
            raise GraphError(f"node {head!r} has two arguments with the key {quoted(key)}")
    return entering


def _ordered(source: networkx.MultiDiGraph, entering: Mapping[Any, Mapping[Any, Any]]) -> list[Any]:
    """Return the nodes in the first topological order, which mostly is the one they come in."""
    import networkx

    order = {node: position for position, node in enumerate(source)}
    if all(
        order[tail] < order[head] for head, tails in entering.items() for tail in tails.values()
    ):
        return list(order)
    try:
        return list(networkx.lexicographical_topological_sort(source, key=order.__getitem__))
    except networkx.NetworkXUnfeasible:
        cycle = [tail for tail, *_ in networkx.find_cycle(source)]
        raise GraphError(f"the graph has a cycle through {quoted(cycle[:5])}") from None


def _existing(node: Any, new: dict[Any, int]) -> Any:
    """Return a node that the graph's attributes mention, if it exists."""
    if not isinstance(node, Hashable) or node not in new:
        raise GraphError(
            f"the graph's attributes mention a node {quoted(node)} that does not exist"
        )
    return node


def _mentioned(source: networkx.MultiDiGraph, key: str, new: dict[Any, int]) -> dict[str, int]:
    """Return a graph attribute that maps names or labels to nodes."""
    given = source.graph.get(key) or {}
    if not isinstance(given, Mapping):
        raise GraphError(
            f"the graph's attribute {quoted(key)} maps names to nodes; it is {quoted(given)}"
        )
    return {name: new[_existing(node, new)] for name, node in given.items()}


def _names(
    source: networkx.MultiDiGraph, own: Mapping[str, int], new: dict[Any, int]
) -> dict[str, int]:
    """Return the names that the graph attribute `names` gives, and then the nodes' own."""
    names = _mentioned(source, "names", new)
    for name, node in own.items():
        if names.setdefault(name, node) != node:
            other = quoted(source.graph["names"][name])
            raise GraphError(
                f"two nodes are called {quoted(name)}: node {other} in the graph's attribute "
                "'names', another one in its own"
            )
    return names


def _inputs(source: networkx.MultiDiGraph, found: Mapping[str, int]) -> dict[str, int]:
    """Return the inputs in the order that the graph attribute `inputs` gives, if it does."""
    given = source.graph.get("inputs") or list(found)
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise GraphError(
            f"the graph's attribute 'inputs' lists names of inputs; it is {quoted(given)}"
        )
    listed = list(given)
    for name in listed:
        if not isinstance(name, str) or name not in found:
            raise GraphError(f"the graph lists an input {quoted(name)} that no node has")
    return {name: found[name] for name in listed}


def _guards(source: networkx.MultiDiGraph) -> Iterator[tuple[Any, str]]:
    """Yield the nodes that must hold, as the graph attribute `guards` pairs them with reasons."""
    given = source.graph.get("guards") or ()
    for guard in given if isinstance(given, Iterable) else (given,):
        if not isinstance(guard, tuple | list) or len(guard) != 2:
            raise GraphError(
                f"the graph's attribute 'guards' lists (node, reason); not {quoted(guard)}"
            )
        yield guard[0], str(guard[1])


def _added(
    node: Any,
    data: Mapping[str, Any],
    entering: Mapping[Any, Any],
    new: dict[Any, int],
    builder: Builder,
) -> int:
    """Add one node and return its number."""
    op, name = data.get("op"), data.get("name")
    if op == INPUT and name is None:
        raise GraphError(f"node {quoted(node)} is an input without a name")
    if not isinstance(name, str | None):
        raise GraphError(f"node {quoted(node)} is called {quoted(name)}; a name is a text")
    try:
        row = builder.rows.get(op) if isinstance(op, str) else None
        tails = entering.values() if row is None else laws.positions(row, entering)
        facts = data.get("value"), data.get("shape"), data.get("params")
        added = builder.given(op, tuple([new[t] for t in tails]), name, *facts)
    except AdvizError as error:
        said = str(error)
        told = said[2:] if said.startswith("it ") else f": {said}"
        raise GraphError(f"node {quoted(node)}{told}") from None
    if name is not None and builder.names.setdefault(name, added) != added:
        raise GraphError(f"two nodes are called {quoted(name)}; one of them is {quoted(node)}")
    if "source" in data:
        builder.sources[added] = str(data["source"])
    return added


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
