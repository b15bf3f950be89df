"""What stands above the graph: what the film is about, its phase, and which step it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from adviz.render.shapes import Group, Rect, Run, Shape, Text
from adviz.render.subtitles import wrapped
from adviz.scene.geometry import Box
from adviz.scene.lines import Line, coloured, cut, line_width
from adviz.scene.quantities import LOOKS
from adviz.scene.scene import Scene
from adviz.scene.text_width import width
from adviz.scene.typesetting import set_on_line

LARGE = 1.35
"""The size of statements, in letters."""
_LINE, _AROUND, _BETWEEN = 2.1, 0.55, 1.2
_PILL, _PILL_PADDING = 1.8, 1.0
_MOST_LINES = 3
_APART = Run("\N{NO-BREAK SPACE}" * 8, "roman")
"""Two ems, of a space that every font has and no reader of SVG takes away."""
_MORE = Run(" …", "roman")


@dataclass(frozen=True)
class Heading:
    """The head of every frame of a film, in a width and a size of letters."""

    scene: Scene
    width: float
    letter: float
    margin: float
    stated: bool = True
    """Whether it says what the film is about."""

    @property
    def height(self) -> float:
        """How high it is at every step."""
        return (2 * _AROUND + _LINE * max(1, len(self._lines))) * self.letter

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """What stands there at every step."""
        ground = Rect(Box(0, 0, self.width, self.height), fill="surface", kind="head")
        size, letter = LARGE * self.letter, self.letter
        texts = [
            Text(self.margin, (_AROUND + _LINE * (n + 0.68)) * letter, line, size, kind="statement")
            for n, line in enumerate(self._lines)
        ]
        return (ground, Group("statements", tuple(texts)))

    @cached_property
    def _lines(self) -> list[Line]:
        """The statements and the point, several on a line where there is room."""
        if not self.stated:
            return []
        lines: list[Line] = []
        for item in self._items():
            for part in wrapped(item, self._size, self._room):
                beside = (*lines[-1], _APART, *part) if lines else part
                if lines and line_width(beside, self._size) <= self._room:
                    lines[-1] = beside
                else:
                    lines.append(part)
        if len(lines) > _MOST_LINES:
            room = self._room - line_width((_MORE,), self._size)
            last = cut(lines[_MOST_LINES - 1], room, self._size)
            lines = [*lines[: _MOST_LINES - 1], last if "…" in last[-1].text else (*last, _MORE)]
        return lines

    def _items(self) -> Iterator[Line]:
        """Yield the statements, and after them the point."""
        for one in self.scene.statements or (self.scene.title,):
            yield set_on_line(one, self.scene.text)
        if self.scene.point is not None:
            point = set_on_line(self.scene.point, self.scene.text, "roman")
            yield coloured(point, "muted")

    @property
    def _size(self) -> float:
        return LARGE * self.letter

    @property
    def _room(self) -> float:
        """How wide the statements may be beside the phase and the step."""
        return self.width - 2 * self.margin - self._pill - self._count - 2 * _BETWEEN * self.letter

    @cached_property
    def _pill(self) -> float:
        """How wide the pill of a phase is: for the longest of their names."""
        widest = max(
            (width(one.title, self.letter, "bold") for one in self.scene.phases), default=0
        )
        return widest + 2 * _PILL_PADDING * self.letter

    @cached_property
    def _count(self) -> float:
        return width(self._step(self.scene.steps - 1), self.letter)

    def _step(self, k: int) -> str:
        return f"step {k + 1} of {self.scene.steps}"

    def at(self, k: int) -> Group:
        """Return the pill of a step's phase, and which step it is."""
        letter, right = self.letter, self.width - self.margin
        phase = self.scene.phases[self.scene.frames[k].phase]
        look, middle = LOOKS[phase.role], (_AROUND + _LINE / 2) * letter
        left, high = right - self._count - _BETWEEN * letter - self._pill, _PILL * letter
        pill = Rect(
            Box(left, middle - high / 2, self._pill, high), high / 2, look.tint, look.stroke,
            letter / 11,
        )  # fmt: skip
        base = middle + 0.36 * letter
        named = Run(phase.title, "bold", look.text)
        count = Text(right, base, (Run(self._step(k), fill="muted"),), letter, "end", kind="step")
        said = Text(left + self._pill / 2, base, (named,), letter, "middle", kind="phase")
        return Group("now", (pill, said, count))
