"""The report as one screen of a terminal: headline, counts, findings, and the worst in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from adviz.checking.finding import Finding
from adviz.checking.report import witnesses, words
from adviz.checking.report.colours import LOOKS, UNREACHED
from adviz.checking.report.listing import (
    HEADINGS,
    MOST_LINES,
    NUMERIC,
    WIDEST,
    Line,
    listed,
)
from adviz.checking.report.witnesses import Row

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from adviz.checking.report import Report

_NARROWEST = {"by": 8, "worst at": 12}
"""The columns that may be narrower than their texts, and how narrow."""
_DISPENSABLE = ("points", "bound")
"""The columns that are left out, in this order, where the numbers are too long for all."""
_WIDTH, _GAP = 100, 2


def screen(report: Report) -> Iterator[RenderableType]:
    """Yield the parts of the screen from its top."""
    yield _text(report.headline, f"bold {LOOKS[report.verdict].style}")
    yield _counts(report)
    yield from (_text(sentence, UNREACHED.style) for sentence in report.unreached)
    shown, left_out = listed(report.findings)
    if shown:
        yield ""
        yield _findings(shown)
    if left_out:
        yield _text(left_out, "dim")
    worst = report.worst
    if worst is not None and worst.verdict != "agrees":
        yield from _in_full(worst, report.graph.symbols)
    if report.proofs:
        yield _text(f"\n{words.proofs_title(report.findings)}", "bold")
        yield from _proofs(witnesses.audible(witnesses.proved(report.proofs)))


def _counts(report: Report) -> Text:
    line = _text(words.counted(report))
    for verdict in report.counts:
        line.highlight_words([words.plural(verdict)], LOOKS[verdict].style)
    return line


def _findings(shown: Sequence[Line]) -> Table:
    columns, room = _fitting([HEADINGS, *(line.full() for line in shown)])
    grid = _grid()
    for heading in (HEADINGS[k] for k in columns):
        justify: Any = "right" if heading in NUMERIC else "left"
        grid.add_column(
            heading,
            justify=justify,
            no_wrap=heading not in _NARROWEST,
            min_width=_NARROWEST.get(heading),
            max_width=WIDEST,
        )
    for line in shown:
        whole = line.full(room)
        first, *others, last = (whole[k] for k in columns)
        point = _text(last)
        point.no_wrap, point.overflow = True, "ellipsis"
        grid.add_row(_text(first, LOOKS[line.verdict].style), *map(_text, others), point)
    return grid


def _fitting(rows: Sequence[Sequence[str]]) -> tuple[list[int], int]:
    """Return the columns for which there is room, and how much is left for the point."""
    *wide, last = (min(max(map(len, column)), WIDEST) + _GAP for column in zip(*rows, strict=True))
    wide[HEADINGS.index("by")] = _NARROWEST["by"] + _GAP
    kept = list(range(len(wide)))
    for heading in _DISPENSABLE:
        if sum(wide[k] for k in kept) + last > _WIDTH:
            kept.remove(HEADINGS.index(heading))
    room = _WIDTH - sum(wide[k] for k in kept) - 1
    return [*kept, len(wide)], max(_NARROWEST["worst at"], min(room, WIDEST))


def _in_full(worst: Finding, symbols: Sequence[str]) -> Iterator[RenderableType]:
    """Yield what is known of the worst finding; of the witnesses, who does not agree."""
    from rich.table import Table

    yield _text(f"\n{worst.key} at {words.at(worst.point)}", "bold")
    grid = Table.grid(padding=(0, 2))
    for heading, fact in words.facts(worst, symbols).items():
        grid.add_row(_text(heading, "dim"), _text(fact))
    yield grid
    if worst.statements:
        agreeing = witnesses.agreeing(worst.statements, worst.expected)
        yield _text(f"\n{agreeing}" if agreeing else "")
        yield from _rows(witnesses.HEADINGS, witnesses.others(worst.statements))


def _proofs(said: Sequence[Row]) -> Iterator[RenderableType]:
    yield from _rows(witnesses.PROVED, said[:MOST_LINES])
    if len(said) > MOST_LINES:
        yield _text(f"… {len(said) - MOST_LINES} more", "dim")


def _rows(headings: Sequence[str], said: Sequence[Row]) -> Iterator[RenderableType]:
    """Yield a table of what witnesses say, if they say anything."""
    grid = _grid()
    for heading in headings:
        grid.add_column(heading)
    for witness, cell, verdict, remark in said:
        style = LOOKS[verdict].style
        grid.add_row(_text(witness), _text(cell), _text(verdict, style), _text(remark))
    if said:
        yield grid


def _grid() -> Table:
    from rich import box
    from rich.table import Table

    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))


def _text(text: str, style: str = "") -> Text:
    """Return text in which nothing is markup or a command to the terminal."""
    from rich.text import Text

    return Text("".join(c if c.isprintable() or c == "\n" else "�" for c in text), style=style)
