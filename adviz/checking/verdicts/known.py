"""What holds of a derivative at a point before anybody's numbers are looked at.

The truth, the same graph replayed with as many digits, and what forbids a derivative: an undefined
value, a kink, a pole. A second derivative needs a first one beside it, wherever it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from adviz.checking.finding import Verdict
from adviz.checking.truth.agreement import same
from adviz.checking.truth.beside import Beside
from adviz.checking.truth.budget import WITNESS, Budget, Spent
from adviz.checking.truth.settling import FIRST_DIGITS, Truth
from adviz.checking.truth.slopes import Slopes, slopes
from adviz.checking.truth.truth import Oracle, Replay
from adviz.checking.verdicts.claim import Claim
from adviz.checking.witnesses import Question, taylor_rate
from adviz.graph.graph import Graph
from adviz.graph.paths import below, on_the_way
from adviz.language.labels import Key
from adviz.modes.point import FloatPoint
from adviz.numbers import Number
from adviz.numbers.precisions import FLOAT64, Precision

_ALIKE = 1e-30
"""How far the truth may be from a number that Taylor's remainder confirms, relatively."""
_ABSENT: tuple[Verdict, ...] = ("undefined", "not finite", "not differentiable")
"""The verdicts on a first derivative that leave nothing to differentiate."""
_BESIDE = 1e-20
"""The relative step to where a first derivative must exist too."""


@dataclass(frozen=True, eq=False)
class Job:
    """What is judged: a function's derivatives, adviz's own or those that somebody claims.

    Every check has one of its own.
    """

    function: Graph
    wanted: tuple[str, ...]
    claim: Claim | None
    order: int = 1
    """Up to which order."""

    @property
    def format(self) -> Precision:
        """The format that what is judged is computed in, as far as that is known."""
        return FLOAT64 if self.claim is None else self.claim.format

    @property
    def slopes(self) -> Slopes:
        """What is differentiated: the function, and below the highest order its derivatives."""
        return slopes(self.function, self.wanted, self.order)

    @property
    def graph(self) -> Graph:
        """What is differentiated, as adviz computes it."""
        return self.slopes.graph


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
    inner: Key | None = None
    """The first derivative for want of which there is no second one."""


class Ground:
    """Finds what is known, point by point; what does not depend on the point is made once."""

    def __init__(self, job: Job) -> None:
        made = job.slopes
        self.graph, self.inner, self.claimed = made.graph, made.keys, job.claim is not None
        self.oracle = Oracle(made.graph, job.wanted, made.true)
        self._below = {label: below(made.graph, label) for label in made.graph.outputs}
        self.way = {key: on_the_way(made.graph, key) for key in self.oracle.keys}

    def facts(self, point: FloatPoint) -> Facts:
        """Return the truth at a point, and the same graph replayed with as many digits."""
        truths = self.oracle.truths(point)
        digits = max((truth.digits for truth in truths.values()), default=FIRST_DIGITS)
        return Facts(point, truths, self.oracle.replay(point, digits), digits)

    def everything(self, facts: Facts) -> dict[Key, Known]:
        """Return what holds of every derivative at a point."""
        found: dict[Key, Known] = {}
        for key in facts.truths:  # those of the function itself come first
            found[key] = self.known(facts, key, found.get(self.inner.get(key.output, key)))
        return found

    def known(self, facts: Facts, key: Key, first: Known | None = None) -> Known:
        """Return what holds of a derivative at a point; `first` of the one it is a derivative of.

        Of a second derivative what is undefined on the way is no matter, as long as the first one
        exists: it may be the rule that is written so.
        """
        inner = self.inner.get(key.output)
        if inner is None:
            undefined = self._first(facts.replay, self._below[key.output], "undefined")
            if undefined is not None:
                return Known("undefined", facts.truths[key], node=undefined)
            return self._settled(facts, key, self.way[key])
        first = first or self.known(facts, inner)
        absent = self._absent(facts, key, inner, first)
        return absent or self._settled(facts, key, self.way[key] + self.way[inner], inner, first)

    def _absent(self, facts: Facts, key: Key, inner: Key, first: Known) -> Known | None:
        """Return why there is no first derivative, at a point or beside it, to differentiate."""
        if first.verdict in _ABSENT:
            return self._nothing(facts, key, inner, first)
        if first.verdict == "undecided":
            return first._replace(inner=inner)
        for side in (-1, 1) if first.node is not None else ():
            here = facts.truths[key].value.context.mpf(facts.point[key.input])
            moved = here + side * (abs(here) or 1) * here.context.mpf(_BESIDE)
            there = self.known(self.facts({**facts.point, key.input: moved}), inner)
            if there.verdict in _ABSENT:
                return self._nothing(facts, key, inner, there)
        return None

    def _nothing(self, facts: Facts, key: Key, inner: Key, first: Known) -> Known:
        truth = facts.truths[key]
        kinked = first.verdict == "not differentiable"
        none = truth._replace(value=truth.value.context.nan)
        verdict: Verdict = "not differentiable" if kinked else "undefined"
        return Known(verdict, none, None, first.node, inner)

    def _settled(
        self,
        facts: Facts,
        key: Key,
        way: Sequence[int],
        inner: Key | None = None,
        first: Known | None = None,
    ) -> Known:
        """Return the derivative as it settles, or as it is approached from both sides of a kink."""
        point, replay, truth = facts.point, facts.replay, facts.truths[key]
        node = self._first(replay, way, "kink")
        finite = bool(truth.value.context.isfinite(truth.value))
        forked = node is None and self.oracle.forked(point, key, truth.digits)
        if node is None and not forked and finite and truth.settled:
            return self._replayed(point, key, truth, replay.derivatives[key])
        if node is None and truth.value.context.isinf(truth.value):
            return Known("not finite", truth)
        if node is None and not truth.settled:
            return Known("undecided", truth)
        if not self.oracle.looks_beside:
            return Known("undecided", truth, node=node)
        across = inner.input if inner and inner.input != key.input else ""
        beside = self.oracle.beside(point, key, truth.digits, first and first.truth, across)
        common = beside.common
        if common is not None and node is not None:
            return Known(None, common, beside, node)
        if common is not None:
            return self._held(common, replay.derivatives[key])
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
        asked = Question(self.graph, key, point, digits=truth.digits, budget=Budget(WITNESS))
        with suppress(Spent):
            if taylor_rate(asked, ours).right:
                return Known(None, Truth(ours, abs(ours) * _ALIKE, truth.digits))
        return Known("undecided", truth)

    def _held(self, truth: Truth, ours: Number) -> Known:
        """Return what holds where there is no kink, though SymPy's formula, as written, has one."""
        wrong = (
            ours.context.isfinite(ours) and truth.contradicts(ours) and not same(ours, truth.value)
        )
        return Known("wrong rule" if wrong and not self.claimed else None, truth)

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
        return Known(None if self.claimed else "wrong rule", confirmed)
