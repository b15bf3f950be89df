"""An elimination seen: the linearized graph with its fill-in, and the film in which it shrinks.

In a page a click eliminates another vertex next. The page then makes the frames itself, from the
numbers of the first one: `player/elimination.js` does what is done here, and tests hold the two
together. Keys of numbers say what was eliminated last, not when, so that sentences and formulas
are the same in every order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from adviz.comparison.elimination.drawn import Drawn
from adviz.comparison.elimination.linearized import Arrow, Linearized
from adviz.comparison.elimination.picture import COST, FILL, product, readable, shown, still
from adviz.comparison.elimination.shrinking import Shrinking, Step, Update, structure
from adviz.language import notation
from adviz.language.notation import Tree, name, op, row, tree
from adviz.language.numerals import DIGITS, PENDING
from adviz.numbers import FLOAT64
from adviz.scene.frames import Frame, phase
from adviz.scene.legend import with_legend
from adviz.scene.narration import Figure, Sentence, equal, listed, strong, text
from adviz.scene.scene import Marks, Scene

if TYPE_CHECKING:
    from adviz.comparison.elimination.elimination import Elimination

PAID = "paid"
"""The column that says what the elimination of a vertex took."""
_WRITTEN = 3
"""The most sums that a formula writes out."""
_LEFT = 12
"""The most entries of the Jacobian that it writes out."""
_MOST_SPARE = 120
"""The most edges of fill-in that a page keeps ready for other orders."""


def film(found: Elimination, more: Marks | None = None, precision: int = DIGITS) -> Scene:
    """Return the film: a vertex vanishes in every frame, and its neighbours are joined.

    >>> import adviz
    >>> scene = film(adviz.eliminate("(x + y)*(x - y)", at={"x": 3, "y": 2}))
    >>> [frame.kind for frame in scene.frames], len(scene.edges)
    (['linearized', 'eliminate', 'eliminate', 'jacobian'], 8)
    """
    start = found.linearized
    spare = _spare(start)
    clicked = start.numbers.name == FLOAT64.name and len(spare) <= _MOST_SPARE
    drawn = readable(start, spare if clicked else found.fill)
    reel = _Reel(start, drawn, precision)
    frames = (*reel.frames(found.steps),)
    phases = (phase("elimination", 0, 0, len(frames) - 1),)
    marks = drawn.marks(FILL._replace(note=""), more)
    scene = still(drawn, marks, (COST,), reel.numbers, precision)
    meanings = (FILL,) if drawn.extra else ()
    placed = with_legend(scene.layout, meanings) if meanings else scene.layout
    clicks = tuple(drawn.place[vertex] for vertex in start.intermediates) if clicked else ()
    return replace(
        scene, phases=phases, frames=frames, legend=meanings, layout=placed,
        beside=Costs(found, drawn), clicks=clicks,
    )  # fmt: skip


def _spare(start: Linearized) -> tuple[Arrow, ...]:
    """Return the edges that come into being in one order or another."""
    inner, before = {*start.intermediates}, dict[int, dict[int, None]]()
    for tail, head in start.partials:
        further = before.get(tail, {}) if tail in inner else {}
        before.setdefault(head, {}).update({tail: None, **further})
    arrows = ((tail, head) for head, tails in before.items() for tail in sorted(tails))
    return tuple(arrow for arrow in arrows if arrow not in start.partials)


@dataclass
class _Reel:
    """The frames of a film in progress."""

    start: Linearized
    drawn: Drawn
    precision: int = DIGITS
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    """The key of the number on every edge that is there."""
    spent: int = 0
    filled: int = 0

    @cached_property
    def left(self) -> Shrinking:
        """What is left, without numbers."""
        return structure(self.start.partials)

    def frames(self, steps: Iterable[Step]) -> Iterator[Frame]:
        """Yield the linearized graph, a frame for every vertex, and the Jacobian."""
        yield self._first()
        for step in steps:
            yield self._eliminated(step)
        yield self._last()

    def _note(self, key: str, words: str) -> str:
        self.numbers[key] = (words, words)
        return key

    def _first(self) -> Frame:
        for arrow, number in self.start.partials.items():
            k = self.drawn.arrows[arrow]
            self.keys[k] = f"label/{k}"
            self.numbers[self.keys[k]] = shown(number, self.precision)
        edges = sorted(self.drawn.arrows.values())
        said = "The linearized graph: on every edge its local partial, in every vertex the cost of "
        return Frame(
            0, "linearized", (), (text(said), strong(text("eliminating")), text(" it")), _RULE,
            sets=self._costs(self.start.intermediates, ""),
            chips=tuple(edges), labels=tuple((k, self.keys.get(k)) for k in edges),
        )  # fmt: skip

    def _costs(self, vertices: Iterable[int], after: str) -> tuple[tuple[int, str, str], ...]:
        """Return what it would cost to eliminate some vertices that are left."""
        into, out, place = self.left.into, self.left.out, self.drawn.place
        costs = {place[v]: product(len(into[v]), len(out[v])) for v in sorted(vertices)}
        return tuple(
            (node, COST, self._note(f"{COST}/{node}{after}", words))
            for node, words in costs.items()
        )

    def _eliminated(self, step: Step) -> Frame:
        node, taken = self.drawn.place[step.vertex], step.multiplications
        self.left.eliminate(step.vertex)
        self.spent, self.filled = self.spent + taken, self.filled + len(step.fill)
        words = product(len(step.predecessors), len(step.successors))
        said: Sentence = (
            text("Eliminate "),
            strong(self.start.symbol(step.vertex)),
            text(_COUNTED),
        )
        said += (tree("slot", self._note(f"taken/{node}", words)), *self._so_far(str(node)))
        formula, labels = self._updates(step, node)
        beside = {*step.predecessors, *step.successors}.intersection(self.start.intermediates)
        paid = (node, PAID, self._note(f"{PAID}/{node}", str(taken)))
        return Frame(
            0, "eliminate", (node,), said, formula,
            sets=((node, COST, None), paid, *self._costs(beside, f"/{node}")),
            labels=labels, gone=(node,),
        )  # fmt: skip

    def _so_far(self, after: str) -> Sentence:
        spent = self._note(f"spent/{after}", str(self.spent))
        filled = self._note(f"filled/{after}", str(self.filled))
        multiplications, fill = (tree("slot", key) for key in (spent, filled))
        return (
            text(". Multiplications so far: "),
            strong(multiplications),
            text("; fill-in: "),
            fill,
        )

    def _updates(self, step: Step, node: int) -> tuple[Tree, tuple[tuple[int, str | None], ...]]:
        """Return the sums that are formed, the first few of them, and what is on edges then."""
        arrows, written = self.drawn.arrows, []
        made: dict[int, str] = {}
        for update in step.updates:
            k = arrows[update.arrow]
            made[k] = f"label/{k}/{node}"
            self.numbers[made[k]] = shown(update.number, self.precision)
            written.append(self._sum(step.vertex, update, made[k]))
        ends = [(tail, step.vertex) for tail in step.predecessors]
        ends += [(step.vertex, head) for head in step.successors]
        taken = [arrows[arrow] for arrow in ends]
        for k in taken:
            del self.keys[k]
        self.keys |= made
        return _few(written), (*((k, None) for k in taken), *made.items())

    def _sum(self, vertex: int, update: Update, key: str) -> Tree:
        """Return `∂w/∂u = before + ∂w/∂v · ∂v/∂u = number` in numbers."""
        arrows, (tail, head) = self.drawn.arrows, update.arrow
        before = self.keys.get(arrows[update.arrow])
        first, second = self.keys[arrows[tail, vertex]], self.keys[arrows[vertex, head]]
        start = [tree("slot", before), op("+")] if before else []
        leading = Figure(second, update.second)
        factor = leading.held if before else leading.tree
        product = [factor, op("·"), Figure(first, update.first).held]
        return equal(self._slope(update.arrow), row(*start, *product), tree("slot", key))

    def _slope(self, arrow: Arrow) -> Tree:
        tail, head = map(self.start.symbol, arrow)
        return tree("partial", head, tail)

    def _last(self) -> Frame:
        said = (text("What is left is the "), strong(text("Jacobian")), *self._so_far("all"))
        left = [
            equal(self._slope(arrow), tree("slot", self.keys[k]))
            for arrow, k in self.drawn.arrows.items()
            if k in self.keys
        ]
        return Frame(0, "jacobian", (), said, _few(left, _LEFT))


_COUNTED = ": predecessors × successors = "
_RULE = row(
    tree("partial", name("w"), name("u")), op("+="),
    tree("partial", name("w"), name("v")), op("·"), tree("partial", name("v"), name("u")),
)  # fmt: skip
"""What an elimination does to the edge between every two neighbours."""


def _few(formulas: list[Tree], most: int = _WRITTEN) -> Tree:
    return listed(formulas[:most], more=len(formulas) > most)


@dataclass(frozen=True, eq=False)
class Costs:
    """The vertices beside a film: what each would cost, and what it took."""

    found: Elimination
    drawn: Drawn

    heading = "Vertices"

    def __str__(self) -> str:
        return str(self.found)

    def html(self) -> str:
        """Return the table of the finished film."""
        heads = "".join(
            f'<th scope="col">{head}</th>' for head in ("vertex", "formula", COST, PAID)
        )
        steps = sorted(self.found.steps, key=lambda step: step.vertex)
        rows = "\n".join(map(self._row, steps))
        return (
            f'<table class="trace">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )

    def _row(self, step: Step) -> str:
        start = self.found.linearized
        formula = notation.mathml(start.formula(step.vertex) or row())
        return (
            f'<tr data-node="{self.drawn.place[step.vertex]}">'
            f'<th scope="row">{notation.mathml(start.symbol(step.vertex))}</th><td>{formula}</td>'
            f'<td data-row="{COST}">{PENDING}</td>'
            f'<td data-row="{PAID}">{escape(str(step.multiplications))}</td></tr>'
        )
