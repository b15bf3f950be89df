"""Counts false alarms: `check` at many points of every formula of the corpus, and on the traps.

Run it: `python tests/benchmarks/alarms.py [--points 1000] [--formulas SUBSTRING] [--processes 2]`.
adviz's own derivatives are right on the corpus, so there must be no `wrong …` verdict, and on the
traps only where an entry says that a convention at a kink is wrong. Exit status 1 otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from corpus import CORPUS
from traps import TRAPS

import adviz
from adviz.checking.finding import VERDICTS, WRONG, Verdict

SLOWEST = 10


@dataclass(frozen=True)
class Work:
    """One formula to check: at points drawn from a box, or at one point."""

    name: str
    text: str
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    at: Mapping[str, float] | None = None
    expected: frozenset[Verdict] | None = None
    """What the report may say as a whole; None where nothing may be wrong."""


@dataclass(frozen=True)
class Outcome:
    """What was said about one formula, and how long it took."""

    work: Work
    counts: Mapping[Verdict, int]
    remarks: tuple[str, ...]
    seconds: float
    points: int
    error: str = ""

    @property
    def alarm(self) -> bool:
        """Whether a right derivative is called wrong, or anything else is not as expected."""
        if self.error:
            return True
        expected = self.work.expected
        return (
            bool(set(self.counts) & set(WRONG)) if expected is None else self.worst not in expected
        )

    @property
    def worst(self) -> Verdict:
        """The report's verdict."""
        return next((verdict for verdict in VERDICTS if verdict in self.counts), "agrees")


def works(wanted: str) -> list[Work]:
    """Return the formulas whose name or text contains a text."""
    boxes = (Work(formula.name, formula.text, formula.ranges) for formula in CORPUS)
    points = (Work(f"trap: {t}", t.text, at=t.at, expected=t.verdicts) for t in TRAPS)
    return [work for work in (*boxes, *points) if wanted in work.name or wanted in work.text]


def checked(work: Work, points: int) -> Outcome:
    """Return what `check` says of a formula."""
    start = time.perf_counter()
    try:
        if work.at is None:
            report = adviz.check(work.text, points=points, ranges=work.ranges, seed=0)
        else:
            report = adviz.check(work.text, at=work.at)
    except Exception as error:  # a crash is an outcome too
        seconds = time.perf_counter() - start
        return Outcome(work, {}, (), seconds, 0, f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - start
    remarks = tuple(
        f"{f.subject} {f.key}: {f.verdict}, {f.count} times, as at {dict(f.point)}: "
        f"found {f.found}, expected {f.expected}; {f.cause}"
        for f in report.findings
        if f.verdict != "agrees"
    )
    return Outcome(work, dict(report.counts), remarks, seconds, len(report.points))


def outcomes(todo: Sequence[Work], points: int, processes: int) -> Iterator[Outcome]:
    """Yield the outcomes as they come, and tell how far it is."""
    with ProcessPoolExecutor(processes) as pool:
        pending = [pool.submit(checked, work, points) for work in todo]
        for done, future in enumerate(as_completed(pending), 1):
            outcome = future.result()
            mark = "ALARM" if outcome.alarm else "     "
            print(
                f"{done:4}/{len(todo)} {mark} {outcome.seconds:7.2f} s  {outcome.work.name[:70]}",
                flush=True,
            )
            yield outcome


def tell(found: Sequence[Outcome]) -> None:
    """Print the counts, what deserves a look, and the slowest formulas."""
    for title, trapped in (("corpus", False), ("traps", True)):
        group = [one for one in found if (one.work.at is not None) == trapped]
        total: Counter[str] = Counter()
        for one in group:
            total.update(one.counts)
        print(f"\n{title}: {len(group)} formulas, {sum(one.points for one in group)} points")
        for verdict in VERDICTS:
            if total[verdict]:
                formulas = sum(verdict in one.counts for one in group)
                print(f"  {verdict:20} {total[verdict]:9} derivatives in {formulas} formulas")
    for one in found:
        if one.alarm or "undecided" in one.counts:
            expected = ", ".join(sorted(one.work.expected or ()))
            print(f"\n{'ALARM' if one.alarm else 'undecided'}: {one.work.name}")
            print(f"  {one.work.text[:200]}" + (f"\n  expected {expected}" if expected else ""))
            print(*(f"  {line}" for line in (one.error, *one.remarks) if line), sep="\n")
    print("\nslowest:")
    for one in sorted(found, key=lambda one: -one.seconds)[:SLOWEST]:
        each = one.seconds / max(one.points, 1) * 1e3
        print(f"  {one.seconds:7.2f} s, {each:8.2f} ms a point  {one.work.name[:70]}")
    seconds, points = sum(one.seconds for one in found), sum(one.points for one in found)
    print(f"\n{seconds:.1f} s of work, {seconds / max(points, 1) * 1e3:.2f} ms a point on average")


def main() -> int:
    """Check everything wanted; return 1 where there is an alarm."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--points", type=int, default=1000, help="points of every formula")
    parser.add_argument("--formulas", default="", help="only what contains this text")
    parser.add_argument("--processes", type=int, default=2, help="how many formulas at a time")
    options = parser.parse_args()
    start = time.perf_counter()
    found = list(outcomes(works(options.formulas), options.points, options.processes))
    tell(found)
    alarms = sum(one.alarm for one in found)
    print(f"{time.perf_counter() - start:.1f} s in all; {alarms or 'no'} alarms")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
