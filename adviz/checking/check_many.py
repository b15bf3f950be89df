"""Very many functions checked, on one machine or on many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from adviz.calculus.parallel.chunks import of_formula
from adviz.calculus.parallel.crew import Crew, like
from adviz.calculus.parallel.lazy import is_bag, partitions
from adviz.calculus.parallel.workers import IN_FLIGHT, Workers, portable
from adviz.checking.check import check
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
    crew = Crew(executor, _CHECKS, in_flight)
    if is_bag(subjects):
        crew.refuse("bags")
        return partitions(subjects, checked, options, errors, None)
    return like(subjects, crew.results(checked, (options, errors), subjects, _CHECKS))


def checked(
    options: Mapping[str, Any], errors: str, start: int | None, subjects: Sequence[Any]
) -> list[Any]:
    """Return the reports on some functions, or the error that one has instead."""
    found: list[Any] = []
    for k, subject in enumerate(subjects):
        scenario = isinstance(subject, Scenario)
        try:
            found.append(subject.check() if scenario else check(subject, **options))
        except Exception as error:
            function = subject.function if scenario else subject
            said = of_formula(error, None if start is None else start + k, function)
            if errors == "raise":
                raise said from (None if said is error else error)
            found.append(portable(said).with_traceback(None))
    return found
