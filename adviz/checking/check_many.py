"""Very many functions checked, on one machine or on many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from adviz.calculus.parallel.chunks import attempts
from adviz.calculus.parallel.crew import Crew
from adviz.calculus.parallel.workers import IN_FLIGHT, Workers
from adviz.checking.check import check
from adviz.checking.report import Report
from adviz.checking.scenarios import Scenario
from adviz.sources import Source

_CHECKS = 1
"""How many checks are one chunk."""


def check_many(
    subjects: Iterable[Source | Scenario],
    *,
    executor: Workers | None = None,
    errors: Literal["raise", "keep"] = "raise",
    in_flight: int = IN_FLIGHT,
    **options: Any,
) -> Any:
    """Check very many functions, each by itself: one Report for each, in order.

    `subjects` are sources, with `options` those of `adviz.check` for all, or Scenarios. A
    sequence gives a list, an iterator an iterator, a Dask bag a bag. `executor` and `in_flight`
    are those of `evaluate_many`; here a chunk is one function. A subject that cannot be checked
    raises an AdvizError that says which; with `errors="keep"` the error is in its place.

    >>> import adviz
    >>> [report.verdict for report in adviz.check_many(["x*y", "log(x)"], points=3)]
    ['agrees', 'agrees']
    """
    return Crew(executor, _CHECKS, in_flight).each(checked, (options, errors), subjects, _CHECKS)


def checked(
    options: Mapping[str, Any], errors: str, start: int | None, subjects: Iterable[Any]
) -> list[Any]:
    """Return the reports on some functions, or the error that one has instead."""

    def report(function: Source, scenario: Scenario | None) -> Report:
        return scenario.check() if scenario else check(function, **options)

    pairs = ((s.function, s) if isinstance(s, Scenario) else (s, None) for s in subjects)
    return attempts(report, errors, start, pairs)
