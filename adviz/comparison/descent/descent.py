"""A finished descent: where it went, what the loss was there, and if the gradients are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from adviz.checking.finding import VERDICTS, Verdict
from adviz.checking.report import Report
from adviz.comparison.descent.parameters import shaped
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.graph.typed import typed
from adviz.language.ascii import in_ascii
from adviz.language.asked import require
from adviz.language.brief import few
from adviz.language.data import as_csv, plain
from adviz.language.forms import TABLE, Forms, sealed
from adviz.language.grid import Grid
from adviz.language.numerals import in_text
from adviz.language.outputs import output
from adviz.numbers.given import integer

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from adviz.comparison.figures.chart import Chart

MOST_ROWS = 11
"""How many steps a table shows, the first and the last among them."""
_FEW = 4
"""The most parameters that a table shows."""


class Iterate(NamedTuple):
    """One point of a descent, before its step."""

    step: int
    """How many steps led to it."""
    loss: float
    """The mean over the batch of the step that starts here."""
    norm: float
    """The Euclidean norm of the gradient of that mean."""
    rate: float
    point: Any
    """The parameters, as an array in the order of `Descent.names`."""


@dataclass(frozen=True, eq=False)
class Descent:
    """What `descend` did, one iterate for every point; shows itself in a notebook.

    >>> import adviz
    >>> d = adviz.descend("(1 - x)**2 + 100*(y - x**2)**2", at={"x": -1, "y": 1}, rate=1e-3)
    >>> print(d.markdown().splitlines()[0])
    | step |    loss | gradient norm |         x |        y |
    >>> d.headline
    'loss 4 at the start, 3.66473 after 100 steps; gradients agree at the first and the last step'
    """

    graph: Graph
    """The loss of one example."""
    names: tuple[str, ...]
    """The inputs that are learned."""
    start: Mapping[str, Any]
    """Where they started, as given."""
    examples: int
    """How many there are; 1 where the loss has no data."""
    batch: int
    """How many of them a step looks at."""
    iterates: tuple[Iterate, ...]
    """One more than there were steps: the last is the point that was reached."""
    checks: tuple[Report, ...]
    """The verdicts on the gradient at the first and at the last iterate; none if none was asked."""

    def __repr__(self) -> str:
        return f"<Descent in {few(self.names)}: {self.headline}>"

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that were reached, in the shapes in which they were given."""
        return self.parameters_at(len(self.iterates) - 1)

    def parameters_at(self, step: int) -> dict[str, Any]:
        """Return the parameters after so many steps, in the shapes in which they were given.

        Vectors are arrays. Raises PointError for a step that was not taken.
        """
        place, last = integer("step", step), len(self.iterates) - 1
        good = place is not None and 0 <= place <= last
        require(good, "step", step, f"a whole number from 0 to {last}", PointError)
        numbers = dict(zip(self.names, self.iterates[place or 0].point.tolist(), strict=True))
        return shaped(self.graph, self.start, numbers)

    @property
    def losses(self) -> Any:
        """The loss at every iterate, as an array: of all examples, or of its batch."""
        return np.array([one.loss for one in self.iterates])

    @property
    def norms(self) -> Any:
        """The gradient's norm at every iterate, as an array."""
        return np.array([one.norm for one in self.iterates])

    @cached_property
    def path(self) -> Any:
        """Every point, as an array of shape (steps + 1, parameters)."""
        return np.stack([one.point for one in self.iterates])

    @property
    def epoch(self) -> int:
        """How many steps look at every example once."""
        return -(-self.examples // self.batch)

    @property
    def epoch_losses(self) -> Any:
        """The mean of the losses in each pass over all examples that was finished, as an array."""
        whole = len(self.iterates) // self.epoch
        return self.losses[: whole * self.epoch].reshape(whole, self.epoch).mean(axis=1)

    @property
    def verdict(self) -> Verdict | None:
        """The worst verdict on its gradients; None where they were not checked."""
        found = {report.verdict for report in self.checks}
        return next((verdict for verdict in VERDICTS if verdict in found), None)

    @property
    def headline(self) -> str:
        """What it did, in one sentence."""
        first, *_, last = map(in_text, self.losses)
        loss = "loss" if self.epoch == 1 else "loss of a batch"
        did = f"{loss} {first} at the start, {last} after {len(self.iterates) - 1} steps"
        return f"{did}; {self._judged}"

    @property
    def _judged(self) -> str:
        verdicts = [report.verdict for report in self.checks]
        if set(verdicts) <= {"agrees"}:
            both = "gradients agree at the first and the last step"
            return both if verdicts else "gradients not checked"
        first, last = verdicts
        return f"gradients at the first step: {first}, at the last: {last}"

    def __str__(self) -> str:
        """Return the headline, and a table of some of the steps."""
        return f"{self.headline}\n{self.grid}"

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(str(self))

    def markdown(self) -> str:
        """Return the table as Markdown."""
        return self.grid.markdown()

    def latex(self) -> str:
        """Return the table as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return self.grid.in_mathematics().latex()

    @property
    def grid(self) -> Grid:
        """The table of some of the steps, evenly spread; few parameters have a column each."""
        names = self.names if len(self.names) <= _FEW else ()
        shown = np.unique(np.linspace(0, len(self.iterates) - 1, MOST_ROWS).round().astype(int))
        rows = [self._row(self.iterates[place], len(names)) for place in shown]
        return Grid(("step", "loss", "gradient norm", *names), rows, words=0)

    def _row(self, one: Iterate, parameters: int) -> list[str]:
        numbers = (one.loss, one.norm, *one.point[:parameters])
        return [str(one.step), *map(in_text, numbers)]

    def html(self) -> str:
        """Return the table as HTML."""
        return self.grid.in_markup().html("descent", self.headline)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": output(self.html()), "text/plain": str(self)}

    def as_rows(self) -> list[dict[str, Any]]:
        """Return plain data, one dictionary an iterate, with every parameter by name."""
        return [
            {
                "step": one.step,
                "loss": one.loss,
                "gradient norm": one.norm,
                "rate": one.rate,
                "parameters": dict(zip(self.names, one.point.tolist(), strict=True)),
            }
            for one in self.iterates
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the descent as plain data, its reports among it."""
        return {
            "formula": typed(self.graph),
            "headline": self.headline,
            "examples": self.examples,
            "batch": self.batch,
            "steps": plain(self.as_rows()),
            "checks": [report.to_json() for report in self.checks],
        }

    def to_csv(self) -> str:
        """Return every step as CSV, each parameter in a column of its name."""
        rows = [(*one[:4], *one.point.tolist()) for one in self.iterates]
        return as_csv(("step", "loss", "gradient norm", "rate", *self.names), rows)

    def save(self, path: str | Path) -> None:
        """Write the steps as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        Data, `.csv` and `.json`, have every step with all its digits, the other forms some steps.
        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def loss_curve(self, ax: Axes | None = None) -> Chart:
        """Return the loss at every step as a figure, perhaps painted into axes of matplotlib's."""
        from adviz.comparison.figures.loss import loss_curve

        return loss_curve(self).painted(ax)


FORMS = Forms("a descent", sealed(TABLE))
"""How a descent is written, by suffix."""
