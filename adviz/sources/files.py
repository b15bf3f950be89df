"""A graph as a JSON document, and back: everything it holds, checked before it is believed.

The document is NetworkX's node-link form (edge keys are argument positions) with a header of
adviz's own, so that other tools read the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from adviz.builder import Builder
from adviz.errors import AdvizError, FormatError, GraphError
from adviz.files import write
from adviz.graph import CONST, INPUT, Graph
from adviz.primitives import RESULT, TABLE, Primitive, Table, extend
from adviz.written import identifier

FORMAT, VERSION = "adviz-graph", 1

_NOT_IN_FILES = {"names"}
"""The fields of a row that a file may not set: what a function is called in a library."""


def save(graph: Graph, path: str | Path) -> None:
    """Write a graph to a `.json` file that `load` builds again.

    Raises FormatError for another suffix or where the file cannot be written.
    """
    if Path(path).suffix.lower() != ".json":
        raise FormatError(f"a graph is saved as .json, not as {Path(path).suffix or 'no suffix'}")
    text = json.dumps(to_document(graph), ensure_ascii=False, allow_nan=False, indent=1)
    write(path, f"{text}\n".encode())


def load(path: str | Path) -> Graph:
    """Return the graph that a `.json` file describes.

    Raises FormatError when the file cannot be read as JSON, and GraphError, naming the node, when
    what it says is no graph.
    """
    try:
        document = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise FormatError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is not JSON: {str(error)[:120]}") from None
    return from_document(document)


def to_document(graph: Graph) -> dict[str, Any]:
    """Return a graph as plain data for JSON.

    >>> import adviz
    >>> document = to_document(adviz.build("x - 2"))
    >>> document["nodes"][1], document["edges"][1]
    ({'id': 1, 'op': 'const', 'value': 2}, {'source': 1, 'target': 2, 'key': 1})
    >>> from_document(document) == adviz.build("x - 2")
    True
    """
    own = [row for row in graph.rows.values() if row.name not in TABLE]
    optional = {
        "guards": [{"node": guard.node, "reason": guard.reason} for guard in graph.guards],
        "vectors": {name: list(parts) for name, parts in (graph.vectors or {}).items()},
        "rows": [_row_document(row) for row in own],
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "inputs": dict(graph.inputs),
        "outputs": dict(graph.outputs),
        "names": dict(graph.names),
        **{key: value for key, value in optional.items() if value},
        "directed": True,
        "multigraph": True,
        "graph": {},
        "nodes": [{"id": node, **data} for node, data in graph.nx.nodes(data=True)],
        "edges": [
            {"source": edge.tail, "target": edge.head, "key": edge.position} for edge in graph.edges
        ],
    }


def from_document(document: Any) -> Graph:
    """Return the graph that a document describes.

    Raises GraphError saying which node does not fit and why.
    """
    _check_header(document)
    builder = Builder(_rows(document), share=False)
    nodes = _list(document, "nodes")
    arguments = _arguments(document, len(nodes))
    inputs = {node: name for name, node in _names(document, "inputs", len(nodes)).items()}
    for number, node in enumerate(nodes):
        _add(builder, number, node, arguments[number], inputs)
    builder.names = _names(document, "names", len(nodes))
    builder.inputs = _names(document, "inputs", len(nodes))
    for guard in document.get("guards", ()):
        _require(builder, guard, len(nodes))
    builder.vectors = _vectors(document, builder)
    return builder.finish(_names(document, "outputs", len(nodes)))


def _row_document(row: Primitive) -> dict[str, Any]:
    """Return the fields of a row that differ from their defaults."""
    required = ("name", "args", "partials")
    kept = [f for f in fields(Primitive) if f.name not in _NOT_IN_FILES]
    pairs = {
        f.name: getattr(row, f.name)
        for f in kept
        if f.name in required or getattr(row, f.name) != f.default
    }
    return {key: list(value) if isinstance(value, tuple) else value for key, value in pairs.items()}


def _check_header(document: Any) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise GraphError(f"this is no document of adviz: its 'format' must be {FORMAT!r}")
    if document.get("version") != VERSION:
        raise GraphError(
            f"the document has version {document.get('version')!r}; this adviz reads {VERSION}"
        )


def _list(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    items = document.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise GraphError(f"the document's {key!r} must be a list of objects")
    return items


def _is_node(value: Any, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def _names(document: Mapping[str, Any], key: str, count: int) -> dict[str, int]:
    """Return a mapping of names to nodes that exist."""
    names = document.get(key, {})
    if not isinstance(names, dict):
        raise GraphError(f"the document's {key!r} must map names to nodes")
    for name, node in names.items():
        if not _is_node(node, count):
            raise GraphError(f"{key}: {name!r} is node {node!r}, which does not exist")
    return dict(names)


def _arguments(document: Mapping[str, Any], count: int) -> list[dict[int, int]]:
    """Return every node's arguments by position."""
    arguments: list[dict[int, int]] = [{} for _ in range(count)]
    for edge in _list(document, "edges"):
        tail, head, key = edge.get("source"), edge.get("target"), edge.get("key")
        for end in (tail, head):
            if not _is_node(end, count):
                raise GraphError(f"an edge from {tail!r} to {head!r}: node {end!r} does not exist")
        if not _is_node(key, count + 2) or key in arguments[head]:  # type: ignore[index]  # a node
            raise GraphError(f"node {head} has an argument with the key {key!r}, or has it twice")
        arguments[head][key] = tail  # type: ignore[index, assignment]  # nodes and a position
    return arguments


def _add(
    builder: Builder,
    number: int,
    node: Mapping[str, Any],
    arguments: Mapping[int, int],
    inputs: Mapping[int, str],
) -> None:
    """Add one node, which must be the next."""
    if node.get("id") != number:
        raise GraphError(f"node {node.get('id')!r} stands at place {number}; ids are 0, 1, 2, …")
    op = node.get("op")
    if op in (INPUT, CONST) and arguments:
        raise GraphError(f"node {number} is {op} and cannot have arguments")
    try:
        _add_operation(builder, number, node, arguments, inputs)
    except AdvizError as error:
        raise GraphError(f"node {number}: {error}") from None
    if isinstance(node.get("source"), str):
        builder.sources[number] = node["source"]


def _add_operation(
    builder: Builder,
    number: int,
    node: Mapping[str, Any],
    arguments: Mapping[int, int],
    inputs: Mapping[int, str],
) -> None:
    op = node.get("op")
    if op == INPUT:
        if number not in inputs:
            raise GraphError("it is an input, but 'inputs' does not list it")
        builder.input(inputs[number])
    elif op == CONST:
        builder.constant(node.get("value"))
    elif isinstance(op, str) and op in builder.rows:
        builder.node(op, _in_order(builder.rows[op], number, arguments))
    else:
        raise GraphError(f"it has the operation {op!r}, which the table does not have")


def _in_order(row: Primitive, number: int, arguments: Mapping[int, int]) -> tuple[int, ...]:
    """Return a node's arguments, all of them earlier nodes."""
    if set(arguments) != set(range(row.arity)):
        keys = ", ".join(map(str, sorted(arguments))) or "none"
        raise GraphError(f"{row.name} needs edges with the keys 0..{row.arity - 1}; it has {keys}")
    late = [tail for tail in arguments.values() if tail >= number]
    if late:
        raise GraphError(f"its argument is node {late[0]}; arguments must come before their use")
    return tuple(arguments[position] for position in range(row.arity))


def _require(builder: Builder, guard: Any, count: int) -> None:
    fits = isinstance(guard, dict) and _is_node(guard.get("node"), count)
    if not fits or not isinstance(guard.get("reason"), str):
        raise GraphError(f"guards: {str(guard)[:80]} must have a node that exists, and a reason")
    builder.require(guard["node"], guard["reason"])


def _vectors(document: Mapping[str, Any], builder: Builder) -> dict[str, tuple[str, ...]]:
    vectors = document.get("vectors", {})
    if not isinstance(vectors, dict):
        raise GraphError("the document's 'vectors' must map names to lists of inputs")
    for name, parts in vectors.items():
        if not isinstance(parts, list) or any(part not in builder.inputs for part in parts):
            raise GraphError(f"vectors: {name!r} must be a list of inputs")
    return {name: tuple(parts) for name, parts in vectors.items()}


# --- A user's own rows -------------------------------------------------------------------------


def _rows(document: Mapping[str, Any]) -> Table:
    """Return the table with the document's own rows, each of their formulas read once."""
    rows = [_row(item) for item in _list(document, "rows")]
    table = extend(rows)
    for row in rows:
        _check_formulas(row, table)
    return table


def _row(item: Mapping[str, Any]) -> Primitive:
    known = {f.name: f for f in fields(Primitive) if f.name not in _NOT_IN_FILES}
    name = item.get("name")
    if not isinstance(name, str) or not identifier(name):
        raise GraphError(f"rows: {name!r} is not a name that a formula can call")
    facts: dict[str, Any] = {}
    for key, value in item.items():
        if key not in known:
            raise GraphError(f"rows: {name} has a field {key!r}, which a file cannot set")
        facts[key] = _fact(f"rows: {name}: {key}", known[key].type, value)
    missing = [key for key in ("args", "partials") if key not in facts]
    if missing:
        raise GraphError(f"rows: {name} has no {missing[0]!r}")
    if not all(map(identifier, facts["args"])) or RESULT in facts["args"]:
        raise GraphError(f"rows: {name}: its arguments must be names other than {RESULT}")
    if len(facts["args"]) != len(facts["partials"]):
        raise GraphError(f"rows: {name} needs one partial per argument")
    return Primitive(**facts)


def _fact(where: str, annotation: Any, value: Any) -> Any:
    """Return a field's value if it has the field's type."""
    wanted: dict[Any, Any] = {
        "str": str,
        "bool": bool,
        "float": (int, float),
        "tuple[str, ...]": list,
    }
    mistaken = isinstance(value, bool) and annotation != "bool"
    if mistaken or not isinstance(value, wanted.get(annotation, list)):
        raise GraphError(f"{where} cannot be {value!r}")
    if annotation == "tuple[str, ...]":
        return tuple(_fact(where, "str", part) for part in value)
    return value


def _check_formulas(row: Primitive, table: Table) -> None:
    """Read every formula of a row once, so that a mistake is found now."""
    from adviz.numbers import FLOAT64

    numbers = FLOAT64.over(table)
    try:
        for text in filter(None, (*row.partials, row.domain, row.pole, row.kink, row.piece)):
            numbers.rule(row, text)
        numbers.function(row.name)
    except (AdvizError, LookupError) as error:
        raise GraphError(f"rows: {row.name}: {error}") from None
