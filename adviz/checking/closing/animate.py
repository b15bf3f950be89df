"""The film of sweeps, as `adviz.animate` makes it: step by step, and at the end what came out."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from adviz.checking.closing import of_arrays
from adviz.checking.closing.card import closed
from adviz.checking.closing.symbols import in_symbols
from adviz.errors import AdvizError
from adviz.language.asked import truth
from adviz.language.numerals import DIGITS, shown_digits
from adviz.modes.building import of_numbers
from adviz.modes.trace import Trace
from adviz.numbers.system import RECORDED
from adviz.render.animation import Animation
from adviz.render.roles import refuse_unknown
from adviz.render.subjects import Filmed, Staged, refuse_view, run
from adviz.render.web import WebTheme
from adviz.scene.floor import Direction
from adviz.scene.layout import LIMIT
from adviz.scene.panes import HALL
from adviz.scene.scene import Marks, Scene
from adviz.scene.slices import NodeName, Slice
from adviz.scene.view import View


def animate(
    *subjects: Trace | Filmed,
    theme: WebTheme = "auto",
    marks: Marks | None = None,
    precision: int = DIGITS,
    of: NodeName | None = None,
    wrt: str | Sequence[str] | None = None,
    around: NodeName | None = None,
    depth: int | None = None,
    boxes: int | None = None,
    direction: Direction = "auto",
    check: bool = True,
    symbolic: bool = False,
) -> Animation:
    """Return the film of one or several sweeps over the same graph at the same point.

    Several, such as a forward and a reverse sweep, follow each other in one film. A noun that has
    a film of its own is played alone: a Taylor expansion of `adviz.taylor`, order by order, an
    elimination of `adviz.eliminate`, vertex by vertex, a schedule of `adviz.checkpoint`, action by
    action. `theme` is the one the page opens with; `auto` follows the reader's system. `direction`
    is `LR`, from left to right, `TB`, from the top down, or `auto`: whichever makes the text
    largest on a screen, in rows if need be. In a page and in a notebook the inputs of sweeps in
    floats, over at most 300 nodes, can be changed. Numbers have `precision` significant digits, 1
    to 17.

    `of`, `wrt`, `around` and `depth` choose a slice, `boxes` how many parts there are at most, as
    in `adviz.draw`; the film of more than 400 nodes goes by parts.

    The film of sweeps of first order ends with a card: the value, and every derivative as SymPy's
    formula and as a number, with what `adviz.check` says of it at the point; `check=False` leaves
    the verdicts out, and with them the card. A formula that is long in the inputs is written in the
    author's names, else in those of nodes, else by the chain rule; what does not fit on three lines
    of 112 signs even so is told by its operations.

    With `symbolic=True` every contribution also says what has arrived as an expression in the
    inputs, and the card has the formulas in any case. Both are for all of a graph, not for slices
    and parts.

    Raises AdvizError for anything that has no film, or is asked for in symbols and has none,
    FormatError for a theme or a precision that there is not.

    >>> import adviz
    >>> t = adviz.forward("(x + y)*(x - y)", at={"x": 3, "y": 2}, direction="x")
    >>> adviz.animate(t).save("film.html")
    """
    refuse_unknown(theme, get_args(WebTheme))
    told = _Told(truth("check", check), truth("symbolic", symbolic))
    subject: Any = subjects[0] if len(subjects) == 1 else None
    view = View(Slice(of, wrt, around, depth), boxes, LIMIT, shown_digits(precision))
    if isinstance(subject, Filmed):
        refuse_view(view)
        told.refuse("a film of its own")
        return Animation(run(subject._film_(marks, view.precision), direction, HALL), theme)
    traces = [subject for subject in subjects if isinstance(subject, Trace)]
    if not traces or len(traces) < len(subjects):
        if isinstance(subject, Staged):
            raise AdvizError("there is a picture but no film of it; use adviz.draw")
        raise AdvizError("animate needs a trace: adviz.animate(adviz.reverse(g, at={'x': 3}))")
    scene = told.ended(view.scene(traces, marks), traces)
    return Animation(run(scene, direction, HALL), theme)


class _Told(NamedTuple):
    """What a film says besides its numbers."""

    check: bool
    symbolic: bool

    def ended(self, scene: Scene, traces: Sequence[Trace]) -> Scene:
        """Return the film of some traces with what it says in symbols, and its closing card."""
        if scene.whole is not None or any(map(operator.is_not, scene.traces, traces)):
            self.refuse("a slice, or a graph in parts")
            return scene
        if any(trace.numbers.name == RECORDED for trace in traces):
            self.refuse("what was recorded of a framework")
            return scene
        told = in_symbols(scene) if self.symbolic and of_numbers(scene.graph) else scene
        close = closed if scene.graph.shapes is None else of_arrays.closed
        return close(told, checked=self.check) if self.check or self.symbolic else told

    def refuse(self, what: str) -> None:
        """Raise AdvizError where symbols are asked for of what has none."""
        if self.symbolic:
            raise AdvizError(f"symbolic=True is for the sweeps of all of a graph, not for {what}")
