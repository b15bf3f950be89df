"""A finished layout: where boxes, curves, chips and slots stand in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adviz.errors import TooLarge
from adviz.graph.graph import Graph
from adviz.scene.geometry import Box, Curve, Position

LIMIT = 400
"""The most nodes that are drawn; a picture of more cannot be read."""

MARGIN = 24.0
SLOT_HEIGHT = 24.0
SLOT_PITCH = 28.0
SHARED_AFTER = 4
"""A node with more slots than this shares one among all its consumers."""


class NodeSize(NamedTuple):
    """What a node needs: its box, and after it slots of this width."""

    width: float
    height: float
    slot_width: float = 0.0
    slots: frozenset[int] = frozenset()
    """The leaving edges that get a slot each, or share one when there are many."""

    @property
    def shared(self) -> bool:
        """Whether the slots are one for all."""
        return len(self.slots) > SHARED_AFTER


@dataclass(frozen=True)
class Layout:
    """A finished layout; edges are numbered in the order of `Graph.edges`."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    chips: Mapping[int, Position]
    """Centres of the chips by edge."""
    slots: Mapping[int, Box]
    """Slots by edge."""
    shared_slots: Mapping[int, Box]
    """Slots by node, for nodes with many consumers."""
    chip_widths: Mapping[int, float] = field(default_factory=dict)
    """The room of the chips by edge."""
    legend: tuple[Position, ...] = ()
    """Where the items of the legend begin, at half their height."""

    @property
    def turned(self) -> Layout:
        """The layout mirrored at its diagonal, so that what ran to the right runs down."""
        return replace(
            self,
            width=self.height,
            height=self.width,
            boxes=tuple(box.turned for box in self.boxes),
            curves=tuple(curve.turned for curve in self.curves),
            chips={number: middle.turned for number, middle in self.chips.items()},
            slots={number: box.turned for number, box in self.slots.items()},
            shared_slots={node: box.turned for node, box in self.shared_slots.items()},
        )


def refuse_unreadable(graph: Graph) -> None:
    """Raise TooLarge, before anything is laid out, for more nodes than a picture can show."""
    if len(graph) > LIMIT:
        raise TooLarge(
            f"a picture of {len(graph)} nodes cannot be read (the limit is {LIMIT}); draw a "
            f"slice of it, with of=, wrt= or around=, or use adviz.table"
        )
