"""An elimination as a still picture: the linearized graph, its fill-in, and every vertex's turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from adviz.comparison.elimination.drawn import Drawn
from adviz.comparison.elimination.linearized import Arrow, Linearized
from adviz.comparison.elimination.listing import headline
from adviz.comparison.elimination.shrinking import Step
from adviz.errors import TooLarge
from adviz.language.notation import tree
from adviz.language.numerals import DIGITS, PENDING, full, short
from adviz.numbers import Number
from adviz.scene import narration
from adviz.scene.layout import refuse_unreadable
from adviz.scene.legend import with_legend
from adviz.scene.scene import Mark, Marks, Scene

if TYPE_CHECKING:
    from adviz.comparison.elimination.elimination import Elimination

FILL = Mark("notice", "fill-in: an edge that was not there at first")
"""How fill-in is marked, and what that means."""
COST = "cost"
"""The row of a vertex that says what its elimination would cost."""

Numbers = Mapping[str, tuple[str, str]]
"""Numbers as they are shown and with all their digits, by key."""

_MOST_EDGES = 600
"""The most edges of which anybody could read a picture."""
_SIZED = (f"{COST}/", "label/")
"""What needs room in vertices, and on edges: how the keys of these numbers begin."""


def picture(found: Elimination, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the linearized graph, its fill-in marked, and every vertex with its turn and cost.

    On an edge of fill-in stands the number with which it came into being.
    """
    start = found.linearized
    numbers = dict(start.partials)
    for update in (update for step in found.steps for update in step.updates):
        numbers.setdefault(update.arrow, update.number)
    drawn = readable(start, found.fill)
    steps = enumerate(found.steps, 1)
    turns: Marks = {step.vertex: Mark("muted", _turn(k, step)) for k, step in steps}
    marks = drawn.marks(FILL._replace(note="fill-in"), {**turns, **(more or {})})
    texts = {
        f"label/{drawn.arrows[arrow]}": shown(number, precision)
        for arrow, number in numbers.items()
    }
    scene = still(drawn, marks, (), texts, precision)
    meanings = (*([FILL] if found.fill else []), Mark("", headline(found)))
    return replace(scene, legend=meanings, layout=with_legend(scene.layout, meanings))


def _turn(turn: int, step: Step) -> str:
    return f"{turn}.  {product(len(step.predecessors), len(step.successors))}"


def product(before: int, after: int) -> str:
    """Return how many pairs of neighbours there are, in numbers."""
    return f"{before} × {after} = {before * after}"


def shown(number: Number, precision: int = DIGITS) -> tuple[str, str]:
    """Return a number as it is shown, and with all its digits."""
    return short(number, precision), full(number)


def readable(start: Linearized, extra: Iterable[Arrow]) -> Drawn:
    """Return a linearized graph with further edges; raise TooLarge where nobody can read it."""
    drawn = Drawn(start, tuple(extra))
    edges = len(start.partials) + len(drawn.extra)
    if edges > _MOST_EDGES:
        raise TooLarge(
            f"a picture of {edges} edges cannot be read (the limit is {_MOST_EDGES}); the table "
            "of the elimination has them all"
        )
    refuse_unreadable(drawn.graph)
    return drawn


def still(
    drawn: Drawn,
    marks: Marks,
    rows: tuple[str, ...],
    numbers: Numbers,
    precision: int = DIGITS,
) -> Scene:
    """Return the still picture; a number's key says where it stands."""
    start, nodes = drawn.start, drawn.nodes(rows)
    labels = {k: f"label/{k}" for k in drawn.arrows.values()}
    figures = [narration.Figure(f"point/{name}", None) for name in start.point]
    point = narration.point(start.graph, figures) if figures else None
    values = zip(figures, start.point.values(), strict=True)
    known = {
        **dict.fromkeys(labels.values(), (PENDING, "")),
        **{figure.key: shown(value, precision) for figure, value in values},
        **numbers,
    }
    texts = {part: [n for k, (n, _) in known.items() if k.startswith(part)] for part in _SIZED}
    floor = drawn.floor(nodes, marks, *texts.values())
    return Scene(
        drawn.graph, (), narration.definition(start.graph), point, nodes, tuple(drawn.graph.edges),
        {k: tree("slot", key) for k, key in labels.items()}, frozenset(), known, (), (),
        floor.layout(), marks, floors=(floor,), precision=precision,
    )  # fmt: skip
