"""A schedule as a film: the states of the chain in rows, which of them are held, what runs again.

A frame is a run of one step, forward or as it is reversed, or what is done about a snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from adviz.comparison.checkpointing import listing
from adviz.comparison.checkpointing.actions import Kind, live, singly
from adviz.comparison.checkpointing.lane import chained, placed
from adviz.errors import TooLarge
from adviz.language import notation
from adviz.language.notation import Tree, name, op, row, tree
from adviz.language.numerals import PENDING
from adviz.scene.frames import Frame, Phase, phase
from adviz.scene.narration import Sentence, equal, strong, text
from adviz.scene.scene import Marks, Node, Scene

if TYPE_CHECKING:
    from adviz.comparison.checkpointing.schedule import Schedule

HELD, ADJOINT, RUNS = "snapshot", "adjoint", "runs"
"""The rows of a state: whether it is held, whether its adjoint is known; the runs of its step."""

_MOST_STEPS, _MOST_RUNS = 100, 1000
"""The most steps, and runs of steps, of a film that anybody would watch."""
_TITLES = {"value": "Forward", "adjoint": "Reverse"}


def film(schedule: Schedule, marks: Marks | None = None) -> Scene:
    """Return the film of a schedule.

    Raises TooLarge for more than anybody would watch.

    >>> import adviz
    >>> scene = film(adviz.checkpoint(10, snapshots=3))
    >>> len(scene.nodes), [frame.kind for frame in scene.frames][:8]
    (11, ['start', 'snapshot', 'advance', 'advance', 'advance', 'advance', 'snapshot', 'advance'])
    """
    if schedule.steps > _MOST_STEPS or schedule.runs > _MOST_RUNS:
        raise TooLarge(
            f"a film of {schedule.steps} steps that are run {schedule.runs} times is too long; it "
            f"is made for up to {_MOST_STEPS} steps and {_MOST_RUNS} runs (adviz.draw shows more)"
        )
    reel = _Reel(schedule)
    frames, phases = _phased([*reel.frames()])
    graph = chained(schedule.steps)
    nodes = tuple(_node(state, schedule.steps) for state in range(schedule.steps + 1))
    chips = {step: tree("slot", f"{RUNS}/0") for step in range(schedule.steps)}
    title = text(listing.headline(schedule))
    where = placed(nodes, f"{max(schedule.repetitions) + 1}×")
    return Scene(
        graph, (), title, None, nodes, tuple(graph.edges), chips, frozenset(), reel.numbers,
        phases, frames, where, dict(marks or {}), beside=States(schedule),
    )  # fmt: skip


def _node(state: int, last: int) -> Node:
    shape = "input" if state == 0 else "output" if state == last else "intermediate"
    made = _step("f", state) if state else None
    return Node(state, shape, _state(state), made, (HELD, ADJOINT), remark=f"state {state}")


def _state(state: int) -> Tree:
    return name(f"x{state}")


def _step(function: str, state: int) -> Tree:
    """Return the step that leads to a state."""
    return row(name(function), tree("group", _state(state - 1)))


def _adjoint(state: int) -> Tree:
    return tree("bar", _state(state))


def _phased(frames: list[Frame]) -> tuple[tuple[Frame, ...], tuple[Phase, ...]]:
    """Return frames in phases: stretches in which steps are run forward, or reversed.

    The way back to a snapshot belongs to what is done there.
    """
    kinds = ["adjoint" if frame.kind == "reverse" else "value" for frame in frames]
    for place in range(len(frames) - 2, -1, -1):
        if frames[place].kind in ("restore", "free"):
            kinds[place] = kinds[place + 1]
    phases: list[Phase] = []
    numbered: list[Frame] = []
    for kind, stretch in groupby(zip(kinds, frames, strict=True), key=lambda pair: pair[0]):
        first = len(numbered)
        numbered += [replace(frame, phase=len(phases)) for _, frame in stretch]
        made = phase(kind, 0, first, len(numbered) - 1)
        phases.append(replace(made, title=_TITLES[kind]))
    return tuple(numbered), tuple(phases)


@dataclass
class _Reel:
    """The frames of a film in progress."""

    schedule: Schedule
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    runs: Counter[int] = field(default_factory=Counter)
    """How often the step after each state has been run."""
    held: int = 0
    live: int = 0
    """The most values that are held in the frame."""

    def frames(self) -> Iterator[Frame]:
        """Yield the chain, and a frame for every action; of an advance one for every step."""
        yield self._start()
        chain, single = self.schedule.chain, [*singly(self.schedule.actions)]
        counts = live(single, chain.widths, chain.computed)
        for action, self.live in zip(single, counts, strict=True):
            yield _SHOWN[action.kind](self, min(action.start, action.stop))

    def _note(self, key: str, words: str) -> str:
        self.numbers[key] = (words, words)
        return key

    def _start(self) -> Frame:
        edges, none = range(self.schedule.steps), self._note(f"{RUNS}/0", "0×")
        said = (
            text("A chain of "),
            strong(text(listing.counted(len(edges), "step"))),
            text(": every edge says how often its step has been run"),
        )
        labels = tuple((step, none) for step in edges)
        return Frame(0, "start", (0,), said, row(), chips=tuple(edges), labels=labels)

    def _kept(self, state: int) -> Frame:
        self.held += 1
        sets = ((state, HELD, self._note(HELD, "held")),)
        said = self._saying("Take a snapshot of ", _state(state))
        return Frame(0, "snapshot", (state,), said, row(), sets=sets)

    def _back(self, state: int) -> Frame:
        said = self._saying("Go back to the snapshot of ", _state(state))
        return Frame(0, "restore", (state,), said, row())

    def _freed(self, state: int) -> Frame:
        self.held -= 1
        said = self._saying("Nobody will go back again: free the snapshot of ", _state(state))
        return Frame(0, "free", (state,), said, row(), sets=((state, HELD, None),))

    def _advanced(self, state: int) -> Frame:
        start = "Run again step " if self.runs[state] else "Run step "
        shown = self._run(state)
        after = _state(state + 1)
        made = equal(after, _step(f"f{state + 1}", state + 1))
        token = self._note(f"state/{state + 1}", notation.unicode_text(after))
        return Frame(
            0, "advance", (state + 1,), self._saying(start, text(str(state + 1))), made,
            edge=state, sets=((state + 1, RUNS, shown),), token=token, labels=((state, shown),),
        )  # fmt: skip

    def _reversed(self, state: int) -> Frame:
        shown, known = self._run(state), self._note(ADJOINT, "known")
        seeded = (state + 1,) if state + 1 == self.schedule.steps else ()
        slope = tree("partial", _state(state + 1), _state(state))
        made = equal(_adjoint(state), row(_adjoint(state + 1), op("·"), slope))
        token = self._note(f"bar/{state}", notation.unicode_text(_adjoint(state)))
        said = self._saying("Run and reverse step ", text(str(state + 1)))
        return Frame(
            0, "reverse", (state,), said, made, edge=state, token=token, labels=((state, shown),),
            sets=((state + 1, RUNS, shown), *((one, ADJOINT, known) for one in (*seeded, state))),
        )  # fmt: skip

    def _run(self, state: int) -> str:
        """Count a run of the step after a state; return the key of how many there were."""
        self.runs[state] += 1
        return self._note(f"{RUNS}/{self.runs[state]}", f"{self.runs[state]}×")

    def _saying(self, start: str, about: Tree) -> Sentence:
        """Return a sentence about something, and how far the work is."""
        whole = self.schedule
        far = (
            f". Runs: {self.runs.total()} of {whole.runs}; snapshots: {self.held} of at most "
            f"{whole.peak_snapshots}; live values: {self.live} of at most {whole.peak}"
        )
        return text(start), strong(about), text(far)


_SHOWN: Mapping[Kind, Callable[[_Reel, int], Frame]] = MappingProxyType(
    {
        "snapshot": _Reel._kept,
        "advance": _Reel._advanced,
        "restore": _Reel._back,
        "free": _Reel._freed,
        "reverse": _Reel._reversed,
    }
)


@dataclass(frozen=True, eq=False)
class States:
    """The states beside a film: what is held, what is known, how often each step was run."""

    schedule: Schedule

    heading = "States"

    def __str__(self) -> str:
        return str(self.schedule)

    def html(self) -> str:
        """Return the table of the finished film."""
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("state", HELD, ADJOINT, RUNS))
        rows = "\n".join(map(self._row, range(self.schedule.steps + 1)))
        return (
            f'<table class="trace">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def _row(self, state: int) -> str:
        runs = f"{self.schedule.repetitions[state - 1] + 1}×" if state else PENDING
        return (
            f'<tr data-node="{state}"><th scope="row">{notation.mathml(_state(state))}</th>'
            f'<td data-row="{HELD}">{PENDING}</td><td data-row="{ADJOINT}">known</td>'
            f'<td data-row="{RUNS}">{runs}</td></tr>'
        )
