"""What is said below the graph, in the same room at every step, and how far the film has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from adviz.render.film.placing import placed
from adviz.render.shapes import Group, Rect, Shape, Text
from adviz.render.subtitles import NARRATION_SIZE, height_below, subtitles
from adviz.scene.geometry import Box, Position
from adviz.scene.quantities import LOOKS
from adviz.scene.scene import Scene, State, finished, states

_LINE, _THICK, _BETWEEN = 1.5, 0.32, 0.16


@dataclass(frozen=True)
class Words:
    """The narration and the formula of every step of a film, in a width and a size of letters."""

    scene: Scene
    width: float
    letter: float
    margin: float
    told: bool = True
    """Whether anything is said."""

    @property
    def _scale(self) -> float:
        return self.letter / NARRATION_SIZE

    @cached_property
    def height(self) -> float:
        """How high they are, at the step that says most."""
        if not self.told:
            return 0.0
        said = map(self._lines, (*states(self.scene), finished(self.scene)))
        return max(height_below(lines, 0.0) for lines in said) * self._scale

    def _lines(self, state: State) -> list[Text]:
        """Return the lines of a state; what its card shows is not said again."""
        room, frame = (self.width - 2 * self.margin) / self._scale, state.frame
        if frame is not None and frame.card:
            state = replace(state, frame=replace(frame, card=()))
        return subtitles(self.scene, state, 0.0, 0.0, room)

    def at(self, state: State, top: float) -> Group:
        """Return what is said in a state, from a height on."""
        lines = self._lines(state) if self.told else []
        return Group("words", placed(lines, self._scale, Position(self.margin, top)))


@dataclass(frozen=True)
class Progress:
    """The thin line that a film runs along, in the colours of its phases."""

    scene: Scene
    width: float
    letter: float
    margin: float

    @property
    def height(self) -> float:
        """How much room it takes."""
        return _LINE * self.letter

    def at(self, k: int, bottom: float) -> Group:
        """Return the line as far as a step, above a height."""
        y = bottom - self.height / 2
        ahead = Group("ahead", tuple(self._bars(k + 1, len(self.scene.frames), y)), opacity=0.3)
        return Group("progress", (ahead, *self._bars(self.scene.first, k + 1, y)))

    def _bars(self, first: int, end: int, y: float) -> Iterator[Shape]:
        """Yield a bar for every phase, from a step to before another one."""
        whole, start = len(self.scene.frames) - self.scene.first, self.scene.first
        step, high = (self.width - 2 * self.margin) / whole, _THICK * self.letter
        for phase in self.scene.phases:
            begin, stop = max(first, phase.first), min(end, phase.last + 1)
            if begin < stop:
                left = self.margin + (begin - start) * step
                wide = (stop - begin) * step - (stop > phase.last) * _BETWEEN * self.letter
                stroke = "muted" if phase.role == "value" else LOOKS[phase.role].stroke
                yield Rect(Box(left, y - high / 2, max(wide, 1.0), high), high / 2, stroke)
