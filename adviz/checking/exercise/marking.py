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
from adviz.checking.exercise.ways import RIGHTLY, Reason, Way, ways_for
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
    reasons: tuple[Reason, ...] = ()
    """The ways of working that explain it, any of them."""
    slip: str = ""
    """What else explains it."""


class Known(NamedTuple):
    """A wrong way of working, and the sheet as it is worked so from the start."""

    way: Way
    numbers: Numbers


def mistakes(trace: Trace) -> list[Known]:
    """Return the wrong ways in which a sweep may be worked, each with all its numbers."""
    return [Known(way, worked(trace, way)) for way in ways_for(trace)]


class _Sheet(NamedTuple):
    """A filled-in sheet: what is asked, what is written, and what would be right."""

    trace: Trace
    texts: Mapping[Blank, str]
    answers: Mapping[Blank, Answer]
    key: Numbers
    own: Sequence[Numbers]
    """What is right from the numbers that are written, rounded as they are and unrounded."""

    @property
    def written(self) -> Numbers:
        return {blank: answer.number for blank, answer in self.answers.items()}

    def agrees(self, blank: Blank, *found: Numbers) -> bool:
        """Return whether what stands in a blank is the number that some way of working gives."""
        return any(self.answers[blank].says(float(numbers[blank])) for numbers in found)

    def wrong(self, judged: _Judged) -> list[Blank]:
        return [blank for blank, (verdict, _) in judged.items() if verdict == "wrong"]


_Judged = Mapping[Blank, tuple[Verdict, tuple[Blank, ...]]]


def marked(
    trace: Trace, blanks: Sequence[Blank], filled: Mapping[Blank, str], known: Sequence[Known]
) -> list[Mark]:
    """Return what is said of every blank of a sheet, in the order of the sheet.

    >>> import adviz
    >>> trace = adviz.reverse("x*y", at={"x": 3, "y": 2})
    >>> blanks = [Blank("adjoints", 0), Blank("adjoints", 1)]
    >>> said = marked(trace, blanks, dict(zip(blanks, ["2", "7"])), mistakes(trace))
    >>> [mark.verdict for mark in said]
    ['right', 'wrong']
    """
    sheet, judged = _read(trace, {blank: filled.get(blank, "") for blank in blanks})
    wrong = sheet.wrong(judged)
    reasons = _explained(sheet, wrong, known)
    slips = {blank: _slip(sheet, blank) for blank in wrong if blank not in reasons}
    return [
        Mark(
            blank, sheet.texts[blank], float(sheet.key[blank]), verdict, float(sheet.own[0][blank]),
            sources, reasons.get(blank, ()), slips.get(blank, ""),
        )
        for blank, (verdict, sources) in judged.items()
    ]  # fmt: skip


def _read(trace: Trace, texts: Mapping[Blank, str]) -> tuple[_Sheet, _Judged]:
    """Return a sheet and the verdicts on it.

    What is written was rounded, but need not have been rounded before it was used. So the numbers
    that are no errors are also computed anew, from the errors alone.
    """
    answers = {blank: said for blank, text in texts.items() if (said := read(text)) is not None}
    written = {blank: answer.number for blank, answer in answers.items()}
    rounded = worked(trace, RIGHTLY, written)
    sheet = _Sheet(trace, texts, answers, worked(trace, RIGHTLY), [rounded])
    wrong = {blank: written[blank] for blank in sheet.wrong(_judged(sheet))}
    sheet = sheet._replace(own=[rounded, worked(trace, RIGHTLY, wrong)])
    return sheet, _judged(sheet)


def _judged(sheet: _Sheet) -> _Judged:
    """Return the verdict on every blank, and the wrong numbers that it was computed from."""
    graph = sheet.trace.graph
    blamed: dict[Blank, tuple[Blank, ...]] = {}
    found: dict[Blank, tuple[Verdict, tuple[Blank, ...]]] = {}
    for blank in sheet.texts:
        needs = KINDS[blank.kind].needs(graph, blank.place)
        sources = _once(source for need in needs for source in blamed.get(need, ()))
        verdict = _verdict(sheet, blank, bool(sources))
        passed = {"right": (), "follows": (blank,), "wrong": (blank,)}
        blamed[blank] = passed.get(verdict, sources)
        found[blank] = verdict, sources if verdict == "follows" else ()
    return found


def _once(blanks: Iterable[Blank]) -> tuple[Blank, ...]:
    return tuple(dict.fromkeys(blanks))


def _verdict(sheet: _Sheet, blank: Blank, doubtful: bool) -> Verdict:
    """Return the verdict on one blank; doubtful: something that it is computed from is wrong."""
    if is_empty(sheet.texts[blank]):
        return "empty"
    if blank not in sheet.answers:
        return "unreadable"
    if sheet.agrees(blank, sheet.key):
        return "right"
    if sheet.agrees(blank, *sheet.own):
        return "follows" if doubtful else "right"  # from numbers that were rounded on the way
    return "wrong"


def _explained(
    sheet: _Sheet, wrong: Sequence[Blank], known: Sequence[Known]
) -> dict[Blank, tuple[Reason, ...]]:
    """Return what explains wrong numbers: the ways of working that give the whole sheet, if any do.

    Else a way is also tried with the numbers that are written, for each error has its own reason.
    """
    whole = [
        one for one in known if wrong and all(sheet.agrees(b, one.numbers) for b in sheet.answers)
    ]
    if whole:
        return dict.fromkeys(wrong, tuple(one.way.reason for one in whole))
    return _shared_out(sheet, wrong, known) if wrong else {}


def _shared_out(
    sheet: _Sheet, wrong: Sequence[Blank], known: Sequence[Known]
) -> dict[Blank, tuple[Reason, ...]]:
    """Return ways for wrong numbers, a way for as many of them as possible."""
    explains, denies = {}, {}
    for way, numbers in known:
        own = worked(sheet.trace, way, sheet.written)
        met = {blank for blank in sheet.answers if sheet.agrees(blank, numbers, own)}
        explains[way], denies[way] = met.intersection(wrong), len({*sheet.answers} - {*wrong} - met)
    found: dict[Blank, tuple[Reason, ...]] = {}
    left = frozenset(wrong)
    while left:
        rank = {way: (len(blanks & left), -denies[way]) for way, blanks in explains.items()}
        best = max(rank, key=lambda way: rank[way], default=None)
        if best is None or not rank[best][0]:
            break
        covered = explains[best] & left
        alike = (w for w in rank if rank[w] == rank[best] and explains[w] & left == covered)
        found |= dict.fromkeys(covered, tuple(way.reason for way in alike))
        left -= covered
    return found


def _slip(sheet: _Sheet, blank: Blank) -> str:
    """Return what a wrong number is instead of the one that is right from those that it is of."""
    own = float(sheet.own[0][blank])
    slips = (said for said, change in _SLIPS.items() if sheet.answers[blank].says(change(own)))
    return next(slips, "") if own else ""
