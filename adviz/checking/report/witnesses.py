"""What the witnesses say, as rows: everything for a page, what matters for a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from adviz.checking.finding import Statement
from adviz.checking.report.digits import alike, number
from adviz.language.labels import Key

HEADINGS = ("witness", "value", "verdict", "remark")
PROVED = ("witness", "of", "verdict", "remark")
"""What stands above the rows of proofs: they have no number."""

_SHOWN_KEYS = 3


class Row(NamedTuple):
    """What one witness, or several, say; the second cell is a number or a derivative."""

    witness: str
    cell: str
    verdict: str
    remark: str


def rows(statements: Sequence[Statement]) -> list[Row]:
    """Return every statement, all numbers with as many digits; what is said twice stands once."""
    digits = alike(one.value for one in statements)
    said = (Row(s.witness, number(s.value, digits), s.verdict, s.remark) for s in statements)
    return list(dict.fromkeys(said))


def agreeing(statements: Sequence[Statement], expected: Decimal | None = None) -> str:
    """Return in one line how many witnesses agree, on what, and who they are.

    >>> said = [Statement(name, 0.5, 1e-16, "agrees") for name in ("forward", "reverse")]
    >>> agreeing([*said, Statement("Taylor", None, 1e-16, "silent")])
    '2 of 3 witnesses agree: 0.5 (forward, reverse)'
    """
    every = list(dict.fromkeys(statements))
    agree = [one for one in every if one.verdict == "agrees"]
    if not agree:
        return ""
    values = (expected, *(one.value for one in agree))
    value = next((v for v in values if v is not None), None)
    on = "" if value is None else f": {number(value, alike(one.value for one in every))}"
    count = f"all {len(every)}" if len(agree) == len(every) > 1 else f"{len(agree)} of {len(every)}"
    verb = "agrees" if len(agree) == 1 else "agree"
    return f"{count} witnesses {verb}{on} ({_names(one.witness for one in agree)})"


def others(statements: Sequence[Statement]) -> list[Row]:
    """Return the statements that do not agree; those who say the same share a row."""
    return [row for row in _shared(rows(statements)) if row.verdict != "agrees"]


def proved(proofs: Sequence[Statement]) -> list[Row]:
    """Return what is proved, of which derivatives: one row for all of which it holds alike.

    >>> keys = [Key("f", name) for name in "xy"]
    >>> said = [Statement("exact", None, 0, "agrees", "equal", key) for key in keys]
    >>> proved(said)
    [Row(witness='exact', cell='all 2 derivatives', verdict='agrees', remark='equal')]
    """
    every = dict.fromkeys(one.key for one in proofs if one.key is not None)
    keys: dict[tuple[str, str, str], dict[Key, None]] = {}
    for one in proofs:
        about = keys.setdefault((one.witness, one.verdict, one.remark), {})
        about.update({} if one.key is None else {one.key: None})
    return [
        Row(witness, _derivatives(list(about), len(every)), verdict, remark)
        for (witness, verdict, remark), about in keys.items()
    ]


def audible(said: Sequence[Row]) -> list[Row]:
    """Return the rows that say something; all of them where none does."""
    return [row for row in said if row.verdict != "silent"] or list(said)


def _shared(said: Iterable[Row]) -> list[Row]:
    names: dict[tuple[str, str, str], list[str]] = {}
    for row in said:
        names.setdefault((row.cell, row.verdict, row.remark), []).append(row.witness)
    return [Row(_names(who), *what) for what, who in names.items()]


def _names(witnesses: Iterable[str]) -> str:
    """Return several names in a list; a name's own comma is no comma of the list."""
    return ", ".join(name.replace(", ", " in ") for name in witnesses)


def _derivatives(keys: Sequence[Key], every: int) -> str:
    """Return which derivatives are meant, in a few words."""
    if len(keys) == every > 1:
        return f"all {every} derivatives"
    more = [f"{len(keys) - _SHOWN_KEYS} more"] if len(keys) > _SHOWN_KEYS else []
    return ", ".join([*map(str, keys[:_SHOWN_KEYS]), *more])
