"""A filled-in sheet marked: what is right, what is not, what follows from that, and how it came.

A wrong number is one error however much is computed from it: what is right from the numbers that
stand there is said to follow. The others are explained by the ways of working that give them, as
few ways as possible, those first that explain the most and contradict the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from adviz.checking.exercise.answers import Answer, is_empty, read
from adviz.checking.exercise.blanks import KINDS, Blank
from adviz.checking.exercise.ways import RIGHTLY, Way, ways_for
from adviz.checking.exercise.working import worked
from adviz.modes.trace import Trace

Verdict = Literal["right", "follows", "wrong", "empty", "unreadable"]
"""What is said of an answer."""

Numbers = Mapping[Blank, float]

_SLIPS: Mapping[str, Callable[[float], float]] = {
    "its sign is wrong": lambda number: -number,
    "it is twice what it should be": lambda number: 2 * number,
    "it is half of what it should be": lambda number: number / 2,
    "it is the reciprocal of what it should be": lambda number: 1 / number if number else number,
    "its decimal point is one place too far right": lambda number: number * 10,
    "its decimal point is one place too far left": lambda number: number / 10,
}
"""What a single number may be instead of the right one."""


@dataclass(frozen=True)
class Mark:
    """What is said of one blank."""

    blank: Blank
    answer: str
    number: float
    """What is right."""
    verdict: Verdict
    own: float
    """What would be right from the numbers that the sheet has."""
    sources: tuple[Blank, ...] = ()
    """The wrong numbers from which it follows."""
    ways: tuple[Way, ...] = ()
    """The ways of working that explain it, any of them."""
    slip: str = ""
    """What else explains it."""


class _Sheet(NamedTuple):
    """A filled-in sheet: what is asked, what is written, and what would be right."""

    trace: Trace
    answers: Mapping[Blank, Answer]
    key: Numbers
    own: Numbers

    @property
    def written(self) -> Numbers:
        return {blank: answer.number for blank, answer in self.answers.items()}

    def agrees(self, blank: Blank, numbers: Numbers) -> bool:
        """Return whether a number stands in a blank."""
        return self.answers[blank].says(float(numbers[blank]))


def marked(trace: Trace, blanks: Sequence[Blank], filled: Mapping[Blank, str]) -> list[Mark]:
    """Return what is said of every blank of a sheet, in the order of the sheet.

    >>> import adviz
    >>> trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    >>> blanks = [Blank("adjoints", 0), Blank("adjoints", 1)]
    >>> [mark.verdict for mark in marked(trace, blanks, dict(zip(blanks, ["2", "7"])))]
    ['right', 'wrong']
    """
    texts = {blank: filled.get(blank, "") for blank in blanks}
    answers = {blank: said for blank, text in texts.items() if (said := read(text)) is not None}
    written = {blank: answer.number for blank, answer in answers.items()}
    sheet = _Sheet(trace, answers, worked(trace, RIGHTLY), worked(trace, RIGHTLY, written))
    judged = _judged(sheet, texts)
    wrong = [blank for blank in blanks if judged[blank][0] == "wrong"]
    ways = _explained(sheet, wrong) if wrong else {}
    slips = {blank: _slip(sheet, blank) for blank in wrong if blank not in ways}
    return [
        Mark(
            blank, texts[blank], float(sheet.key[blank]), verdict, float(sheet.own[blank]),
            sources, ways.get(blank, ()), slips.get(blank, ""),
        )
        for blank, (verdict, sources) in judged.items()
    ]  # fmt: skip


def _judged(
    sheet: _Sheet, texts: Mapping[Blank, str]
) -> dict[Blank, tuple[Verdict, tuple[Blank, ...]]]:
    """Return the verdict on every blank, and the wrong numbers that it was computed from."""
    graph = sheet.trace.graph
    blamed: dict[Blank, tuple[Blank, ...]] = {}
    found: dict[Blank, tuple[Verdict, tuple[Blank, ...]]] = {}
    for blank, text in texts.items():
        needs = KINDS[blank.kind].needs(graph, blank.place)
        sources = _once(source for need in needs for source in blamed.get(need, ()))
        verdict = _verdict(sheet, blank, text, bool(sources))
        passed = {"right": (), "follows": (blank,), "wrong": (blank,)}
        blamed[blank] = passed.get(verdict, sources)
        found[blank] = verdict, sources if verdict == "follows" else ()
    return found


def _once(blanks: Iterable[Blank]) -> tuple[Blank, ...]:
    return tuple(dict.fromkeys(blanks))


def _verdict(sheet: _Sheet, blank: Blank, text: str, doubtful: bool) -> Verdict:
    """Return the verdict on one blank; doubtful: something that it is computed from is wrong."""
    if is_empty(text):
        return "empty"
    if blank not in sheet.answers:
        return "unreadable"
    if sheet.agrees(blank, sheet.key):
        return "right"
    if sheet.agrees(blank, sheet.own):
        return "follows" if doubtful else "right"  # from numbers that were rounded on the way
    return "wrong"


def _explained(sheet: _Sheet, wrong: Sequence[Blank]) -> dict[Blank, tuple[Way, ...]]:
    """Return the ways that explain wrong numbers: a way for as many of them as possible."""
    explains, denies = {}, {}
    for way in ways_for(sheet.trace):
        given = [worked(sheet.trace, way), worked(sheet.trace, way, sheet.written)]
        met = {blank for blank in sheet.answers if any(sheet.agrees(blank, one) for one in given)}
        explains[way] = met.intersection(wrong)
        denies[way] = len(sheet.answers) - len(met.union(wrong))
    found: dict[Blank, tuple[Way, ...]] = {}
    left = frozenset(wrong)
    while left:
        rank = {way: (len(blanks & left), -denies[way]) for way, blanks in explains.items()}
        best = max(rank, key=lambda way: rank[way], default=None)
        if best is None or not rank[best][0]:
            break
        covered = explains[best] & left
        alike = (way for way in rank if rank[way] == rank[best] and explains[way] & left == covered)
        found |= dict.fromkeys(covered, tuple(alike))
        left -= covered
    return found


def _slip(sheet: _Sheet, blank: Blank) -> str:
    """Return what a wrong number is instead of the one that is right from those that it is of."""
    own = float(sheet.own[blank])
    slips = (said for said, change in _SLIPS.items() if sheet.answers[blank].says(change(own)))
    return next(slips, "") if own else ""
