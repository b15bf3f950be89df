"""What `check` found, as text, tables and data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from adviz.errors import AdvizError
from adviz.figures import short
from adviz.graph import Graph
from adviz.numbers import Number


@dataclass(frozen=True)
class Finding:
    """The worst case of one mode in one arithmetic, over all points and derivatives."""

    mode: str
    arithmetic: str
    """`float64`, or the truth's precision."""
    digits: float
    """How many digits agree with the truth, at the worst derivative."""
    verdict: str
    """`agrees`, `wrong`, `digits lost`, `kink` or `undecided`."""
    derivative: str = ""
    point: Mapping[str, Number] | None = None
    found: Number = None
    expected: Number = None


@dataclass(frozen=True)
class Report:
    """What `check` found, one row for each mode and arithmetic.

    >>> import adviz
    >>> report = adviz.check("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> report.verdict, len(report.findings)
    ('agrees', 6)
    """

    graph: Graph
    points: tuple[Mapping[str, Number], ...]
    seed: int | None
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """`wrong` at the truth's precision, else `undecided`, `kink`, or `agrees`."""
        verdicts = {finding.verdict for finding in self.findings}
        return next((v for v in ("wrong", "undecided", "kink") if v in verdicts), "agrees")

    def raise_if_wrong(self) -> None:
        """Raise AdvizError with the report as its message when a derivative is wrong."""
        if self.verdict == "wrong":
            raise AdvizError(str(self))

    def __str__(self) -> str:
        """Return the report as plain text."""
        from rich.console import Console

        console = Console(width=110, no_color=True, force_terminal=False, force_jupyter=False)
        with console.capture() as captured:
            console.print(self)
        return "\n".join(line.rstrip() for line in captured.get().splitlines())

    def __rich__(self) -> Any:
        """Return the report for rich: the verdict, and a table with the worst case of each mode."""
        from rich import box
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in _HEADINGS:
            grid.add_column(heading, justify="right" if heading in _NUMERIC else "left")
        for finding in self.findings:
            grid.add_row(*map(Text, _cells(finding)), style=_STYLES.get(finding.verdict, ""))
        return Group(Text(self.headline, style="bold"), grid)

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        count = len(self.points)
        where = f"{count} point{'s' * (count > 1)}"
        drawn = f", drawn with seed {self.seed}" if self.seed is not None else ""
        lost = [f for f in self.findings if f.verdict == "digits lost"]
        sentence = {
            "agrees": "forward, reverse and symbolic derivatives agree",
            "wrong": "a derivative is wrong",
            "undecided": "undecided: the truth did not settle",
            "kink": "not differentiable: on a kink the modes follow their conventions",
        }[self.verdict]
        note = f"; float64 keeps only {min(f.digits for f in lost):.0f} digits" if lost else ""
        return f"{sentence} at {where}{drawn}{note}"

    def html(self) -> str:
        """Return the report as an HTML table."""
        heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in _HEADINGS)
        rows = "\n".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(finding)) + "</tr>"
            for finding in self.findings
        )
        return (
            f'<table class="report"><caption>{escape(self.headline)}</caption>\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data; numbers of many digits are strings."""
        return {
            "verdict": self.verdict,
            "seed": self.seed,
            "points": [dict(point) for point in self.points],
            "findings": [
                {
                    "mode": finding.mode,
                    "arithmetic": finding.arithmetic,
                    "digits": round(finding.digits, 2),
                    "verdict": finding.verdict,
                    "derivative": finding.derivative,
                    "point": dict(finding.point or {}),
                    "found": str(finding.found),
                    "expected": str(finding.expected),
                }
                for finding in self.findings
            ],
        }


_HEADINGS = ("mode", "arithmetic", "digits", "verdict", "worst at", "found", "expected")
_NUMERIC = ("digits", "found", "expected")
_STYLES = {"wrong": "bold red", "digits lost": "yellow", "undecided": "yellow", "kink": "yellow"}


def _cells(finding: Finding) -> list[str]:
    where = ", ".join(f"{name}={short(value)}" for name, value in (finding.point or {}).items())
    worst = f"{finding.derivative} at {where}" if finding.derivative else ""
    digits = {math.inf: "all"}.get(finding.digits, f"{finding.digits:.1f}".replace("nan", "–"))
    found, expected = (short(number) for number in (finding.found, finding.expected))
    return [finding.mode, finding.arithmetic, digits, finding.verdict, worst, found, expected]
