"""The verdict on one derivative at one point, by comparing numbers with the truth.

Only a disagreement at the truth's precision makes a rule wrong. A derivative of which only numbers
are known may be off by what rounding explains, to first order; how much that is, is computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from adviz.checking.finding import Place, Verdict
from adviz.checking.truth.agreement import agreement, same, ulps
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import quick_bound, rounding
from adviz.checking.truth.scale import Scale
from adviz.checking.truth.truth import FIRST_DIGITS, Beside, Oracle, Replay, Truth
from adviz.checking.verdicts.claim import Claim
from adviz.checking.verdicts.claimed_number import Trial
from adviz.checking.verdicts.culprit import Culprit, departure
from adviz.checking.witnesses import Question, taylor_rate
from adviz.graph.graph import Graph
from adviz.graph.paths import below, on_the_way
from adviz.language.labels import Key
from adviz.modes.fast.jacobian import MODES, swept, values_at
from adviz.modes.point import FloatPoint
from adviz.modes.rounding import TINIEST
from adviz.numbers import FLOAT64, Number

GRADIENT = "gradient"
"""The subject of a user's own derivative."""
_OWN_UNITS = 16.0
"""Our own numbers off by so many units of rounding are held against their bound."""
_FIRST_ORDER = 1e-3
"""Where rounding takes more than this, relatively, a bound of first order accuses nobody."""
_RESOLVED = 1e-20
"""What many digits resolve beside a kink, relatively."""
_ALIKE = 1e-30
"""How far the truth may be from a number that Taylor's remainder confirms, relatively."""


@dataclass(frozen=True)
class Job:
    """What is judged: a graph's derivatives, adviz's own or those that somebody claims."""

    graph: Graph
    wanted: tuple[str, ...]
    claim: Claim | None


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

    @property
    def badness(self) -> tuple[float, float, int]:
        """What the worst of several is the greatest of: fewest digits, then the largest error."""
        digits = -1.0 if math.isnan(self.digits) else self.digits
        none = 0.0 if math.isfinite(self.found) else math.inf
        return -digits, none if math.isnan(self.ulps) else self.ulps, -self.position


class Facts(NamedTuple):
    """What is computed at one point before anything is compared."""

    point: FloatPoint
    truths: Mapping[Key, Truth]
    replay: Replay
    digits: int
    """The precision of the replay."""


class Known(NamedTuple):
    """What is known about one derivative at one point, whoever computes it."""

    verdict: Verdict | None
    """A verdict that holds for whatever is found; None when that is yet to be compared."""
    truth: Truth
    beside: Beside | None = None
    """Both sides of a kink, or of a point where SymPy's formula has no value."""
    node: int | None = None
    """The node that is undefined or has the kink."""


class Bench:
    """Judges one job, point by point; what does not depend on the point is made once."""

    def __init__(self, job: Job) -> None:
        self.job, self.graph = job, job.graph
        self.oracle = Oracle(job.graph, job.wanted)
        self.scale = Scale(job.graph)
        self.trial = job.claim and Trial(job.claim, self.oracle, self.scale)
        self._float64 = FLOAT64.over(job.graph.rows)
        self._below = {label: below(job.graph, label) for label in job.graph.outputs}
        self._way = {key: on_the_way(job.graph, key) for key in self.oracle.keys}

    def facts(self, point: FloatPoint) -> Facts:
        """Return the truth at a point, and the same graph replayed with as many digits."""
        truths = self.oracle.truths(point)
        digits = max((truth.digits for truth in truths.values()), default=FIRST_DIGITS)
        return Facts(point, truths, self.oracle.replay(point, digits), digits)

    def judge(self, position: int, point: FloatPoint) -> Iterator[Judged]:
        """Yield the verdict on every derivative of every subject at a point."""
        facts = self.facts(point)
        known = {key: self.known(facts, key) for key in facts.truths}
        measured = cache(partial(self._measured, point))
        for subject, found in self._subjects(point):
            for key, number in found.items():
                verdict = self._compared(facts, key, known[key], subject, number)
                truth = known[key].truth
                right = measured(key, verdict, number, truth)
                expected = float(truth.value)
                yield Judged(position, subject, key, verdict, number, expected, *right)

    def _subjects(self, point: FloatPoint) -> Iterator[tuple[str, Mapping[Key, float]]]:
        if self.job.claim is not None:
            yield GRADIENT, self.job.claim.at(point)[0]
            return
        for mode in MODES:
            yield mode, self.own(point, mode)

    def own(self, point: FloatPoint, mode: str) -> Mapping[Key, float]:
        """Return adviz's own derivatives by one mode in float64."""
        return swept(self.graph, self._float64, point, self.job.wanted, mode)

    def known(self, facts: Facts, key: Key) -> Known:
        """Return what holds at a point before anybody's numbers are looked at."""
        point, replay, truth = facts.point, facts.replay, facts.truths[key]
        undefined = self._first(replay, self._below[key.output], "undefined")
        if undefined is not None:
            return Known("undefined", truth, node=undefined)
        node = self._first(replay, self._way[key], "kink")
        finite = bool(truth.value.context.isfinite(truth.value))
        if node is None and finite and truth.settled:
            return self._replayed(point, key, truth, replay.derivatives[key])
        if node is None and truth.value.context.isinf(truth.value):
            return Known("not finite", truth)
        if node is None and not truth.settled:
            return Known("undecided", truth)
        beside = self.oracle.beside(point, key, truth.digits)
        common = beside.common
        if common is not None:
            return Known(None, common, beside, node)
        limits = [side.value for side in beside.slopes]
        if node is None and any(limit != limit for limit in limits):
            return self._without_sympy(point, key, truth, replay.derivatives[key])
        if node is None and not all(map(truth.value.context.isfinite, limits)):
            return Known("not finite", truth)
        return Known("not differentiable", truth, beside, node)

    def _without_sympy(self, point: FloatPoint, key: Key, truth: Truth, ours: Number) -> Known:
        """Return what holds where SymPy's formula, as written, has no value.

        The same graph's derivative is the truth if Taylor's remainder vanishes with it.
        """
        if ours != ours:
            return Known("undefined", truth)
        asked = Question(self.graph, key, point, digits=truth.digits)
        if taylor_rate(asked, ours).right:
            return Known(None, Truth(ours, abs(ours) * _ALIKE, truth.digits))
        return Known("undecided", truth)

    def _first(self, replay: Replay, nodes: Sequence[int], status: str) -> int | None:
        if not self.oracle.delicate:
            return None
        return next((node for node in nodes if replay.status[node] == status), None)

    def _replayed(self, point: FloatPoint, key: Key, truth: Truth, ours: Number) -> Known:
        """Compare the same graph's derivative with the truth, at the truth's precision.

        Where it has none, float64 cannot have one either.
        """
        if not ours.context.isfinite(ours):
            return Known(None, truth)
        if not truth.contradicts(ours) or same(ours, truth.value):
            return Known(None, truth)
        confirmed, agrees = self.oracle.confirmed(point, key, truth)
        if agrees:
            return Known(None, confirmed)
        if not confirmed.settled:
            return Known("undecided", confirmed)
        return Known("wrong rule" if self.job.claim is None else None, confirmed)

    def _compared(
        self, facts: Facts, key: Key, known: Known, subject: str, found: float
    ) -> Verdict:
        """Compare a number with the truth, where that says something."""
        if self.trial:
            return self._tried(self.trial, facts.point, key, known, found)
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
        self, trial: Trial, point: FloatPoint, key: Key, known: Known, found: float
    ) -> Verdict:
        """Judge a claim; at a kink or a pole it may be anything that a convention may be."""
        if known.verdict == "not differentiable" and known.beside is not None:
            return trial.at_kink(found, known.beside)
        if known.verdict == "not finite" and known.truth.value == known.truth.value:
            return trial.at_pole(found, known.truth)
        return known.verdict or trial.verdict(point, key, found, known.truth)

    def _own(self, facts: Facts, key: Key, mode: str, found: float, truth: Truth) -> Verdict:
        """Judge a number of adviz's own: right but for rounding, of which the bound is known."""
        point = facts.point
        if self.scale.close(found, truth, _OWN_UNITS):
            return "agrees"
        if self.scale.overflows(point, self._way[key]):
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
