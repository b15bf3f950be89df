"""What is seen of a figure that is larger than its slide: at every step what is active then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from adviz.render.figure.compose import Page
from adviz.render.film.camera import in_view, view_start
from adviz.render.film.placing import around, bounds
from adviz.render.latex.tikz import CENTIMETRES
from adviz.scene.geometry import Box, Position

_MARGIN, _SLACK = 4.0, 0.5


@dataclass(frozen=True)
class View:
    """A page, and the room that a slide has for it, in pixels."""

    page: Page
    width: float
    height: float

    @property
    def size(self) -> tuple[float, float]:
        """How much is seen: the page where there is room for all of it."""
        wide, high = self.page.size
        return min(wide, self.width), min(high, self.height)

    @property
    def shows_all(self) -> bool:
        """Whether there is room for all of the page."""
        pairs = zip(self.page.size, self.size, strict=True)
        return all(whole <= seen + _SLACK for whole, seen in pairs)

    @cached_property
    def boxes(self) -> list[Box]:
        """Where each node stands on the page."""
        return [bounds(group.shapes) for group in self.page.nodes.values()]

    @property
    def together(self) -> float:
        """The part of the steps at which all that is active has room together."""
        scene = self.page.now.scene
        groups = (in_view(scene, frame) for frame in scene.frames[scene.first :])
        fits = [
            self._holds(around(self.boxes[node] for node in nodes)) for nodes in groups if nodes
        ]
        return sum(fits) / len(fits) if fits else 1.0

    def starts(self) -> Iterator[Position]:
        """Yield where on the page the view begins at each step: where it was, if that will do."""
        scene, at = self.page.now.scene, self._start(Position(0, 0), Box(0, 0, 0, 0))
        for frame in scene.frames[scene.first :]:
            groups = [in_view(scene, frame), frame.nodes]
            seen = [around(self.boxes[node] for node in nodes) for nodes in groups if nodes]
            if seen:
                at = self._start(at, next(filter(self._holds, seen), seen[-1]))
            yield at

    def _holds(self, box: Box) -> bool:
        return box.width <= self.size[0] and box.height <= self.size[1]

    def _start(self, now: Position, box: Box) -> Position:
        spans = ((box.x, box.x + box.width), (box.y, box.y + box.height))
        sides = zip(now, self.size, spans, self.page.size, strict=True)
        return Position(*(view_start(*side, _MARGIN) for side in sides))

    def cut(self, commands: list[str]) -> Iterator[str]:
        """Yield commands of a picture cut to the view, which moves from step to step."""
        if self.shows_all:
            yield from commands
            return
        wide, high = (f"{side * CENTIMETRES:.3f}" for side in self.size)
        yield r"\begin{scope}"
        yield rf"\clip (0, 0) rectangle ({wide}, {high});"
        for start, group in groupby(enumerate(self.starts(), 1), lambda step: step[1]):
            steps = [k for k, _ in group]
            yield f"\\only<{steps[0]}-{steps[-1]}>{{\\pgftransformshift{self._shift(start)}}}"
        yield from commands
        yield r"\end{scope}"
        yield rf"\draw[adviz window] (0, 0) rectangle ({wide}, {high});"

    def _shift(self, start: Position) -> str:
        """Return how far the page's lower left corner is from the view's, as TeX has it."""
        up = start.y + self.size[1] - self.page.size[1]
        right, above = (f"{side * CENTIMETRES:.3f}cm" for side in (0.0 - start.x, up))
        return f"{{\\pgfpoint{{{right}}}{{{above}}}}}"
