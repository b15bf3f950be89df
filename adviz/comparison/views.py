"""A comparison as a table: which columns there are, and each medium's way to write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from adviz.comparison.subject import told
from adviz.graph.graph import Graph
from adviz.graph.typed import typed
from adviz.language import notation
from adviz.language.brief import few
from adviz.language.data import plain, records_as_csv
from adviz.language.grid import Grid, escaped, tabular
from adviz.language.numerals import PENDING, in_text
from adviz.language.spelling import shortened

if TYPE_CHECKING:
    from adviz.comparison.comparison import Comparison, Row

Number = int | float | None
_LONGEST = 10**4_000
"""Python writes no whole number of more than 4300 digits."""
_ROOM = 60


class Column(NamedTuple):
    """One column: its heading, what it says, and its number in a row, None where it has none."""

    heading: str
    meaning: str
    number: Callable[[Comparison, Row], Number]


def _of_work(name: str) -> Callable[[Comparison, Row], Number]:
    return lambda _, row: getattr(row.counts.work, name) if row.counts else None


def _of_counts(name: str) -> Callable[[Comparison, Row], Number]:
    return lambda _, row: getattr(row.counts, name) if row.counts else None


def ratio(comparison: Comparison, row: Row) -> float | None:
    """Return a row's cost as a multiple of the value's; None where there is none."""
    value = comparison.rows[0].counts
    return (
        row.counts.work.cost / value.work.cost if row.counts and value and value.work.cost else None
    )


# One line for each column.
COLUMNS: tuple[Column, ...] = (
    Column("sweeps", "sweeps or evaluations", lambda _, row: row.sweeps),
    Column("sums", "sums, differences and signs", _of_work("adds")),
    Column("products", "products", _of_work("mults")),
    Column("nonlinear", "quotients, powers and functions", _of_work("nonlinear")),
    Column("choices", "comparisons and choices", _of_work("choices")),
    Column("cost", "moves and operations, a nonlinear one twice", _of_work("cost")),
    Column("ratio", "the cost as a multiple of the value's", ratio),
    Column("DAG", "nodes, each number once", _of_counts("nodes")),
    Column("tree", "nodes, nothing shared", _of_counts("tree")),
    Column(
        "tape", "operations kept for a sweep back", lambda _, row: row.tape if row.counts else None
    ),
    Column("live", "most values held at once", _of_counts("live")),
    Column("ulps", "largest error, in units in the last place", lambda _, row: row.ulps),
    Column("time", "time as a multiple of one evaluation's", lambda _, row: row.time),
)


def columns(comparison: Comparison) -> list[Column]:
    """Return the columns in which some row has a number that is not a count of 0."""

    def tells(number: Number) -> bool:
        return isinstance(number, float) or bool(number)

    rows = comparison.rows
    return [one for one in COLUMNS if any(tells(one.number(comparison, row)) for row in rows)]


def headings(comparison: Comparison) -> list[str]:
    """Return the headings, of the ways first."""
    return ["way", *(column.heading for column in columns(comparison))]


def cells(comparison: Comparison) -> list[list[str]]:
    """Return the texts of all cells, a list for each row."""
    kept = columns(comparison)
    return [
        [row.way, *(shown(column.number(comparison, row)) for column in kept)]
        for row in comparison.rows
    ]


def shown(number: Number) -> str:
    """Return a number as a cell has it: a whole one exactly while it is short.

    >>> shown(12345678), shown(2**200), shown(2.0), shown(0.123456), shown(None)
    ('12345678', '1.61e60', '2', '0.123', '–')
    """
    if number is None:
        return PENDING
    return told(number) if isinstance(number, int) else in_text(number, 3)


def exactly(number: Number) -> str:
    """Return a number with all the digits that can be written."""
    if number is None:
        return ""
    return shown(number) if isinstance(number, int) and number >= _LONGEST else str(number)


def title(comparison: Comparison) -> str:
    """Return what is compared, in a line."""
    said = shortened(_in_a_line(comparison.graph), _ROOM)
    by = few(comparison.wanted) if comparison.wanted else "nothing"
    point = comparison.point
    where = (
        "" if point is None else f" at {few(point, shown=lambda n: f'{n} = {in_text(point[n])}')}"
    )
    return _line(f"{said}, differentiated by {by}{where}")


def _in_a_line(graph: Graph) -> str:
    """Return a formula in a line, as an author types it.

    >>> import adviz
    >>> _in_a_line(adviz.build("sin(x*y)*x + exp(x*y)/y")), _in_a_line(adviz.build("a = x*y; a*a"))
    ('f(x, y) = sin(x*y)*x + exp(x*y)/y', 'a = x*y; a*a')
    """
    head, *lines = map(str.strip, typed(graph).splitlines())
    if any(re.match(r"_\d+ = ", line) for line in lines):
        return f"{head} …"
    return "; ".join(lines or [head])


def notes(comparison: Comparison) -> Iterator[str]:
    """Yield what the numbers do not say: what is left out, and what is not known."""
    ways: dict[str, list[str]] = {}
    for row in comparison.rows:
        ways.setdefault(row.note, []).append(row.way)
    for note, named in ways.items():
        if note:
            yield _line(f"{'; '.join(named)}: {note}")
    if comparison.unknown:
        yield _line(f"the truth is not known of {few(comparison.unknown)}")


def _line(text: str) -> str:
    """Return text on one line, in which nothing is a command to a terminal."""
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


def text(comparison: Comparison) -> str:
    """Return a comparison as plain text."""
    from rich.console import Console

    paper = StringIO()  # whose encoding is not that of the terminal
    table = cells(comparison)
    width = sum(
        max(map(len, column)) + 2 for column in zip(headings(comparison), *table, strict=True)
    )
    Console(
        file=paper, width=width, no_color=True, force_terminal=False, force_jupyter=False
    ).print(grid(comparison))
    drawn = [line.rstrip() for line in paper.getvalue().splitlines()]
    return "\n".join([title(comparison), *drawn, *notes(comparison)])


def grid(comparison: Comparison) -> Any:
    """Return the table for rich."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for k, heading in enumerate(headings(comparison)):
        made.add_column(heading, justify="right" if k else "left", no_wrap=True)
    for row, texts in zip(comparison.rows, cells(comparison), strict=True):
        made.add_row(*texts, style="dim" if row.note else "")
    return made


def screen(comparison: Comparison) -> Any:
    """Return the whole for rich: what is compared, the table, the notes."""
    from rich.console import Group
    from rich.text import Text

    said = [Text(note, style="dim") for note in notes(comparison)]
    return Group(Text(title(comparison), style="bold"), Text(), grid(comparison), *said)


def markdown(comparison: Comparison) -> str:
    """Return a comparison as a Markdown table, with its notes as a list."""
    said = [f"- {escaped(note)}" for note in notes(comparison)]
    table = Grid(headings(comparison), cells(comparison), words=1).markdown()
    return "\n".join([table, *([""] if said else []), *said])


def latex(comparison: Comparison) -> str:
    """Return a comparison as a LaTeX tabular, which needs booktabs; notes are comments below."""
    table = [headings(comparison), *cells(comparison)]
    head, *body = ([_tex(cell, k) for k, cell in enumerate(row)] for row in table)
    said = [f"% {note}" for note in notes(comparison)]
    return "\n".join([tabular(head, body), *said])


def _tex(cell: str, column: int) -> str:
    if not column or cell.isalpha():
        return notation.latex_escape(cell)
    return "--" if cell == PENDING else f"${notation.latex(('number', cell))}$"


def document(comparison: Comparison) -> Mapping[str, Any]:
    """Return a comparison as dictionaries, lists, texts and finite numbers."""
    made: Mapping[str, Any] = plain(
        {
            "formula": typed(comparison.graph),
            "wrt": list(comparison.wanted),
            "at": comparison.point,
            "rows": [_data(comparison, row) for row in comparison.rows],
            "unknown": list(comparison.unknown),
        }
    )
    return made


def as_rows(comparison: Comparison) -> str:
    """Return a comparison as CSV: every column, what is worst, and the notes."""
    return records_as_csv([_data(comparison, row) for row in comparison.rows])


def _data(comparison: Comparison, row: Row) -> dict[str, Any]:
    numbers = {column.heading: _writable(column.number(comparison, row)) for column in COLUMNS}
    return {"way": row.way, **numbers, "worst": row.worst, "note": row.note}


def _writable(number: Number) -> Number | str:
    """Return a number as JSON can hold it, one of thousands of digits rounded, as a text."""
    return exactly(number) if isinstance(number, int) and number >= _LONGEST else number
