"""One moment of a film: its scene in a state, and what of it is in focus, moves, or has moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from adviz.modes.trace import BACKWARD
from adviz.scene.quantities import LOOKS, Look, quantity
from adviz.scene.scene import Scene, State, active


@dataclass(frozen=True)
class Moment:
    """A scene in a state.

    >>> import adviz
    >>> from adviz.scene.scene import state
    >>> scene = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene
    >>> now = Moment(scene, state(scene, 3))
    >>> sorted(now.focus), sorted(now.active), now.backward
    ([0], [0], True)
    """

    scene: Scene
    state: State

    @property
    def look(self) -> Look:
        """The colours of the phase."""
        return quantity(self.state.kind).look

    @property
    def backward(self) -> bool:
        """Whether the numbers of the phase travel against the edges."""
        return self.state.kind in BACKWARD

    @cached_property
    def focus(self) -> frozenset[int]:
        """The nodes in focus."""
        return frozenset(self.state.frame.nodes if self.state.frame else ())

    @cached_property
    def active(self) -> frozenset[int]:
        """The edges along which something travels, or whose number changes."""
        return active(self.scene, self.state.frame) if self.state.frame else frozenset()

    @cached_property
    def passed(self) -> frozenset[int]:
        """The edges that this phase has used before."""
        now = self.state.frame
        if now is None:
            return frozenset()
        first = self.scene.phases[now.phase].first
        last = self.scene.frames.index(now, first)
        frames = self.scene.frames[first:last]
        return frozenset(frame.edge for frame in frames if frame.edge is not None)

    @cached_property
    def slot_look(self) -> Look:
        """The colours of slots: those of the last sweep back, up to now."""
        phases, frame = self.scene.phases, self.state.frame
        shown = phases if frame is None else phases[: frame.phase + 1]
        return LOOKS[next((phase.role for phase in reversed(shown) if phase.backward), "adjoint")]
