"""The graph as DOT, for Graphviz: written and escaped by the `graphviz` package, not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adviz.language.notation import unicode_text
from adviz.render.roles import LOUD, Theme, colour
from adviz.scene.scene import Mark, Node, Scene, finished
from adviz.scene.staging import shown_chip

if TYPE_CHECKING:
    import graphviz


def digraph(scene: Scene, *, theme: Theme = "light") -> graphviz.Digraph:
    """Return a `graphviz.Digraph` of the finished picture; with `dot` installed it shows itself.

    Where an operation has several arguments, the number at the arrow is the argument's position.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> print(digraph(stage(adviz.build("x - y"))).source)  # doctest: +ELLIPSIS
    digraph adviz {
    ...
    """
    import graphviz

    paper = {"rankdir": "LR", "bgcolor": colour("page", theme), "ordering": "in"}
    text = {"fontname": "Helvetica", "fontsize": "11", "fontcolor": colour("ink", theme)}
    line = {"color": colour("line", theme), "fontcolor": colour("muted", theme), "arrowsize": "0.8"}
    if scene.legend:
        muted = {"fontname": "Helvetica", "fontcolor": colour("muted", theme)}
        paper |= {"label": _plain(*_legend(scene)), "labelloc": "b", "labeljust": "l", **muted}
    made = graphviz.Digraph("adviz", graph_attr=paper, node_attr=text, edge_attr=text | line)
    for node in scene.nodes:
        look = _look(node, theme) | _marked(scene.marks.get(node.id), theme)
        made.node(str(node.id), label=_label(scene, node), **look)
    for k, edge in enumerate(scene.edges):
        mark = scene.marks.get(edge)
        words = [shown_chip(scene.numbers, scene.chips[k])] if k in scene.chips else []
        words += [mark.note] if mark and mark.note else []
        chip = {"label": _plain(*words)} if words else {}
        several = len(scene.graph.args[edge.head]) > 1
        position = {"headlabel": str(edge.position + 1), "labeldistance": "1.4"} if several else {}
        role = dict.fromkeys(("color", "fontcolor"), colour(mark.role, theme)) if mark else {}
        thick = {"penwidth": "2.4"} if mark else {}
        made.edge(str(edge.tail), str(edge.head), **chip, **position, **role, **thick)
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
    mark = scene.marks.get(node.id)
    return _plain(*lines, *([mark.note] if mark and mark.note else []))


def _legend(scene: Scene) -> list[str]:
    """Return what the marks mean, in words; their colours stand on the nodes."""
    culprits = [mark.note for mark in scene.legend if mark.role and not mark.tint]
    scale = [mark.note for mark in scene.legend if mark.tint or not mark.role]
    return culprits if scale == [] else [*culprits, f"{scale[0]}: {', '.join(scale[1:])}"]


def _marked(mark: Mark | None, theme: Theme) -> dict[str, str]:
    """Return what a mark changes of a node's look."""
    if mark is None:
        return {}
    ground = {"style": "rounded,filled", "fillcolor": colour(mark.tint, theme)} if mark.tint else {}
    loud = {"penwidth": "3.4"} if mark.role in LOUD else {}
    return {"color": colour(mark.role, theme), **loud, **ground}


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
