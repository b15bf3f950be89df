"""The graph as a Mermaid flowchart, which GitHub and many notebooks draw."""

from __future__ import annotations

from adviz.notation import unicode_text
from adviz.picture.scene import Node, Scene, finished
from adviz.picture.staging import shown_chip
from adviz.render.roles import Theme, colour

_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ,.=+()/")
_BRACKETS = {
    "input": ("([", "])"),
    "constant": ("([", "])"),
    "intermediate": ("(", ")"),
    "output": ("(", ")"),
}


def mermaid(scene: Scene, *, theme: Theme = "light") -> str:
    """Return the finished picture as Mermaid's text.

    >>> import adviz
    >>> from adviz.picture.scene import stage
    >>> print(mermaid(stage(adviz.build("x*x"))))  # doctest: +ELLIPSIS
    flowchart LR
        n0(["x"]):::input
        n1("v#8321; = x #215; x<br/>output f"):::output
        n0 -->|"x"| n1
        n0 -->|"x"| n1
    ...
    """
    lines = ["flowchart LR"]
    lines += [_node(scene, node) for node in scene.nodes]
    for k, edge in enumerate(scene.edges):
        chip = (
            f'|"{_plain(shown_chip(scene.numbers, scene.chips[k]))}"|' if k in scene.chips else ""
        )
        lines.append(f"    n{edge.tail} -->{chip} n{edge.head}")
    return "\n".join([*lines, *_classes(theme)]) + "\n"


def drawing(scene: Scene, *, theme: Theme = "light") -> bytes:
    """Return the finished picture as a Mermaid file."""
    return mermaid(scene, theme=theme).encode()


def _plain(text: str) -> str:
    """Return any text with what Mermaid could read as its own written as character codes."""
    return "".join(c if c in _SAFE else " " if ord(c) < 32 else f"#{ord(c)};" for c in text)


def _node(scene: Scene, node: Node) -> str:
    symbol = unicode_text(node.symbol)
    lines = [symbol if node.operation is None else f"{symbol} = {unicode_text(node.operation)}"]
    lines += [f"output {label}" for label in node.outputs if label != symbol]
    rows = finished(scene).rows
    lines += [f"{row} {scene.text(rows.get((node.id, row)))}" for row in node.rows]
    opening, closing = _BRACKETS[node.shape]
    kind = "skipped" if node.status == "skipped" else node.shape
    return f'    n{node.id}{opening}"{"<br/>".join(map(_plain, lines))}"{closing}:::{kind}'


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
