"""The evaluation trace as a table: primal beside tangent, or primal downwards beside adjoint.

The form of Griewank & Walther (2008), tables 1.2 and 1.3, and of Baydin et al., *Automatic
Differentiation in Machine Learning: a Survey* (JMLR 18, 2018), tables 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.asked import all_of
from adviz.language.data import as_csv, plain
from adviz.language.forms import TABLE, Forms, sealed
from adviz.language.grid import Grid
from adviz.language.notation import Tree
from adviz.language.numerals import DIGITS, shown_digits
from adviz.language.outputs import output
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.scene.cells import Cell, Row, terms
from adviz.scene.grids import shown
from adviz.scene.hypertext import Hypertext
from adviz.scene.quantities import Sweep, headings, quantity, sweeps, titles
from adviz.scene.written_out import written_out


@dataclass(frozen=True)
class Table:
    """An evaluation trace, one row a node; prints itself as text, Markdown, LaTeX and HTML.

    >>> import adviz
    >>> print(adviz.table(adviz.reverse("(x + y)*(x - y)", at={"x": 3, "y": 2})).markdown())
    | node | formula | value | adjoint | contributions |
    |:-----|:--------|------:|--------:|--------------:|
    | x    | input   |     3 |       6 |         5 + 1 |
    | y    | input   |     2 |      −4 |        −5 + 1 |
    | v₁   | x + y   |     5 |       1 |               |
    | v₂   | x − y   |     1 |       5 |               |
    | v₃   | v₁ × v₂ |     5 |       1 |               |
    """

    kinds: tuple[str, ...]
    """What the derivative columns hold: `tangent`, `adjoint`, `order 2`."""
    sweeps: tuple[int, ...]
    """Which of the sweeps each derivative column is of."""
    rows: tuple[Row, ...]
    precision: int = DIGITS
    """The significant digits of its numbers."""
    of_arrays: bool = False
    """Whether an array is one value, and not a number at many points."""

    def __repr__(self) -> str:
        return f"<Table: {len(self.rows)} rows of {', '.join(self._shown_heads)}>"

    @property
    def headings(self) -> list[str]:
        """The column headings; of several columns of a kind each has its number."""
        derived = [
            heading
            for title, kind in zip(self._titles, self.kinds, strict=True)
            for heading in (title, *headings(kind)[1:])
        ]
        return ["node", "formula", "value", *derived]

    @property
    def _titles(self) -> tuple[str, ...]:
        return titles(self.kinds)

    def _cells(self, medium: _Medium) -> list[list[str]]:
        def written(number: Number) -> str:
            return medium.number(medium.shown(number, self.precision, of_arrays=self.of_arrays))

        return [
            [
                medium.tree(row.symbol),
                medium.tree(row.formula),
                written(row.value),
                *(
                    text
                    for kind, cell in zip(self.kinds, row.derivatives, strict=True)
                    for text in _derivative(cell, written, medium.minus)[: len(headings(kind))]
                ),
            ]
            for row in self.rows
        ]

    def __str__(self) -> str:
        """Return the table as plain text for a terminal."""
        return str(self._grid(_TEXT))

    def ascii(self) -> str:
        """Return the table as plain text for a terminal that has no other characters than ASCII.

        >>> import adviz
        >>> print(adviz.table(adviz.reverse("θ - θ**2", at={"θ": 3})).ascii().splitlines()[-1])
         v2      theta - v1        -6         1
        """
        return str(self._grid(_ASCII)).replace("─", "-")

    def __rich__(self) -> Any:
        """Return the table for rich, colours by role."""
        return self._grid(_TEXT).__rich__()

    def _grid(self, medium: _Medium) -> Grid:
        styles = {
            title: quantity(kind).look.terminal
            for title, kind in zip(self._titles, self.kinds, strict=True)
        }
        return Grid(self.headings, self._cells(medium), styles={**styles, "contributions": "dim"})

    def markdown(self) -> str:
        """Return a Markdown table; no cell can end it or start markup."""
        return self._grid(_TEXT).markdown()

    def latex(self) -> str:
        """Return a LaTeX tabular, which needs the packages booktabs and amsmath."""
        return self._grid(_LATEX).latex()

    def html(self) -> str:
        """Return an HTML table with row headers; formulas are MathML, full numbers on hover."""
        page = Hypertext(self.kinds, self.sweeps, self.rows, self._shown)
        return page.table(self._shown_heads)

    def _shown(self, number: Number) -> str:
        return shown(number, self.precision, of_arrays=self.of_arrays)

    @property
    def _shown_heads(self) -> list[str]:
        return [heading for heading in self.headings if heading != "contributions"]

    def _repr_html_(self) -> str:
        return output(self.html())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows as plain data; a number that JSON has not is a text."""
        rows: list[dict[str, Any]] = plain(self.as_rows())
        return rows

    def to_csv(self) -> str:
        """Return the rows as CSV under one heading, every number with all its digits."""
        rows = [
            (*map(notation.ascii_text, (row.symbol, row.formula)), row.value,
             *(cell.number for cell in row.derivatives))
            for row in self.rows
        ]  # fmt: skip
        return as_csv(("node", "formula", "value", *self._titles), rows)

    def save(self, path: str | Path) -> None:
        """Write the table as `.csv`, `.html`, `.json`, `.md`, `.tex` or `.txt`.

        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)

    def as_rows(self) -> list[dict[str, Any]]:
        """Return plain data, one dictionary a node, whose numbers are as they were found."""
        return [
            {
                "node": notation.ascii_text(row.symbol),
                "formula": notation.ascii_text(row.formula),
                "value": row.value,
                **{
                    title: cell.number
                    for title, cell in zip(self._titles, row.derivatives, strict=True)
                },
            }
            for row in self.rows
        ]


FORMS = Forms("a table", sealed(TABLE))
"""How a table is written, by suffix."""


class Swept(Protocol):
    """A noun with sweeps of its own to tabulate: a Taylor expansion."""

    @property
    def trace(self) -> Trace:
        """The finished sweeps."""


def table(*swept_by: Trace | Swept, precision: int = DIGITS) -> Table:
    """Return the evaluation trace of one sweep, or of several over the same graph and point.

    A Taylor expansion is that of its orders. Numbers have `precision` significant digits, 1 to 17.

    Raises PointError when the traces do not belong together, FormatError for a precision that
    there is not.

    >>> import adviz
    >>> t = adviz.forward("x*x", at={"x": 3}, direction="x")
    >>> [row.derivatives[0].number for row in adviz.table(t).rows]
    [1.0, 6.0]
    """
    given = tuple(getattr(one, "trace", one) for one in swept_by)
    traces: list[Trace] = all_of(Trace, "traces", given, "sweeps, such as adviz.reverse gives")
    if not traces:
        raise PointError("a table needs a trace: adviz.table(adviz.reverse(g, at=…))")
    first = traces[0]
    if any(not numbered_alike(trace.graph, first.graph) for trace in traces):
        raise PointError("the traces of one table must be of the same graph")
    swept = {k: sweep for k, sweep in enumerate(sweeps(traces)) if sweep.kind != "value"}
    kinds = tuple(sweep.kind for sweep in swept.values())
    columns = [_column(sweep) for sweep in swept.values()]
    graph = first.graph
    rows = tuple(
        Row(node, graph.leaf(node), _formula(graph, node), first.values[node], tuple(cells))
        for node, *cells in zip(_order(graph), *columns, strict=True)
    )
    return Table(kinds, tuple(swept), rows, shown_digits(precision), graph.shapes is not None)


def _order(graph: Graph) -> list[int]:
    """Return the nodes that have a row: the inputs, then everything that is computed."""
    inputs = list(graph.inputs.values())
    apart = {*inputs, *(graph.constants.keys() - set(graph.outputs.values()))}
    return inputs + [node for node in range(len(graph)) if node not in apart]


def _formula(graph: Graph, node: int) -> Tree:
    if node in graph.inputs.values():
        return notation.tree("text", "input")
    return graph.expression(node)


def _column(sweep: Sweep) -> list[Cell]:
    """Return what a sweep finds of every node that has a row; of a condition nothing."""
    trace, kind = sweep.trace, sweep.kind
    arrived: dict[int, list[tuple[int, Number]]] = {}
    graph, numbers = trace.graph, trace.derivatives[kind]
    ids = {edge: number for number, edge in enumerate(graph.edges)}
    for step in trace.steps:
        if step.kind == kind and step.edge is not None:
            arrived.setdefault(step.node, []).append((ids[step.edge], step.product))
    rows = {node: graph.row(node) for node in _order(graph)}
    return [
        Cell(
            tuple(product for _, product in arrived.get(node, ())),
            None if row and row.condition else numbers[node],
            tuple(edge for edge, _ in arrived.get(node, ())),
        )
        for node, row in rows.items()
    ]


class _Medium(NamedTuple):
    """How a table of text is written: its trees, its numbers, and a minus between two of them."""

    tree: Callable[[Tree], str]
    number: Callable[[str], str]
    minus: str
    shown: Callable[..., str] = shown
    """How a number is written on one line, before it is set."""


_TEXT = _Medium(notation.unicode_text, str, "− ")
_ASCII = _Medium(lambda tree: in_ascii(notation.ascii_text(tree)), in_ascii, "- ")
_LATEX = _Medium(notation.latex, lambda text: notation.latex(("number", text)), "-", written_out)


def _derivative(cell: Cell, shown: Callable[[Number], str], minus: str) -> tuple[str, str]:
    """Return a derivative's number, and its contributions when there are several."""
    return shown(cell.number), " ".join(terms(cell, shown, minus))
