"""What of a graph, and how much at once, a picture or a film shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.asked import require
from adviz.language.numerals import DIGITS
from adviz.modes.trace import Trace
from adviz.numbers.system import RECORDED
from adviz.scene.excerpt import Excerpt
from adviz.scene.folded import TOLD, folded
from adviz.scene.folding import Folding
from adviz.scene.layout import LIMIT
from adviz.scene.legend import with_legend
from adviz.scene.narration import definition
from adviz.scene.parts import parts_of
from adviz.scene.scene import Mark, Marks, Origin, Scene
from adviz.scene.slices import Slice, cut_marks
from adviz.scene.staging import of_one_film, stage
from adviz.scene.unfolded import Unfolded

READABLE = 60
"""The most nodes that are drawn one by one, unless more boxes are asked for."""
_OVERVIEW, _OPENED = 40, 120
"""The most boxes that a larger graph is drawn in, and the most nodes of a part that is opened."""


@dataclass(frozen=True)
class View:
    """A slice of a graph, and in how many boxes it is seen."""

    slice: Slice = field(default_factory=Slice)
    boxes: int | None = None
    """At most so many; unless given, one for each of a few nodes, few for many."""
    readable: int = READABLE
    """How many nodes are few."""
    precision: int = DIGITS
    """The significant digits of the numbers."""

    def scene(self, subject: Graph | Sequence[Trace], marks: Marks | None = None) -> Scene:
        """Return what is seen of a graph or of sweeps on it; marks are of the whole graph.

        Raises AdvizError for what cannot be asked for, and TooLarge for a sweep of higher order
        on a graph of which parts would have to be seen.

        >>> import adviz
        >>> View().scene(adviz.build("+".join(f"sin(x*{k})" for k in range(1, 99)))).summary
        'f(x): 392 nodes in 5 parts'
        """
        scene = self._scene(subject, marks)
        made_of = subject if isinstance(subject, Graph) else tuple(subject)
        return replace(scene, origin=Origin(made_of, self))

    def _scene(self, subject: Graph | Sequence[Trace], marks: Marks | None) -> Scene:
        boxes = self.boxes
        whole = boxes is None or (isinstance(boxes, int) and not isinstance(boxes, bool))
        good = whole and (boxes is None or 1 <= boxes <= LIMIT)
        require(good, "boxes", boxes, f"how many there are at most, from 1 to {LIMIT}")
        of_one_film(subject)  # which refuses what has no graph in common
        part = self.slice.excerpt(_graph(subject))
        if part is not None:
            subject, marks = _of_a_slice(part, subject, marks)
        few = self.readable if boxes is None else boxes
        if len(_graph(subject)) <= few or (boxes is None and _of_higher_order(subject)):
            return _opened(stage(subject, marks, precision=self.precision), self.precision)
        return self._folded(subject, marks)

    def _folded(self, subject: Graph | Sequence[Trace], marks: Marks | None) -> Scene:
        whole = _graph(subject)
        folding = Folding(whole, parts_of(whole, self.boxes or _OVERVIEW))
        shown = (
            folding.graph if isinstance(subject, Graph) else [folded(t, folding) for t in subject]
        )
        scene = stage(shown, folding.marks(marks or {}), precision=self.precision)
        inside = _Inside(folding, subject, self.precision)
        return replace(scene, title=definition(whole), whole=whole, inside=inside)


@dataclass(frozen=True)
class _Inside(Mapping[int, Scene]):
    """What is in the parts of a graph, of equal blocks in the first; made when it is asked for."""

    folding: Folding
    subject: Graph | Sequence[Trace]
    precision: int

    def __getitem__(self, part: int) -> Scene:
        excerpt = self.folding.excerpt(part, blocks=1)
        view = View(readable=_OPENED, precision=self.precision)
        scene = view.scene(*_of_a_slice(excerpt, self.subject, None))
        blocks = self.folding.parts[part].blocks
        if blocks == 1:
            return scene
        said = (Mark("", f"the first of {blocks} equal blocks"),)
        return replace(scene, legend=said, layout=with_legend(scene.layout, said))

    def __iter__(self) -> Iterator[int]:
        return (n for n in range(len(self.folding.parts)) if self.folding.size(n) > 1)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _opened(scene: Scene, precision: int) -> Scene:
    """Return a scene whose nodes open, if they are arrays: in each is what it is in numbers."""
    recorded = any(trace.numbers.name == RECORDED for trace in scene.traces)
    if scene.graph.shapes is None or recorded:  # by somebody who kept no numbers in between
        return scene
    back = (trace for trace in scene.traces if trace.adjoints is not None)
    subject = next(back, scene.traces[0]) if scene.traces else scene.graph
    return replace(scene, inside=Unfolded(subject, partial(stage, precision=precision)))


def _graph(subject: Graph | Sequence[Trace]) -> Graph:
    return subject if isinstance(subject, Graph) else subject[0].graph


def _of_higher_order(subject: Graph | Sequence[Trace]) -> bool:
    """Return whether a sweep finds more than can be told part by part, as one of arrays does."""
    traces = () if isinstance(subject, Graph) else subject
    if _graph(subject).shapes is not None:
        return bool(traces)
    return any(kind not in TOLD for trace in traces for kind in trace.derivatives)


def _of_a_slice(
    part: Excerpt, subject: Graph | Sequence[Trace], marks: Marks | None
) -> tuple[Graph | Sequence[Trace], Marks]:
    """Return what is sliced, and the marks in it: the given ones, and where edges lead out."""
    shown = part.graph if isinstance(subject, Graph) else [part.trace(t) for t in subject]
    merged: dict[int | Edge, Mark] = {**cut_marks(part)}
    for where, mark in part.marks(marks or {}).items():
        notes = [m.note for m in (mark, merged.get(where)) if m and m.note]
        merged[where] = mark._replace(note=", ".join(notes))
    return shown, merged
