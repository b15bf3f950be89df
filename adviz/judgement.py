"""The verdict on one derivative at one point, by comparing numbers with the truth.

Only a disagreement at the truth's precision makes a rule wrong. A derivative of which only numbers
are known may be off by what rounding explains, to first order; how much that is, is computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adviz.agreement import agreement, same, ulps
from adviz.bare import MODES, Point, evaluated, swept
from adviz.claim import Claim
from adviz.conventions import as_usual
from adviz.culprit import below, on_the_way
from adviz.finding import Key, Verdict
from adviz.graph import Graph
from adviz.numbers import FLOAT64, Number, multiprecision
from adviz.rounding import TINIEST, UNIT, bound, program, rounding
from adviz.symbolics import differentiated
from adviz.truth import FIRST_DIGITS, Beside, Oracle, Replay, Truth
from adviz.witnesses import Case as Asked
from adviz.witnesses import taylor_rate

GRADIENT = "gradient"
"""The subject of a user's own derivative."""
HALF_THE_DIGITS = math.sqrt(UNIT)
"""A derivative is ill-conditioned where float64 loses more than half of its digits."""
FOREIGN = 8.0
"""How many times the bound of our own arithmetic another program's numbers may be off: its
functions and the order of its operations are not known."""
_ALIKE = 1e-30
"""How far the truth may be from a number that Taylor's remainder confirms, relatively."""
_RIGHT = 4.0
"""Numbers off by so many units of rounding are right without computing a bound."""
HUGE = 1.7976931348623157e308


@dataclass(frozen=True)
class Case:
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
    digits: float
    ulps: float

    @property
    def badness(self) -> tuple[float, float, int]:
        """What the worst of several is the greatest of: fewest digits, then the largest error."""
        digits = -1.0 if math.isnan(self.digits) else self.digits
        return -digits, 0.0 if math.isnan(self.ulps) else self.ulps, -self.position


class Facts(NamedTuple):
    """What is computed at one point before anything is compared."""

    point: Point
    truths: Mapping[Key, Truth]
    replay: Replay


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
    """Judges one case, point by point; what does not depend on the point is made once."""

    def __init__(self, case: Case) -> None:
        self.case, self.graph = case, case.graph
        self.oracle = Oracle(case.graph, case.wanted)
        self._float64 = FLOAT64.over(case.graph.rows)
        self._below = {label: below(case.graph, label) for label in case.graph.outputs}
        self._way = {key: on_the_way(case.graph, key) for key in self.oracle.keys}

    def facts(self, point: Point) -> Facts:
        """Return the truth at a point, and the same graph replayed with as many digits."""
        truths = self.oracle.truths(point)
        digits = max((truth.digits for truth in truths.values()), default=FIRST_DIGITS)
        return Facts(point, truths, self.oracle.replay(point, digits))

    def judge(self, position: int, point: Point) -> Iterator[Judged]:
        """Yield the verdict on every derivative of every subject at a point."""
        facts = self.facts(point)
        known = {key: self.known(facts, key) for key in facts.truths}
        for subject, found in self._subjects(point):
            for key, number in found.items():
                verdict = self._compared(point, key, known[key], subject, number)
                right = self._measured(point, key, verdict, number, known[key].truth)
                yield Judged(position, subject, key, verdict, number, *right)

    def _subjects(self, point: Point) -> Iterator[tuple[str, Mapping[Key, float]]]:
        if self.case.claim is not None:
            yield GRADIENT, self.case.claim.at(point)[0]
            return
        for mode in MODES:
            yield mode, self.own(point, mode)

    def own(self, point: Point, mode: str) -> Mapping[Key, float]:
        """Return adviz's own derivatives by one mode in float64."""
        return swept(self.graph, self._float64, point, self.case.wanted, mode)

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

    def _without_sympy(self, point: Point, key: Key, truth: Truth, ours: Number) -> Known:
        """Return what holds where SymPy's formula, as written, has no value.

        The same graph's derivative is the truth if Taylor's remainder vanishes with it.
        """
        if ours != ours:
            return Known("undefined", truth)
        asked = Asked(self.graph, key, point, digits=truth.digits)
        if taylor_rate(asked, ours).right:
            return Known(None, Truth(ours, abs(ours) * _ALIKE, truth.digits))
        return Known("undecided", truth)

    def _first(self, replay: Replay, nodes: Sequence[int], status: str) -> int | None:
        if not self.oracle.delicate:
            return None
        return next((node for node in nodes if replay.status[node] == status), None)

    def _replayed(self, point: Point, key: Key, truth: Truth, ours: Number) -> Known:
        """Compare the same graph's derivative with the truth, at the truth's precision."""
        if not truth.contradicts(ours) or same(ours, truth.value):
            return Known(None, truth)
        confirmed, agrees = self.oracle.confirmed(point, key, truth)
        if agrees:
            return Known(None, confirmed)
        if not confirmed.settled:
            return Known("undecided", confirmed)
        return Known("wrong rule" if self.case.claim is None else None, confirmed)

    def _compared(
        self, point: Point, key: Key, known: Known, subject: str, found: float
    ) -> Verdict:
        """Compare a number with the truth, where that says something."""
        truth = known.truth
        if known.verdict is not None:
            return known.verdict
        if subject != GRADIENT:
            if not math.isfinite(found):
                return "not finite"
            if known.beside is not None and self._departs(found, truth):
                return "wrong gradient"
            kept = self._kept(point, key, found, truth)
            return "not finite" if kept != "agrees" and self._overflows(point, key) else kept
        if self._right(point, key, found, truth):
            return self._kept(point, key, found, truth) if math.isfinite(found) else "agrees"
        return "wrong gradient"

    def _departs(self, found: float, truth: Truth) -> bool:
        return truth.contradicts(found, abs(truth.value) * HALF_THE_DIGITS + TINIEST)

    def _kept(self, point: Point, key: Key, found: float, truth: Truth) -> Verdict:
        """Tell a number that keeps half of its digits from one that does not."""
        allowed = self.size(point, key, truth) * HALF_THE_DIGITS + _RIGHT * TINIEST
        return "ill-conditioned" if truth.contradicts(found, allowed) else "agrees"

    def size(self, point: Point, key: Key, truth: Truth) -> Number:
        """Return what an error is compared with: a derivative that is truly 0 has no digits.

        There it is the size of the function, or 1.
        """
        if truth.value:
            return abs(truth.value)
        value = self.doubles(point)[self.graph.outputs[key.output]]
        return truth.value + max(abs(value), 1.0) if math.isfinite(value) else truth.value + 1

    def doubles(self, point: Point) -> list[Number]:
        """Return every node's value in float64."""
        return evaluated(self.graph, self._float64, point)

    def _overflows(self, point: Point, key: Key) -> bool:
        """Return whether a value on the way is too large for float64."""
        found = self.doubles(point)
        numbers = (found[node] for node in self._way[key])
        return any(isinstance(n, float) and not math.isfinite(n) for n in numbers)

    def _right(self, point: Point, key: Key, found: float, truth: Truth) -> bool:
        """Return whether a claimed number is right, or off by no more than rounding explains."""
        if math.isinf(found):
            return bool(abs(truth.value) > HUGE and (found > 0) == (truth.value > 0))
        if not truth.contradicts(found, _RIGHT * (UNIT * abs(truth.value) + TINIEST)):
            return True
        claim = self.case.claim
        if found != found or claim is None:
            return False
        if claim.formula is not None:
            return self._right_formula(claim.formula, point, key, truth)
        return not truth.contradicts(found, FOREIGN * self.largest_bound(point, key, truth))

    def _right_formula(self, formula: Graph, point: Point, key: Key, truth: Truth) -> bool:
        """Return whether a claimed formula is right with many digits, but for its constants."""
        numbers = multiprecision(truth.digits).over(formula.rows)
        used = {name: point[name] for name in formula.inputs}
        value = evaluated(formula, numbers, used)[formula.outputs[str(key)]]
        return not truth.contradicts(value, bound(formula, str(key), used, truth.digits))

    def largest_bound(self, point: Point, key: Key, truth: Truth) -> float:
        """Return how far rounding may carry this derivative in the loosest of the usual formulas.

        They are the programs of both modes, with adviz's rules and with those that others use,
        and SymPy's derivative.
        """
        bounds = [
            rounding(program(graph, mode, self.case.wanted), key, point, truth.digits).bound
            for graph in dict.fromkeys((self.graph, as_usual(self.graph)))
            for mode in MODES
        ]
        whole = differentiated(self.graph, self.case.wanted)
        if whole is not None:
            slopes = whole[1][key.output]
            label = list(slopes.outputs)[self.case.wanted.index(key.input)]
            used = {name: point[name] for name in slopes.inputs}
            bounds.append(bound(slopes, label, used, truth.digits))
        return max((b for b in bounds if math.isfinite(b)), default=0.0)

    def _measured(
        self, point: Point, key: Key, verdict: Verdict, found: float, truth: Truth
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
        return digits, ulps(error, self.size(point, key, truth))
