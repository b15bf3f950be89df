"""The graph as DOT, for Graphviz: written and escaped by the `graphviz` package, not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adviz.notation import unicode_text
from adviz.picture.scene import Node, Scene, finished
from adviz.picture.staging import shown_chip
from adviz.render.roles import Theme, colour

if TYPE_CHECKING:
    import graphviz


def digraph(scene: Scene, *, theme: Theme = "light") -> graphviz.Digraph:
    """Return a `graphviz.Digraph` of the finished picture; with `dot` installed it shows itself.

    Where an operation has several arguments, the number at the arrow is the argument's position.

    >>> import adviz
    >>> from adviz.picture.scene import stage
    >>> print(digraph(stage(adviz.build("x - y"))).source)  # doctest: +ELLIPSIS
    digraph adviz {
    ...
    """
    import graphviz

    paper = {"rankdir": "LR", "bgcolor": colour("page", theme), "ordering": "in"}
    text = {"fontname": "Helvetica", "fontsize": "11", "fontcolor": colour("ink", theme)}
    line = {"color": colour("line", theme), "fontcolor": colour("muted", theme), "arrowsize": "0.8"}
    made = graphviz.Digraph("adviz", graph_attr=paper, node_attr=text, edge_attr=text | line)
    for node in scene.nodes:
        made.node(str(node.id), label=_label(scene, node), **_look(node, theme))
    for k, edge in enumerate(scene.edges):
        chip = (
            {"label": _plain(shown_chip(scene.numbers, scene.chips[k]))} if k in scene.chips else {}
        )
        several = len(scene.graph.args[edge.head]) > 1
        position = {"headlabel": str(edge.position + 1), "labeldistance": "1.4"} if several else {}
        mark = scene.marks.get(edge)
        role = {"color": colour(mark.role, theme), "penwidth": "2.4"} if mark else {}
        made.edge(str(edge.tail), str(edge.head), **chip, **position, **role)
    return made


def drawing(scene: Scene, *, theme: Theme = "light") -> bytes:
    """Return the finished picture as a DOT file."""
    source: str = digraph(scene, theme=theme).source
    return source.encode()


def _plain(*lines: str) -> str:
    """Return lines of any text as a label in which nothing is a command."""
    import graphviz

    kept = ["".join(c if c.isprintable() else " " for c in line) for line in lines]
    # An ampersand would begin an entity such as &lt;, and a text in <> be taken for markup.
    label: str = graphviz.nohtml(
        r"\n".join(graphviz.escape(line).replace("&", "&amp;") for line in kept)
    )
    return label


def _label(scene: Scene, node: Node) -> str:
    """Return a node's symbol, operation and numbers, one per line."""
    symbol = unicode_text(node.symbol)
    lines = [symbol if node.operation is None else f"{symbol} = {unicode_text(node.operation)}"]
    labels = [label for label in node.outputs if label != symbol]
    lines += [f"output {label}" for label in labels]
    rows = finished(scene).rows
    lines += [f"{row} {scene.text(rows.get((node.id, row)))}" for row in node.rows]
    return _plain(*lines)


def _look(node: Node, theme: Theme) -> dict[str, str]:
    style = "rounded,filled" if node.shape != "intermediate" else "rounded"
    if node.status == "skipped":
        style += ",dashed"
    return {
        "shape": "box",
        "style": style,
        "color": colour("muted", theme),
        "fillcolor": colour("surface" if node.shape != "output" else "page", theme),
        "penwidth": "2.4" if node.shape == "output" else "1.2",
        "tooltip": _plain(node.remark),
    }
