"""The list of findings, as screens and pages show it: a line for equal ones, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adviz.checking.finding import Finding, Verdict
from adviz.checking.report import words
from adviz.checking.report.digits import error, in_ulps, telling

HEADINGS = ("verdict", "of", "by", "points", "found", "expected", "error", "bound", "worst at")
NUMERIC = ("points", "error", "bound")
MOST_LINES = 5
"""How many lines of findings, and of proofs, are shown; the others are counted."""
WIDEST = 26
"""The most characters of a cell, and so of a point."""
_FEW = 4
"""How many lines there are at least, where all agree."""


class Line(NamedTuple):
    """One row of the list of findings: equal ones of several subjects are one."""

    verdict: Verdict
    cells: tuple[str, ...]
    """What stands under `HEADINGS`, without the point."""
    point: Mapping[str, float]

    def full(self, width: int = WIDEST) -> tuple[str, ...]:
        """Return everything that stands under `HEADINGS`, the point within a width."""
        return (*self.cells, words.within(self.point, width))


def listed(findings: Sequence[Finding], most: int = MOST_LINES) -> tuple[list[Line], str]:
    """Return the lines that are shown, worst first: those that do not agree, and a few that do.

    With them goes what is not shown: `… 2 more ill-conditioned, 14 more agree`.
    """
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        where = words.at(finding.point, most=len(finding.point))
        alike.setdefault((finding.verdict, where, *_cells(finding)), []).append(finding)
    every = [
        Line(some[0].verdict, (verdict, key, _subjects(some), *cells), some[0].point)
        for (verdict, _, key, *cells), some in alike.items()
    ]
    bad = sum(line.verdict != "agrees" for line in every)
    end = min(most, max(bad + 1, _FEW))
    rest = Counter(line.verdict for line in every[end:])
    said = (f"{count} more {words.plural(verdict)}" for verdict, count in rest.items())
    return every[:end], f"… {', '.join(said)}" if rest else ""


def _subjects(findings: Sequence[Finding]) -> str:
    return ", ".join(finding.subject for finding in findings)


def _cells(finding: Finding) -> tuple[str, ...]:
    """Return a finding's row without its verdict, subject and point."""
    found, expected = telling(finding)
    return (
        str(finding.key),
        str(finding.count),
        found,
        expected,
        error(finding),
        in_ulps(finding.bound),
    )
