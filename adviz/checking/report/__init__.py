"""What `check` found, as one sentence, a screen of text, a page, data, or an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from adviz.checking.finding import VERDICTS, WRONG, Finding, Statement, Verdict
from adviz.checking.report import words
from adviz.errors import WrongDerivative
from adviz.graph.graph import Graph
from adviz.language.forms import TABLE, Forms, sealed
from adviz.language.numerals import DIGITS
from adviz.language.spelling import shortened

if TYPE_CHECKING:
    from adviz.scene.scene import Marks, Scene

STRICT: tuple[Verdict, ...] = (*WRONG, "undecided", "undefined", "not finite", "ill-conditioned")
"""What a strict reader does not accept: besides wrong derivatives, numbers of no use."""

_WIDTH = 100


@dataclass(frozen=True)
class Report:
    """What `check` found, worst first; shows itself in a terminal and in a notebook.

    >>> import adviz
    >>> report = adviz.check("(x + y)*(x - y)", at={"x": 3, "y": 2})
    >>> report.verdict
    'agrees'
    >>> report.headline
    'all 2 derivatives agree at x = 3, y = 2'
    """

    graph: Graph
    points: Sequence[Mapping[str, float]]
    seed: int | None
    """What the points were drawn by; None when they were given."""
    findings: tuple[Finding, ...]
    """Worst first; one for each derivative, whose it is, and verdict."""
    proofs: tuple[Statement, ...] = ()
    """What is known of adviz's and SymPy's derivatives as formulas, at every point."""
    unreached: tuple[str, ...] = ()
    """What no point reached, such as a branch, in sentences; the verdict says nothing of it."""

    def __repr__(self) -> str:
        return f"<Report: {shortened(self.headline, 120)}>"

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all."""
        found = {finding.verdict for finding in self.findings}
        return next((verdict for verdict in VERDICTS if verdict in found), "agrees")

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many derivatives have each verdict, over all points and all they are judged of."""
        counted: Counter[Verdict] = Counter()
        for finding in self.findings:
            counted[finding.verdict] += finding.count
        return MappingProxyType({v: counted[v] for v in VERDICTS if counted[v]})

    @property
    def worst(self) -> Finding | None:
        """The worst finding; None where there is nothing to differentiate."""
        return self.findings[0] if self.findings else None

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return words.headline(self.verdict, self.findings, self.points)

    def fails(self, strict: bool = False) -> bool:
        """Return whether a derivative is wrong or, for a strict reader, of no use."""
        return self.verdict in (STRICT if strict else WRONG)

    def raise_if_wrong(self, strict: bool = False) -> None:
        """Raise WrongDerivative, with the report as its message, where `fails` says so."""
        __tracebackhide__ = True  # a test's reader wants the line of the test
        if self.fails(strict):
            raise WrongDerivative(str(self))

    def __str__(self) -> str:
        """Return the report as plain text."""
        from rich.console import Console

        paper = StringIO()  # whose encoding is not that of the terminal
        Console(
            file=paper, width=_WIDTH, no_color=True, force_terminal=False, force_jupyter=False
        ).print(self)
        return "\n".join(line.rstrip() for line in paper.getvalue().splitlines())

    def __rich__(self) -> Any:
        """Return the report for rich: the verdict, the findings, and the worst of them in full."""
        from rich.console import Group

        from adviz.checking.report.terminal import screen

        return Group(*screen(self))

    def html(self) -> str:
        """Return the report as a piece of a page: the graph with its culprit, and the tables."""
        from adviz.checking.report.html import fragment

        return fragment(self)

    def _repr_html_(self) -> str:
        return self.html()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return it for a notebook, and as text where HTML is not wanted."""
        return {"text/html": self._repr_html_(), "text/plain": str(self)}

    def _scene_(self, marks: Marks | None = None, precision: int = DIGITS) -> Scene:
        """Return the heat map, for `adviz.draw`."""
        from adviz.checking.report.heat import picture

        return picture(self, marks, precision)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data; NaN, infinities and long decimals are strings."""
        from adviz.checking.report.data import document

        return document(self)

    def save(self, path: str | Path) -> None:
        """Write the report as `.html`, `.json` or `.txt`.

        Raises FormatError for another suffix, or for a file that cannot be written.
        """
        FORMS.save(self, path)


def _page(report: Report) -> str:
    from adviz.checking.report.html import page

    return page(report)


FORMS = Forms(
    "a report",
    sealed({".html": _page, **{suffix: TABLE[suffix] for suffix in (".json", ".txt")}}),
)
"""How a report is written, by suffix."""
