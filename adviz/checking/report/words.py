"""How a finding is said: its sentence, its numbers, its point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from adviz.checking.finding import Finding, Verdict
from adviz.checking.report.digits import (
    LEAST_DIGITS,
    has_truth,
    in_ulps,
    infinite,
    number,
    off,
    telling,
    ulps,
)
from adviz.language.numerals import full, in_text

if TYPE_CHECKING:
    from adviz.checking.report import Report

RIGHT: tuple[Verdict, ...] = ("witness failed", "agrees")
"""The verdicts that say that a derivative is right."""

_SHOWN_INPUTS = 6
_COARSE = (4, 3, 2, 1)
"""The digits tried until a point fits into a table."""

# One line for each verdict: its sentence, and what leads on to the place.
_SENTENCES: Mapping[Verdict, tuple[str, str]] = {
    "wrong rule": ("{key} {by} is {found} at {at}{true}", ", because of "),
    "wrong gradient": ("{key} {by} is {found} at {at}{true}{digits}", "; look at "),
    "undecided": ("the truth of {key} did not settle at {at}", "; look at "),
    "undefined": ("{key} does not exist at {at}", ", because of "),
    "not finite": ("{key} {by} is {found} at {at}{true}", ", because of "),
    "not differentiable": ("{key} does not exist at {at}; {by} it is {found}", "; the kink is "),
    "ill-conditioned": (
        "{key} {by} is {found} at {at}{true}, though every rule is right",
        "; the digits go at ",
    ),
    "witness failed": ("{derivatives} right {where}; {failure}", ""),
    "agrees": ("{derivatives} {where}", ""),
}

_FAILING = {
    "sympy.N": "SymPy's own number fails",
    "Ridders": "Ridders' differences fail",
    "complex step": "the complex step fails",
}
"""How it is said that a witness failed, for those that may where the derivative is right."""


def headline(
    verdict: Verdict, findings: Sequence[Finding], points: Sequence[Mapping[str, float]]
) -> str:
    """Return the worst finding in one sentence."""
    if not findings:
        return "there is nothing to differentiate"
    worst = findings[0]
    sentence, leading = _SENTENCES[verdict]
    said = sentence.format(
        key=worst.key,
        by=by(worst.subject),
        found=telling(worst)[0],
        true=true(worst),
        at=at(worst.point, LEAST_DIGITS),
        digits=f"; {right(worst.digits)}" if has_truth(worst) else "",
        derivatives=_derivatives(findings, verdict),
        where=f"at {_where(points)}",
        failure=_failure(worst, points),
    )
    verdict_first = "" if verdict in RIGHT else f"{verdict}: "
    place = f"{leading}{worst.place}" if leading and worst.place else ""
    return f"{verdict_first}{said}{place}"


def true(finding: Finding) -> str:
    """Return what a number should be, as it goes on after the number and the point.

    >>> from adviz.language.labels import Key
    >>> inf = float("inf")
    >>> true(Finding("forward", Key("f", "x"), "not finite", 1, {}, inf, None, inf, inf))
    '; the true derivative is infinite too'
    """
    if infinite(finding):
        return f"; the true derivative is infinite{' too' * math.isinf(finding.found)}"
    if finding.expected is not None:
        return f", not {telling(finding)[1]}"
    return f", where the slope is {_sides(finding)}" if finding.slopes else ""


def _derivatives(findings: Sequence[Finding], verdict: Verdict) -> str:
    """Return which derivatives are right, as the beginning of a sentence."""
    keys = list(dict.fromkeys(finding.key for finding in findings))
    who = f"all {len(keys)} derivatives" if len(keys) > 1 else str(keys[0])
    one, several = ("agrees", "agree") if verdict == "agrees" else ("is", "are")
    return f"{who} {several if len(keys) > 1 else one}"


def _where(points: Sequence[Mapping[str, float]]) -> str:
    return at(points[0], LEAST_DIGITS) if len(points) == 1 else f"{len(points)} points"


def _failure(finding: Finding, points: Sequence[Mapping[str, float]]) -> str:
    """Return which witness failed where, and why."""
    failed = [one for one in finding.statements if one.verdict == "failed"]
    if not failed:
        return "only a witness failed" + (f": {finding.cause}" if finding.cause else "")
    one = next((one for one in failed if one.witness in _FAILING), failed[0])
    where = "there" if len(points) == 1 else f"at {at(finding.point, LEAST_DIGITS)}"
    why = f": {one.remark}" if one.remark else ""
    return f"only {_FAILING.get(one.witness, f'{one.witness} fails')} {where}{why}"


def by(subject: str) -> str:
    """Return whose derivative it is, within a sentence.

    >>> by("reverse"), by("gradient"), by("known answer")
    ('in reverse mode', 'in the given gradient', 'in the known answer')
    """
    return _OWNERS.get(subject, f"in the given {subject}")


_OWNERS = {
    "forward": "in forward mode",
    "reverse": "in reverse mode",
    "known answer": "in the known answer",
}


def at(point: Mapping[str, float], digits: int = 0, most: int = _SHOWN_INPUTS) -> str:
    """Return a point as one types it, so that it can be tried again; or to a few digits.

    >>> at({"x": 1e-06, "y": 2.0}), at({"x": 1 / 3}, digits=4), at({})
    ('x = 1e-06, y = 2', 'x = 0.3333', 'the only point')
    """
    shown = {name: in_text(v, digits) if digits else _typed(v) for name, v in point.items()}
    pairs = [f"{name} = {number}" for name, number in shown.items()]
    more = [f"… {len(pairs) - most} more"] if len(pairs) > most else []
    return ", ".join(pairs[:most] + more) or "the only point"


def within(point: Mapping[str, float], width: int) -> str:
    """Return a point for a table, its middle left out until it fits.

    >>> within({"x": 1 / 3, "y": 2.0}, 26), within({f"x_{k}": k / 7 for k in range(9)}, 26)
    ('x = 0.3333, y = 2', 'x_0 = 0, …, x_8 = 1.143')
    >>> within({"x_0": 1 / 3, "x_1": 2 / 3}, 16), within({"velocity": 1.0}, 9)
    ('x_0 = 0.3333, …', 'velo… = 1')
    """
    shown = at(point)
    for shown in _shorter(point):
        if len(shown) <= width:
            return shown
    half = (width - 1) // 2
    return f"{shown[:half]}…{shown[-half:]}" if len(shown) > width else shown


def _shorter(point: Mapping[str, float]) -> Iterator[str]:
    """Yield a point's first and last number to fewer and fewer digits, then only the first."""
    names = list(point)
    between = ", …, " if len(names) > 2 else ", "
    for ends, end in ((names[:1] + names[1:][-1:], ""), (names[:1], ", …" * (len(names) > 1))):
        for digits in _COARSE:
            pairs = (f"{name} = {in_text(point[name], digits)}" for name in ends)
            yield between.join(pairs) + end or at(point)


def _typed(value: float) -> str:
    return full(value).removesuffix(".0")


def right(digits: float) -> str:
    """Return how many digits are right, as the end of a sentence.

    >>> right(3.7), right(0.2), right(float("nan"))
    ('3 digits are right', 'no digit is right', 'its digits are not known')
    """
    if math.isnan(digits):
        return "its digits are not known"
    if math.isinf(digits):
        return "every digit is right"
    whole = int(digits)
    return (
        "no digit is right" if whole < 1 else f"{whole} digit{'s are' * (whole > 1) or ' is'} right"
    )


def allowed(finding: Finding) -> str:
    """Return an error in words: relative where it is large, and in ulps, beside rounding's."""
    explained = ulps(finding.bound)
    rounding = f"rounding explains {'none' if explained == '0' else f'up to {explained}'}"
    bound = "" if math.isnan(finding.bound) else f", {rounding}"
    if not off(finding):
        unit = "unit" if ulps(finding.ulps) == "1" else "units"
        return (
            f"{ulps(finding.ulps)} {unit} in the last place (ulps){bound}; {right(finding.digits)}"
        )
    return f"{off(finding)}; {right(finding.digits)}; {in_ulps(finding.ulps)}{bound}"


def losses(finding: Finding, symbols: Sequence[str], most: int = 3) -> str:
    """Return the nodes that lose the most digits."""
    hottest = sorted(finding.heat.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return ", ".join(f"{symbols[node]} {lost:.1f}" for node, lost in hottest if lost >= 1)


def facts(finding: Finding, symbols: Sequence[str]) -> dict[str, str]:
    """Return what is known of one finding, by heading; what is not known is left out.

    >>> import adviz
    >>> worst = adviz.check("abs(x)", at={"x": 0}).worst
    >>> facts(worst, ["x", "v1"])["slopes"]
    '−1 from the left, 1 from the right'
    """
    found, expected = telling(finding)
    known = has_truth(finding)
    said = {
        "found": f"{found} {by(finding.subject)}",
        "expected": expected if known or infinite(finding) else "",
        "error": allowed(finding) if known and not infinite(finding) else "",
        "why": finding.cause,
        "where": str(finding.place) if finding.place else "",
        "slopes": _sides(finding),
        "digits lost": losses(finding, symbols),
    }
    return {heading: text for heading, text in said.items() if text}


def _sides(finding: Finding) -> str:
    if finding.slopes is None:
        return ""
    left, right = map(number, finding.slopes)
    return f"{left} from the left, {right} from the right"


def proofs_title(findings: Sequence[Finding]) -> str:
    """Return what the proofs are about, so that nobody takes them for a proof of a gradient."""
    given = [finding.subject for finding in findings if finding.subject not in _OWNERS]
    other = f", not the given {given[0]}" if given else ""
    return f"adviz's and SymPy's derivatives as formulas{other}"


def counted(report: Report) -> str:
    """Return how many derivatives have each verdict, and at which points.

    >>> import adviz
    >>> counted(adviz.check("x*x", points=3, seed=7))
    '6 agree; 3 points drawn with seed 7'
    """
    verdicts = (f"{n} {plural(verdict)}" for verdict, n in report.counts.items())
    points = f"{len(report.points)} point{'s' * (len(report.points) != 1)}"
    drawn = "given" if report.seed is None else f"drawn with seed {report.seed}"
    return f"{', '.join(verdicts) or 'no derivative'}; {points} {drawn}"


def plural(verdict: Verdict) -> str:
    """Return a verdict as what is said of several: they agree."""
    return _PLURALS.get(verdict, verdict)


_PLURALS: Mapping[Verdict, str] = {"agrees": "agree", "witness failed": "right (a witness failed)"}
