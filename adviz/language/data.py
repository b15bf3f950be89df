"""Plain data: what JSON and CSV hold without loss, numbers of every system among it."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

from adviz.language.numerals import full

_LONGEST = 10**4_000
"""Python writes no whole number of more than 4300 digits."""


def plain(value: Any) -> Any:
    """Return data as dictionaries, lists, texts and finite numbers, without loss.

    What JSON has not is a text: NaN, infinities, Fractions, numbers of many digits. An array is a
    list, and a named tuple a dictionary.

    >>> from fractions import Fraction
    >>> plain({"x": (0.5, float("-inf"), Fraction(1, 3), None)})
    {'x': [0.5, '-inf', '1/3', None]}
    """
    if getattr(value, "shape", None) is not None:
        return plain(value.tolist())
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(part) for part in value]
    if isinstance(value, int):
        return value if abs(value) < _LONGEST else str(Decimal(value))
    held = value is None or isinstance(value, str)
    return value if held or (isinstance(value, float) and math.isfinite(value)) else full(value)


def laid_out(value: Any, *, ascii_only: bool = False) -> str:
    """Return data as JSON in which whatever holds no other lists is one line, such as a point.

    >>> print(laid_out({"points": [{"x": 1.0}, {"x": 2.0}], "seed": 0}))
    {
      "points": [
        {"x": 1.0},
        {"x": 2.0}
      ],
      "seed": 0
    }
    """
    return _laid_out(value, json.JSONEncoder(ensure_ascii=ascii_only, allow_nan=False).encode)


def _laid_out(value: Any, line: Any, indent: str = "") -> str:
    parts = list(value.values() if isinstance(value, dict) else value) if _holds(value) else []
    if not any(map(_holds, parts)):
        return str(line(value))
    inner = f"{indent}  "
    names = [f"{line(name)}: " for name in value] if isinstance(value, dict) else [""] * len(parts)
    lines = (
        f"{inner}{n}{_laid_out(part, line, inner)}" for n, part in zip(names, parts, strict=True)
    )
    first, last = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([first, ",\n".join(lines), f"{indent}{last}"])


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    r"""Return rows as CSV under their headings; numbers have all their digits, None is empty.

    >>> as_csv(["n", "cost"], [(1, 0.1), (2, None)])
    'n,cost\n1,0.1\n2,\n'
    """
    paper = StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([_cell(plain(value)) for value in row] for row in rows)
    return paper.getvalue()


def records_as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """Return dictionaries with the same names, at least one, as CSV: a row each.

    >>> print(records_as_csv([{"step": 0, "loss": 0.5}]), end="")
    step,loss
    0,0.5
    """
    return as_csv([*records[0]], [[*record.values()] for record in records])


def _cell(value: Any) -> Any:
    """Return plain data as one cell, what holds several as JSON."""
    return laid_out(value) if _holds(value) else value
