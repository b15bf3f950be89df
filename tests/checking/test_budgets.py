"""Budgets of a check: work is counted, what is not heard says so, and a lack proves nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import adviz
from adviz.checking.truth import budget
from adviz.checking.truth.budget import UNHEARD, Budget, Spent
from adviz.checking.verdicts import hearing, worst
from adviz.checking.witnesses import WITNESSES, Question, statements
from adviz.language.labels import Key
from adviz.numbers import COMPLEX, complexes

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import budgets

X = Key("f", "x")


def chain(steps: int) -> str:
    """Return a formula whose tree is exponential in its steps and whose graph is not."""
    lines = [f"a{k} = sin(a{k - 1})*cos(a{k - 1}) + a{k - 1}" for k in range(1, steps + 1)]
    return "\n".join(["a0 = x", *lines, f"a{steps}"])


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the work of the witnesses as it is spent."""
    spent: list[int] = []
    spend = Budget.spend

    def counted(self: Budget, work: int) -> None:
        spend(self, work)
        spent.append(work)

    monkeypatch.setattr(Budget, "spend", counted)
    return spent


@pytest.mark.parametrize("steps", [9, 16])
def test_a_small_shared_graph_is_checked_with_bounded_work(
    steps: int, evaluations: list[int]
) -> None:
    report = adviz.check(chain(steps), at={"x": 1.3})
    assert report.verdict in ("agrees", "ill-conditioned")
    assert sum(evaluations) < 4 * budget.WITNESSES  # a part's work is also the whole's


@pytest.mark.parametrize("family", budgets.FAMILIES)
@pytest.mark.parametrize("order", [1, 2])
def test_random_shared_graphs_are_checked_with_bounded_work(
    family: str, order: Any, evaluations: list[int]
) -> None:
    case = budgets.drawn(family, 1, 40)
    report = adviz.check(case.graph, at=case.at, order=order)
    assert not report.fails()
    assert sum(evaluations) < 4 * budget.WITNESSES


def test_a_part_of_a_budget_is_spent_from_the_whole() -> None:
    whole = Budget(100)
    with pytest.raises(Spent):
        whole.part(30).spend(31)
    whole.part(30).spend(30)
    with pytest.raises(Spent):
        whole.part(90).spend(71)
    assert whole.left == 70


def test_without_a_budget_nobody_is_heard() -> None:
    asked = Question(adviz.build("x**2"), X, {"x": 3.0}, truth=Decimal(6), budget=Budget(0))
    said = statements(asked)
    assert {one.remark for one in said} == {UNHEARD}
    assert {one.verdict for one in said} == {"silent"}
    assert [one.witness for one in said] == [witness.name for witness in WITNESSES]


def test_what_is_left_is_shared_by_those_who_wait() -> None:
    shared = hearing.Hearing(90, {(0, Key(label, "x")) for label in "fgh"})
    for spent, left in ((30, 30), (10, 30), (50, 50)):
        share = shared.share()
        assert share.left == left
        share.spend(spent)
        shared.waiting -= 1
    assert shared.budget.left == 0


def test_both_modes_are_told_what_the_witnesses_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Key] = []
    said = statements

    def counted(question: Question) -> Any:
        asked.append(question.key)
        return said(question)

    monkeypatch.setattr(hearing, "statements", counted)
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    subjects = [one.subject for one in report.findings if one.statements]
    assert subjects == ["forward", "reverse"]
    assert asked == [X]


def test_a_late_output_is_heard_as_the_first_one_is() -> None:
    case = budgets.drawn("vectors", 23, 100)
    report = adviz.check(case.graph, at=case.at)
    told = [one.statements for one in report.findings if one.statements]
    assert len(told) == 12
    for said in told:
        assert "forward" in {one.witness for one in said if one.remark != UNHEARD}


def test_who_is_not_heard_is_told_in_every_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worst, "WITNESSES", 0)
    monkeypatch.setattr(worst, "FOR_A_NODE", 0)
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-6})
    assert report.verdict == "ill-conditioned"
    said = report.to_json()["findings"][0]["statements"]
    assert {one["remark"] for one in said} == {"not heard (budget)"}
    for view in (str(report), report.html()):
        assert "not heard (budget)" in view


def test_without_a_truth_the_verdict_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "ONE_EVALUATION", 0)
    monkeypatch.setattr(budget, "FOR_A_NODE", 0)
    report = adviz.check("(1 - cos(x))/x**2", at={"x": 1e-20})
    assert report.verdict == "undecided"
    assert report.worst is not None
    assert report.worst.cause == (
        "the truth does not settle with up to 100 digits; more are beyond the budget for this graph"
    )


def test_nobody_is_accused_without_digits_to_confirm_it(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "log(1 + exp(-x))"
    assert adviz.check(text, at={"x": 900}).verdict != "undecided"
    monkeypatch.setattr(budget, "ONE_EVALUATION", 0)
    monkeypatch.setattr(budget, "FOR_A_NODE", 0)
    assert not adviz.check(text, at={"x": 900}).fails()


def test_the_same_graph_gives_the_same_report() -> None:
    case = budgets.drawn("special", 2, 60)
    first, second = (adviz.check(case.graph, at=case.at).to_json() for _ in range(2))
    assert first == second


CANCELLATIONS: Mapping[str, tuple[Sequence[float], Callable[[float], float]]] = {
    "(1 - cos(x))/x**2": ((1e-10, 1e-20, 1e-60, 1e-150), lambda x: -x / 12),
    "(x - sin(x))/x**3": ((1e-10, 1e-40, 1e-100), lambda x: -x / 60),
    "(exp(x) - 1)/x": ((1e-60, 1e-150), lambda x: 0.5),
    "(exp(x) - 1 - x)/x**2": ((1e-60,), lambda x: 1 / 6),
    "(tan(x) - x)/x**3": ((1e-60,), lambda x: 4 * x / 15),
    "log(1 + x)/x": ((1e-100, 1e-150), lambda x: -0.5),
    "(sqrt(1 + x) - 1)/x": ((1e-80, 1e-150), lambda x: -0.125),
    "sqrt(1 + x) - 1": ((1e-10, 1e-80, 1e-150), lambda x: 0.5),
    "1/x - 1/sin(x)": ((1e-60, 1e-150), lambda x: -1 / 6),
    "((1 + x) - 1)/x": ((1e-60, 1e-150), lambda x: 0.0),
    "cosh(x) - 1": ((1e-60, 1e-150), lambda x: x),
}
"""Formulas that cancel, where, and the first term of their derivative's series."""


@pytest.mark.parametrize(
    ("text", "x"), [(text, x) for text, (places, _) in CANCELLATIONS.items() for x in places]
)
def test_a_term_that_all_precisions_swallow_is_no_truth(text: str, x: float) -> None:
    report = adviz.check(text, at={"x": x})
    assert not report.fails()
    for finding in report.findings:
        if finding.verdict != "undecided":
            true = CANCELLATIONS[text][1](x)
            assert float(finding.expected) == pytest.approx(true, rel=1e-9, abs=0)  # type: ignore[arg-type]  # told


def test_an_imaginary_part_that_is_truly_0_is_not_sought_below_all_doubles() -> None:
    precisions: list[int] = []

    def constant(context: Any, *_: Any) -> Any:
        precisions.append(context.prec)
        return context.one

    z = complex(0.86, 1e-40)
    assert complexes._continued("binomial", constant)(z, z) == 1
    assert max(precisions) < 2200
    assert COMPLEX.function("binomial")(z, z) == 1
