"""A whole film as data: one fixed layout, its templates, its numbers, and the state at a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.graph.procedure import Edge
from adviz.language.notation import Tree, unicode_text
from adviz.language.numerals import DIGITS, PENDING
from adviz.language.spelling import shortened
from adviz.modes.trace import Trace
from adviz.scene.card import FULL, Card
from adviz.scene.floor import Direction, Floor
from adviz.scene.frames import Frame, Phase
from adviz.scene.grids import Elements, Grid, pending
from adviz.scene.layout import Layout


class Mark(NamedTuple):
    """What a report says about a node or an edge: a colour by its role, and a note.

    >>> Mark("fault", "wrong rule", "heat-4").tint
    'heat-4'
    """

    role: str
    note: str = ""
    tint: str = ""
    """The role of a node's ground; its own unless given."""


Marks = Mapping[int | Edge, Mark]
"""What is marked: nodes, and edges."""


class Node(NamedTuple):
    """What a picture shows of a node; its numbers come from the state."""

    id: int
    shape: str
    """`input`, `intermediate`, `output` or `constant`."""
    symbol: Tree
    operation: Tree | None
    rows: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    """The outputs it is, by label."""
    status: str = "ok"
    remark: str = ""
    """More about it, shown when pointed at."""
    sizes: str = ""
    """The sizes of its axes, if it is an array."""
    grid: Grid | None = None
    """The room of its numbers, if these are small tables."""


class Beside(Protocol):
    """What stands beside a film; of traces that is their table."""

    @property
    def heading(self) -> str:
        """What it is."""

    def html(self) -> str:
        """Return it as HTML."""


class Origin(NamedTuple):
    """What a scene is made of."""

    subject: Graph | tuple[Trace, ...]
    view: Any
    """The view of it, an `adviz.scene.view.View`."""


@dataclass(frozen=True)
class Scene:
    """A film of some traces, or the picture of a graph, which is a film without frames.

    Numbers are kept apart from the templates that show them, under keys `trace/quantity/id`.
    """

    graph: Graph
    traces: tuple[Trace, ...]
    title: Tree
    point: Tree | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    chips: Mapping[int, Tree]
    """What stands on an edge, by edge."""
    slotted: frozenset[int]
    """The edges that have a slot at their tail, their own or a shared one."""
    numbers: Mapping[str, tuple[str, str]]
    phases: tuple[Phase, ...]
    frames: tuple[Frame, ...]
    layout: Layout
    marks: Mapping[int | Edge, Mark]
    legend: tuple[Mark, ...] = ()
    """What the marks mean, a sample with its note each; words alone where there is no role."""
    statements: tuple[Tree, ...] = ()
    """What the film is about, one line each; the title alone, unless given."""
    beside: Beside | None = None
    """What stands beside the film; the table of its traces, unless given."""
    whole: Graph | None = None
    """What the graph is the folded picture of, if it is one."""
    inside: Mapping[int, Scene] = field(default_factory=dict)
    """What is in the nodes that are parts, each a picture made when it is looked at."""
    clicks: tuple[int, ...] = ()
    """The nodes that a click in a page eliminates next."""
    floors: tuple[Floor, ...] = ()
    """What can be laid out anew, with full nodes and compact ones; none where it cannot."""
    card: Card = FULL
    """How the nodes are set out."""
    direction: Direction = "LR"
    """Which way it was to be laid out."""
    precision: int = DIGITS
    """The significant digits of its numbers."""
    grids: Mapping[str, Elements] = field(default_factory=dict)
    """The elements of small arrays, as nodes show them, under the keys of the numbers."""
    tables: Mapping[str, Elements] = field(default_factory=dict)
    """The elements of arrays, as a table of its own shows them; of a large one its corner."""
    first: int = 0
    """The first frame that is played; what comes before it has happened."""
    later: int = 0
    """How many frames the whole film has after these, of which it is a part."""
    origin: Origin | None = field(default=None, compare=False)
    """What it can be made of again; None where that is more than a graph, traces and a view."""

    def __repr__(self) -> str:
        return f"<Scene {self.summary}>"

    @property
    def summary(self) -> str:
        """What is seen, in a few words.

        >>> import adviz
        >>> adviz.draw("x*y").scene.summary
        'f(x, y) = x · y: 3 nodes'
        """
        frames = f", {len(self.frames)} frames" if self.frames else ""
        title, whole = shortened(unicode_text(self.title), 60), self.whole
        folded = f"{len(whole)} nodes in {len(self.nodes)} parts" if whole else ""
        return f"{title}: {folded or f'{len(self.nodes)} nodes'}{frames}"

    @property
    def steps(self) -> int:
        """How many steps the whole film has; those of a part keep its numbers.

        >>> import adviz
        >>> film = adviz.animate(adviz.reverse("x*y", at={"x": 3, "y": 2})).scene
        >>> film.steps, played(film, 2, 3).steps
        (6, 6)
        """
        return len(self.frames) + self.later

    def text(self, key: str | None) -> str:
        """Return the number under a key as it is shown; a dash while it is pending."""
        return self.numbers.get(key or "", (PENDING, ""))[0]

    def exact(self, key: str | None) -> str:
        """Return the number under a key with all its digits; nothing while it is pending."""
        return self.numbers.get(key or "", ("", ""))[1]

    def elements(self, key: str | None, grid: Grid) -> Elements:
        """Return the elements of a small array under a key; dashes while it is pending."""
        return self.grids.get(key or "") or pending(grid)

    def to_json(self) -> dict[str, Any]:
        """Return the film as data for a page: trees, numbers and frames, no positions."""
        return {
            "title": self.title,
            "point": self.point,
            "phases": [asdict(phase) for phase in self.phases],
            "numbers": {key: list(pair) for key, pair in self.numbers.items()},
            **({"grids": self.grids, "tables": self.tables} if self.tables else {}),
            "nodes": [{"id": n.id, "symbol": n.symbol, "rows": n.rows} for n in self.nodes],
            "edges": [
                {"id": k, **edge._asdict(), "slot": k in self.slotted, "chip": self.chips.get(k)}
                for k, edge in enumerate(self.edges)
            ],
            "frames": [vars(frame) for frame in self.frames],
            "clicks": self.clicks,
            "precision": self.precision,
            "first": self.first,
            "later": self.later,
        }


@dataclass(frozen=True)
class State:
    """What a picture shows at a frame: the fold of all frames up to it."""

    rows: Mapping[tuple[int, str], str | None]
    """The key of the number in a node's row."""
    chips: frozenset[int]
    fills: Mapping[int, str | None]
    """The key of the number in an edge's slot, in the order in which they arrive."""
    labels: Mapping[int, str | None] = field(default_factory=dict)
    """The key of the number on an edge's chip, of one that changes; None: there is no edge."""
    gone: frozenset[int] = frozenset()
    """The nodes that have vanished."""
    frame: Frame | None = None
    """The frame that is in focus; None for the finished picture."""
    kind: str = "value"
    """The kind of the frame's phase."""
    travels: bool = False
    """Whether the frame's number is still on its way."""


def state(scene: Scene, k: int) -> State:
    """Return what is shown at frame k, a pure function of k; negative k count from the end.

    Raises AdvizError when the film has no such frame.
    """
    count = len(scene.frames)
    if not -count <= k < count:
        raise AdvizError(f"there is no frame {k}; the film has {count} frames, 0 to {count - 1}")
    return next(_folded(scene, k % count))


def states(scene: Scene) -> Iterator[State]:
    """Yield the state at every frame that is played, each in time proportional to the graph."""
    yield from _folded(scene, scene.first)


def played(scene: Scene, first: int, last: int) -> Scene:
    """Return the film from a frame to another one, both of them seen.

    >>> import adviz
    >>> film = adviz.animate(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> part = played(film.scene, 5, 7)
    >>> [state.frame.kind for state in states(part)], part.phases[-1].last
    (['contribution', 'contribution', 'contribution'], 7)
    """
    phases = [replace(one, last=min(one.last, last)) for one in scene.phases if one.first <= last]
    frames = scene.frames[: last + 1]
    later = scene.steps - len(frames)
    return replace(scene, phases=tuple(phases), frames=frames, first=first, later=later)


def between(before: State, after: State) -> State:
    """Return the state while a frame's number is on its way: the numbers are those before."""
    rows, fills, labels = before.rows, before.fills, before.labels
    return replace(after, rows=rows, fills=fills, labels=labels, travels=True)


def active(scene: Scene, frame: Frame) -> frozenset[int]:
    """Return the edges along which something travels, or whose number changes.

    The first frame of a phase sets numbers, and changes none.
    """
    changed = () if frame is scene.frames[scene.phases[frame.phase].first] else frame.labels
    along = () if frame.edge is None else (frame.edge,)
    return frozenset([*along, *(k for k, key in changed if key is not None)])


def finished(scene: Scene) -> State:
    """Return the state of the static picture: everything shown, nothing in focus."""
    if not scene.frames:
        return State({}, frozenset(scene.chips), {})
    return replace(state(scene, -1), frame=None)


def _folded(scene: Scene, start: int) -> Iterator[State]:
    """Yield the states from a frame on."""
    rows: dict[tuple[int, str], str | None] = {}
    chips: set[int] = set()
    fills: dict[int, str | None] = {}
    labels: dict[int, str | None] = {}
    gone: set[int] = set()
    for index, frame in enumerate(scene.frames):
        rows.update({(node, name): key for node, name, key in frame.sets})
        chips.update(frame.chips)
        for edge, key in frame.fills:
            fills.pop(edge, None)  # so that the last to arrive is the last
            fills[edge] = key
        labels.update(frame.labels)
        gone.update(frame.gone)
        if index >= start:
            kind = scene.phases[frame.phase].kind
            shown = dict(rows), frozenset(chips), dict(fills), dict(labels), frozenset(gone)
            yield State(*shown, frame, kind)
