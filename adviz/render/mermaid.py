"""The graph as a Mermaid flowchart, which GitHub and many notebooks draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adviz.render.figure.words import Part, parts_of
from adviz.render.labels import derived, edge_labels, node_labels, position
from adviz.render.roles import LOUD, Theme, colour
from adviz.scene.scene import Node, Scene

_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,.=+()/")
_BRACKETS = {
    "input": ("([", "])"),
    "constant": ("([", "])"),
    "intermediate": ("(", ")"),
    "output": ("(", ")"),
}


def mermaid(scene: Scene, *, theme: Theme = "light", show: Iterable[str] | None = None) -> str:
    """Return the finished picture as Mermaid's text.

    The number in parentheses on an arrow is the argument's position, where there are several; a
    node has the colours of its derivative. `show` is that of a figure for print: what there is of
    names, operations, numbers and partials. Raises FormatError for a word that is none of them.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> print(mermaid(stage(adviz.build("x*y"))))  # doctest: +ELLIPSIS
    flowchart LR
        n0(["x"]):::input
        n1(["y"]):::input
        n2("v#8321; = x #215; y<br/>output f"):::output
        n0 -->|"(1)<br/>#8706;v#8321;/#8706;x = y"| n2
        n1 -->|"(2)<br/>#8706;v#8321;/#8706;y = x"| n2
    ...
    """
    parts = parts_of(show)
    lines = ["flowchart LR", *map(_node, scene.nodes, node_labels(scene, parts))]
    for edge, words in zip(scene.edges, edge_labels(scene, parts), strict=True):
        words = [word for word in (position(scene, edge), *words) if word]
        chip = f"|{_quoted(words)}|" if words else ""
        lines.append(f"    n{edge.tail} -->{chip} n{edge.head}")
    looks = [*_classes(theme), *_derived(scene, parts, theme), *_marked(scene, theme)]
    return "\n".join([*lines, *looks]) + "\n"


def drawing(scene: Scene, *, theme: Theme = "light", show: Iterable[str] | None = None) -> bytes:
    """Return the finished picture as a Mermaid file; `show` is that of `mermaid`."""
    return mermaid(scene, theme=theme, show=show).encode()


def _plain(text: str) -> str:
    """Return any text with what Mermaid could read as its own written as character codes."""
    return "".join(c if c in _SAFE else " " if ord(c) < 32 else f"#{ord(c)};" for c in text)


def _quoted(lines: Sequence[str]) -> str:
    """Return lines as a label; one of no characters is no label."""
    return f'"{"<br/>".join(map(_plain, lines)) or " "}"'


def _node(node: Node, words: Sequence[str]) -> str:
    opening, closing = _BRACKETS[node.shape]
    kind = "skipped" if node.status == "skipped" else node.shape
    return f"    n{node.id}{opening}{_quoted(words)}{closing}:::{kind}"


def _derived(scene: Scene, parts: frozenset[Part], theme: Theme) -> list[str]:
    """Return the colours of the nodes that show a derivative, each a line that names its node."""
    looks = {node.id: derived(scene, node, parts) for node in scene.nodes}
    return [
        f"    style n{node} fill:{colour(look.tint, theme)},stroke:{colour(look.stroke, theme)};"
        for node, look in looks.items()
        if look
    ]


def _marked(scene: Scene, theme: Theme) -> list[str]:
    """Return the looks of marked nodes and edges, each a line that names its node or number."""
    lines = []
    for node in scene.nodes:
        mark = scene.marks.get(node.id)
        if mark is not None:
            ground = f"fill:{colour(mark.tint, theme)}," if mark.tint else ""
            wide = "4px" if mark.role in LOUD else "1px"
            stroke = f"stroke:{colour(mark.role, theme)},stroke-width:{wide}"
            lines.append(f"    style n{node.id} {ground}{stroke};")
    for k, edge in enumerate(scene.edges):
        mark = scene.marks.get(edge)
        if mark is not None:
            lines.append(f"    linkStyle {k} stroke:{colour(mark.role, theme)},stroke-width:3px;")
    return lines


def _classes(theme: Theme) -> list[str]:
    ink, muted = colour("ink", theme), colour("muted", theme)
    page, surface = colour("page", theme), colour("surface", theme)
    looks = {
        "input": f"fill:{surface},stroke:{muted},color:{ink}",
        "constant": f"fill:{surface},stroke:{colour('line', theme)},color:{ink}",
        "intermediate": f"fill:{page},stroke:{muted},color:{ink}",
        "output": f"fill:{page},stroke:{muted},color:{ink},stroke-width:3px",
        "skipped": f"fill:{page},stroke:{muted},color:{muted},stroke-dasharray:5 4",
    }
    return [f"    classDef {name} {look};" for name, look in looks.items()]
