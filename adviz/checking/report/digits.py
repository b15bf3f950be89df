"""How the numbers of a report are shown: with so many digits that they can be told apart."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from adviz.checking.finding import Finding, Verdict
from adviz.language.numerals import in_text

LEAST_DIGITS, MOST_DIGITS = 6, 17
"""How many significant digits are shown; the most tell any two floats apart."""

APPROXIMATE = 8.0
"""With fewer digits right, an error is said relative to the derivative."""

_NOTHING = 0.01
_PERCENT, _TIMES = 0.001, 10.0
"""From which relative errors on percents are said, and multiples."""
_EXACTLY = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)
_NO_TRUTH: tuple[Verdict, ...] = ("undecided", "undefined", "not differentiable")


def number(value: float | Decimal | None, digits: int = LEAST_DIGITS) -> str:
    """Return a float or a decimal of any size to so many significant digits.

    >>> number(Decimal("-0.5")), number(1.5e-7), number(Decimal("1e-400")), number(None)
    ('−0.5', '1.5e−7', '1e−400', '–')
    """
    return in_text(_shown(value), digits)


def telling(finding: Finding) -> tuple[str, str]:
    """Return what was found and what was expected, with so many digits that two of them differ.

    Where they agree, ulps tell more than digits.

    >>> from adviz.language.labels import Key
    >>> found, expected = 0.000140109082, Decimal("0.00014011")
    >>> telling(Finding("reverse", Key("f", "x"), "wrong rule", 1, {}, found, expected, 5, 1))
    ('0.00014010908', '0.00014011000')
    """
    unequal = finding.verdict not in ("agrees", "witness failed")
    digits = apart(finding.found, finding.expected) if unequal else LEAST_DIGITS
    if infinite(finding):
        return number(finding.found), "infinite"
    both = number(finding.found, digits), number(finding.expected, digits)
    return both if digits == LEAST_DIGITS else (padded(both[0], digits), padded(both[1], digits))


def padded(text: str, digits: int) -> str:
    """Return a number with the zeros at its end, so that it can be compared digit by digit.

    >>> padded("−0.5e−7", 3), padded("1", 4), padded("0.0125", 4)
    ('−0.500e−7', '1.000', '0.01250')
    """
    mantissa, mark, exponent = text.partition("e")
    lacking = digits - len(mantissa.replace(".", "").lstrip("−0"))
    point = "" if "." in mantissa or lacking <= 0 else "."
    return f"{mantissa}{point}{'0' * lacking}{mark}{exponent}"


def apart(found: float, expected: Decimal | None) -> int:
    """Return the digits to which two numbers differ by ten units of the last, from 6 to 17.

    >>> apart(7.0, Decimal(-1)), apart(1.0000001, Decimal(1)), apart(1 + 2**-52, Decimal(1))
    (6, 9, 17)
    """
    if expected is None or not (math.isfinite(found) and expected.is_finite()):
        return LEAST_DIGITS
    gap = _EXACTLY.subtract(Decimal(found), expected)
    size = max(abs(Decimal(found)), abs(expected)).adjusted()
    return min(max(size - gap.adjusted() + 2, LEAST_DIGITS), MOST_DIGITS) if gap else LEAST_DIGITS


def alike(values: Iterable[float | Decimal | None]) -> int:
    """Return the digits with which numbers stand beside each other: what every float needs.

    >>> alike([0.5, Decimal("0.50000000000000000001")]), alike([1/3, None]), alike([Decimal(2)])
    (6, 16, 17)
    """
    floats = [v for v in values if isinstance(v, float) and math.isfinite(v)]
    needed = (len(Decimal(repr(v)).normalize().as_tuple().digits) for v in floats)
    return max(LEAST_DIGITS, *needed) if floats else MOST_DIGITS


def infinite(finding: Finding) -> bool:
    """Return whether the true derivative is infinite."""
    if finding.expected is not None:
        return finding.expected.is_infinite()
    return finding.verdict in ("not finite", "wrong gradient") and finding.slopes is None


def has_truth(finding: Finding) -> bool:
    """Return whether there is a finite derivative to compare with."""
    return finding.expected is not None and finding.verdict not in _NO_TRUTH


def relative(finding: Finding) -> float:
    """Return an error relative to the derivative; NaN where that is 0, infinite or not known."""
    found, expected = finding.found, finding.expected
    if not (has_truth(finding) and expected and expected.is_finite() and math.isfinite(found)):
        return math.nan
    return float(_EXACTLY.divide(abs(_EXACTLY.subtract(Decimal(found), expected)), abs(expected)))


def off(finding: Finding) -> str:
    """Return how far off a number is, where it is by so much that ulps mean nothing.

    >>> from adviz.language.labels import Key
    >>> for found in (7.0, -1e9, 2.000002):
    ...     print(off(Finding("a", Key("f", "x"), "agrees", 1, {}, found, Decimal(2), 0, 1)))
    off by 250 %
    off by 5e8 times the derivative
    relative error 1e−6
    """
    return _in_size(finding, "off by {} times the derivative", "off by {}", "relative error {}")


def error(finding: Finding) -> str:
    """Return an error for a table: relative where few digits are right, else in ulps."""
    size = _in_size(finding, "{} times", "{}", "rel. {}")
    return size or in_ulps(finding.ulps if has_truth(finding) else math.nan)


def _in_size(finding: Finding, multiple: str, percent: str, small: str) -> str:
    """Return a relative error in one of three forms; nothing where ulps say more."""
    error = relative(finding)
    if not finding.digits < APPROXIMATE or math.isnan(error):
        return ""
    if error >= _TIMES:
        return multiple.format(in_text(error, 2))
    if error >= _PERCENT:
        return percent.format(f"{in_text(100 * error, 3)} %")
    return small.format(in_text(error, 2))


def ulps(error: float) -> str:
    """Return an error in units in the last place.

    >>> ulps(0.5), ulps(4.5e15), ulps(1e-300), ulps(float("inf")), ulps(float("nan"))
    ('0.5', '4.5e15', '0', '∞', '–')
    """
    return "–" if math.isnan(error) else in_text(0.0 if error < _NOTHING else error, 2)


def in_ulps(error: float) -> str:
    """Return an error in units in the last place, with the unit.

    >>> in_ulps(2.0), in_ulps(1.0), in_ulps(float("nan"))
    ('2 ulps', '1 ulp', '–')
    """
    size = ulps(error)
    return size if math.isnan(error) else f"{size} ulp{'s' * (size != '1')}"


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
