"""The findings: for every subject, derivative and verdict the worst point, told in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from adviz.checking.finding import VERDICTS, Finding, Statement
from adviz.checking.truth.budget import FOR_A_NODE, WITNESSES, Budget
from adviz.checking.verdicts.known import Job
from adviz.checking.verdicts.point import Bench, Judged
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
    judged: Sequence[Judged],
    function: Callable[..., Any] | None,
) -> Iterator[Finding]:
    """Yield one finding for every subject, derivative and verdict, the worst first.

    Where a witness fails at the worst of the points that agree, that point is a finding of its
    own.
    """
    told, agreeing = list[Finding](), 0
    teller = _teller(job, points, function)
    for rank, ones in enumerate(_ranked(judged)):
        agreeing += ones[0].verdict == "agrees"
        in_full = rank < _WITNESSED and agreeing <= _AGREEING
        worst = teller(ones).finding(in_full=in_full)
        if worst.verdict == "witness failed":
            worst, others = replace(worst, count=1, positions=worst.positions[:1]), ones[1:]
            if others:
                told.append(teller(others).finding(in_full=False))
        told.append(worst)
    return iter(sorted(told, key=lambda finding: VERDICTS.index(finding.verdict)))


def _teller(
    job: Job, points: Sequence[FloatPoint], function: Callable[..., Any] | None
) -> Callable[[Sequence[Judged]], Told]:
    """Return what tells the first of several verdicts; all share what is known, and one budget."""
    bench, budget = Bench(job), Budget(max(WITNESSES, FOR_A_NODE * len(job.graph)))
    facts = cache(lambda position: bench.ground.facts(points[position]))
    known = cache(lambda position, key: bench.ground.known(facts(position), key))

    def told(ones: Sequence[Judged]) -> Told:
        place, key = ones[0].position, ones[0].key
        return Told(bench, facts(place), ones, function, known(place, key), budget)

    return told


def _ranked(judged: Sequence[Judged]) -> list[list[Judged]]:
    """Return what was judged by verdict, subject and derivative, the worst first throughout."""
    groups: dict[tuple[int, str, Key], list[Judged]] = {}
    for one in judged:
        groups.setdefault((VERDICTS.index(one.verdict), one.subject, one.key), []).append(one)
    for ones in groups.values():
        ones.sort(key=lambda one: one.badness, reverse=True)

    def rank(group: tuple[int, str, Key]) -> tuple[Any, ...]:
        return (group[0], *(-part for part in groups[group][0].badness), *group[1:])

    return [groups[group] for group in sorted(groups, key=rank)]


def proofs(job: Job) -> Iterator[Statement]:
    """Yield what is proved about each derivative's formula, whatever the point."""
    keys = [Key(label, name) for label in job.graph.outputs for name in job.wanted]
    for proof in PROOFS:
        for key in keys:
            yield replace(proof.states(job.graph, key), key=key)
