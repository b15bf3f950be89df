"""The graph as GraphML, for tools such as Gephi, yEd and Cytoscape."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from adviz.graph.graph import Graph
from adviz.language.notation import unicode_text
from adviz.render.svg import printable
from adviz.scene.scene import Node, Scene, finished


def drawing(scene: Scene) -> bytes:
    """Return the graph with its labels and numbers as a GraphML file.

    Edges carry the argument position, which is also their key.

    >>> import adviz, networkx
    >>> from adviz.scene.staging import stage
    >>> again = networkx.parse_graphml(drawing(stage(adviz.build("x*x"))).decode())
    >>> sorted(key for *_, key in again.edges(keys=True))
    [0, 1]
    """
    import networkx

    graph = networkx.MultiDiGraph()
    graph.graph["inputs"] = printable(" ".join(map(str, scene.graph.inputs.values())))
    graph.graph["outputs"] = printable(" ".join(map(str, scene.graph.outputs.values())))
    keys = finished(scene).rows
    for node in scene.nodes:
        exact = {row: scene.exact(keys.get((node.id, row))) for row in node.rows}
        numbers = {row: number for row, number in exact.items() if number}
        graph.add_node(node.id, **_facts(scene.graph, node), **numbers)
    for k, edge in enumerate(scene.edges):
        label = unicode_text(scene.chips[k], scene.text) if k in scene.chips else ""
        facts = {"position": edge.position, "label": printable(label)}
        graph.add_edge(edge.tail, edge.head, key=str(edge.position), **facts)
    written = BytesIO()
    networkx.write_graphml_xml(graph, written)
    return written.getvalue()


def _facts(graph: Graph, node: Node) -> dict[str, Any]:
    facts = {
        "op": graph.ops[node.id],
        "label": printable(unicode_text(node.symbol)),
        "formula": "" if node.operation is None else printable(unicode_text(node.operation)),
        "output": printable(", ".join(node.outputs)),
    }
    if node.id in graph.constants:
        facts["constant"] = repr(graph.constants[node.id])
    return facts
