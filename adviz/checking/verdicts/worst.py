"""The findings: for every subject, derivative and verdict the worst point, told in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from adviz.checking.finding import VERDICTS, Finding, Statement
from adviz.checking.truth.budget import FOR_A_NODE, WITNESSES
from adviz.checking.verdicts.hearing import Hearing
from adviz.checking.verdicts.known import Job
from adviz.checking.verdicts.point import Judged, bench
from adviz.checking.verdicts.tally import Alike, tallied
from adviz.checking.verdicts.told import Told
from adviz.checking.witnesses import PROOFS
from adviz.language.labels import Key
from adviz.modes.point import FloatPoint

_AGREEING = 2
"""Of how many derivatives that agree everything is told."""
_WITNESSED = 12
"""For how many findings, the worst, all witnesses are heard and the rounding is bounded."""


def findings(
    job: Job,
    points: Sequence[FloatPoint],
    judged: Iterable[Iterable[Judged]],
    function: Callable[..., Any] | None,
) -> Iterator[Finding]:
    """Yield one finding for every subject, derivative and verdict, the worst first.

    What is judged comes in chunks of points, of which only what is told is kept.
    Where a witness fails at the worst of the points that agree, that point is a finding of its
    own.
    """
    told, alikes = list[Finding](), tallied(judged)
    full = sum(_told_in_full(alikes))
    teller = _teller(job, points, function, alikes[:full])
    for rank, alike in enumerate(alikes):
        worst = teller(alike).finding(in_full=rank < full)
        if worst.verdict == "witness failed":
            worst = replace(worst, count=1, positions=worst.positions[:1])
            if alike.count > 1:
                told.append(teller(alike.rest).finding(in_full=False))
        told.append(worst)
    return iter(sorted(told, key=lambda finding: VERDICTS.index(finding.verdict)))


def _told_in_full(alikes: Sequence[Alike]) -> Iterator[bool]:
    """Yield True for the first verdicts, the worst, and then only False."""
    agreeing = 0
    for rank, alike in enumerate(alikes):
        agreeing += alike.worst[0].verdict == "agrees"
        yield rank < _WITNESSED and agreeing <= _AGREEING


def _teller(
    job: Job,
    points: Sequence[FloatPoint],
    function: Callable[..., Any] | None,
    full: Sequence[Alike],
) -> Callable[[Alike], Told]:
    """Return what tells the first of several verdicts; all share what is known and heard."""
    judge, worst = bench(job), [alike.worst[0] for alike in full]
    places = {(one.position, one.key) for one in worst if one.verdict != "undefined"}
    hearing = Hearing(max(WITNESSES, FOR_A_NODE * len(job.graph)), places)

    def told(alike: Alike) -> Told:
        place, key = alike.worst[0].position, alike.worst[0].key
        facts, known = judge.known(place, points[place])
        heard = partial(hearing.statements, place)
        return Told(judge, facts, alike, function, known[key], heard)

    return told


def proofs(job: Job) -> Iterator[Statement]:
    """Yield what is proved about each derivative's formula, whatever the point."""
    keys = [Key(label, name) for label in job.graph.outputs for name in job.wanted]
    for proof in PROOFS:
        for key in keys:
            yield replace(proof.states(job.graph, key), key=key)
