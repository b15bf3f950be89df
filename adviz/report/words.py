"""How a finding is said: its sentence, its numbers, its point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from adviz.figures import full, short
from adviz.finding import Finding, Verdict

if TYPE_CHECKING:
    from adviz.report import Report

MOST_DIGITS = 17
"""The significant digits that tell any two floats apart."""

_LEAST_DIGITS, _BEYOND, _DECIMAL_DIGITS = 6, 2, 20
_NOTHING = 0.01
_SHOWN_INPUTS = 6
_NO_TRUTH: tuple[Verdict, ...] = ("undecided", "undefined", "not differentiable")

# One line for each verdict: its sentence, and what leads on to the place.
_SENTENCES: Mapping[Verdict, tuple[str, str]] = {
    "wrong rule": ("{key} {by} is {found} at {at}, not {expected}", ", because of "),
    "wrong gradient": ("{key} {by} is {found} at {at}, not {expected}; {digits}", "; look at "),
    "undecided": ("the truth of {key} did not settle at {at}", "; look at "),
    "undefined": ("{key} does not exist at {at}", ", because of "),
    "not finite": ("{key} {by} is {found} at {at}, not {expected}", ", because of "),
    "not differentiable": ("{key} does not exist at {at}; {by} it is {found}", "; the kink is "),
    "ill-conditioned": (
        "{key} {by} is {found} at {at}, not {expected}, though every rule is right",
        "; the digits go at ",
    ),
    "witness failed": ("{derivatives} at {where}; only a witness failed", ""),
    "agrees": ("{derivatives} at {where}", ""),
}


def headline(
    verdict: Verdict, findings: Sequence[Finding], points: Sequence[Mapping[str, float]]
) -> str:
    """Return the worst finding in one sentence."""
    if not findings:
        return "there is nothing to differentiate"
    worst = findings[0]
    found, expected = telling(worst)
    sentence, leading = _SENTENCES[verdict]
    said = sentence.format(
        key=worst.key,
        by=by(worst.subject),
        found=found,
        expected=expected,
        at=at(worst.point, _LEAST_DIGITS),
        digits=right(worst.digits),
        derivatives=_derivatives(findings),
        where=at(points[0], _LEAST_DIGITS) if len(points) == 1 else f"{len(points)} points",
    )
    verdict_first = "" if verdict in ("agrees", "witness failed") else f"{verdict}: "
    place = f"{leading}{worst.place}" if leading and worst.place else ""
    return f"{verdict_first}{said}{place}"


def _derivatives(findings: Sequence[Finding]) -> str:
    """Return how many derivatives there are, as the beginning of a sentence."""
    keys = dict.fromkeys(finding.key for finding in findings)
    return f"all {len(keys)} derivatives agree" if len(keys) > 1 else f"{next(iter(keys))} agrees"


def by(subject: str) -> str:
    """Return whose derivative it is, within a sentence.

    >>> by("reverse"), by("gradient"), by("known answer")
    ('in reverse mode', 'in the given gradient', 'in the known answer')
    """
    return _OWNERS.get(subject, f"in {subject} mode")


_OWNERS = {"gradient": "in the given gradient", "known answer": "in the known answer"}


def at(point: Mapping[str, float], digits: int = 0, most: int = _SHOWN_INPUTS) -> str:
    """Return a point as one types it, so that it can be tried again; or to a few digits.

    >>> at({"x": 1e-06, "y": 2.0}), at({"x": 1 / 3}, digits=4), at({})
    ('x = 1e-06, y = 2', 'x = 0.3333', 'the only point')
    """
    shown = {name: short(v, digits) if digits else _typed(v) for name, v in point.items()}
    pairs = [f"{name} = {number}" for name, number in shown.items()]
    more = [f"… {len(pairs) - most} more"] if len(pairs) > most else []
    return ", ".join(pairs[:most] + more) or "the only point"


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


def telling(finding: Finding) -> tuple[str, str]:
    """Return what was found and what was expected, with so many digits that they differ.

    Where they agree, ulps tell more than digits.

    >>> from adviz.finding import Key
    >>> found, expected = 0.1000000001, Decimal("0.1")
    >>> telling(Finding("reverse", Key("f", "x"), "wrong rule", 1, {}, found, expected, 9, 1))
    ('0.1000000001', '0.1')
    """
    both = finding.found, finding.expected
    unequal = finding.verdict != "agrees"
    for digits in range(_LEAST_DIGITS, MOST_DIGITS + 1) if unequal else ():
        found, expected = (number(value, digits) for value in both)
        if found != expected:
            more = min(digits + _BEYOND, MOST_DIGITS) if digits > _LEAST_DIGITS else digits
            return number(both[0], more), number(both[1], more)
    return number(both[0]), number(both[1])


def number(value: float | Decimal | None, digits: int = _LEAST_DIGITS) -> str:
    """Return a float or a decimal of any size to so many significant digits.

    >>> number(Decimal("-0.5")), number(1.5e-7), number(Decimal("1e-400")), number(None)
    ('−0.5', '1.5e−7', '1e−400', '–')
    """
    return short(_shown(value), digits)


def exact(value: float | Decimal | None) -> str:
    """Return a number with all the digits that a float has; of a decimal, a few more.

    >>> exact(-0.1), exact(Decimal("0.12345678901234567891234"))
    ('−0.1', '0.12345678901234567891')
    """
    if isinstance(value, float) and math.isfinite(value):
        return _typed(value).replace("-", "−")
    return number(value, _DECIMAL_DIGITS)


def _shown(value: float | Decimal | None) -> Any:
    """Return a decimal as a number of mpmath, which is shown like a float at any exponent."""
    if not isinstance(value, Decimal):
        return value
    if not value.is_finite():
        return float(value)
    from mpmath import MPContext

    context = MPContext()
    context.dps = max(MOST_DIGITS, len(value.as_tuple().digits))
    return context.mpf(str(value))


def ulps(error: float) -> str:
    """Return an error in units in the last place.

    >>> ulps(0.5), ulps(4.5e15), ulps(1e-300), ulps(float("inf")), ulps(float("nan"))
    ('0.5', '4.5e15', '0', '∞', '–')
    """
    return "–" if math.isnan(error) else short(0.0 if error < _NOTHING else error, 2)


def allowed(finding: Finding) -> str:
    """Return an error beside what rounding may make of it, in words."""
    error = f"{ulps(finding.ulps)} units in the last place (ulps)"
    if math.isnan(finding.bound):
        return error
    explained = ulps(finding.bound)
    return f"{error}; rounding explains {'none' if explained == '0' else f'up to {explained}'}"


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
    sides = [number(slope) for slope in finding.slopes or ()]
    known = finding.expected is not None and finding.verdict not in _NO_TRUTH
    said = {
        "found": f"{found} {by(finding.subject)}",
        "expected": expected if known else "",
        "error": f"{allowed(finding)}; {right(finding.digits)}" if known else "",
        "why": finding.cause,
        "where": str(finding.place) if finding.place else "",
        "slopes": f"{sides[0]} from the left, {sides[1]} from the right" if sides else "",
        "digits lost": losses(finding, symbols),
    }
    return {heading: text for heading, text in said.items() if text}


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
    return "agree" if verdict == "agrees" else verdict
