"""The evaluation trace as a table: primal beside tangent, or primal downwards beside adjoint.

The form of Griewank & Walther (2008), tables 1.2 and 1.3, and of Baydin et al., *Automatic
Differentiation in Machine Learning: a Survey* (JMLR 18, 2018), tables 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.graph.sameness import numbered_alike
from adviz.language import notation
from adviz.language.ascii import in_ascii
from adviz.language.asked import all_of
from adviz.language.grid import Grid
from adviz.language.notation import Tree
from adviz.language.numerals import DIGITS, full, short, shown_digits
from adviz.modes.trace import Trace
from adviz.numbers import Number
from adviz.scene.lettering import fitted
from adviz.scene.quantities import Sweep, headings, quantity, sweeps
from adviz.scene.text_width import width

_SIZE, _BETWEEN = 14.0, 20.0
"""The size of the letters in a page, and how far its columns are apart, in pixels."""
_ROOM, _LEAST_ROOM = 420.0, 150.0
"""The room of a table beside a graph, and the least that is left of it for names and formulas."""
_SYMBOLS = 0.38
"""The part of that room for the names of nodes."""


@dataclass(frozen=True)
class Cell:
    """A derivative of one node: its contributions and their sum."""

    contributions: tuple[Number, ...]
    number: Number


@dataclass(frozen=True)
class Row:
    """One node of a trace."""

    node: int
    symbol: Tree
    formula: Tree
    value: Number
    derivatives: tuple[Cell, ...]


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

    def __repr__(self) -> str:
        return f"<Table: {len(self.rows)} rows of {', '.join(self._shown_heads)}>"

    @property
    def headings(self) -> list[str]:
        """The column headings."""
        shown = [title for kind in self.kinds for title in headings(kind)]
        return ["node", "formula", "value", *shown]

    def _cells(self, medium: _Medium) -> list[list[str]]:
        def shown(number: Number) -> str:
            return medium.number(short(number, self.precision))

        return [
            [
                medium.tree(row.symbol),
                medium.tree(row.formula),
                shown(row.value),
                *(
                    text
                    for kind, cell in zip(self.kinds, row.derivatives, strict=True)
                    for text in _derivative(cell, shown, medium.minus)[: len(headings(kind))]
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
        styles = {kind: quantity(kind).look.terminal for kind in self.kinds}
        return Grid(self.headings, self._cells(medium), styles={**styles, "contributions": "dim"})

    def markdown(self) -> str:
        """Return a Markdown table; no cell can end it or start markup."""
        return self._grid(_TEXT).markdown()

    def latex(self) -> str:
        """Return a LaTeX tabular, in plain LaTeX without packages but amsmath."""
        return self._grid(_LATEX).latex()

    def html(self) -> str:
        """Return an HTML table with row headers; formulas are MathML, full numbers on hover."""
        heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self._shown_heads)
        room = self._room
        body = "\n".join(self._html_row(row, room) for row in self.rows)
        return (
            f'<table class="trace">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table>"
        )

    @property
    def _room(self) -> float:
        """How wide names and formulas may be so that the columns of numbers are seen too."""
        columns = zip(
            *([row.value, *(cell.number for cell in row.derivatives)] for row in self.rows),
            strict=True,
        )
        widest = (max(map(self._width, column), default=0.0) for column in columns)
        return max(_LEAST_ROOM, _ROOM - sum(wide + _BETWEEN for wide in widest))

    def _width(self, number: Number) -> float:
        return width(short(number, self.precision), _SIZE, "bold")

    def _html_row(self, row: Row, room: float) -> str:
        symbol = _fitted('th scope="row"', row.symbol, room * _SYMBOLS)
        formula = _fitted("td", row.formula, room * (1 - _SYMBOLS))
        value = self._html_number(row.value, "value")
        derivatives = "".join(
            self._html_number(cell.number, kind, _apart(self.kinds, sweep))
            for kind, sweep, cell in zip(self.kinds, self.sweeps, row.derivatives, strict=True)
        )
        return f'<tr data-node="{row.node}">{symbol}{formula}{value}{derivatives}</tr>'

    def _html_number(self, number: Number, kind: str, apart: str = "") -> str:
        shown, whole = escape(short(number, self.precision)), escape(full(number), quote=True)
        return f'<td data-row="{kind}"{apart} title="{whole}">{shown}</td>'

    @property
    def _shown_heads(self) -> list[str]:
        return [heading for heading in self.headings if heading != "contributions"]

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def as_rows(self) -> list[dict[str, Any]]:
        """Return plain data, one dictionary a node: what `--json` prints."""
        return [
            {
                "node": notation.ascii_text(row.symbol),
                "formula": notation.ascii_text(row.formula),
                "value": row.value,
                **{
                    kind: cell.number
                    for kind, cell in zip(self.kinds, row.derivatives, strict=True)
                },
            }
            for row in self.rows
        ]


def table(*traces: Trace, precision: int = DIGITS) -> Table:
    """Return the evaluation trace of one sweep, or of several over the same graph and point.

    Numbers have `precision` significant digits, 1 to 17. Raises PointError when the traces do not
    belong together, FormatError for a precision that there is not.

    >>> import adviz
    >>> t = adviz.forward("x*x", at={"x": 3}, direction="x")
    >>> [row.derivatives[0].number for row in adviz.table(t).rows]
    [1.0, 6.0]
    """
    if not traces:
        raise PointError("a table needs a trace: adviz.table(adviz.reverse(g, at=…))")
    all_of(Trace, "traces", traces, "sweeps, such as adviz.reverse gives")
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
    return Table(kinds, tuple(swept), rows, shown_digits(precision))


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
    arrived: dict[int, list[Number]] = {}
    for step in trace.steps:
        if step.kind == kind and step.edge is not None:
            arrived.setdefault(step.node, []).append(step.product)
    graph, numbers = trace.graph, trace.derivatives[kind]
    rows = {node: graph.row(node) for node in _order(graph)}
    return [
        Cell(tuple(arrived.get(node, ())), None if row and row.condition else numbers[node])
        for node, row in rows.items()
    ]


class _Medium(NamedTuple):
    """How a table of text is written: its trees, its numbers, and a minus between two of them."""

    tree: Callable[[Tree], str]
    number: Callable[[str], str]
    minus: str


_TEXT = _Medium(notation.unicode_text, str, "− ")
_ASCII = _Medium(lambda tree: in_ascii(notation.ascii_text(tree)), in_ascii, "- ")
_LATEX = _Medium(notation.latex, lambda text: notation.latex(("number", text)), "-")


def _derivative(cell: Cell, shown: Callable[[Number], str], minus: str) -> tuple[str, str]:
    """Return a derivative's number, and its contributions when there are several."""
    number = shown(cell.number)
    if len(cell.contributions) < 2:
        return number, ""
    first, *others = map(shown, cell.contributions)
    signed = (
        text.replace(minus[0], minus, 1) if text.startswith(minus[0]) else f"+ {text}"
        for text in others
    )
    return number, " ".join([first, *signed])


def _fitted(tag: str, part: Tree, longest: float) -> str:
    """Return a cell with a formula; where its names are shortened, the whole of it on hover."""
    shown = fitted(part, longest, _SIZE)
    whole = "" if shown == part else f' title="{escape(notation.unicode_text(part), quote=True)}"'
    return f"<{tag}{whole}>{notation.mathml(shown)}</{tag.partition(' ')[0]}>"


def _apart(kinds: Sequence[str], sweep: int) -> str:
    """Return what tells two columns of the same kind apart; one of a kind needs nothing."""
    return f' data-trace="{sweep}"' if len(set(kinds)) < len(kinds) else ""
