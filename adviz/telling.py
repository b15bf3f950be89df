"""What is told about a verdict: the worst point, the cause, the place, and every witness."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from adviz.culprit import Culprit, complaint, departure, kink, lost_digits, wrong_rule
from adviz.diagnosis import likely_cause
from adviz.figures import short
from adviz.finding import VERDICTS, Finding, Key, Place, Statement
from adviz.judgement import GRADIENT, Bench, Case, Judged
from adviz.rounding import Rounding, program, rounding
from adviz.truth import MODES, Point, decimal, ulps
from adviz.witnesses import PROOFS, statements
from adviz.witnesses import Case as Asked

_WITNESSED = 12
"""For how many findings all witnesses are heard."""


def findings(
    case: Case,
    points: Sequence[Point],
    judged: Sequence[Judged],
    function: Callable[..., Any] | None,
) -> Iterator[Finding]:
    """Yield one finding for every subject, derivative and verdict, the worst first."""
    groups: dict[tuple[int, str, Key], list[Judged]] = {}
    for one in judged:
        groups.setdefault((VERDICTS.index(one.verdict), one.subject, one.key), []).append(one)
    worst = {group: max(ones, key=lambda one: one.badness) for group, ones in groups.items()}
    ranked = sorted(groups, key=lambda g: (g[0], *(-b for b in worst[g].badness), g[1], g[2]))
    bench = Bench(case)
    for rank, group in enumerate(ranked):
        one = worst[group]
        told = Told(bench, points[one.position], one, function)
        yield told.finding(len(groups[group]), witnessed=rank < _WITNESSED)


class Told:
    """One verdict at its worst point, with its cause, its place, and what the witnesses say."""

    def __init__(
        self, bench: Bench, point: Point, one: Judged, function: Callable[..., Any] | None
    ) -> None:
        self.bench, self.point, self.one, self.function = bench, point, one, function
        self.graph, self.key = bench.graph, one.key
        truth = bench.oracle.truths(point)[one.key]
        self.replay = bench.oracle.replay(point, truth.digits)
        self.known = bench.known(point, one.key, truth, self.replay)

    def finding(self, count: int, *, witnessed: bool) -> Finding:
        """Return the finding; all witnesses are heard only where asked for."""
        truth, one = self.known.truth, self.one
        mode = one.subject if one.subject in MODES else "reverse"
        made = program(self.graph, mode, self.bench.case.wanted)
        finite = bool(truth.value.context.isfinite(truth.value))
        spread = rounding(made, self.key, self.point, truth.digits) if finite else None
        culprit = self._culprit(spread)
        heard = self._statements() if witnessed and one.verdict != "undefined" else ()
        failed = any(one.verdict == "failed" for one in heard)
        return Finding(
            subject=one.subject,
            key=one.key,
            verdict="witness failed" if failed and one.verdict == "agrees" else one.verdict,
            count=count,
            point=dict(self.point),
            found=one.found,
            expected=decimal(truth.value) if finite and one.verdict != "undefined" else None,
            digits=one.digits,
            ulps=one.ulps,
            bound=self._bound(spread),
            cause=culprit.cause,
            place=culprit.place,
            slopes=self._slopes(),
            heat=spread.lost if spread else {},
            statements=heard,
        )

    def _bound(self, spread: Rounding | None) -> float:
        if spread is None:
            return math.nan
        return ulps(spread.bound, float(self.bench.size(self.point, self.key, self.known.truth)))

    def _slopes(self) -> tuple[float, float] | None:
        if self.known.beside is None:
            return None
        left, right = self.known.beside.slopes
        return float(left.value), float(right.value)

    def _culprit(self, spread: Rounding | None) -> Culprit:
        makers: Mapping[str, Callable[[], Culprit]] = {
            "wrong rule": self._wrong_rule,
            "wrong gradient": self._wrong_gradient,
            "undecided": self._undecided,
            "undefined": self._objection,
            "not finite": self._not_finite,
            "not differentiable": self._kink,
            "ill-conditioned": lambda: self._lost(spread),
        }
        return makers.get(self.one.verdict, lambda: Culprit(""))()

    def _wrong_rule(self) -> Culprit:
        return wrong_rule(self.graph, self.key, self.replay.values, self.known.truth.digits)

    def _wrong_gradient(self) -> Culprit:
        if self.one.subject != GRADIENT:
            return self._wrong_convention()
        truths = {
            key: decimal(truth.value)
            for key, truth in self.bench.oracle.truths(self.point).items()
            if truth.value.context.isfinite(truth.value)
        }
        claim = self.bench.case.claim
        found, single = claim.at(self.point) if claim else ({}, False)
        diagnosis = likely_cause(self.graph, self.point, found, truths)
        if single:
            return Culprit("the gradient was computed in float32")
        if diagnosis is None:
            return Culprit("no known mistake gives this number")
        return Culprit(f"most likely {diagnosis.cause}", diagnosis.place)

    def _wrong_convention(self) -> Culprit:
        node = self.known.node
        place = None if node is None else Place.of(self.graph, node)
        return Culprit(
            f"the function has the slope {short(self.known.truth.value)} on both sides of a kink "
            f"inside it, at {place}; the conventions at kinks add up to another number",
            place,
        )

    def _undecided(self) -> Culprit:
        digits = self.known.truth.digits
        return Culprit(f"the truth does not settle with up to {digits} digits")

    def _objection(self) -> Culprit:
        mode = self.one.subject if self.one.subject in MODES else "reverse"
        return complaint(self.graph, self.point, self.key, mode)

    def _not_finite(self) -> Culprit:
        if not self.known.truth.value.context.isfinite(self.known.truth.value):
            said = self._objection()
            return Culprit(f"the true derivative is infinite; {said.cause}", said.place)
        return self._objection()

    def _lost(self, spread: Rounding | None) -> Culprit:
        """Return where the digits went; a branch or an underflow is no matter of first order."""
        doubles = self.bench.doubles(self.point)
        departed = departure(self.graph, self.key, doubles, self.replay.values)
        if spread is None or (departed and not self._explained(spread)):
            return departed or Culprit("")
        return lost_digits(self.graph, self.key, spread, self.one.digits)

    def _explained(self, spread: Rounding) -> bool:
        return not self.known.truth.contradicts(self.one.found, spread.bound)

    def _kink(self) -> Culprit:
        beside, slopes = self.known.beside, self._slopes()
        if self.known.node is None or beside is None or slopes is None:
            said = self._objection()
            return Culprit(f"the slopes on both sides differ; {said.cause}", said.place)
        convention = self.replay.derivatives[self.key]
        return kink(self.graph, self.known.node, slopes, beside.jumps, convention)

    def _statements(self) -> tuple[Statement, ...]:
        truth = self.known.truth
        finite = bool(truth.value.context.isfinite(truth.value))
        return statements(
            Asked(
                self.graph,
                self.key,
                self.point,
                self.function,
                decimal(truth.value) if finite else None,
                truth.digits,
            )
        )


def proofs(case: Case) -> Iterator[Statement]:
    """Yield what is proved about each derivative's formula, whatever the point."""
    keys = [Key(label, name) for label in case.graph.outputs for name in case.wanted]
    for proof in PROOFS:
        for key in keys:
            yield proof.states(case.graph, key)
