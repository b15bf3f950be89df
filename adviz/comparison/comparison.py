"""What was compared: plain rows, which show themselves in every medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adviz.comparison import page, views
from adviz.comparison.counts import Counts
from adviz.errors import AdvizError
from adviz.graph.graph import Graph
from adviz.language.ascii import in_ascii
from adviz.language.asked import shown
from adviz.language.forms import PICTURE, TABLE, Forms, sealed
from adviz.language.numerals import DIGITS

if TYPE_CHECKING:
    from adviz.scene.scene import Marks, Scene


@dataclass(frozen=True)
class Row:
    """One way to differentiate."""

    way: str
    sweeps: int
    """How often it goes through the operations: a sweep, an evaluation."""
    counts: Counts | None = None
    """None where it was left out, and the note says why."""
    tape: int = 0
    """The operations of the value that are kept for a sweep back."""
    ulps: float | None = None
    """The largest error at the point in units in the last place; None where none is known."""
    worst: str = ""
    """The derivative that has it."""
    time: float | None = None
    """The time it takes as a multiple of one evaluation; None where it was not measured."""
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """What the ways to differentiate a function cost, and how exact each is; a row each.

    It shows itself in a terminal and in a notebook; `adviz.draw` draws the graphs.

    >>> import adviz
    >>> found = adviz.compare("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> found["derivative graph"].counts.work.operations, found["reverse"].tape
    (5, 3)
    """

    graph: Graph
    wanted: tuple[str, ...]
    """The inputs that are differentiated by."""
    point: Mapping[str, float] | None
    rows: tuple[Row, ...]
    """The value first, then every way."""
    unknown: tuple[str, ...] = ()
    """The derivatives whose truth is not known at the point."""

    def __getitem__(self, way: str) -> Row:
        """Return the row of a way. Raises AdvizError for an unknown one."""
        for row in self.rows:
            if row.way == way:
                return row
        known = "; ".join(row.way for row in self.rows)
        raise AdvizError(f"there is no row {shown(way)}; rows are {known}")

    def __repr__(self) -> str:
        return f"<Comparison: {len(self.rows)} ways, {views.title(self)}>"

    def __str__(self) -> str:
        """Return the table as plain text."""
        return views.text(self)

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(str(self))

    def __rich__(self) -> Any:
        """Return the table for rich, with what it is of and its notes."""
        return views.screen(self)

    def markdown(self) -> str:
        """Return a Markdown table."""
        return views.markdown(self)

    def latex(self) -> str:
        """Return a LaTeX tabular, which needs booktabs."""
        return views.latex(self)

    def html(self) -> str:
        """Return the table as a piece of a page, with every digit and meaning on hover."""
        return page.fragment(self)

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def to_csv(self) -> str:
        """Return the rows as CSV under one heading, with every digit."""
        return views.as_rows(self)

    def to_json(self) -> Mapping[str, Any]:
        """Return the comparison as plain data; NaN and infinities are strings."""
        return views.document(self)

    def _scene_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the formula's graph beside that of its derivative, for `adviz.draw`."""
        from adviz.comparison.picture import picture

        return picture(self, marks, precision)

    def save(self, path: str | Path) -> None:
        """Write the table as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        The graphs, as `adviz.draw` draws them, are `.pdf`, `.png` and `.svg`.
        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)


FORMS = Forms("a comparison", sealed({**TABLE, **PICTURE, ".html": page.page}))
"""How a comparison is written, by suffix."""
