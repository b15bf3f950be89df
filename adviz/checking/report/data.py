"""The report as plain data, complete enough to judge it again: seed, points, findings."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from adviz.checking.finding import Finding, Place, Statement
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
        "points": [_numbers(point) for point in report.points],
        "findings": [_finding(finding, report.graph.symbols) for finding in report.findings],
        "unreached": list(report.unreached),
        "proofs": [_statement(statement) for statement in report.proofs],
    }


def plain(value: Any) -> float | str | None:
    """Return a number as JSON can hold it without loss.

    >>> from decimal import Decimal
    >>> plain(0.5), plain(float("-inf")), plain(Decimal("1e-400")), plain(None)
    (0.5, '-inf', '1E-400', None)
    """
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return full(value)


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


def _numbers(point: Mapping[Any, Any]) -> dict[str, float | str | None]:
    return {str(name): plain(value) for name, value in point.items()}


def _finding(finding: Finding, symbols: tuple[str, ...]) -> dict[str, Any]:
    return {
        "verdict": finding.verdict,
        "derivative": str(finding.key),
        "output": finding.key.output,
        "input": finding.key.input,
        "subject": finding.subject,
        "count": finding.count,
        "positions": list(finding.positions),
        "point": _numbers(finding.point),
        "found": plain(finding.found),
        "expected": plain(finding.expected),
        "digits": plain(finding.digits),
        "ulps": plain(finding.ulps),
        "bound": plain(finding.bound),
        "cause": finding.cause,
        "place": _place(finding.place),
        "slopes": None if finding.slopes is None else [plain(s) for s in finding.slopes],
        "heat": [
            {"node": node, "symbol": symbols[node], "digits lost": plain(lost)}
            for node, lost in sorted(finding.heat.items())
        ],
        "statements": [_statement(statement) for statement in finding.statements],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    edge = None if place.edge is None else place.edge._asdict()
    facts = {"node": place.node, "symbol": place.symbol, "formula": place.formula}
    return {**facts, "source": place.source, "edge": edge}


def _statement(said: Statement) -> dict[str, Any]:
    return {
        "witness": said.witness,
        "value": plain(said.value),
        "error": plain(said.error),
        "verdict": said.verdict,
        "remark": said.remark,
        "derivative": None if said.key is None else str(said.key),
    }
