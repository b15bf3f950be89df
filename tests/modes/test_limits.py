"""Where there is no value or derivative, an error says what the formula tends to, and the cure."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

import adviz
from adviz.errors import DomainError
from adviz.modes import evaluation, limits
from adviz.modes.limits import _removing

Point = dict[str, float]


def said(text: str | adviz.Graph, at: Point) -> str:
    with pytest.raises(DomainError) as caught:
        adviz.gradient(text, at)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("sin(x)/x", {"x": 0}, "as x → 0, sin(x)/x tends to 1: sinc(x), or where(x != 0, "),
        ("(1 - cos(x))/x**2", {"x": 0}, "(1 - cos(x))/x**2 tends to 0.5: where(x != 0, "),
        ("expm1(x)/x", {"x": 0}, "as x → 0, expm1(x)/x tends to 1: where(x != 0, "),
        ("1/(1/x)", {"x": 0}, "as x → 0, 1/(1/x) tends to 0: where(x != 0, "),
        ("(x**2 - 1)/(x - 1) + y", {"x": 1, "y": 7}, "as x → 1, (x**2 - 1)/(x - 1) tends to 2: "),
        ("x*log(x)", {"x": 0}, "as x → 0 from the right, x * log(x) tends to 0: xlogy(x, x), or "),
        ("-x*log(-x)", {"x": 0}, "as x → 0 from the left, -x * log(-x) tends to 0: xlogy(-x, "),
        ("sin(x*y)/(x*y)", {"x": 0, "y": 2}, "sin(x * y)/(x * y) tends to 1: sinc(x * y), has"),
        ("sqrt(x)**2", {"x": 0}, "as x → 0 from the right, df/dx tends to 1"),
    ],
)
def test_an_error_names_the_limit_and_what_has_it(text: str, at: Point, words: str) -> None:
    assert words in said(text, at)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1/x", {"x": 0}),
        ("log(x)", {"x": -1}),
        ("abs(x)/x", {"x": 0}),  # another one from either side
        ("x*y/(x**2 + y**2)", {"x": 0, "y": 0}),  # another one along every line
        ("sqrt(x)*y", {"x": 0, "y": 0}),
        ("sin(1/x)", {"x": 0}),
        ("1/(x - x)", {"x": 1}),
    ],
)
def test_where_there_is_no_limit_none_is_named(text: str, at: Point) -> None:
    assert "tends to" not in said(text, at)
    finding = adviz.check(text, at=at).findings[0]
    assert "tends to" not in finding.cause


@pytest.mark.parametrize(
    "text", ["sin(x)/x", "(1 - cos(x))/x**2", "expm1(x)/x", "1/(1/x)", "x*log(x)"]
)
def test_the_form_that_an_error_gives_has_the_limit(text: str) -> None:
    found = re.search(r"tends to (\S+):.*(where\(.*\)), has that value", said(text, {"x": 0}))
    assert found is not None
    assert adviz.evaluate(found[2], {"x": 0}).value == float(found[1])


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("sin(x)/x", "0"),
        ("(1 - cos(x))/x**2", "0"),
        ("expm1(x)/x", "0.5"),
        ("1/(1/x)", "1"),
        ("sqrt(x)**2", "1"),
    ],
)
def test_check_says_what_the_derivative_would_be(text: str, slope: str) -> None:
    cause = adviz.check(text, at={"x": 0}).findings[0].cause
    assert re.search(rf"as x → 0( from the right)?, df/dx tends to {slope}$", cause)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("besselj(1/3, x)", {"x": 2}),  # whole and half orders are known, others are not singular
        ("expn(n, x)", {"n": 1.5, "x": 2}),
        ("x**4/x**2", {"x": 1e-200}),  # the square underflows
    ],
)
def test_where_nothing_is_singular_no_limit_is_a_cure(text: str, at: Point) -> None:
    assert "tends to" not in said(text, at)


def test_the_rows_that_remove_a_singularity_are_those_of_the_table() -> None:
    rows = {"sinc", "xlogy", "xlog1py", "entr", "rel_entr"}
    assert {row.name for row in _removing()} == rows


def test_a_large_graph_is_not_evaluated_beside_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[int] = []
    beside = evaluation.evaluated

    def counted(graph: adviz.Graph, *rest: Any) -> Any:
        evaluated.append(len(graph))
        return beside(graph, *rest)

    monkeypatch.setattr(limits, "evaluated", counted)
    assert "tends to" in said("sin(x)/x", {"x": 0})
    assert evaluated
    evaluated.clear()
    assert "tends to" not in said(adviz.build("sin(x)/x" + " + x" * 50_000), {"x": 0})
    assert not evaluated


def test_an_error_does_not_load_sympy() -> None:
    import subprocess

    code = (
        "import adviz, sys\n"
        "try: adviz.gradient('sin(x)/x', {'x': 0})\n"
        "except adviz.AdvizError as error: assert 'sinc(x)' in str(error)\n"
        "assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
