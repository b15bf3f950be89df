"""A graph as a JSON document, and back: everything it holds, checked before it is believed.

The document is NetworkX's node-link form (edge keys are argument positions) with a header of
adviz's own, so that other tools read the same file. docs/files.md describes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from adviz.errors import AdvizError, FormatError, GraphError
from adviz.graph import laws
from adviz.graph.builder import Builder
from adviz.graph.graph import Graph
from adviz.language.brief import quoted
from adviz.primitives import own
from adviz.primitives.structural import STRUCTURAL
from adviz.sources import rows

FORMAT, VERSION = "adviz-graph", 1


def to_document(graph: Graph) -> dict[str, Any]:
    """Return a graph as plain data for JSON.

    >>> import adviz
    >>> document = to_document(adviz.build("x - 2"))
    >>> document["nodes"][1], document["edges"][1]
    ({'id': 1, 'op': 'const', 'value': 2}, {'source': 1, 'target': 2, 'key': 1})
    >>> from_document(document) == adviz.build("x - 2")
    True
    """
    return {**_head(graph), "nodes": [*_nodes(graph)], "edges": [*_edges(graph)]}


def _head(graph: Graph) -> dict[str, Any]:
    return {**header(graph), "directed": True, "multigraph": True, "graph": {}}


def _nodes(graph: Graph) -> Iterator[dict[str, Any]]:
    return ({"id": node, **data} for node, data in graph.nx.nodes(data=True))


def _edges(graph: Graph) -> Iterator[dict[str, Any]]:
    return ({"source": tail, "target": head, "key": k} for tail, head, k in graph.edges)


def header(graph: Graph) -> dict[str, Any]:
    """Return what a file of any kind says about a graph besides its nodes and edges."""
    optional = {
        "guards": [{"node": guard.node, "reason": guard.reason} for guard in graph.guards],
        "vectors": {name: list(parts) for name, parts in (graph.vectors or {}).items()},
        "rows": [rows.document(row) for row in own(graph.rows)],
        "arrays": graph.shapes is not None,
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "inputs": dict(graph.inputs),
        "outputs": dict(graph.outputs),
        "names": dict(graph.names),
        **{key: value for key, value in optional.items() if value},
    }


def written(graph: Graph) -> Iterator[bytes]:
    """Yield the document of a graph as JSON, piece by piece: node by node and edge by edge."""
    text = json.dumps(_head(graph), ensure_ascii=False, allow_nan=False, indent=1)
    yield text.removesuffix("\n}").encode()
    for key, items in (("nodes", _nodes(graph)), ("edges", _edges(graph))):
        yield f',\n "{key}": '.encode()
        yield from _listed(items)
    yield b"\n}\n"


def _listed(items: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Yield a list of flat objects as `json.dumps` indents it."""
    before = "[\n  {\n   "
    for item in items:
        pairs = [
            f'"{key}": {_quoted(value) if isinstance(value, str) else _plain(value)}'
            for key, value in item.items()
        ]
        yield (before + ",\n   ".join(pairs) + "\n  }").encode()
        before = ",\n  {\n   "
    yield b"[]" if before[0] == "[" else b"\n ]"


def _plain(value: Any) -> str:
    """Return a number, or the data of an array node, as JSON."""
    return repr(value) if isinstance(value, int | float) else json.dumps(value, allow_nan=False)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Return a string as JSON; most of them come again and again."""
    return json.dumps(text, ensure_ascii=False)


def read(stream: BinaryIO, path: Path) -> Graph:
    """Return the graph that a `.json` file describes.

    Raises FormatError when the file is not JSON, and OSError when it cannot be read.
    """
    try:
        document = json.loads(stream.read().decode())
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is not JSON: {str(error)[:120]}") from None
    return from_document(document)


def from_document(document: Any) -> Graph:
    """Return the graph that a document describes.

    Raises GraphError saying which node does not fit and why.
    """
    builder = begun(document)
    nodes = _list(document, "nodes")
    arguments = _arguments(document, len(nodes))
    inputs = inputs_by_node(document, len(nodes))
    names = _nodes_by_name(document, "names", len(nodes))
    for number, node in enumerate(nodes):
        _add(builder, number, node, arguments[number], inputs.get(number))
        called = node.get("name")
        if called is not None and not (isinstance(called, str) and names.get(called) == number):
            raise GraphError(
                f"node {number} is called {quoted(called)}, which 'names' does not say"
            )
    return finished(document, builder)


def begun(document: Any) -> Builder:
    """Return a builder for a document that adviz wrote, with the document's own rows."""
    _check_header(document)
    structural = STRUCTURAL.values() if document.get("arrays") is True else ()
    return Builder(rows.table(_list(document, "rows"), structural), share=False)


def inputs_by_node(document: Mapping[str, Any], count: int) -> dict[int, str]:
    """Return the names of a document's inputs by their nodes."""
    return {node: name for name, node in _nodes_by_name(document, "inputs", count).items()}


def finished(document: Mapping[str, Any], builder: Builder) -> Graph:
    """Return the graph of a builder that has all nodes, with what the document says of them."""
    count = len(builder.ops)
    builder.names = _nodes_by_name(document, "names", count)
    builder.inputs = _nodes_by_name(document, "inputs", count)
    guards = document.get("guards", [])
    if not isinstance(guards, list):
        raise GraphError("the document's 'guards' must be a list of objects")
    for guard in guards:
        _require(builder, guard)
    builder.vectors = _vectors(document)
    return builder.finish(_nodes_by_name(document, "outputs", count))


def _check_header(document: Any) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise GraphError(f"this is no document of adviz: its 'format' must be {FORMAT!r}")
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise GraphError(f"the document has version {quoted(version)}; this adviz reads {VERSION}")


def _list(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    items = document.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise GraphError(f"the document's {key!r} must be a list of objects")
    return items


def _nodes_by_name(document: Mapping[str, Any], key: str, count: int) -> dict[str, int]:
    """Return a mapping of names to nodes that exist."""
    names = document.get(key, {})
    if not isinstance(names, dict):
        raise GraphError(f"the document's {key!r} must map names to nodes")
    laws.check_nodes(key, names, count)
    return dict(names)


def _arguments(document: Mapping[str, Any], count: int) -> list[dict[int, int]]:
    """Return every node's arguments by position."""
    arguments: list[dict[int, int]] = [{} for _ in range(count)]
    for edge in _list(document, "edges"):
        tail, head, key = edge.get("source"), edge.get("target"), edge.get("key")
        if type(tail) is not int or type(head) is not int or not 0 <= tail < head < count:
            _check_ends(tail, head, count)
        entering = arguments[head]  # type: ignore[index]  # a node
        if type(key) is not int or not 0 <= key < count + 2 or key in entering:
            raise GraphError(
                f"node {head} has an argument with the key {quoted(key)}, or has it twice"
            )
        entering[key] = tail  # type: ignore[assignment]  # a node
    return arguments


def _check_ends(tail: Any, head: Any, count: int) -> None:
    """Refuse an edge with an end that does not exist; the order is looked at node by node."""
    for end in (tail, head):
        if type(end) is not int or not 0 <= end < count:
            raise GraphError(
                f"an edge from {quoted(tail)} to {quoted(head)}: node {quoted(end)} does not exist"
            )


def _add(
    builder: Builder,
    number: int,
    node: Mapping[str, Any],
    arguments: Mapping[int, int],
    name: str | None,
) -> None:
    """Add one node, which must be the next."""
    if type(node.get("id")) is not int or node["id"] != number:
        raise GraphError(
            f"node {quoted(node.get('id'))} stands at place {number}; ids are 0, 1, 2, …"
        )
    op = node.get("op")
    try:
        row = builder.rows.get(op) if isinstance(op, str) else None
        entering = tuple(arguments.values()) if row is None else laws.positions(row, arguments)
        facts = node.get("value"), node.get("shape"), node.get("params")
        builder.given(op, entering, name, *facts)
    except AdvizError as error:
        raise GraphError(f"node {number}: {error}") from None
    if isinstance(node.get("source"), str):
        builder.sources[number] = node["source"]


def _require(builder: Builder, guard: Any) -> None:
    if not isinstance(guard, dict) or not isinstance(guard.get("reason"), str):
        raise GraphError(f"guards: {str(guard)[:80]} must have a node that exists, and a reason")
    node: Any = guard.get("node")
    laws.check_node(f"guards: {guard['reason']!r}", node, len(builder.ops))
    builder.require(node, guard["reason"])


def _vectors(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    vectors = document.get("vectors", {})
    if not isinstance(vectors, dict) or not all(isinstance(v, list) for v in vectors.values()):
        raise GraphError("the document's 'vectors' must map names to lists of inputs")
    return {name: tuple(parts) for name, parts in vectors.items()}
