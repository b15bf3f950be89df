"""The verdict on one derivative at one point, by comparing numbers with the truth.

Only a disagreement at the truth's precision makes a rule wrong. A derivative of which only numbers
are known may be off by what rounding explains, to first order; how much that is, is computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from typing import NamedTuple

from adviz.checking.finding import Place, Verdict
from adviz.checking.truth.agreement import agreement, ulps
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import quick_bound, rounding
from adviz.checking.truth.scale import Scale
from adviz.checking.truth.settling import Truth
from adviz.checking.verdicts.claim import Claimed
from adviz.checking.verdicts.claimed_number import Trial
from adviz.checking.verdicts.culprit import Culprit, departure
from adviz.checking.verdicts.known import Facts, Ground, Job, Known
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import MODES, swept, values_at
from adviz.modes.point import FloatPoint
from adviz.modes.rounding import TINIEST
from adviz.numbers import FLOAT64
from adviz.numbers.precisions import FLOAT64 as DOUBLE
from adviz.numbers.precisions import Precision

_OWN_UNITS = 16.0
"""Our own numbers off by so many units of rounding are held against their bound."""
_FIRST_ORDER = 1e-3
"""Where rounding takes more than this, relatively, a bound of first order accuses nobody."""
_RESOLVED = 1e-20
"""What many digits resolve beside a kink, relatively."""
_KEPT, _KEPT_NODES = 32, 50_000
"""Of so many points, and so many nodes' values in all, the facts are kept."""


class Judged(NamedTuple):
    """The verdict on one derivative at one point."""

    position: int
    """The point's."""
    subject: str
    key: Key
    verdict: Verdict
    found: float
    expected: float
    """The truth, as a double; NaN where there is none."""
    digits: float
    ulps: float
    precision: Precision = DOUBLE
    """The format of the number."""

    @property
    def badness(self) -> tuple[float, float, int]:
        """What the worst of several is the greatest of: fewest digits, then the largest error."""
        digits = -1.0 if math.isnan(self.digits) else self.digits
        none = 0.0 if math.isfinite(self.found) else math.inf
        return -digits, none if math.isnan(self.ulps) else self.ulps, -self.position


class Bench:
    """Judges one job, point by point; what does not depend on the point is made once.

    A position says which point it is: what is known of the latest is there when they are told of.
    """

    def __init__(self, job: Job) -> None:
        self.job, self.graph, self.ground = job, job.graph, Ground(job)
        self.oracle = self.ground.oracle
        self.scale = Scale(self.graph)
        self.trial = job.claim and Trial(job.claim, self.oracle, self.scale)
        self._float64 = FLOAT64.over(self.graph.rows)
        self._known: dict[int, tuple[Facts, Mapping[Key, Known]]] = {}

    def known(self, position: int, point: FloatPoint) -> tuple[Facts, Mapping[Key, Known]]:
        """Return the facts at a point, and what holds of every derivative there."""
        if position not in self._known:
            facts = self.ground.facts(point)
            found = facts, self.ground.everything(facts)
            while len(self._known) >= max(1, min(_KEPT, _KEPT_NODES // len(self.graph))):
                del self._known[next(iter(self._known))]
            self._known[position] = found
        return self._known[position]

    def judge(self, position: int, point: FloatPoint) -> Iterator[Judged]:
        """Yield the verdict on every derivative of every subject at a point."""
        facts, known = self.known(position, point)
        measured = cache(partial(self._measured, point))
        for subject, (found, precision, _) in self._subjects(point):
            for key, number in found.items():
                if self.trial:
                    verdict = self._tried(self.trial, point, key, known[key], number, precision)
                else:
                    verdict = self._compared(facts, key, known[key], subject, number)
                truth = known[key].truth
                right = measured(key, verdict, number, truth)
                expected = float(truth.value)
                yield Judged(position, subject, key, verdict, number, expected, *right, precision)

    def _subjects(self, point: FloatPoint) -> Iterator[tuple[str, Claimed]]:
        if self.job.claim is not None:
            yield self.job.claim.subject, self.job.claim.at(point)
            return
        for mode in MODES:
            yield mode, Claimed(self.own(point, mode))

    def own(self, point: FloatPoint, mode: str) -> Mapping[Key, float]:
        """Return adviz's own derivatives by one mode in float64."""
        return swept(self.graph, self._float64, point, self.job.wanted, mode)

    def _compared(
        self, facts: Facts, key: Key, known: Known, subject: str, found: float
    ) -> Verdict:
        """Compare a number of adviz's own with the truth, where that says something."""
        if known.verdict is not None:
            return known.verdict
        if not math.isfinite(found):
            return "not finite"
        if known.beside is not None and self._conventional(facts, key, known.truth):
            return "wrong gradient"
        return self._own(facts, key, subject, found, known.truth)

    def _conventional(self, facts: Facts, key: Key, truth: Truth) -> bool:
        """Return whether conventions at kinks, not rounding, give another number."""
        size = self.scale.size(facts.point, key, truth)
        return truth.contradicts(facts.replay.derivatives[key], size * _RESOLVED)

    def _tried(
        self,
        trial: Trial,
        point: FloatPoint,
        key: Key,
        known: Known,
        found: float,
        precision: Precision,
    ) -> Verdict:
        """Judge a claim; at a kink or a pole it may be anything that a convention may be."""
        if known.verdict == "not differentiable" and known.beside is not None:
            return trial.at_kink(found, known.beside)
        if known.verdict == "not finite" and known.truth.value == known.truth.value:
            return trial.at_pole(found, known.truth)
        return known.verdict or trial.verdict(point, key, found, known.truth, precision)

    def _own(self, facts: Facts, key: Key, mode: str, found: float, truth: Truth) -> Verdict:
        """Judge a number of adviz's own: right but for rounding, of which the bound is known."""
        point = facts.point
        if self.scale.close(found, truth, _OWN_UNITS):
            return "agrees"
        if self.scale.overflows(point, self.ground.way[key]):
            return "not finite"
        if self.unexplained(facts, key, mode, found, truth):
            return "wrong rule"
        return self.scale.kept(point, key, found, truth)

    def unexplained(self, facts: Facts, key: Key, mode: str, found: float, truth: Truth) -> bool:
        """Return whether neither rounding nor another branch explains a mode's number."""
        made = operations(self.graph, mode, self.job.wanted)
        if not truth.contradicts(found, quick_bound(made, key, facts.point)):
            return False
        bound = rounding(made, key, facts.point, truth.digits).bound
        if not truth.contradicts(found, bound) or not bound <= _FIRST_ORDER * abs(truth.value):
            return False
        return self.departed(facts, key, mode) is None

    def departed(self, facts: Facts, key: Key, mode: str) -> Culprit | None:
        """Return where float64 takes another branch, jumps, or leaves its range."""
        doubles = self.scale.doubles(facts.point)
        in_value = departure(self.graph, key.output, doubles, facts.replay.values)
        if in_value is not None:
            return in_value
        made = operations(self.graph, mode, self.job.wanted)
        exact = values_at(made.graph, self.oracle.numbers(facts.digits), facts.point)
        doubles = values_at(made.graph, self._float64, facts.point)
        found = departure(made.graph, made.derivatives[key], doubles, exact)
        if found is None or found.place is None:
            return None
        place = Place.of(self.graph, made.origins[found.place.node])
        return Culprit(f"in the derivative at {place}, {found.cause}", place)

    def _measured(
        self, point: FloatPoint, key: Key, verdict: Verdict, found: float, truth: Truth
    ) -> tuple[float, float]:
        """Return how many digits of a number are right, and its error in ulps."""
        context = truth.value.context
        if not context.isfinite(truth.value) or verdict == "undefined":
            return math.nan, math.nan
        if not math.isfinite(found) or verdict == "undecided":
            return 0.0, math.nan
        exact = context.mpf(found)
        error = abs(exact - truth.value)
        noticed = error > truth.slack + TINIEST
        digits = agreement(exact, truth.value) if noticed else math.inf
        return digits, ulps(error, self.scale.size(point, key, truth))


@lru_cache(maxsize=1)
def bench(job: Job) -> Bench:
    """Return what judges a job: one for all its points, and for whoever tells of them."""
    return Bench(job)
