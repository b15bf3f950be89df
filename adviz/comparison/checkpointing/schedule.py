"""A schedule: what is done to reverse a chain, how much is run again, how much is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from adviz.comparison.checkpointing import listing
from adviz.comparison.checkpointing.actions import Action, advances, live, snapshots_held
from adviz.comparison.checkpointing.chain import Chain
from adviz.comparison.checkpointing.sweeping import Sweep
from adviz.errors import AdvizError, DomainError
from adviz.graph.garbage import PAUSED
from adviz.graph.graph import Graph
from adviz.language.ascii import in_ascii
from adviz.language.data import records_as_csv
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.numerals import DIGITS
from adviz.language.outputs import output
from adviz.modes.point import Point, named
from adviz.modes.run import Run
from adviz.modes.verbs import wanted_inputs, weighed
from adviz.numbers import Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from adviz.comparison.figures.chart import Chart
    from adviz.render.plate import Plate
    from adviz.scene.scene import Marks, Scene


@dataclass(frozen=True, eq=False)
class Reversal:
    """What came of a reverse sweep by a schedule, as it was counted while it ran."""

    value: Any
    """The output's value; a mapping by label when there are several outputs."""
    gradient: dict[str, Number]
    """The derivative by every wanted input."""
    runs: int
    """How many times a step was run."""
    peak: int
    """The most values that were held at any time; the point's numbers are not counted."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """What is done to reverse a chain of steps, as plain actions, and exact counts.

    >>> import adviz
    >>> found = adviz.checkpoint(10, snapshots=3)
    >>> found.advances, found.repetition, found.peak_snapshots, found.peak
    (15, 2, 3, 5)
    """

    chain: Chain
    name: str
    """One of `all`, `sqrt`, `binomial`, `optimal`."""
    actions: tuple[Action, ...]

    @property
    def steps(self) -> int:
        """How many steps the chain has."""
        return len(self.chain)

    @cached_property
    def advances(self) -> int:
        """How many steps are run without being reversed as they run."""
        return advances(self.actions)

    @property
    def runs(self) -> int:
        """How many times a step is run in all, the runs in which each is reversed among them."""
        return self.advances + self.steps

    @cached_property
    def repetitions(self) -> tuple[int, ...]:
        """Per step how often it is run before the run in which it is reversed."""
        changes = [0] * (self.steps + 1)
        for kind, start, stop in self.actions:
            if kind == "advance":
                changes[start] += 1
                changes[stop] -= 1
        return tuple(accumulate(changes[:-1]))

    @property
    def repetition(self) -> int:
        """How often the step that is run most is run before it is reversed."""
        return max(self.repetitions)

    @property
    def operations(self) -> int:
        """How many values are computed in the advances."""
        costs = zip(self.repetitions, self.chain.computed, strict=True)
        return sum(often * cost for often, cost in costs)

    @property
    def peak_snapshots(self) -> int:
        """The most snapshots that are held at any time."""
        return max(self.snapshots_held)

    @cached_property
    def snapshots_held(self) -> tuple[int, ...]:
        """Per action how many snapshots there are when it is done."""
        return snapshots_held(self.actions)

    @cached_property
    def live(self) -> tuple[int, ...]:
        """Per action the most values that are held meanwhile.

        These are the values of the snapshots, of the state that has been come to, and, while a
        step runs, all that it computes.
        """
        return tuple(live(self.actions, self.chain.widths, self.chain.computed))

    @property
    def peak(self) -> int:
        """The most values that are held at any time."""
        return max(self.live)

    def reverse(
        self,
        at: Point,
        cotangent: Any = None,
        *,
        wrt: str | Sequence[str] | None = None,
        digits: int | None = None,
    ) -> Reversal:
        """Differentiate the graph that was cut, holding no more than the schedule says.

        Parameters and errors are those of `adviz.reverse`, and so are the derivatives, bit for
        bit; arrays are refused. Raises AdvizError for a schedule of steps without a graph.

        >>> import adviz
        >>> chain = adviz.checkpoint("a = 4*x*(1 - x); b = 4*a*(1 - a); 4*b*(1 - b)", snapshots=1)
        >>> found = chain.reverse(at={"x": 0.2})
        >>> found.gradient == adviz.reverse(chain.chain.graph, at={"x": 0.2}).gradient
        True
        >>> found.runs, found.peak
        (6, 5)
        """
        graph = self.chain.graph
        if graph is None:
            raise AdvizError(
                f"the schedule is of {self.steps} steps and no graph, so there is nothing to "
                "differentiate; give the graph in their place: adviz.checkpoint(graph, snapshots=3)"
            )
        point, seeds = named(graph, at), weighed(graph, cotangent)
        sweep = Sweep(self.chain, graph, point, seeds, wanted_inputs(graph, wrt), digits)
        with PAUSED:
            try:
                peak = self._carried_out(sweep)
            except (DomainError, LookupError) as error:
                _say_as_a_whole(graph, sweep, error)
        value = sweep.value if len(graph.outputs) > 1 else next(iter(sweep.value.values()))
        return Reversal(value, sweep.gradient, sweep.runs, peak)

    def _carried_out(self, sweep: Sweep) -> int:
        """Return the most values that a sweep has held, having carried out all actions."""
        peak = 0
        for moment, counted in zip(sweep.moments(self.actions), self.live, strict=True):
            assert moment.held <= counted, moment.action  # noqa: S101 - our promise, no input
            peak = max(peak, moment.held)
        return peak

    def tradeoff(self, ax: Axes | None = None) -> Chart:
        """Return how much is run again against how much is kept, for a chain of so many steps.

        >>> import adviz
        >>> [curve.name for curve in adviz.checkpoint(10, snapshots=3).tradeoff().curves]
        ['binomial', 'every k-th state']
        """
        from adviz.comparison.figures.memory import tradeoff

        return tradeoff(self).painted(ax)

    def __repr__(self) -> str:
        return f"<Schedule {listing.headline(self)}>"

    def __str__(self) -> str:
        """Return the actions as a table of plain text, what they take above it."""
        return f"{listing.headline(self)}\n{listing.grid(self)}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(f"{listing.headline(self)}\n{listing.grid(self, in_ascii)}")

    def __rich__(self) -> Any:
        """Return the same for rich."""
        from rich.console import Group

        return Group(listing.headline(self), listing.grid(self))

    def markdown(self) -> str:
        """Return the actions as a Markdown table."""
        return listing.grid(self).markdown()

    def latex(self) -> str:
        """Return the actions as a LaTeX tabular, which needs booktabs and amsmath."""
        return listing.latex(self)

    def html(self) -> str:
        """Return the actions as an HTML table, what they take as its caption."""
        return listing.html(self)

    def _repr_html_(self) -> str:
        return output(self.html())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return listing.document(self)

    def to_csv(self) -> str:
        """Return the actions as CSV under one heading, however many there are."""
        return records_as_csv(listing.as_rows(self))

    def save(self, path: str | Path) -> None:
        """Write the actions as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        The space-time diagram is `.pdf`, `.png` and `.svg`; the film is written by `adviz.animate`.
        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def _plate_(self) -> Plate:
        """Return the space-time diagram, for `adviz.draw`."""
        from adviz.comparison.checkpointing.diagram import diagram

        return diagram(self)

    def _film_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the film of the actions, for `adviz.animate`."""
        from adviz.comparison.checkpointing.film import film

        return replace(film(self, marks), precision=precision)


FORMS = Forms("a schedule", sealed({**TABLE, **PICTURE}))
"""How a schedule is written, by suffix."""


def _say_as_a_whole(graph: Graph, sweep: Sweep, error: Exception) -> NoReturn:
    """Raise what a sweep over the whole graph raises, which names its own nodes."""
    try:
        Run(graph, sweep.point, sweep.digits).reverse(sweep.cotangent, sweep.wanted)
    except AdvizError as whole:
        raise whole from None
    raise error
