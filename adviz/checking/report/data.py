"""The report as plain data, complete enough to judge it again: seed, points, findings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from adviz.checking.finding import Finding, Place, Statement
from adviz.graph.procedure import Edge
from adviz.language.numerals import full
from adviz.sources.files import to_document

if TYPE_CHECKING:
    from adviz.checking.report import Report


def document(report: Report) -> dict[str, Any]:
    """Return a report as dictionaries, lists, texts and finite numbers."""
    return {
        "verdict": report.verdict,
        "headline": report.headline,
        "counts": dict(report.counts),
        "formula": report.graph.text,
        "graph": to_document(report.graph),
        "seed": report.seed,
        "points": plain(report.points),
        "findings": plain([_finding(one, report.graph.symbols) for one in report.findings]),
        "unreached": list(report.unreached),
        "proofs": plain(report.proofs),
    }


def plain(value: Any) -> Any:
    """Return data as JSON can hold it without loss: numbers, and whatever holds numbers.

    >>> from decimal import Decimal
    >>> plain([0.5, float("-inf"), Decimal("1e-400"), None])
    [0.5, '-inf', '1E-400', None]
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return full(value)
    if isinstance(value, Statement):
        value = _statement(value)
    elif isinstance(value, Place):
        value = vars(value)
    elif isinstance(value, Edge):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    listed = isinstance(value, Sequence) and not isinstance(value, str)
    return [plain(part) for part in value] if listed else value


def laid_out(value: Any, indent: str = "") -> str:
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
    parts = list(value.values() if isinstance(value, dict) else value) if _holds(value) else []
    if not any(map(_holds, parts)):
        return _line(value)
    inner = f"{indent}  "
    names = [f"{_line(name)}: " for name in value] if isinstance(value, dict) else [""] * len(parts)
    lines = (f"{inner}{n}{laid_out(part, inner)}" for n, part in zip(names, parts, strict=True))
    first, last = "{}" if isinstance(value, dict) else "[]"
    return "\n".join([first, ",\n".join(lines), f"{indent}{last}"])


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _finding(finding: Finding, symbols: tuple[str, ...]) -> dict[str, Any]:
    return {
        "verdict": finding.verdict,
        "derivative": str(finding.key),
        "output": finding.key.output,
        "input": finding.key.input,
        "subject": finding.subject,
        "count": finding.count,
        "positions": finding.positions,
        "point": finding.point,
        "found": finding.found,
        "expected": finding.expected,
        "digits": finding.digits,
        "ulps": finding.ulps,
        "bound": finding.bound,
        "cause": finding.cause,
        "place": finding.place,
        "slopes": finding.slopes,
        "heat": [
            {"node": node, "symbol": symbols[node], "digits lost": lost}
            for node, lost in sorted(finding.heat.items())
        ],
        "statements": finding.statements,
    }


def _statement(said: Statement) -> dict[str, Any]:
    """Return what a witness says; the derivative that it is about has its own name."""
    facts = dict(vars(said))
    key = facts.pop("key")
    return {**facts, "derivative": None if key is None else str(key)}
