"""How a scene in a state is painted: the same shapes for every medium.

Colours are names of roles, sizes are pixels, and groups carry the class and data attributes by
which a page finds what changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from adviz.language.notation import unicode_text
from adviz.render.labelled_boxes import sample
from adviz.render.moment import Moment
from adviz.render.painted_edges import chip, edge, shared_slot, slot
from adviz.render.painted_nodes import painted
from adviz.render.plate import Plate
from adviz.render.shapes import Group, Picture, Shape
from adviz.scene.scene import Scene, State, finished


def paint(scene: Scene | Plate, state: State | None = None) -> Picture:
    """Return the picture of a scene in a state, the finished one unless given; a plate as it is.

    >>> import adviz
    >>> from adviz.scene.staging import stage
    >>> picture = paint(stage(adviz.build("x*y")))
    >>> [shape.kind for shape in picture.shapes]
    ['edge', 'edge', 'node input', 'node input', 'node output', 'edge', 'edge']
    """
    if isinstance(scene, Plate):
        return scene.layout
    layout, title = scene.layout, unicode_text(scene.title, scene.text)
    now = Moment(scene, state or finished(scene))
    return Picture(layout.width, layout.height, tuple(_shapes(now)), title)


def _shapes(now: Moment) -> Iterator[Shape]:
    """Yield edges, nodes and slots, on top of them the chips, and below all of it the legend."""
    scene, layout = now.scene, now.scene.layout
    for k in range(len(scene.edges)):
        yield edge(now, k)
    for node in scene.nodes:
        yield painted(now, node)
    for k, box in layout.slots.items():
        yield slot(now, k, box)
    for tail, box in layout.shared_slots.items():
        yield shared_slot(now, tail, box)
    for k in scene.chips:
        if k in now.state.chips:
            yield chip(now, k)
    if scene.legend:
        items = zip(scene.legend, layout.legend, strict=True)
        yield Group("legend", tuple(shape for item in items for shape in sample(*item)))
