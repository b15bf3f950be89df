"""What is told about a verdict at one point: the cause, the place, and every witness."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from adviz.checking.finding import Finding, Place, Statement
from adviz.checking.truth.agreement import decimal, same, ulps
from adviz.checking.truth.operations import operations
from adviz.checking.truth.rounding import Rounding, rounding
from adviz.checking.truth.settling import MOST_DIGITS
from adviz.checking.verdicts.claim import Claim, Claimed
from adviz.checking.verdicts.claimed_number import coarser, programs
from adviz.checking.verdicts.culprit import Culprit, kink, lost_digits, wrong_rule
from adviz.checking.verdicts.diagnosis import likely_cause
from adviz.checking.verdicts.diagnosis.differences import finite_difference
from adviz.checking.verdicts.known import Facts, Known
from adviz.checking.verdicts.nonfinite import complaint, untaken
from adviz.checking.verdicts.point import Bench
from adviz.checking.verdicts.tally import Alike, Tally
from adviz.checking.witnesses import FALLIBLE, Question, statements
from adviz.language.labels import Key
from adviz.language.numerals import in_text
from adviz.modes.fast.jacobian import MODES
from adviz.numbers.precisions import FLOAT64 as DOUBLE

_APPROXIMATE = 5.0
"""With so many digits right, a number is meant to be the derivative."""


class Told:
    """One verdict at its worst point, with its cause, its place, and what the witnesses say."""

    def __init__(
        self,
        bench: Bench,
        facts: Facts,
        alike: Alike,
        function: Callable[..., Any] | None,
        known: Known,
        heard: Callable[[Question], tuple[Statement, ...]] = statements,
    ) -> None:
        self.bench, self.facts, self.alike, self.function = bench, facts, alike, function
        self.heard = heard
        self.one = one = alike.worst[0]
        self.graph, self.key, self.point = bench.graph, one.key, facts.point
        self.known = known
        value = known.truth.value
        exists = one.verdict not in ("undefined", "not differentiable")
        finite = exists and value.context.isfinite(value)
        self.expected = decimal(value) if finite else None

    def finding(self, *, in_full: bool) -> Finding:
        """Return the finding; the bound and all witnesses only where it is told in full.

        Where the truth has not settled, there is nothing that rounding carries a number away from.
        """
        judged, culprit = self.one, self._culprit()
        heard = self._statements() if in_full and judged.verdict != "undefined" else ()
        failed = [one for one in heard if one.verdict == "failed" and one.witness in FALLIBLE]
        alone = bool(failed) and judged.verdict == "agrees"
        told = in_full and self.expected is not None and judged.verdict != "undecided"
        return Finding(
            subject=judged.subject,
            key=judged.key,
            verdict="witness failed" if alone else judged.verdict,
            count=self.alike.count,
            positions=tuple(one.position for one in self.alike.worst),
            point=dict(self.point),
            found=judged.found,
            expected=self.expected,
            digits=judged.digits,
            ulps=judged.ulps,
            bound=self._in_ulps(self._allowed()) if told else math.nan,
            cause="; ".join(f"{f.witness}: {f.remark}" for f in failed)
            if alone
            else self._said(culprit.cause),
            place=culprit.place,
            slopes=self._slopes(),
            heat=self.rounding.lost if told else {},
            statements=heard,
        )

    def _said(self, cause: str) -> str:
        """Return a cause, and what else is to be said of a claimed number."""
        nothing = self.claimed is not None and self.key in self.claimed.nothing
        notes = [
            f"None for {self.key} counts as 0" if nothing else "",
            self._format(),
            cause,
        ]
        return "; ".join(note for note in notes if note)

    def _format(self) -> str:
        """Return by which rounding a number of fewer bits than a double is judged, and why."""
        precision, claim = self.one.precision, self.bench.job.claim
        if precision == DOUBLE:
            return ""
        why = f"; {claim.remark}" if claim and claim.remark else ""
        unit = f"{precision.unit:.1e}".replace("e-0", "e-")
        return f"judged by the rounding of {precision.name} (unit roundoff {unit}){why}"

    @cached_property
    def claimed(self) -> Claimed | None:
        """What somebody claims at the point, where something is claimed."""
        claim = self.bench.job.claim
        return None if claim is None else claim.at(self.point)

    @cached_property
    def rounding(self) -> Rounding:
        """What rounding does to the derivative in the program that computed it.

        Of a gradient of somebody else's that program is not known: it is the first of the usual
        ones that explains the number, or adviz's own.
        """
        one, truth = self.one, self.known.truth
        wanted = self.bench.job.wanted
        if one.subject in MODES:
            made = iter([operations(self.graph, one.subject, wanted)])
        else:
            made = programs(self.graph, wanted)
        roundings = (rounding(m, self.key, self.point, truth.digits) for m in made)
        first = next(roundings)
        if one.subject in MODES or not math.isfinite(one.found):
            return first
        tried = chain((first,), roundings)
        return next((r for r in tried if not truth.contradicts(one.found, r.bound)), first)

    def _allowed(self) -> float:
        """Return how far rounding may carry the number, in the kind of numbers it is."""
        return coarser(self.rounding.bound, self.one.precision)

    def _in_ulps(self, error: float) -> float:
        return ulps(error, float(self.bench.scale.size(self.point, self.key, self.known.truth)))

    def _slopes(self) -> tuple[float, float] | None:
        if self.known.beside is None:
            return None
        left, right = self.known.beside.slopes
        return float(left.value), float(right.value)

    def _culprit(self) -> Culprit:
        makers: Mapping[str, Callable[[], Culprit]] = {
            "wrong rule": self._wrong_rule,
            "wrong gradient": self._wrong_gradient,
            "undecided": self._undecided,
            "undefined": self._objection,
            "not finite": self._not_finite,
            "not differentiable": self._kink,
            "ill-conditioned": self._lost,
        }
        inner = self.known.inner
        return self._absent(inner) if inner else makers.get(self.one.verdict, Culprit.none)()

    def _absent(self, inner: Key) -> Culprit:
        """Say why there is no first derivative to differentiate: what is said of it by itself."""
        first = self.bench.ground.known(self.facts, inner)
        if first.verdict is None:
            return self._placed(f"beside this point there is no {inner} to differentiate")
        judged = self.one._replace(key=inner, verdict=first.verdict)
        said = Told(self.bench, self.facts, Tally([judged]).alike, None, first)._culprit()
        return said._replace(cause=f"there is no {inner} to differentiate: {said.cause}")

    def _placed(self, cause: str) -> Culprit:
        """Return a cause, with the place of the node that is known to be at fault."""
        node = self.known.node
        return Culprit(cause, None if node is None else Place.of(self.graph, node))

    def _wrong_rule(self) -> Culprit:
        ours, truth = self.facts.replay.derivatives[self.key], self.known.truth
        if same(ours, truth.value) or not truth.contradicts(ours):
            return Culprit(
                f"{self.one.subject} mode in float64 is off by more than rounding explains, though "
                f"every rule is right with {truth.digits} digits"
            )
        inner = self.bench.ground.inner.get(self.key.output)
        for key in (inner, self.key) if inner else (self.key,):  # a wrong first rule comes first
            said = wrong_rule(self.graph, key, self.facts.replay.values, truth.digits)
            if said.place is not None:
                break
        return said

    def _wrong_gradient(self) -> Culprit:
        """Return the likely cause: a kink, the branch not taken, float64 itself, a mistake."""
        claim, found = self.bench.job.claim, self.one.found
        if claim is None or (self.known.node is not None and self.known.verdict is None):
            return self._wrong_convention()
        if self.known.verdict is not None:
            return self._impossible()
        if math.isnan(found):
            branch = untaken(self.graph, self.key, self.point, self.facts.replay.values)
            if branch is not None:
                return branch
        own = self.bench.own(self.point, "reverse")[self.key]
        if own == found or (own != own and found != found):
            said = complaint(self.graph, self.point, self.key, "reverse")
            return said._replace(cause=f"float64 itself gives this: {said.cause}")
        return self._mistake(claim, claim.at(self.point).numbers)

    def _impossible(self) -> Culprit:
        """Say why no convention gives a number at a kink or a pole."""
        slopes = self._slopes()
        if slopes is None:
            return Culprit("the true derivative is infinite")
        left, right = map(in_text, slopes)
        return self._placed(
            f"no convention gives {in_text(self.one.found)} at this kink: the slope is {left} on "
            f"the left and {right} on the right"
        )

    def _mistake(self, claim: Claim, found: Mapping[Key, float]) -> Culprit:
        truths = {
            key: decimal(truth.value)
            for key, truth in self.facts.truths.items()
            if truth.value.context.isfinite(truth.value)
        }
        comparable = {key: found[key] for key in truths if key in found}
        diagnosis = likely_cause(self.graph, self.point, comparable, truths)
        if diagnosis is not None:
            return diagnosis._replace(cause=f"most likely {diagnosis.cause}")
        difference = finite_difference(claim, self.graph, self.key, self.point)
        if difference:
            return Culprit(difference)
        if self.one.digits >= _APPROXIMATE:
            return Culprit(
                f"right to {self.one.digits:.0f} digits here, but not the derivative: an "
                f"approximation inside, or a constant with too few digits"
            )
        return Culprit(
            self.alike.pattern or f"no known mistake gives {in_text(self.one.found)} here"
        )

    def _wrong_convention(self) -> Culprit:
        said = self._placed("")
        what = self.bench.ground.inner.get(self.key.output, "the function")
        return said._replace(
            cause=f"{what} has the slope {in_text(self.known.truth.value)} on both sides of a kink "
            f"inside it, at {said.place}; the conventions at kinks add up to another number"
        )

    def _undecided(self) -> Culprit:
        truth = self.known.truth
        if truth.value != truth.value:
            return Culprit("SymPy's derivative, as its formula is written, has no value here")
        most = self.bench.oracle.most_digits
        more = "" if most == MOST_DIGITS else "; more are beyond the budget for this graph"
        return Culprit(f"the truth does not settle with up to {truth.digits} digits{more}")

    def _objection(self, first: str = "") -> Culprit:
        mode = self.one.subject if self.one.subject in MODES else "reverse"
        said = complaint(self.graph, self.point, self.key, mode)
        return said._replace(cause=f"{first}{said.cause}")

    def _not_finite(self) -> Culprit:
        if not self.known.truth.value.context.isfinite(self.known.truth.value):
            return self._objection("the true derivative is infinite; ")
        return self._objection()

    def _lost(self) -> Culprit:
        """Return where the digits went; a branch or an underflow is no matter of first order."""
        own = self.one.subject in MODES
        if self.known.truth.contradicts(self.one.found, self.rounding.bound):
            mode = self.one.subject if own else "reverse"
            departed = self.bench.departed(self.facts, self.key, mode)
            if departed:
                return departed
            if not own:
                return Culprit(
                    f"the numbers given for {self.key} scatter around the derivative: rounding "
                    f"inside the gradient itself, such as a difference of nearly equal numbers"
                )
        return lost_digits(self.graph, self.key, self.rounding, self.one.digits, own=own)

    def _kink(self) -> Culprit:
        beside, slopes = self.known.beside, self._slopes()
        if self.known.node is None or beside is None or slopes is None:
            return self._objection("the slopes on both sides differ; ")
        convention = self.facts.replay.derivatives[self.key]
        return kink(self.graph, self.known.node, slopes, beside.jumps, convention)

    def _statements(self) -> tuple[Statement, ...]:
        digits = self.known.truth.digits
        function = None if self.key.output in self.bench.ground.inner else self.function
        return self.heard(
            Question(self.graph, self.key, self.point, function, self.expected, digits)
        )
