"""A schedule as a table: a row for every action."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from adviz.comparison.checkpointing.actions import Action, Kind
from adviz.graph.typed import typed
from adviz.language.grid import Grid

if TYPE_CHECKING:
    from adviz.comparison.checkpointing.schedule import Schedule

HEADINGS = ("action", "states", "snapshots", "live values")
_WORDS = 2
"""How many of the columns are words."""
_LISTED = 200
"""The most actions that a table lists."""

_STATES: Mapping[Kind, Callable[[Action], str]] = MappingProxyType(
    {
        "advance": lambda action: f"{action.start} → {action.stop}",
        "reverse": lambda action: f"{action.stop} ← {action.start}",
    }
)
"""How the states of an action are written that is about two of them."""

_OFTEN = {1: "once", 2: "twice"}


def headline(found: Schedule) -> str:
    """Return what a schedule takes, in one sentence.

    >>> import adviz
    >>> headline(adviz.checkpoint(10, snapshots=3))
    'binomial: 10 steps, 3 snapshots, 15 advances, no step more than twice; 5 live values'
    """
    most = found.repetition
    parts = [
        counted(found.steps, "step"),
        counted(found.peak_snapshots, "snapshot"),
        counted(found.advances, "advance"),
    ]
    if most:
        parts.append(f"no step more than {_OFTEN.get(most, f'{most} times')}")
    return f"{found.name}: {', '.join(parts)}; {counted(found.peak, 'live value')}"


def counted(count: int, what: str) -> str:
    """Return so many of something in words.

    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def grid(found: Schedule, printed: Callable[[str], str] = str) -> Grid:
    """Return the table of the actions, with every cell printed."""
    return Grid(HEADINGS, [[printed(cell) for cell in cells] for cells in _cells(found)], _WORDS)


def latex(found: Schedule) -> str:
    """Return the table in LaTeX."""
    signs = {"→": r"\to", "←": r"\gets"}
    rows = []
    for kind, states, *counts in _cells(found):
        for sign, command in signs.items():
            states = states.replace(sign, command)
        rows.append([rf"\text{{{kind}}}", states.replace("more", r"\text{ more}"), *counts])
    return Grid(HEADINGS, rows, _WORDS).latex()


def html(found: Schedule) -> str:
    """Return the table as HTML."""
    return grid(found, escape).html("schedule", headline(found))


def as_rows(found: Schedule) -> list[dict[str, Any]]:
    """Return plain data, one dictionary an action, whatever their number."""
    rows = zip(found.actions, found.snapshots_held, found.live, strict=True)
    return [
        {**action._asdict(), "snapshots": snapshots, "live values": live}
        for action, snapshots, live in rows
    ]


def _cells(found: Schedule) -> Iterator[list[str]]:
    """Yield the rows of the table; of many actions the first, and how many there are besides."""
    rows = zip(found.actions, found.snapshots_held, found.live, strict=True)
    for action, snapshots, live in islice(rows, _LISTED):
        yield [action.kind, states(action), str(snapshots), str(live)]
    more = len(found.actions) - _LISTED
    if more > 0:
        yield ["…", f"{more} more", "", ""]


def states(action: Action) -> str:
    """Return the states of an action.

    >>> states(Action("advance", 0, 4)), states(Action("reverse", 4, 3))
    ('0 → 4', '3 ← 4')
    """
    written = _STATES.get(action.kind)
    return written(action) if written else str(action.start)


def document(found: Schedule) -> dict[str, Any]:
    """Return a schedule as plain data."""
    graph = found.chain.graph
    return {
        "schedule": found.name,
        "formula": None if graph is None else typed(graph),
        "steps": found.steps,
        "snapshots": found.peak_snapshots,
        "advances": found.advances,
        "runs": found.runs,
        "repetition": found.repetition,
        "operations": found.operations,
        "live values": found.peak,
        "values of plain reverse mode": found.chain.values,
        "actions": as_rows(found),
    }
