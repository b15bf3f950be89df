"""A figure as a value: its curves are plain rows, and it shows itself, saves itself, and paints."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from adviz.files import write
from adviz.language.ascii import in_ascii
from adviz.language.asked import require
from adviz.language.data import as_csv, plain
from adviz.language.forms import TABLE, Form, Forms, sealed
from adviz.language.grid import Grid
from adviz.language.numerals import in_text
from adviz.numbers.given import float64
from adviz.render.plot.axes import axes_of
from adviz.render.still import bundle
from adviz.scene.lines import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SCREEN, _PRINT = 100.0, 200.0
"""Dots per inch in a notebook and in a file."""
_FINEST = 1200.0
"""Those of a printer."""
_SIZE = (7.2, 4.4)
"""Inches: on a projector its letters are a thirtieth of the height."""


class Axis(NamedTuple):
    """What is measured, with its unit; what lies beyond an end is drawn on it.

    What is infinite or no number is not drawn: a curve has a gap there.
    """

    label: str
    log: bool = True
    low: float | None = None
    high: float | None = None
    heading: Line = ()
    """The label as it is set, where it has mathematics in it."""

    def drawn(self, value: float) -> float:
        """Return where a value is drawn.

        >>> Axis("error", low=1e-17).drawn(0.0)
        1e-17
        >>> Axis("error", high=10.0).drawn(math.inf)
        inf
        """
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        known = abs(value) < math.inf
        return _double(min(max(value, low), high)) if known else value

    def ends(self, values: Sequence[float]) -> tuple[float | None, float | None]:
        """Return where the axis ends, with some room; None where the values alone decide.

        A logarithmic axis reaches no further than it must: to an end that something is drawn on.

        >>> Axis("error", low=1e-17, high=10.0).ends([0.0, 1.0])
        (5e-18, None)
        """
        low, high = self.low, self.high
        values = [value for value in values if abs(value) < math.inf]
        if self.log:
            below = low is not None and min(values, default=low) < low
            above = high is not None and max(values, default=high) > high
            return low / 2 if low and below else None, high * 2 if high and above else None
        if low is None or high is None:
            return None, None
        room = (high - low) / 20
        return low - room, high + room


def _double(value: float) -> float:
    """Return a number as a double; a whole one that is too large is infinite, and not drawn."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


class Row(NamedTuple):
    """One number of one curve."""

    curve: str
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """Numbers under one name, painted in one of `styles.STYLES`."""

    name: str
    style: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Mark:
    """A place that the reader is shown, and what is to be seen there."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Curves in one pair of axes, and what there is to see; shows itself in a notebook.

    >>> import adviz
    >>> found = adviz.step_errors("sin(x)", at={"x": 1.0})
    >>> found.save("error.svg")
    >>> found.to_csv().splitlines()[0]
    'curve,step h relative to x,relative error of df/dx'
    """

    title: str
    caption: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...] = ()
    heading: Line = ()
    """The title as it is set, where it has mathematics in it."""

    def __repr__(self) -> str:
        return f"<Chart: {self.title}>"

    def __getitem__(self, name: str) -> Curve:
        """Return a curve by its name. Raises KeyError for an unknown one."""
        return {curve.name: curve for curve in self.curves}[name]

    @property
    def rows(self) -> list[Row]:
        """Every number that is shown, as it was found."""
        return [Row(curve.name, x, y) for curve in self.curves for x, y in curve.points]

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return the rows as CSV under one heading, and write them where a path is given."""
        text = as_csv(("curve", self.x.label, self.y.label), self.rows)
        if path is not None:
            write(path, text.encode())
        return text

    def to_json(self) -> dict[str, Any]:
        """Return plain data: what is said and measured, and the points of every curve."""
        return {
            "title": self.title,
            "caption": self.caption,
            "x": self.x.label,
            "y": self.y.label,
            "curves": [
                {"name": curve.name, "points": plain(curve.points)} for curve in self.curves
            ],
            "marks": [vars(mark) for mark in self.marks],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Paint into some axes of matplotlib's, or into those of a new figure; return them.

        Raises AdvizError where matplotlib is missing, and for anything else than its axes.
        """
        from adviz.comparison.figures.painting import paint

        return paint(self, axes_of(ax, _SIZE))

    def painted(self, ax: Axes | None) -> Chart:
        """Return the chart itself, painted into axes where some are given."""
        if ax is not None:
            self.plot(ax)
        return self

    def figure(self) -> Figure:
        """Return a new figure, apart from all that pyplot knows of."""
        return self.plot().figure  # type: ignore[return-value]  # which is no part of another

    def save(self, path: str | Path, *, dpi: float = _PRINT) -> None:
        """Write the figure as `.pdf`, `.png` (in dots per inch) or `.svg`.

        What it shows is `.csv`, `.html` (the figure above its caption), `.json`, `.md`, `.tex` and
        `.txt`. Raises FormatError for another suffix; nothing half-written is left behind.
        """
        FORMS.of(path)  # which is refused before anything else
        require(0 < float64("dpi", dpi) <= _FINEST, "dpi", dpi, f"from 1 to {_FINEST:.0f}")
        FORMS.save(self, path, dpi)

    def svg(self) -> str:
        """Return the figure as SVG."""
        return _svg(self, _SCREEN).decode()

    def png(self, dpi: float = _PRINT) -> bytes:
        """Return the figure as a PNG file."""
        return _png(self, dpi)

    def markdown(self) -> str:
        """Return the curves as the columns of a Markdown table."""
        return self.grid.markdown()

    def latex(self) -> str:
        """Return the same as a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return self.grid.in_mathematics().latex()

    @property
    def grid(self) -> Grid:
        """The table of the curves, a column each."""
        known = [dict(curve.points) for curve in self.curves]
        places = sorted({row.x for row in self.rows})
        rows = [[in_text(x), *(in_text(at.get(x)) for at in known)] for x in places]
        names = [curve.name for curve in self.curves]
        return Grid([self.x.label, *names], rows, words=0)

    def __str__(self) -> str:
        """Return it as text: the title, the table and what there is to see."""
        return "\n\n".join([self.title, self.markdown(), self.caption])

    def ascii(self) -> str:
        """Return the same for a terminal that has no other characters than ASCII."""
        return in_ascii(str(self))

    def html(self) -> str:
        """Return the figure above its caption."""
        picture = self.svg()
        said = f'<svg role="img" aria-label="{escape(self.title)}" '
        inside = picture[picture.index("<svg ") :].replace("<svg ", said, 1)
        return (
            f'<figure style="margin:0;max-width:45em">{inside}'
            f"<figcaption>{escape(self.caption)}</figcaption></figure>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """Return the figure and what it says in words; as pixels where they are asked for."""
        forms = {
            "text/html": self._repr_html_,
            "image/png": lambda: b64encode(self.png(_SCREEN)).decode("ascii"),
            "text/plain": lambda: f"{self.title}\n{self.caption}",
        }
        return bundle(forms, ("text/html", "text/plain"), include, exclude)


def _pdf(chart: Chart, dpi: float) -> bytes:
    return _painted(chart, "pdf", dpi, Subject=chart.caption, CreationDate=None)


def _png(chart: Chart, dpi: float) -> bytes:
    return _painted(chart, "png", dpi, Description=chart.caption, Software=None)


def _svg(chart: Chart, dpi: float) -> bytes:
    return _painted(chart, "svg", dpi, Description=chart.caption, Date=None)


def _painted(chart: Chart, form: str, dpi: float, **said: str | None) -> bytes:
    """Return a figure as a file that says what it shows, and nothing of when it was made."""
    from adviz.comparison.figures.painting import rendered

    return rendered(chart.figure(), form, {"Title": chart.title, **said}, dpi)


def _at_any(form: Form) -> Form:
    """Return a form of a table, which has no dots per inch."""
    return lambda chart, _: form(chart)


FORMS = Forms(
    "a figure",
    sealed(
        {
            **{suffix: _at_any(form) for suffix, form in TABLE.items()},
            ".pdf": _pdf,
            ".png": _png,
            ".svg": _svg,
        }
    ),
)
"""How a figure is written, by suffix, in some dots per inch."""
