"""The graph as DOT, for Graphviz: written and escaped by the `graphviz` package, not run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from adviz.graph.procedure import Edge
from adviz.render.figure.words import Part, parts_of
from adviz.render.labels import derived, edge_labels, node_labels, position
from adviz.render.roles import LOUD, Theme, colour
from adviz.scene.scene import Mark, Node, Scene

if TYPE_CHECKING:
    import graphviz


def digraph(
    scene: Scene, *, theme: Theme = "light", show: Iterable[str] | None = None
) -> graphviz.Digraph:
    """Return a `graphviz.Digraph` of the finished picture; with `dot` installed it shows itself.

    The number in parentheses at an arrow is the argument's position, where there are several; a
    node has the colours of its derivative. `show` is that of a figure for print: what there is of
    names, operations, numbers and partials. Raises FormatError for a word that is none of them.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> print(digraph(stage(adviz.build("x - y"))).source)  # doctest: +ELLIPSIS
    digraph adviz {
    ...
    """
    import graphviz

    parts = parts_of(show)
    text = {"fontname": "Helvetica", "fontsize": "11", "fontcolor": colour("ink", theme)}
    line = {"color": colour("line", theme), "fontcolor": colour("muted", theme), "arrowsize": "0.8"}
    made = graphviz.Digraph(
        "adviz", graph_attr=_paper(scene, theme), node_attr=text, edge_attr=text | line
    )
    for node, words in zip(scene.nodes, node_labels(scene, parts), strict=True):
        look = _look(node, theme) | _derived(scene, node, parts, theme)
        look |= _marked(scene.marks.get(node.id), theme)
        made.node(str(node.id), label=_plain(*words), **look)
    for edge, words in zip(scene.edges, edge_labels(scene, parts), strict=True):
        chip = {"label": _plain(*words)} if words else {}
        made.edge(str(edge.tail), str(edge.head), **chip, **_edge_look(scene, edge, theme))
    return made


def drawing(scene: Scene, *, theme: Theme = "light", show: Iterable[str] | None = None) -> bytes:
    """Return the finished picture as a DOT file; `show` is that of `digraph`."""
    source: str = digraph(scene, theme=theme, show=show).source
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


def _paper(scene: Scene, theme: Theme) -> dict[str, str]:
    """Return the look of the whole, and what the marks mean below it."""
    paper = {"rankdir": "LR", "bgcolor": colour("page", theme), "ordering": "in"}
    if not scene.legend:
        return paper
    below = {"label": _plain(*_legend(scene)), "labelloc": "b", "labeljust": "l"}
    return paper | below | {"fontname": "Helvetica", "fontcolor": colour("muted", theme)}


def _legend(scene: Scene) -> list[str]:
    """Return what the marks mean, in words; their colours stand on the nodes."""
    culprits = [mark.note for mark in scene.legend if mark.role and not mark.tint]
    scale = [mark.note for mark in scene.legend if mark.tint or not mark.role]
    return culprits if scale == [] else [*culprits, f"{scale[0]}: {', '.join(scale[1:])}"]


def _derived(scene: Scene, node: Node, parts: frozenset[Part], theme: Theme) -> dict[str, str]:
    """Return the colours of a node's derivative, if one is shown."""
    look = derived(scene, node, parts)
    if look is None:
        return {}
    ground = {"style": "rounded,filled", "fillcolor": colour(look.tint, theme)}
    return {"color": colour(look.stroke, theme), **ground}


def _marked(mark: Mark | None, theme: Theme) -> dict[str, str]:
    """Return what a mark changes of a node's look."""
    if mark is None:
        return {}
    ground = {"style": "rounded,filled", "fillcolor": colour(mark.tint, theme)} if mark.tint else {}
    loud = {"penwidth": "3.4"} if mark.role in LOUD else {}
    return {"color": colour(mark.role, theme), **loud, **ground}


def _edge_look(scene: Scene, edge: Edge, theme: Theme) -> dict[str, str]:
    """Return an argument's position where there are several, and the look of a marked edge."""
    mark, words = scene.marks.get(edge), position(scene, edge)
    place = {"headlabel": words, "labeldistance": "1.6", "labelfontsize": "9"} if words else {}
    if mark is None:
        return place
    role = colour(mark.role, theme)
    return place | {"color": role, "fontcolor": role, "penwidth": "2.4"}


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
