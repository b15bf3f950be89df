"""What a picture is made of: rectangles, paths and lines of text, coloured by roles."""

from __future__ import annotations

from dataclasses import dataclass

from adviz.scene.geometry import Box, Curve
from adviz.scene.lines import Run as Run
from adviz.scene.lines import line_width, words


@dataclass(frozen=True)
class Rect:
    """A rectangle, its corners rounded."""

    box: Box
    radius: float = 0.0
    fill: str = ""
    stroke: str = ""
    thickness: float = 1.0
    dash: tuple[float, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Path:
    """A curve, drawn or filled."""

    curve: Curve
    fill: str = ""
    stroke: str = ""
    thickness: float = 1.0
    dash: tuple[float, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Text:
    """One line of text, its base line at `y`."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float
    anchor: str = "start"
    """`start`, `middle` or `end`."""
    kind: str = ""
    upwards: bool = False
    """Whether it runs from below to above, its base line at `x`."""

    @property
    def words(self) -> str:
        """All its runs as one string."""
        return words(self.runs)

    @property
    def width(self) -> float:
        """About how wide it is."""
        return line_width(self.runs, self.size)


@dataclass(frozen=True)
class Group:
    """Shapes that belong together."""

    kind: str
    shapes: tuple[Shape, ...]
    data: tuple[tuple[str, str], ...] = ()
    title: str = ""
    opacity: float = 1.0
    fill: str = ""
    """What its texts inherit unless they have a colour of their own."""
    link: str = ""
    """Where a click on it leads, in a page."""


Shape = Rect | Path | Text | Group


@dataclass(frozen=True)
class Picture:
    """Shapes on a page of a size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str = ""
