"""Functions to be checked as data: a function, its points, and the answers that are known.

A test suite is then a list of scenarios and one line that checks them, as in
`DifferentiationInterfaceTest.jl` (Dalle & Hill 2025).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Literal

from adviz.checking.finding import VERDICTS, Finding
from adviz.checking.report import Report
from adviz.errors import PointError
from adviz.graph.graph import Graph
from adviz.language.asked import mapping
from adviz.modes.point import Point
from adviz.sources import Source

ANSWER = "known answer"
"""The subject of the findings about a scenario's own answers."""

_OWN = {"expected", "name"}
"""The fields that are no arguments of `adviz.check`."""
_LONGEST = 40


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A function with the points to check it at, for tests with one row for each.

    The fields are arguments of `adviz.check`; `expected` holds derivatives by input that are
    known at the one point given, with all the digits of a float.

    >>> import adviz
    >>> running = adviz.Scenario(
    ...     function="(x + y)*(x - y)", at={"x": 3, "y": 2}, expected={"x": 6, "y": -4}
    ... )
    >>> running.check().verdict
    'agrees'
    >>> str(running)
    '(x + y)*(x - y) at x=3,y=2'
    """

    function: Source
    at: Point | Sequence[Point] | None = None
    points: int | None = None
    ranges: Mapping[str, tuple[float, float]] | None = None
    seed: int = 0
    near_kinks: bool = False
    gradient: Any = None
    hessian: Any = None
    hvp: Any = None
    order: Literal[1, 2] = 1
    expected: Mapping[str, Any] | None = None
    wrt: str | Sequence[str] | None = None
    name: str = ""

    def check(self) -> Report:
        """Return what `adviz.check` finds, and what the known answers are worth.

        Raises PointError for known answers without the one point that they are known at.
        """
        if self.expected is None:
            return self._checked()
        mapping("expected", self.expected, "{'x': 6.0}")
        if not isinstance(self.at, Mapping):
            raise PointError("answers are known at one point; give it as at={'x': 3.0}")
        alone = replace(self, wrt=list(self.expected), hessian=None, hvp=None, order=1)
        answered = replace(alone, gradient=partial(_known, self.expected))._checked()
        findings = [replace(finding, subject=ANSWER) for finding in answered.findings]
        report = self._checked()
        return replace(report, findings=tuple(sorted([*report.findings, *findings], key=_rank)))

    def _checked(self) -> Report:
        from adviz.checking.check import check

        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return check(given.pop("function"), **{name: given[name] for name in given.keys() - _OWN})

    def __str__(self) -> str:
        """Return the scenario's name, for `pytest.mark.parametrize(..., ids=str)`."""
        return self.name or f"{_named(self.function)}{self._where()}"

    def _where(self) -> str:
        if isinstance(self.at, Mapping):
            return " at " + ",".join(f"{name}={value}" for name, value in self.at.items())
        return "" if self.at is None else f" at {len(self.at)} points"


def _known(answers: Mapping[str, Any], *point: float) -> Mapping[str, Any]:
    """Return answers that are known at one point only: a gradient to be judged like anybody's."""
    return answers


def _rank(finding: Finding) -> int:
    return VERDICTS.index(finding.verdict)


def _named(function: Source) -> str:
    """Return what a function is called, or its formula."""
    text = function.text if isinstance(function, Graph) else function
    words = " ".join(str(getattr(text, "__name__", text)).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
