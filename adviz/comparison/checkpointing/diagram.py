"""The space-time diagram of a schedule: states across, time down, and what is held meanwhile.

So Griewank & Walther draw schedules, *Evaluating Derivatives* (2nd ed., 2008), chapter 12. A run of
a step takes one unit of time; snapshots, and going back to one, take none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from adviz.comparison.checkpointing import listing
from adviz.comparison.checkpointing.actions import Action
from adviz.errors import TooLarge
from adviz.render.plate import Plate
from adviz.render.shapes import Group, Path, Picture, Rect, Run, Shape, Text
from adviz.scene.geometry import Box, Curve, Position

if TYPE_CHECKING:
    from adviz.comparison.checkpointing.schedule import Schedule

_MOST = 20_000
"""The most actions of a picture: 4 MB of SVG, which a browser still shows at once."""
_ACROSS, _WIDEST = 640.0, 48.0
"""The most room of the states, and of one step, in pixels."""
_DOWN, _HIGHEST = 560.0, 18.0
"""The most room of the time, and of one run of a step."""
_LANE = 130.0
"""The room of the lane of live values."""
_APART = 26.0
"""The least distance of two numbers on the axis of states."""
_SIZE, _HEADING, _MARGIN, _GAP, _SAMPLE = 12.0, 14.0, 20.0, 44.0, 30.0
_NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)

_LOOKS = {
    "advance": ("a step is run", "tangent-stroke", 2.2, ()),
    "reverse": ("a step is reversed", "adjoint-stroke", 2.6, (6.0, 3.0)),
    "snapshot": ("a snapshot is held", "notice", 2.6, ()),
    "restore": ("back to a snapshot", "muted", 1.0, (1.5, 2.5)),
}
"""What each line is about, its role, its thickness and its dashes."""


def diagram(schedule: Schedule) -> Plate:
    """Return the space-time diagram of a schedule, and the lane of live values beside it.

    Raises TooLarge for more actions than a picture can show.

    >>> import adviz
    >>> diagram(adviz.checkpoint(10, snapshots=3)).summary
    'binomial: 10 steps, 3 snapshots, 15 advances, no step more than twice; 5 live values'
    """
    count = len(schedule.actions)
    if count > _MOST:
        raise TooLarge(f"{schedule!r} has {count} actions; at most {_MOST} are drawn")
    said = listing.headline(schedule)
    return Plate(_Diagram(schedule).picture(said), said, str(schedule))


@dataclass(frozen=True)
class _Diagram:
    """A schedule on a page."""

    schedule: Schedule

    @cached_property
    def times(self) -> Sequence[int]:
        """When every action begins, and when all are done."""
        return [0, *accumulate(abs(stop - start) for _, start, stop in self.schedule.actions)]

    @cached_property
    def space(self) -> Box:
        """Where states and times are drawn."""
        steps, runs = self.schedule.steps, self.schedule.runs
        wide, high = min(_WIDEST, _ACROSS / steps), min(_HIGHEST, _DOWN / runs)
        return Box(_MARGIN + 46, _MARGIN + 62, steps * wide, runs * high)

    def place(self, state: float, time: float) -> Position:
        """Return where a state is at a time."""
        x, y, wide, high = self.space
        return Position(
            x + state * wide / self.schedule.steps, y + time * high / self.schedule.runs
        )

    def picture(self, said: str) -> Picture:
        """Return the page."""
        title = Text(_MARGIN, _MARGIN + 8, (Run(said, "bold"),), _HEADING)
        shapes = [title, *self._axes(), *self._snapshots(), *self._lines(), *self._lane()]
        legend = [*self._legend()]
        ends = [shape.x + shape.width for shape in (title, *legend) if isinstance(shape, Text)]
        right = max(self._lane_box.x + _LANE, *ends)
        below = self.space.y + self.space.height + 56
        return Picture(right + _MARGIN, below + _MARGIN / 2, (*shapes, *legend), said)

    def _axes(self) -> Iterator[Shape]:
        """Yield the ground, the numbers of states and times, and what they are."""
        x, y, wide, high = self.space
        yield Rect(self.space, fill="surface", stroke="line", thickness=0.8)
        for state in self._marked(self.schedule.steps, wide):
            top = self.place(state, 0)
            yield Path(_line(top, Position(top.x, y + high)), stroke="line", thickness=0.4)
            yield Text(top.x, y - 8, (Run(str(state), fill="muted"),), _SIZE, "middle")
        for time in self._marked(self.schedule.runs, high):
            left = self.place(0, time)
            yield Text(x - 8, left.y + 4, (Run(str(time), fill="muted"),), _SIZE, "end")
        yield Text(x, y - 26, (Run("state →", fill="muted"),), _SIZE)
        yield Text(x - 8, y - 26, (Run("runs ↓", fill="muted"),), _SIZE, "end")

    def _marked(self, count: int, room: float) -> range:
        """Return the numbers that stand on an axis."""
        apart = next(step for step in (*_NICE, count) if step * room / count >= _APART)
        return range(0, count + 1, apart)

    def _snapshots(self) -> Iterator[Shape]:
        """Yield a line down for every snapshot, as long as it is held."""
        since: dict[int, int] = {}
        for action, time in zip(self.schedule.actions, self.times, strict=False):
            if action.kind == "snapshot":
                since[action.start] = time
            elif action.kind == "free":
                taken, freed = (self.place(action.start, t) for t in (since[action.start], time))
                dot = Rect(Box(taken.x - 4, taken.y - 4, 8, 8), 4, "notice")
                told = f"state {action.start} is held from run {since[action.start]} to {time}"
                yield Group("held", (_drawn("snapshot", taken, freed), dot), title=told)

    def _lines(self) -> Iterator[Shape]:
        """Yield the runs of steps, to the right, and their reversals, to the left."""
        at = 0
        for action, time in zip(self.schedule.actions, self.times, strict=False):
            kind, start, stop = action
            if kind == "restore":
                yield _drawn(kind, self.place(at, time), self.place(start, time))
            elif kind in ("advance", "reverse"):
                ends = self.place(start, time), self.place(stop, time + abs(stop - start))
                yield Group(kind, (_drawn(kind, *ends),), title=f"{kind} {listing.states(action)}")
            at = stop

    @property
    def _lane_box(self) -> Box:
        """Where the live values are drawn."""
        x, y, wide, high = self.space
        return Box(x + wide + _GAP, y, _LANE, high)

    def _lane(self) -> Iterator[Shape]:
        """Yield a bar for every run: how many values are held meanwhile."""
        box, peak = self._lane_box, self.schedule.peak
        yield Rect(box, fill="surface", stroke="line", thickness=0.8)
        moments = zip(self.schedule.actions, self.times, self.schedule.live, strict=False)
        for action, time, live in moments:
            if time < self.times[-1] and action.start != action.stop:
                yield self._bar(action, time, live * box.width / peak, live)
        x = box.x + box.width
        yield Text(box.x, box.y - 26, (Run("live values", fill="muted"),), _SIZE)
        yield Text(box.x, box.y - 8, (Run("0", fill="muted"),), _SIZE, "middle")
        yield Text(x, box.y - 8, (Run(str(peak), "bold"),), _SIZE, "middle")

    def _bar(self, action: Action, time: int, wide: float, live: int) -> Shape:
        kind, start, stop = action
        top, end = self.place(0, time).y, self.place(0, time + abs(stop - start)).y
        gap = min(1.0, (end - top) / 8)
        role = "adjoint-tint" if kind == "reverse" else "tangent-tint"
        box = Box(self._lane_box.x, top + gap / 2, wide, end - top - gap)
        bar = Rect(box, fill=role, stroke=_LOOKS[kind][1], thickness=min(0.8, gap))
        return Group("live", (bar,), title=f"{kind} {listing.states(action)}: {live} values")

    def _legend(self) -> Iterator[Shape]:
        """Yield a sample of every line, and what it is about."""
        x, y = _MARGIN, self.space.y + self.space.height + 34
        for kind, (meaning, *_) in _LOOKS.items():
            yield _drawn(kind, Position(x, y), Position(x + _SAMPLE, y))
            text = Text(x + _SAMPLE + 8, y + 4, (Run(meaning),), _SIZE)
            yield text
            x = text.x + text.width + 24


def _drawn(kind: str, start: Position, stop: Position) -> Path:
    """Return a straight line as its kind is drawn."""
    _, role, thickness, dash = _LOOKS[kind]
    return Path(_line(start, stop), stroke=role, thickness=thickness, dash=dash, kind=kind)


def _line(start: Position, stop: Position) -> Curve:
    return Curve(start, ((stop,),))
