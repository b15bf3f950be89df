"""A film that shows only some of its numbers, its nodes as high as what is left needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from adviz.language.notation import row
from adviz.render.figure.words import PARTS, part_of
from adviz.scene.boxes import box_height
from adviz.scene.floor import Floor
from adviz.scene.layout import SLOT_PITCH, NodeSize
from adviz.scene.scene import Node, Scene

_NOTHING = row()


def limited(scene: Scene, show: Collection[str]) -> Scene:
    """Return a film of which only some parts are shown, those of a figure for print.

    >>> import adviz
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene
    >>> [node.rows for node in limited(scene, {"names", "values"}).nodes]
    [('value',), ('value',), ('value',)]
    """
    if set(show) >= PARTS:
        return scene
    nodes = tuple(_node(node, show) for node in scene.nodes)
    slotted = scene.slotted if "adjoints" in show else frozenset[int]()
    chips = scene.chips if "partials" in show else {}
    frames = tuple(
        replace(
            frame,
            chips=frame.chips if chips else (),
            sets=tuple(one for one in frame.sets if part_of(one[1]) in show),
        )
        for frame in scene.frames
    )
    floors = tuple(_floor(floor, nodes, chips, bool(slotted)) for floor in scene.floors)
    layout = floors[0].layout() if floors else scene.layout
    return replace(
        scene, nodes=nodes, slotted=slotted, chips=chips, frames=frames, floors=floors,
        layout=layout,
    )  # fmt: skip


def _node(node: Node, show: Collection[str]) -> Node:
    """Return what is shown of a node; a constant is its number."""
    if node.shape == "constant":
        return node
    rows = tuple(one for one in node.rows if part_of(one) in show)
    symbol = node.symbol if "names" in show else _NOTHING
    outputs = node.outputs if "names" in show else ()
    shown = node.operation is None or "operations" in show
    return node._replace(
        rows=rows, symbol=symbol, outputs=outputs,
        operation=node.operation if shown else _NOTHING,
    )  # fmt: skip


def _floor(floor: Floor, nodes: Sequence[Node], chips: Collection[int], slots: bool) -> Floor:
    """Return what is laid out of the nodes that are left."""
    pairs = zip(floor.sizes, nodes, strict=True)
    sizes = [_size(floor, size, node, slots) for size, node in pairs]
    kept = {k: wide for k, wide in floor.chips.items() if k in chips}
    return replace(floor, sizes=sizes, chips=kept)


def _size(floor: Floor, size: NodeSize, node: Node, slots: bool) -> NodeSize:
    if node.shape == "constant":
        return size
    graph, card = floor.graph, floor.card
    own = size.slots if slots else frozenset[int]()
    beside = SLOT_PITCH * len(graph.consumers[node.id]) if own and not size.shared else 0.0
    high = max(box_height(node, card), 26.0 * len(graph.args[node.id]), beside)
    return NodeSize(size.width, high, size.slot_width if own else 0.0, own)
