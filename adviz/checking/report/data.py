"""The report as plain data, complete enough to judge it again: seed, points, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adviz.checking.finding import Finding, Statement
from adviz.graph.typed import typed
from adviz.language.data import plain
from adviz.sources.files import to_document

if TYPE_CHECKING:
    from adviz.checking.report import Report


def document(report: Report) -> dict[str, Any]:
    """Return a report as dictionaries, lists, texts and finite numbers."""
    return {
        "verdict": report.verdict,
        "headline": report.headline,
        "counts": dict(report.counts),
        "formula": typed(report.graph),
        "graph": to_document(report.graph),
        "seed": report.seed,
        "points": plain(report.points),
        "findings": plain([_finding(one, report.graph.symbols) for one in report.findings]),
        "unreached": list(report.unreached),
        "proofs": plain([*map(_statement, report.proofs)]),
    }


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
        "place": None if finding.place is None else vars(finding.place),
        "slopes": finding.slopes,
        "heat": [
            {"node": node, "symbol": symbols[node], "digits lost": lost}
            for node, lost in sorted(finding.heat.items())
        ],
        "statements": [*map(_statement, finding.statements)],
    }


def _statement(said: Statement) -> dict[str, Any]:
    """Return what a witness says; the derivative that it is about has its own name."""
    facts = dict(vars(said))
    key = facts.pop("key")
    return {**facts, "derivative": None if key is None else str(key)}
