"""The table of primitives: one row each, its local partials written once and read by everything.

A rule is a formula in the row's arguments, its result `z` and other rows. The one text serves
forward and reverse mode in every number system, derivative graphs of any order, generated code,
the caption on an edge and the documentation. Rules keep their digits where the textbook form
loses them; the comment beside such a rule says where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from adviz.errors import GraphError
from adviz.primitives.elementary import ELEMENTARY
from adviz.primitives.row import RESULT, Primitive
from adviz.primitives.special import SPECIAL
from adviz.primitives.structural import STRUCTURAL

__all__ = ["ARRAYS", "RESULT", "TABLE", "Primitive", "Table", "extend", "own", "spellings"]

Table = Mapping[str, Primitive]
"""Rows by name."""

TABLE: Table = MappingProxyType({row.name: row for row in (*ELEMENTARY, *SPECIAL)})
"""Every row of numbers that adviz itself brings."""

ARRAYS: Table = MappingProxyType({**TABLE, **STRUCTURAL})
"""The same with the structural rows, for graphs whose nodes may be arrays."""


def own(rows: Table) -> list[Primitive]:
    """Return the rows that a user brought.

    >>> own(ARRAYS), own(TABLE)
    ([], [])
    """
    if rows is TABLE or rows is ARRAYS:
        return []
    return [row for row in rows.values() if row is not ARRAYS.get(row.name)]


def spellings(rows: Collection[Primitive]) -> dict[str, tuple[Primitive, ...]]:
    """Return what each function name of a formula may mean, one row per number of arguments.

    Operators are found by their row's name too, as the parser reports them. A row's own name
    comes before another row's alias, so that a user's `swish` may stand beside ours.

    >>> [row.name for row in spellings(TABLE.values())["log"]]
    ['log', 'logb']
    """
    found: dict[str, tuple[Primitive, ...]] = {row.name: (row,) for row in rows}
    for row in rows:
        for alias in row.aliases:
            meant = found.get(alias, ())
            if all(row.arity != other.arity for other in meant):
                found[alias] = (*meant, row)
    return found


def extend(rows: Iterable[Primitive]) -> Table:
    """Return the table with further rows: a user's own, and all structural ones with any of them.

    Raises GraphError when a row would take the name of another one.
    """
    wanted = "functions are rows of adviz.primitive in a list"
    if not isinstance(rows, Iterable) or getattr(rows, "shape", None) == ():
        raise GraphError(f"{wanted}, not {type(rows).__name__}")
    given = list(rows)
    for row in given:
        if not isinstance(row, Primitive):
            raise GraphError(f"{wanted}, not {type(row).__name__}")
    base = ARRAYS if any(row is STRUCTURAL.get(row.name) for row in given) else TABLE
    extended = dict(base)
    for row in given:
        if extended.get(row.name, row) != row:
            raise GraphError(f"a primitive called {row.name!r} exists already; choose another name")
        extended[row.name] = row
    return MappingProxyType(extended) if len(extended) > len(base) else base
