"""Whether the derivatives are right: every mode against the truth, at given or random points.

Agreement in float64 proves little: forward, reverse and SymPy can share every rounding error, as
they do for (1 - cos x)/x² at 10⁻⁶. So each mode is also run with many digits, where a wrong rule
cannot hide behind rounding, and float64 is then measured against that.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from adviz.calculus import Mode, jacobian
from adviz.errors import AdvizError, DomainError, PointError
from adviz.graph import Graph
from adviz.modes import evaluate, wanted_inputs
from adviz.numbers import Number
from adviz.point import Point, named
from adviz.report import Finding, Report
from adviz.sources import Source, built_at

MODES: tuple[Mode, ...] = ("forward", "reverse", "symbolic")
FIRST_DIGITS, MOST_DIGITS, AGREED_DIGITS = 50, 1600, 30
"""Truth starts at 50 digits and doubles until two results agree to 30; at 1600 it is undecided."""

_FEW_DIGITS = 8.0
_TRIES = 200
_DECADES = 1000.0
DEFAULT_RANGE = (-2.0, 2.0)

Jacobian = Mapping[str, Mapping[str, Number]]


def check(
    subject: Source,
    *,
    at: Point | Sequence[Point] | None = None,
    points: int | None = None,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    seed: int = 0,
    wrt: str | Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Compare forward, reverse and symbolic derivatives with the truth.

    `subject` is anything `adviz.build` takes. Points are given (`at`, one or several) or drawn
    (`points`, from `ranges`, by `seed`; log-uniformly where a positive range spans three decades;
    points outside the domain are drawn again). Only a disagreement at the truth's precision makes
    a derivative wrong. `progress(done, total)` is called after every point.

    Raises PointError when no point of the ranges lies in the domain, DomainError for a given one.

    >>> import adviz
    >>> report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    >>> report.verdict, [f.verdict for f in report.findings][:3]
    ('agrees', ['digits lost', 'digits lost', 'digits lost'])
    """
    graph = built_at(subject, at)
    wanted = wanted_inputs(graph, wrt)
    drawn = at is None
    chosen = _drawn(graph, points or 5, ranges or {}, seed) if drawn else _given(graph, at)
    judged: list[Finding] = []
    for position, point in enumerate(chosen, 1):
        judged.extend(_judged(graph, point, wanted))
        if progress:
            progress(position, len(chosen))
    findings = tuple(_worst(judged))
    return Report(graph, tuple(chosen), seed if drawn else None, findings)


def _given(graph: Graph, at: Any) -> list[dict[str, Number]]:
    several = isinstance(at, Sequence) and bool(at) and isinstance(at[0], Mapping | Sequence)
    return [named(graph, point) for point in (at if several else [at])]


def _drawn(
    graph: Graph, count: int, ranges: Mapping[str, tuple[float, float]], seed: int
) -> list[dict[str, Number]]:
    """Return points of the domain, drawn reproducibly."""
    unknown = [name for name in ranges if name not in graph.inputs]
    if unknown:
        raise PointError(f"ranges: there is no input {unknown[0]!r}")
    source = random.Random(seed)  # noqa: S311 - points to try, not secrets
    found: list[dict[str, Number]] = []
    reason: AdvizError | None = None
    for _ in range(_TRIES * count):
        point = {n: _draw(source, *ranges.get(n, DEFAULT_RANGE)) for n in graph.inputs}
        try:
            regular = "kink" not in evaluate(graph, point).status
        except DomainError as error:
            reason = error
            continue
        if regular:
            found.append(point)
        if len(found) == count:
            return found
    raise PointError(f"no {count} points of the ranges lie in the domain: {reason}; give ranges=")


def _draw(source: random.Random, low: float, high: float) -> float:
    if not low <= high:
        raise PointError(f"a range runs from its lower to its upper end, not from {low} to {high}")
    if low > 0 and high / low >= _DECADES:
        return math.exp(source.uniform(math.log(low), math.log(high)))
    return source.uniform(low, high)


class Truth(NamedTuple):
    """A derivative's true value, and how far from it a number of that precision may be."""

    value: Number
    slack: Number


def _judged(graph: Graph, point: Mapping[str, Number], wanted: Sequence[str]) -> Iterator[Finding]:
    """Yield every derivative of every mode at one point, in float64 and with many digits."""
    on_kink = "kink" in evaluate(graph, point).status
    truth, digits = _truth(graph, point, wanted)
    for precision in (None, digits):
        for mode in MODES:
            found = jacobian(graph, point, mode=mode, wrt=wanted, digits=precision, errors="ieee")
            arithmetic = f"{precision} digits" if precision else "float64"
            for (label, name), true in truth.items():
                right = _right_digits(found[label][name], true)
                verdict = _verdict(right, true, precision is not None, on_kink)
                where = f"d{label}/d{name}"
                expected = true.value if true else None
                yield Finding(
                    mode, arithmetic, right, verdict, where, point, found[label][name], expected
                )
            if not truth:
                yield Finding(mode, arithmetic, math.inf, "agrees")


def _truth(
    graph: Graph, point: Mapping[str, Number], wanted: Sequence[str]
) -> tuple[dict[tuple[str, str], Truth | None], int]:
    """Return SymPy's derivatives as they settle with growing precision, and that precision."""
    keys = [(label, name) for label in graph.outputs for name in wanted]
    history: list[Jacobian] = []
    digits = FIRST_DIGITS
    while True:
        history.append(
            jacobian(graph, point, mode="symbolic", wrt=wanted, digits=digits, errors="ieee")
        )
        settled = {k: _settled([one[k[0]][k[1]] for one in history]) for k in keys}
        if digits >= MOST_DIGITS or (len(history) > 1 and all(settled.values())):
            return settled, max(digits // 2, FIRST_DIGITS)
        digits *= 2


def _settled(results: Sequence[Number]) -> Truth | None:
    """Return a number that no longer changes as the precision doubles, or 0 if it vanishes."""
    if len(results) < 2:
        return None
    before, after = results[-2:]
    if before != before and after != after:
        return Truth(after, 0)
    if before == after == 0:  # perhaps only below what these digits resolve
        return Truth(after, before.context.mpf(10) ** (-before.context.dps // 2))
    if before == after or agreement(before, after) >= AGREED_DIGITS:
        return Truth(after, 0)
    if len(results) > 2 and all(map(_shrinks, results, results[1:])):
        return Truth(after * 0, abs(before) * 1000)
    return None


def _shrinks(before: Number, after: Number) -> bool:
    """Return whether a number falls with the precision: what is left of it is rounding."""
    digits = before.context.mpf(10) ** (-FIRST_DIGITS // 2)
    return bool(abs(after) <= abs(before) * digits)


def agreement(found: Number, expected: Number) -> float:
    """Return how many decimal digits of a number are right.

    >>> agreement(3.1416, 3.14159) > 5, agreement(1.0, 1.0), agreement(1.0, -1.0)
    (True, inf, 0.0)
    """
    if found == expected:
        return math.inf
    error = abs(found - expected)
    size = max(abs(found), abs(expected))
    if not error < size:
        return 0.0
    ratio = error / size
    return -float(ratio.context.log10(ratio)) if hasattr(ratio, "context") else -math.log10(ratio)


def _right_digits(found: Number, true: Truth | None) -> float:
    """Return how many digits of a number are right; NaN when the truth is not known."""
    if true is None:
        return math.nan
    if true.value != true.value or found != found:
        return math.inf if true.value != true.value and found != found else 0.0
    exact = true.value.context.mpf(found)
    return math.inf if abs(exact - true.value) <= true.slack else agreement(exact, true.value)


def _verdict(digits: float, true: Truth | None, precise: bool, on_kink: bool) -> str:
    if true is None or (true.value != true.value and not on_kink):
        return "undecided"
    if on_kink:
        return "kink"
    if precise:
        return "agrees" if digits >= AGREED_DIGITS - 2 else "wrong"
    return "agrees" if digits >= _FEW_DIGITS else "digits lost"


_ORDER = ("wrong", "undecided", "kink", "digits lost", "agrees")


def _badness(finding: Finding) -> tuple[int, float]:
    digits = -1.0 if math.isnan(finding.digits) else finding.digits
    return _ORDER.index(finding.verdict), digits


def _worst(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the worst finding of every mode and arithmetic, float64 first."""
    groups: dict[tuple[bool, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.arithmetic != "float64", finding.mode), []).append(finding)
    worst = {key: min(groups[key], key=_badness) for key in sorted(groups)}
    for (precise, mode), finding in worst.items():
        wrong = worst[True, mode].verdict == "wrong" and finding.verdict == "digits lost"
        yield replace(finding, verdict="wrong") if wrong and not precise else finding
