"""Reports as `check` makes them, one for each verdict, put together by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import adviz
from adviz.checking.finding import Finding, Place, Statement, Verdict
from adviz.checking.report import Report
from adviz.graph.procedure import Edge
from adviz.language.labels import Key

NAN, INF = math.nan, math.inf
DF = Key("f", "x")


def finding(subject: str, verdict: Verdict, found: float, expected: str, **more: Any) -> Finding:
    """Return a finding about df/dx at one point, agreeing in every digit unless told."""
    facts: dict[str, Any] = {"key": DF, "count": 1, "point": {"x": 1.0}, "digits": INF, "ulps": 0.0}
    true = Decimal(expected) if expected else None
    return Finding(
        subject=subject, verdict=verdict, found=found, expected=true, **{**facts, **more}
    )


def said(name: str, value: float | str | None, verdict: Any, remark: str = "") -> Statement:
    """Return a witness's statement; a text is a decimal."""
    number = Decimal(value) if isinstance(value, str) else value
    return Statement(name, number, NAN if value is None else 1e-16, verdict, remark)


def wrong_rule() -> Report:
    bad = adviz.primitive("bad_sin", "sin(x)", partials="1.01*cos(x)")
    graph = adviz.build("y = bad_sin(x)*x; exp(y)", functions=[bad])
    true, wrong = "3.20532303929432", 3.2178565803
    witnesses = (
        said("forward", wrong, "differs"),
        said("reverse", wrong, "differs"),
        said("SymPy in float64", float(true), "agrees"),
        said("SymPy in many digits", "3.20532303929432000000000000001", "agrees", "50 digits"),
        said("replay in many digits", "3.21785658030000000000000000002", "differs", "50 digits"),
        said("complex step", float(true), "agrees"),
        said("Ridders", 3.2053230392, "agrees", "its own error: 2e-11"),
        said("Taylor remainder", None, "silent", "rate 1.00, where a right derivative has 2.00"),
    )
    facts: dict[str, Any] = {
        "count": 1000, "point": {"x": 1.0}, "digits": 2.4, "ulps": 2.8e13, "bound": 7.0,
        "cause": "the local partial of v1 = bad_sin(x) by x is 0.545705, SymPy's is 0.540302",
        "place": Place.of(graph, 1, Edge(0, 1, 0)), "statements": witnesses,
    }  # fmt: skip
    findings = (
        finding("reverse", "wrong rule", wrong, true, **facts),
        finding("forward", "wrong rule", wrong, true, **facts),
    )
    points = tuple({"x": k / 1000} for k in range(1, 1001))
    return Report(graph, points, 7, findings)


def wrong_gradient() -> Report:
    graph = adviz.build("x**2 - y**2 + x*y")
    point = {"x": 3.0, "y": 2.0}
    dy = Key("f", "y")
    findings = (
        finding(
            "gradient", "wrong gradient", 7.0, "-1", key=dy, point=point, digits=0.0, ulps=3.6e16,
            bound=2.0, cause="the term −2·y has the wrong sign", place=Place.of(graph, 4),
            statements=(
                said("forward", -1.0, "agrees"),
                said("reverse", -1.0, "agrees"),
                said("Ridders", None, "failed", "it has met the edge of the domain"),
            ),
        ),
        finding("gradient", "agrees", 8.0, "8", point=point, bound=2.0),
    )  # fmt: skip
    return Report(graph, (point,), None, findings)


def ill_conditioned() -> Report:
    graph = adviz.build("(1 - cos(x))/x**2")
    true = "-8.33333333333319444444444444555E-8"
    facts: dict[str, Any] = {
        "point": {"x": 1e-06}, "digits": 0.0, "ulps": 1.2e20, "bound": 3.1e20,
        "cause": "1 − cos(x) subtracts two numbers that agree in 12 digits",
        "place": Place.of(graph, 3), "heat": {0: 0.0, 2: 0.2, 3: 12.3, 5: 0.0, 6: 8.1},
        "statements": (
            said("forward", -221.4345, "failed", "rounding: 12 digits are lost at v2"),
            said("complex step", -221.4344, "failed", "the same cancellation"),
            said("SymPy in many digits", true, "agrees", "100 digits"),
        ),
    }  # fmt: skip
    findings = tuple(
        finding(subject, "ill-conditioned", -221.4345, true, **facts)
        for subject in ("forward", "reverse")
    )
    return Report(graph, ({"x": 1e-06},), None, findings)


def kink() -> Report:
    graph = adviz.build("abs(x)*exp(x)")
    findings = tuple(
        finding(
            subject, "not differentiable", 0.0, "", point={"x": 0.0}, digits=NAN, ulps=NAN,
            cause="abs has a kink at 0; adviz takes 0 there, JAX 1, PyTorch 0",
            place=Place.of(graph, 1), slopes=(-1.0, 1.0),
        )
        for subject in ("forward", "reverse")
    )  # fmt: skip
    return Report(graph, ({"x": 0.0},), None, findings)


def not_finite() -> Report:
    graph = adviz.build("sqrt(x*x + y*y)")
    point = {"x": 1e200, "y": 0.0}
    facts: dict[str, Any] = {
        "point": point, "digits": 0.0, "ulps": INF, "place": Place.of(graph, 1),
        "cause": "x·x overflows; it reaches x through v1, v3 and v4; use hypot(x, y)",
    }  # fmt: skip
    nan = finding("reverse", "not finite", NAN, "1", **facts)
    return Report(graph, (point,), None, (nan,))


def infinite() -> Report:
    graph = adviz.build("sqrt(x)")
    facts: dict[str, Any] = {"point": {"x": 0.0}, "digits": NAN, "ulps": NAN}
    place = Place.of(graph, 1)
    found = finding("forward", "not finite", INF, "", cause="infinite", place=place, **facts)
    return Report(graph, ({"x": 0.0},), None, (found,))


def witness_failed() -> Report:
    graph = adviz.build("x*y*sin(1e9*x)")
    points = tuple({"x": k / 100, "y": 1.0} for k in range(1, 126))
    facts: dict[str, Any] = {"ulps": 0.5, "bound": 3.0, "digits": 16.0}
    failure = said("Ridders", 3.0, "failed", "the function oscillates within the steps")
    failed = {
        "point": points[4], "statements": (said("forward", -4.0, "agrees"), failure),
        "cause": f"Ridders: {failure.remark}", "positions": (4,),
    }  # fmt: skip
    findings = (
        finding("reverse", "witness failed", -4.0, "-4", **facts, **failed),
        *(
            finding("reverse", "agrees", 1.0, "1", key=Key("f", name), count=count, **facts)
            for name, count in (("x", 124), ("y", 125))
        ),
    )
    unreached = ("x > 3.7 was never true at these points",)
    return Report(graph, points, 0, findings, unreached=unreached)


def vector() -> Report:
    """Return a report on more inputs than a line can hold, and numbers with every digit."""
    names = [f"x_{k}" for k in range(12)]
    graph = adviz.build("+".join(f"{name}**2" for name in names))
    points = tuple({name: (k + 1) / (j + 3) for k, name in enumerate(names)} for j in range(7))
    findings = tuple(
        finding(
            "gradient", "wrong gradient", -0.25507635447595835, "-0.2550763544757", ulps=4600,
            key=Key("f", name), count=7, positions=tuple(range(7)), point=points[3],
            digits=12.1, bound=12.0, cause="a constant with too few digits",
        )
        for name in names[:2]
    )  # fmt: skip
    proofs = tuple(
        Statement(name, None, NAN, verdict, remark, Key("f", key))
        for name, verdict, remark in _PROVED
        for key in names
    )
    return Report(graph, points, 3, findings, proofs)


_PROVED: tuple[tuple[str, Any, str], ...] = (
    ("exact", "silent", "not rational"),
    ("proved equal", "agrees", "the difference of the two formulas is 0"),
)


def undefined() -> Report:
    graph = adviz.build("log(x)")
    cause = "log is undefined at −1; where(x > 0, log(x), 0) avoids it"
    nan = finding(
        "gradient", "undefined", -1.0, "", point={"x": -1.0}, digits=NAN, ulps=NAN,
        cause=cause, place=Place.of(graph, 1),
    )  # fmt: skip
    return Report(graph, ({"x": -1.0},), None, (nan,))


def agrees() -> Report:
    graph = adviz.build("{'f': (x + y)*(x - y), 'g': x*y}")
    points = tuple({"x": k / 1000, "y": 1 - k / 1000} for k in range(1000))
    findings = tuple(
        finding(
            subject, "agrees", 1.2, "1.2", key=Key(output, name), count=1000, digits=16.0,
            ulps=0.5, bound=3.0, point=points[600],
        )
        for subject in ("forward", "reverse")
        for output in "fg"
        for name in "xy"
    )  # fmt: skip
    proofs = (said("exact", None, "agrees", "in fractions at 3 points"),)
    return Report(graph, points, 0, findings, proofs)


def hostile() -> Report:
    """Return a report whose every text tries to be markup."""
    markup = "<script>alert(1)</script>[red]&\x1b[31m"
    place = Place(0, markup, markup, markup)
    worst = finding(
        "gradient", "wrong gradient", INF, "NaN", key=Key(markup, markup), point={markup: -INF},
        digits=NAN, ulps=NAN, cause=markup, place=place, heat={0: NAN},
        statements=(said(markup, INF, "differs", markup),),
    )  # fmt: skip
    return Report(adviz.build("x*x"), ({markup: INF},), None, (worst,))


def nothing() -> Report:
    return Report(adviz.build("3"), ({},), None, ())


REPORTS: Mapping[str, Callable[[], Report]] = {
    "wrong rule": wrong_rule,
    "wrong gradient": wrong_gradient,
    "ill-conditioned": ill_conditioned,
    "not differentiable": kink,
    "not finite": not_finite,
    "undefined": undefined,
    "witness failed": witness_failed,
    "agrees": agrees,
}
"""A report by the verdict it has."""
